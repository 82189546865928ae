/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/content.h"
#include "personalise/chip/encode.h"

G_BEGIN_DECLS

/*
 * Making a card. What goes on chip and face is fixed once, when a blank is taken: the data groups
 * with their security object, and the seal, are signed then and kept, sealed, until hand-over; the
 * chip's own keys until the card is made (card-secrets.h). So a resumed encoding writes the same
 * bytes, a second print shows the same seal, and what is read back has something to be equal to.
 *
 * A blank is known by its chip's serial before anything is written, and never changed for another
 * one half-way: the encoding's journal (journal.h) is kept by serial.
 */

const FastApplet *fast_production_applet (FastUnit *unit, const char *name, GError **error);
FastContent *fast_production_content (FastUnit *unit, const char *item, gboolean *preview,
                                      GError **error);
gboolean fast_production_begin (FastUnit *unit, const char *item, const char *serial,
                                const FastApplet *applet, GError **error);
gboolean fast_production_encode (FastUnit *unit, const char *item, const char *serial,
                                 FastTransport *transport, const FastApplet *applet,
                                 FastEncodeProgress progress, gpointer data,
                                 FastEncodeResult *result, GError **error);
FastCardFace *fast_production_face (FastUnit *unit, const char *item, GError **error);
FastTrust *fast_production_trust (FastUnit *unit, GError **error);

G_END_DECLS

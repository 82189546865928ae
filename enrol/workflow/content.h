/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/membership.h"
#include "personalise/chip/applet.h"
#include "personalise/lds/lds.h"
#include "personalise/print/card-face.h"
#include "personalise/stock/ledger.h"

G_BEGIN_DECLS

/**
 * FastContent:
 * @lds: the files of the chip
 * @secrets: what the chip knows and never tells; see card-secrets.h for how long
 * @seal: the visible digital seal
 *
 * What makes a blank one driver's card: signed once, then kept. Personal.
 */
typedef struct {
  FastLds *lds;
  FastChipSecrets *secrets;
  GBytes *seal;
} FastContent;

void fast_content_free (FastContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastContent, fast_content_free)

FastContent *fast_content_make (FastUnit *unit, const FastSubject *subject,
                                const FastMember *member, const FastStockEntry *blank,
                                const FastApplet *applet, GError **error);
gboolean fast_content_keep (FastTransaction *transaction, FastUnit *unit,
                            const FastEnrolment *enrolment, const FastContent *content,
                            GError **error);
FastContent *fast_content_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error);
FastCardFace *fast_content_face (FastUnit *unit, const FastSubject *subject,
                                 const FastMember *member, const FastStockEntry *blank,
                                 const FastContent *content, GError **error);

G_END_DECLS

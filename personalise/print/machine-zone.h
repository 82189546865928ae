/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <pango/pangocairo.h>

#include "personalise/print/artwork.h"

G_BEGIN_DECLS

/* What machines read: OCR-B lines and the QR of the seal. Both are black on white and carry no
 * background line work. */

/* ICAO 9303-3, 4.4: ten characters an inch. */
#define FAST_MRZ_PITCH_MM 2.54
#define FAST_MRZ_CHARACTERS 30

/* TR-03137-1, 3.1: four dots at 300 dpi, eight at 600. */
#define FAST_QR_DOT_MM (25.4 / 300)
#define FAST_QR_LEAST_DOTS 4
#define FAST_QR_QUIET_MODULES 4

/**
 * FastQr:
 * @modules: (array length=size*size): one byte a module, 1 is dark
 * @size: modules on a side, without the quiet zone
 *
 * A QR code in binary mode.
 */
typedef struct {
  guint8 *modules;
  guint size;
} FastQr;

FastQr *fast_qr_new (GBytes *bytes, const FastSlot *slot, GError **error);
void fast_qr_free (FastQr *qr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastQr, fast_qr_free)
double fast_qr_get_module_mm (const FastQr *qr, const FastSlot *slot);
void fast_qr_show (const FastQr *qr, const FastSlot *slot, cairo_t *cr);

gboolean fast_mrz_line_check (PangoContext *context, const FastSlot *slot, const char *line,
                              GError **error);
void fast_mrz_line_show (PangoContext *context, const FastSlot *slot, const char *line,
                         cairo_t *cr);

G_END_DECLS

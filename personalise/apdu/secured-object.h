/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/apdu.h"
#include "record/base/tlv.h"

G_BEGIN_DECLS

/* ICAO 9303-11, 9.8.4: the data objects of secure messaging, apart from how they are protected. */
enum {
  FAST_DO_CRYPTOGRAM_TLV = 0x85,
  FAST_DO_CRYPTOGRAM = 0x87,
  FAST_DO_MAC = 0x8E,
  FAST_DO_LE = 0x97,
  FAST_DO_STATUS = 0x99,
};

/**
 * FastSecuredObjects:
 * @cryptogram: 85 or 87
 * @le: 97
 * @status: 99
 * @mac: 8E; always there
 *
 * The data objects of one secured APDU; an absent one has a %NULL start. Borrows the APDU's bytes.
 */
typedef struct {
  FastTlv cryptogram;
  FastTlv le;
  FastTlv status;
  FastTlv mac;
} FastSecuredObjects;

gboolean fast_secured_objects_read (FastSecuredObjects *objects, const guint8 *data, gsize size,
                                    GError **error);
gboolean fast_secured_objects_fail (GError **error);

void fast_secured_le_append (GByteArray *objects, const FastCommand *command);
gboolean fast_secured_le_read (const FastTlv *tlv, gboolean extended, guint *le, GError **error);

gsize fast_secured_text_max (gsize block, gsize room);

G_END_DECLS

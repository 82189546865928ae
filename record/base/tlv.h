/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastTlv:
 * @tag: the tag's bytes as one number, as in 0x7F61
 * @value: the value's bytes; borrowed from the reader's
 * @size: how many
 * @start: the first byte of the tag
 * @total: size of tag, length and value together
 *
 * One data object of ISO/IEC 7816-4 or ASN.1 (BER with a definite length, up to 4 length bytes).
 */
typedef struct {
  guint32 tag;
  const guint8 *value;
  gsize size;
  const guint8 *start;
  gsize total;
} FastTlv;

gboolean fast_tlv_read (FastReader *reader, FastTlv *tlv, GError **error);
gboolean fast_tlv_expect (FastReader *reader, guint32 tag, FastTlv *tlv, GError **error);
gboolean fast_tlv_expect_der (FastReader *reader, guint32 tag, FastTlv *tlv, GError **error);
gboolean fast_tlv_find (FastReader reader, guint32 tag, FastTlv *tlv, GError **error);
gboolean fast_tlv_read_header (FastReader *reader, guint32 *tag, gsize *size, GError **error);
FastReader fast_tlv_open (const FastTlv *tlv, const char *what);
GBytes *fast_tlv_dup_value (const FastTlv *tlv);

void fast_tlv_append (GByteArray *out, guint32 tag, gconstpointer value, gsize size);
void fast_tlv_append_bytes (GByteArray *out, guint32 tag, GBytes *value);
void fast_tlv_append_array (GByteArray *out, guint32 tag, const GByteArray *value);

G_END_DECLS

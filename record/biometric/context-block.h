/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/tlv.h"

G_BEGIN_DECLS

/*
 * ISO/IEC 39794 describes its blocks in ASN.1 with implicit context tags: a SEQUENCE is a series of
 * members numbered upwards from 0, most of them optional, and later editions add members with
 * higher numbers, which a reader passes over. Two shapes recur. A CHOICE cannot be tagged
 * implicitly, so it stands one level deeper: [n] { [0] … } or [n] { [1] … }. And a code from a list
 * that may grow is such a CHOICE: [n] { [0] code }, or where a newer code was meant
 * [n] { [1] { [0] fallback … } }. The application profile for travel documents always writes the
 * second form.
 */

#define FAST_CONTEXT_MEMBERS 16

/**
 * FastContextBlock:
 * @members: the members by number
 * @present: a bit a member that is there
 * @what: what it is, for errors
 *
 * The members of one SEQUENCE. Lives on the stack; borrows the bytes.
 */
typedef struct {
  FastTlv members[FAST_CONTEXT_MEMBERS];
  guint32 present;
  const char *what;
} FastContextBlock;

gboolean fast_context_block_read (FastReader reader, FastContextBlock *block, GError **error);
gboolean fast_context_block_has (const FastContextBlock *block, guint number);
gboolean fast_context_block_enter (const FastContextBlock *block, guint number, const char *what,
                                   FastReader *inner, GError **error);
gboolean fast_context_block_open (const FastContextBlock *block, guint number, const char *what,
                                  FastContextBlock *inner, GError **error);
gboolean fast_context_block_integer (const FastContextBlock *block, guint number, gint least,
                                     gint most, gint *value, GError **error);
gboolean fast_context_block_code (const FastContextBlock *block, guint number, gint most,
                                  gint *code, GError **error);
GBytes *fast_context_block_bytes (const FastContextBlock *block, guint number, GError **error);

gboolean fast_context_block_unwrap (GBytes *encoded, guint32 tag, FastContextBlock *block,
                                    GError **error);
gboolean fast_context_block_check_envelope (GBytes *encoded, guint32 tag, const char *what,
                                            GError **error);

G_END_DECLS

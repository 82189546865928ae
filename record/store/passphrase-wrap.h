/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/secure.h"
#include "record/store/sealed-value.h"

G_BEGIN_DECLS

/**
 * FastPassphraseWrap:
 * @n: scrypt's cost (RFC 7914), a power of two
 * @r: its block size
 * @p: its parallelism
 * @salt: its salt
 * @wrap: the wrapped key
 *
 * A key wrapped under a passphrase. New wraps take a cost that OWASP's password storage guidance
 * lists (N=2^15, r=8, p=3: 32 MiB, a quarter of a second); an old wrap keeps its own.
 */
typedef struct {
  gint64 n;
  gint64 r;
  gint64 p;
  GBytes *salt;
  GBytes *wrap;
} FastPassphraseWrap;

gboolean fast_passphrase_check (FastSecret *passphrase, GError **error);
FastPassphraseWrap *fast_passphrase_wrap_new (FastSecret *passphrase, const FastPlace *place,
                                              FastSecret *key, GError **error);
FastSecret *fast_passphrase_wrap_open (const FastPassphraseWrap *wrap, FastSecret *passphrase,
                                       const FastPlace *place, GError **error);
void fast_passphrase_wrap_free (FastPassphraseWrap *wrap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPassphraseWrap, fast_passphrase_wrap_free)

G_END_DECLS

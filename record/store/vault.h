/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/secure.h"
#include "record/store/transaction.h"

G_BEGIN_DECLS

/*
 * Everything personal in the store hangs on one random vault key, which is nowhere on the disk in
 * clear. It exists as wraps only (AES-256-GCM):
 *
 *   one for each officer, under a key that scrypt makes of the officer's passphrase and a salt; its
 *     cost is kept with the wrap, so that it can be raised later;
 *   one for recovery, under the XOR of two random shares. Each share is encrypted to one nation's
 *     recovery certificate and kept here as CMS: neither nation, and no thief of the disk, can open
 *     the store alone.
 *
 * Under the vault key lie the named secrets of the unit (its *sign* and *open* private keys) and
 * the two keys of each record (record.h).
 */

/**
 * FastVault:
 *
 * An open vault: the vault key in secret memory, and who opened it. Freeing it is locking the desk.
 * For the thread of its store, which outlives it.
 */
typedef struct _FastVault FastVault;

gboolean fast_vault_exists (FastStore *store, gboolean *exists, GError **error);
FastVault *fast_vault_create (FastStore *store, const char *officer, const char *agency,
                              FastSecret *passphrase, GError **error);
FastVault *fast_vault_open (FastStore *store, const char *officer, FastSecret *passphrase,
                            GError **error);
void fast_vault_close (FastVault *vault);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVault, fast_vault_close)

gboolean fast_vault_add_officer (FastVault *vault, const char *officer, const char *agency,
                                 FastSecret *passphrase, GError **error);
gboolean fast_vault_change_passphrase (FastVault *vault, FastSecret *old_passphrase,
                                       FastSecret *new_passphrase, GError **error);
char **fast_vault_list_officers (FastStore *store, GError **error);
char *fast_vault_officer_agency (FastStore *store, const char *officer, GError **error);

gboolean fast_vault_set_recovery (FastVault *vault, X509 *ca, X509 *us, GError **error);
GBytes *fast_vault_get_recovery_share (FastStore *store, const char *nation, GError **error);
FastVault *fast_vault_recover (FastStore *store, FastSecret *share_ca, FastSecret *share_us,
                               GError **error);

const char *fast_vault_officer (FastVault *vault);
FastStore *fast_vault_store (FastVault *vault);

gboolean fast_vault_put_secret (FastTransaction *transaction, FastVault *vault, const char *name,
                                FastSecret *secret, GError **error);
FastSecret *fast_vault_get_secret (FastVault *vault, const char *name, GError **error);

G_END_DECLS

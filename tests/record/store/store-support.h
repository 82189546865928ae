/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"
#include "record/store/transaction.h"
#include "record/store/vault.h"
#include "tests/support.h"

G_BEGIN_DECLS

/* A store in a folder of its own, with an open vault. */

typedef struct {
  char *folder;
  char *path;
  FastStore *store;
  FastVault *vault;
} Fixture;

static inline FastSecret *
passphrase_new (const char *text)
{
  return fast_secret_new_from (text, strlen (text));
}

static inline void
fixture_open (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  f->folder = fast_test_folder ();
  f->path = g_build_filename (f->folder, "unit.db", NULL);
  f->store = fast_store_open (f->path, "U1", NULL, &error);
  g_assert_no_error (error);
}

static inline void
fixture_set_up (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) passphrase = passphrase_new ("correct horse");

  fixture_open (f);
  f->vault = fast_vault_create (f->store, "cbsa-1", "CBSA", passphrase, &error);
  g_assert_no_error (error);
}

static inline void
fixture_tear_down (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_clear_pointer (&f->vault, fast_vault_close);
  g_clear_pointer (&f->store, fast_store_free);
  g_free (f->path);
  fast_test_remove_folder (f->folder);
}

static inline FastTransaction *
begin (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  FastTransaction *transaction = fast_transaction_begin (f->store, &error);

  g_assert_no_error (error);
  return transaction;
}

static inline void
commit (FastTransaction *transaction)
{
  g_autoptr (GError) error = NULL;

  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
}

G_END_DECLS

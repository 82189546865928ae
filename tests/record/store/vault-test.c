/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/vault.h"

#include <openssl/ec.h>
#include <string.h>

#include "record/keys/cms.h"
#include "record/store/audit.h"
#include "record/store/record.h"
#include "record/store/statement.h"
#include "tests/record/store/store-support.h"

static FastVault *
try_open (Fixture *f, const char *officer, const char *text, GError **error)
{
  g_autoptr (FastSecret) passphrase = passphrase_new (text);

  return fast_vault_open (f->store, officer, passphrase, error);
}

static void
put_secret (Fixture *f, FastVault *vault, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = passphrase_new (text);
  g_autoptr (FastTransaction) transaction = begin (f);

  fast_vault_put_secret (transaction, vault, name, secret, &error);
  g_assert_no_error (error);
  commit (transaction);
}

static void
assert_secret (FastVault *vault, const char *name, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = fast_vault_get_secret (vault, name, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (secret), fast_secret_size (secret), wanted, strlen (wanted));
}

static void
test_officers (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) passphrase = passphrase_new ("battery staple");
  g_autoptr (FastVault) second = NULL;
  g_auto (GStrv) names = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *agency = NULL;

  put_secret (f, f->vault, "sign", "a private key");
  g_assert_true (fast_vault_add_officer (f->vault, "cbp-1", "CBP", passphrase, &error));
  second = try_open (f, "cbp-1", "battery staple", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fast_vault_officer (second), ==, "cbp-1");
  assert_secret (second, "sign", "a private key");
  names = fast_vault_list_officers (f->store, &error);
  joined = g_strjoinv (" ", names);
  g_assert_cmpstr (joined, ==, "cbp-1 cbsa-1");
  agency = fast_vault_officer_agency (f->store, "cbp-1", &error);
  g_assert_cmpstr (agency, ==, "CBP");
  g_assert_false (fast_vault_add_officer (f->vault, "cbp-1", "CBP", passphrase, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
}

static void
test_refusals (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) brief = passphrase_new ("short");
  g_autoptr (FastSecret) passphrase = passphrase_new ("battery staple");

  g_assert_null (try_open (f, "cbsa-1", "wrong horse", &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE);
  fast_test_assert_id (error, "vault-passphrase");
  g_clear_error (&error);
  g_assert_null (try_open (f, "nobody", "correct horse", &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT);
  g_clear_error (&error);
  g_assert_false (fast_vault_add_officer (f->vault, "cbp-1", "CBP", brief, &error));
  fast_test_assert_id (error, "vault-passphrase-short");
  g_clear_error (&error);
  g_assert_null (fast_vault_create (f->store, "cbp-1", "CBP", passphrase, &error));
  fast_test_assert_id (error, "vault-exists");
}

static void
test_change (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) old = passphrase_new ("correct horse");
  g_autoptr (FastSecret) next = passphrase_new ("battery staple");
  g_autoptr (FastVault) again = NULL;

  g_assert_false (fast_vault_change_passphrase (f->vault, next, next, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE);
  g_clear_error (&error);
  g_assert_true (fast_vault_change_passphrase (f->vault, old, next, &error));
  g_assert_null (try_open (f, "cbsa-1", "correct horse", &error));
  g_clear_error (&error);
  again = try_open (f, "cbsa-1", "battery staple", &error);
  g_assert_no_error (error);
}

static void
test_parameters (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      f->store, &error,
      "SELECT n, r, p, length (salt), length (wrap) FROM vault_wrap WHERE kdf = 'scrypt'", "");
  gboolean row;

  g_assert_true (fast_statement_step (statement, &row, &error));
  g_assert_cmpint (fast_statement_int (statement, 0), >=, 1 << 15);
  g_assert_cmpint (fast_statement_int (statement, 1), ==, 8);
  g_assert_cmpint (fast_statement_int (statement, 0) * fast_statement_int (statement, 2), >=,
                   3 << 15);
  g_assert_cmpint (fast_statement_int (statement, 3), ==, 16);
  g_assert_cmpint (fast_statement_int (statement, 4), ==, 12 + 32 + 16);
}

static void
test_absurd_cost (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_statement_run (f->store, &error, "UPDATE vault_wrap SET n = 1 << 40", ""));
  g_assert_null (try_open (f, "cbsa-1", "correct horse", &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT);
}

static void
test_secrets (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  put_secret (f, f->vault, "sign", "first");
  put_secret (f, f->vault, "open", "other");
  put_secret (f, f->vault, "sign", "second");
  assert_secret (f->vault, "sign", "second");
  assert_secret (f->vault, "open", "other");
  g_assert_null (fast_vault_get_secret (f->vault, "none", &error));
  fast_test_assert_id (error, "vault-no-secret");
  g_clear_error (&error);
  g_assert_true (fast_statement_run (f->store, &error,
                                     "UPDATE vault_secret SET sealed = (SELECT sealed FROM "
                                     "vault_secret WHERE name = 'open') WHERE name = 'sign'",
                                     ""));
  g_assert_null (fast_vault_get_secret (f->vault, "sign", &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT);
}

typedef struct {
  X509 *certificate;
  EVP_PKEY *key;
} Nation;

static Nation
nation_new (const char *name)
{
  Nation nation = {X509_new (), EVP_EC_gen ("P-256")};

  X509_set_version (nation.certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (nation.certificate), 1);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (nation.certificate), "CN", MBSTRING_UTF8,
                              (const guint8 *)name, -1, -1, 0);
  X509_set_issuer_name (nation.certificate, X509_get_subject_name (nation.certificate));
  X509_gmtime_adj (X509_getm_notBefore (nation.certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (nation.certificate), 3600);
  X509_set_pubkey (nation.certificate, nation.key);
  X509_sign (nation.certificate, nation.key, EVP_sha256 ());
  return nation;
}

static void
nation_clear (Nation *nation)
{
  X509_free (nation->certificate);
  EVP_PKEY_free (nation->key);
}

static FastSecret *
open_share (Fixture *f, const char *name, const Nation *nation)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cms = fast_vault_get_recovery_share (f->store, name, &error);
  FastSecret *share;

  g_assert_no_error (error);
  share = fast_cms_decrypt (cms, nation->certificate, nation->key, &error);
  g_assert_no_error (error);
  return share;
}

static void
test_recovery (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  Nation ca = nation_new ("CA");
  Nation us = nation_new ("US");
  g_autoptr (FastSecret) left = NULL;
  g_autoptr (FastSecret) right = NULL;
  g_autoptr (FastVault) recovered = NULL;

  g_assert_null (fast_vault_get_recovery_share (f->store, "CA", &error));
  fast_test_assert_id (error, "vault-no-recovery");
  g_clear_error (&error);
  put_secret (f, f->vault, "sign", "a private key");
  fast_vault_set_recovery (f->vault, ca.certificate, us.certificate, &error);
  g_assert_no_error (error);
  left = open_share (f, "CA", &ca);
  right = open_share (f, "US", &us);
  recovered = fast_vault_recover (f->store, left, right, &error);
  g_assert_no_error (error);
  assert_secret (recovered, "sign", "a private key");
  g_assert_null (fast_vault_recover (f->store, left, left, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT);
  nation_clear (&ca);
  nation_clear (&us);
}

static void
test_audited (Fixture *f, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  FastAuditHead head;

  put_secret (f, f->vault, "sign", "x");
  g_assert_true (fast_audit_verify (f->store, &head, &error));
  g_assert_cmpint (head.size, ==, 2);
}

#define ADD(name, test) g_test_add (name, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/store/vault/officers", test_officers);
  ADD ("/store/vault/refusals", test_refusals);
  ADD ("/store/vault/change", test_change);
  ADD ("/store/vault/parameters", test_parameters);
  ADD ("/store/vault/absurd-cost", test_absurd_cost);
  ADD ("/store/vault/secrets", test_secrets);
  ADD ("/store/vault/recovery", test_recovery);
  ADD ("/store/vault/audited", test_audited);
  return g_test_run ();
}

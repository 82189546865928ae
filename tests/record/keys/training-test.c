/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/training.h"

#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>

#include "record/base/asset.h"
#include "record/base/clock.h"
#include "record/base/config.h"
#include "record/base/error.h"
#include "record/keys/conformity.h"
#include "record/keys/cv-chain.h"
#include "record/keys/training-config.h"
#include "record/keys/trust.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

static const char *const pairs[] = {
    "CA/csca",         "CA/ds",          "CA/seal",        "CA/ca",       "CA/receipt",
    "CA/opened",       "CA/decision",    "CA/recipient",   "CA/recovery", "CA/tls",
    "US/csca",         "US/ds",          "US/seal",        "US/ca",       "US/receipt",
    "US/opened",       "US/decision",    "US/recipient",   "US/recovery", "US/tls",
    "unit/ca",         "unit/link",      "unit/sign",      "unit/open",   "officers/cbsa-1",
    "officers/cbsa-2", "officers/cbp-1", "officers/cbp-2",
};

/* Who certifies whom, for what. */
static const struct {
  const char *name;
  const char *issuer;
  FastPurpose purpose;
} chains[] = {
    {"CA/ds", "CA/csca", FAST_PURPOSE_DOCUMENT},
    {"CA/seal", "CA/csca", FAST_PURPOSE_SEAL},
    {"US/ds", "US/csca", FAST_PURPOSE_DOCUMENT},
    {"CA/receipt", "CA/ca", FAST_PURPOSE_TIMESTAMP},
    {"US/opened", "US/ca", FAST_PURPOSE_TIMESTAMP},
    {"CA/decision", "CA/ca", FAST_PURPOSE_SIGN},
    {"CA/recipient", "CA/ca", FAST_PURPOSE_RECIPIENT},
    {"US/recovery", "US/ca", FAST_PURPOSE_RECIPIENT},
    {"CA/tls", "CA/ca", FAST_PURPOSE_TLS_SERVER},
    {"unit/link", "unit/ca", FAST_PURPOSE_TLS_CLIENT},
    {"unit/sign", "unit/ca", FAST_PURPOSE_SIGN},
    {"unit/open", "unit/ca", FAST_PURPOSE_RECIPIENT},
    {"officers/cbsa-1", "CA/ca", FAST_PURPOSE_SIGN},
    {"officers/cbp-2", "US/ca", FAST_PURPOSE_SIGN},
};

static char *folder;

static char *
path_of (const char *name, const char *suffix)
{
  return g_strdup_printf ("%s/%s%s", folder, name, suffix);
}

static X509 *
certificate_of (const char *name)
{
  g_autofree char *path = path_of (name, ".pem");
  g_autoptr (GError) error = NULL;
  X509 *certificate = fast_certificate_load (path, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
test_pairs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = path_of (pairs[i], ".key");
    g_autoptr (EVP_PKEY) key = fast_key_load (path, &error);
    g_autoptr (X509) certificate = certificate_of (pairs[i]);
    struct stat status;

    g_assert_no_error (error);
    g_assert_true (fast_certificate_check_key (certificate, key, &error));
    g_assert_true (fast_certificate_is_training (certificate));
    g_assert_cmpint (stat (path, &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
  }
}

static FastTrust *
trust_in (const char *issuer, FastPurpose purpose, gboolean training)
{
  g_autofree char *path = path_of (issuer, ".pem");
  const char *paths[] = {path, NULL};
  g_autoptr (GError) error = NULL;
  const gboolean icao = purpose == FAST_PURPOSE_DOCUMENT || purpose == FAST_PURPOSE_SEAL;
  FastTrustFlags flags = icao ? FAST_TRUST_ICAO : FAST_TRUST_NONE;
  FastTrust *trust =
      fast_trust_load (paths, training ? flags | FAST_TRUST_TRAINING : flags, &error);

  g_assert_no_error (error);
  return trust;
}

static void
test_chains (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (chains); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (X509) certificate = certificate_of (chains[i].name);
    g_autoptr (FastTrust) training = trust_in (chains[i].issuer, chains[i].purpose, TRUE);
    g_autoptr (FastTrust) production = trust_in (chains[i].issuer, chains[i].purpose, FALSE);

    g_assert_true (
        fast_trust_verify (training, certificate, chains[i].purpose, fast_clock_now (), &error));
    g_assert_no_error (error);
    g_assert_false (
        fast_trust_verify (production, certificate, chains[i].purpose, fast_clock_now (), &error));
    fast_test_assert_id (error, "trust-training");
  }
}

#define ABSENT (-1)

static void
assert_critical (X509 *certificate, int nid, int wanted)
{
  int at = X509_get_ext_by_NID (certificate, nid, -1);

  g_assert_cmpint (at < 0 ? ABSENT : X509_EXTENSION_get_critical (X509_get_ext (certificate, at)),
                   ==, wanted);
}

/* CONFORMITY of P3:LDS_D_7: version, serial number, issuer, validity form, key identifiers,
 * critical key usage; and what 9303-12 asks besides. */
static void
check_icao (X509 *certificate)
{
  const ASN1_INTEGER *serial = X509_get0_serialNumber (certificate);
  char encoding[16];
  gsize size;

  g_assert_cmpint (X509_get_version (certificate), ==, X509_VERSION_3);
  g_assert_cmpint (ASN1_STRING_type (serial), ==, V_ASN1_INTEGER);
  g_assert_cmpint (ASN1_STRING_length (serial), <=, 20);
  g_assert_cmpint (X509_get0_notBefore (certificate)->type, ==, V_ASN1_UTCTIME);
  g_assert_cmpint (X509_get0_notAfter (certificate)->type, ==, V_ASN1_UTCTIME);
  g_assert_true (EVP_PKEY_get_utf8_string_param (X509_get0_pubkey (certificate), "encoding",
                                                 encoding, sizeof encoding, &size));
  g_assert_cmpstr (encoding, ==, "explicit");
  assert_critical (certificate, NID_authority_key_identifier, 0);
  assert_critical (certificate, NID_subject_key_identifier, 0);
  assert_critical (certificate, NID_private_key_usage_period, 0);
  assert_critical (certificate, NID_subject_alt_name, 0);
  assert_critical (certificate, NID_issuer_alt_name, 0);
  assert_critical (certificate, NID_crl_distribution_points, 0);
  assert_critical (certificate, NID_key_usage, 1);
  assert_critical (certificate, NID_ext_key_usage, ABSENT);
}

static GBytes *
document_types (X509 *certificate)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj ("2.23.136.1.1.6.2", 1);
  int at = X509_get_ext_by_OBJ (certificate, object, -1);
  const ASN1_OCTET_STRING *value;

  if (at < 0)
    return NULL;
  value = X509_EXTENSION_get_data (X509_get_ext (certificate, at));
  return g_bytes_new (ASN1_STRING_get0_data (value), (gsize)ASN1_STRING_length (value));
}

static void
test_icao (void)
{
  g_autoptr (X509) csca = certificate_of ("CA/csca");
  g_autoptr (X509) signer = certificate_of ("CA/ds");
  g_autoptr (GBytes) types = document_types (signer);
  g_autoptr (GBytes) wanted = fast_hex_decode ("300902010031041302"
                                               "4944",
                                               NULL);
  g_autofree char *country = fast_certificate_get_name (signer, NID_countryName);

  check_icao (csca);
  check_icao (signer);
  assert_critical (csca, NID_basic_constraints, 1);
  assert_critical (signer, NID_basic_constraints, ABSENT);
  g_assert_cmpuint (X509_get_key_usage (csca), ==, KU_KEY_CERT_SIGN | KU_CRL_SIGN);
  g_assert_cmpuint (X509_get_key_usage (signer), ==, KU_DIGITAL_SIGNATURE);
  g_assert_cmpint (X509_get_pathlen (csca), ==, 0);
  g_assert_true (g_bytes_equal (types, wanted));
  g_assert_null (document_types (csca));
  g_assert_cmpstr (country, ==, "CA");
}

/* CONFORMITY C, 5.3.1: only C and a CN of two capitals; the serial number is the reference. Its
 * extensions are those of ICAO 9303-12, 7.1.3. */
static void
test_seal_signer (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) seal = certificate_of ("US/seal");
  g_autofree char *name = fast_certificate_name (seal);
  g_autofree char *serial = fast_certificate_serial (seal);

  g_assert_true (
      fast_conformity_check (seal, fast_certificate_profile_find ("seal-signer"), &error));
  g_assert_no_error (error);
  assert_critical (seal, NID_ext_key_usage, 1);
  assert_critical (seal, NID_key_usage, ABSENT);
  g_assert_cmpstr (name, ==, "C = US, CN = FS");
  g_assert_cmpuint (strlen (serial), ==, 10);
  g_assert_true (serial[0] != '0');
}

static void
test_subjects (void)
{
  static const char *const units[] = {"link", "sign", "open"};

  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    g_autofree char *name = g_strconcat ("unit/", units[i], NULL);
    g_autoptr (X509) certificate = certificate_of (name);
    g_autofree char *common = fast_certificate_get_name (certificate, NID_commonName);
    g_autofree char *unit = fast_certificate_get_name (certificate, NID_organizationalUnitName);

    g_assert_cmpstr (common, ==, "U1");
    g_assert_cmpstr (unit, ==, units[i]);
  }
}

static FastCvCertificate *
cv_certificate_of (const char *name)
{
  g_autofree char *path = path_of (name, ".cvcert");
  g_autoptr (GError) error = NULL;
  FastCvCertificate *certificate = fast_cv_certificate_load (path, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
show_cv (FastCvChain *chain, const char *name)
{
  g_autoptr (FastCvCertificate) certificate = cv_certificate_of (name);
  const char *authority = fast_cv_certificate_get_body (certificate)->authority;
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_cv_chain_select (chain, authority, strlen (authority), &error));
  g_assert_true (fast_cv_chain_verify (chain, certificate, &error));
  g_assert_no_error (error);
}

static void
assert_cv_key (const FastCvKey *key, const char *name)
{
  g_autofree char *path = path_of (name, ".key");
  g_autoptr (EVP_PKEY) own = fast_key_load (path, NULL);

  g_assert_cmpint (EVP_PKEY_eq (fast_cv_key_get_public (key), own), ==, 1);
}

/* Each nation's terminal before each nation's card: its own DV is domestic there, the other's is
 * foreign, and both end with both rights. */
static void
test_card_verifiable (void)
{
  static const char *const countries[] = {"CA", "US"};

  for (guint i = 0; i < 4; i++) {
    const char *terminal = countries[i / 2];
    const char *card = countries[i % 2];
    g_autoptr (GError) error = NULL;
    g_autoptr (GDate) today = fast_clock_today ();
    g_autoptr (FastCvTrust) trust = fast_cv_trust_new (today);
    g_autoptr (FastCvChain) chain = fast_cv_chain_new (trust);
    g_autofree char *root_name = g_strdup_printf ("%s/cvca", card);
    g_autofree char *dv_name = g_strdup_printf ("%s/dv-%s", terminal, card);
    g_autofree char *terminal_name = g_strdup_printf ("%s/terminal", terminal);
    g_autoptr (FastCvCertificate) root = cv_certificate_of (root_name);
    g_autoptr (FastCvCertificate) dv = cv_certificate_of (dv_name);
    g_autoptr (FastCvCertificate) last = cv_certificate_of (terminal_name);
    const char *holder = fast_cv_certificate_get_body (last)->holder;
    g_autoptr (FastCvKey) key = NULL;

    g_assert_true (fast_cv_trust_add (trust, root, &error));
    assert_cv_key (fast_cv_certificate_get_body (root)->key, root_name);
    show_cv (chain, dv_name);
    show_cv (chain, terminal_name);
    g_assert_cmpint (fast_cv_certificate_get_body (dv)->role, ==,
                     i / 2 == i % 2 ? FAST_CV_ROLE_DV_DOMESTIC : FAST_CV_ROLE_DV_FOREIGN);
    g_assert_cmpuint (fast_cv_chain_get_rights (chain), ==, FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4);
    key = fast_cv_chain_find_terminal (chain, holder, strlen (holder), &error);
    g_assert_no_error (error);
    assert_cv_key (key, terminal_name);
  }
}

static void
assert_file (FastConfig *config, const char *group, const char *key)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) paths = fast_config_paths (config, group, key, &error);

  g_assert_no_error (error);
  for (guint i = 0; paths[i] != NULL; i++)
    g_assert_true (g_file_test (paths[i], G_FILE_TEST_IS_REGULAR));
}

static FastConfig *
load (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_of (name, "");
  FastConfig *config = fast_config_load (path, &error);

  g_assert_no_error (error);
  return config;
}

static void
test_unit_config (void)
{
  static const char *const keys[] = {"link", "link-certificate", "sign",   "sign-certificate",
                                     "open", "open-certificate", "unit-ca"};
  static const char *const nation[] = {"ca", "receipt", "opened", "recipients"};
  static const char *const card[] = {"csca", "ds", "ds-certificate", "seal", "seal-certificate"};
  g_autoptr (FastConfig) config = load ("unit.conf");
  g_autofree char *training = fast_config_string (config, "trust", "training", NULL);
  g_autofree char *block = fast_config_string (config, "unit", "membership-numbers", NULL);
  g_auto (GStrv) officers = fast_config_groups (config, "officer ");

  g_assert_cmpstr (training, ==, "true");
  g_assert_cmpstr (block, ==, "500000000-500009999");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_file (config, "keys", keys[i]);
  for (guint i = 0; i < G_N_ELEMENTS (nation); i++) {
    assert_file (config, "nation CA", nation[i]);
    assert_file (config, "nation US", nation[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (card); i++)
    assert_file (config, "card", card[i]);
  assert_file (config, "officers", "passphrases");
  g_assert_cmpuint (g_strv_length (officers), ==, 4);
  for (guint i = 0; officers[i] != NULL; i++) {
    g_autofree char *group = g_strconcat ("officer ", officers[i], NULL);
    assert_file (config, group, "key");
    assert_file (config, group, "certificate");
  }
}

static void
test_intake_config (void)
{
  static const char *const keys[][2] = {{"tls", "certificate"},
                                        {"tls", "key"},
                                        {"tls", "client-ca"},
                                        {"receipt", "certificate"},
                                        {"receipt", "key"},
                                        {"back-office", "certificate"},
                                        {"back-office", "key"},
                                        {"back-office", "opened-certificate"},
                                        {"back-office", "opened-key"},
                                        {"back-office", "officers-ca"}};
  g_autoptr (FastConfig) config = load ("intake-US.conf");
  g_autofree char *nation = fast_config_string (config, "intake", "nation", NULL);
  g_autofree char *listen = fast_config_string (config, "intake", "listen", NULL);
  g_autofree char *database = fast_config_string (config, "intake", "database", NULL);
  g_autofree char *key = fast_config_string (config, "back-office", "key", NULL);

  g_assert_cmpstr (nation, ==, "US");
  g_assert_cmpstr (listen, ==, "127.0.0.1:8442");
  g_assert_cmpstr (database, ==, "sqlite:US/intake.db");
  g_assert_cmpstr (key, ==, "US/recipient.key");
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_file (config, keys[i][0], keys[i][1]);
}

static void
test_passphrases (void)
{
  g_autofree char *path = path_of ("officers/passphrases", "");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  struct stat status;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  g_assert_true (g_str_has_prefix (lines[0], "cbsa-1 "));
  g_assert_true (g_str_has_prefix (lines[3], "cbp-2 "));
  g_assert_cmpuint (strlen (lines[0]), ==, strlen ("cbsa-1 ") + 24);
  g_assert_cmpstr (lines[0] + 7, !=, lines[1] + 7);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
}

static void
assert_exists_refused (const char *where)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fast_training_write (where, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT);
  fast_test_assert_id (error, "training-exists");
}

/* A folder with keys, whole or broken off, is never written to. */
static void
test_never_overwritten (void)
{
  g_autofree char *path = path_of ("CA/ca", ".key");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  char *part = fast_test_folder ();
  g_autofree char *unit = g_build_filename (part, "unit", NULL);

  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  assert_exists_refused (folder);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpint (g_mkdir_with_parents (unit, 0700), ==, 0);
  assert_exists_refused (part);
  fast_test_remove_folder (part);
}

/* Every key of a shipped default, be it commented out, has a comment above it. */
static void
check_commented (const char *asset)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_asset_load (asset, &error);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_assert_no_error (error);
  for (guint i = 1; lines[i] != NULL; i++)
    if (lines[i][0] != '[' && lines[i][0] != '\0' && !g_str_has_prefix (lines[i], "# ") &&
        !g_str_has_prefix (lines[i - 1], "# "))
      g_error ("%s, line %u has no comment: %s", asset, i + 1, lines[i]);
}

static void
test_defaults (void)
{
  static const FastSetting unknown[] = {{"unit", "no-such-key", "1"}, {NULL, NULL, NULL}};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  check_commented ("config/unit.conf");
  check_commented ("config/intake.conf");
  bytes = fast_training_config ("config/unit.conf", unknown, &error);
  g_assert_null (bytes);
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int code;

  g_test_init (&argc, &argv, NULL);
  folder = fast_test_folder ();
  g_assert_true (fast_training_write (folder, &error));
  g_assert_no_error (error);
  g_test_add_func ("/keys/training/pairs", test_pairs);
  g_test_add_func ("/keys/training/chains", test_chains);
  g_test_add_func ("/keys/training/P3:LDS_D_7", test_icao);
  g_test_add_func ("/keys/training/seal-signer-5.3.1", test_seal_signer);
  g_test_add_func ("/keys/training/subjects", test_subjects);
  g_test_add_func ("/keys/training/card-verifiable", test_card_verifiable);
  g_test_add_func ("/keys/training/unit-config", test_unit_config);
  g_test_add_func ("/keys/training/intake-config", test_intake_config);
  g_test_add_func ("/keys/training/passphrases", test_passphrases);
  g_test_add_func ("/keys/training/never-overwritten", test_never_overwritten);
  g_test_add_func ("/keys/training/defaults", test_defaults);
  code = g_test_run ();
  fast_test_remove_folder (folder);
  return code;
}

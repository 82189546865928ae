/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/training.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/keys/certificate-profile.h"
#include "record/keys/training-config.h"
#include "record/keys/training-cv.h"

#define CURVE "P-256"

/* Where the keys of one set go, and who certifies whom; issuers stand before those they certify. */
typedef struct {
  const char *name;
  const char *profile;
  const char *issuer;
  const char *unit;
  const char *common_name;
} Row;

typedef struct {
  const char *folder;
  const char *country;
  const char *state;
  const char *agency;
  const char *port;
} Nation;

static const Nation nations[] = {
    {"CA", "CA", "CAN", "CBSA", "8441"},
    {"US", "US", "USA", "CBP", "8442"},
};

static const Row nation_rows[] = {
    {"csca", "csca", NULL, NULL, "FAST Training CSCA"},
    {"ds", "document-signer", "csca", NULL, "FAST Training Document Signer"},
    {"seal", "seal-signer", "csca", NULL, "FS"},
    {"ca", "authority", NULL, NULL, "FAST Training CA"},
    {"receipt", "timestamp", "ca", "receipt", "FAST Training receipts: stored"},
    {"opened", "timestamp", "ca", "opened", "FAST Training receipts: opened"},
    {"decision", "sign", "ca", "decision", "FAST Training decisions"},
    {"recipient", "recipient", "ca", "recipient", "FAST Training back office"},
    {"recovery", "recipient", "ca", "recovery", "FAST Training recovery"},
    {"tls", "tls-server", "ca", "tls", "localhost"},
};

static const Row unit_rows[] = {
    {"ca", "authority", NULL, NULL, "FAST Training Units CA"},
    {"link", "tls-client", "ca", "link", "U1"},
    {"sign", "sign", "ca", "sign", "U1"},
    {"open", "recipient", "ca", "open", "U1"},
};

static const struct {
  const char *name;
  guint nation;
} officers[] = {{"cbsa-1", 0}, {"cbsa-2", 0}, {"cbp-1", 1}, {"cbp-2", 1}};

static const FastSetting unit_settings[] = {
    {"trust", "training", "true"},
    {"officers", "passphrases", "officers/passphrases"},
    {NULL, NULL, NULL},
};

/* {nation} and {port} are the nation's. */
static const FastSetting intake_settings[] = {
    {"intake", "nation", "{nation}"},
    {"intake", "listen", "127.0.0.1:{port}"},
    {"intake", "database", "sqlite:{nation}/intake.db"},
    {"intake", "training", "true"},
    {"tls", "certificate", "{nation}/tls.pem"},
    {"tls", "key", "{nation}/tls.key"},
    {"receipt", "certificate", "{nation}/receipt.pem"},
    {"receipt", "key", "{nation}/receipt.key"},
    {"back-office", "certificate", "{nation}/recipient.pem"},
    {"back-office", "key", "{nation}/recipient.key"},
    {"back-office", "opened-certificate", "{nation}/opened.pem"},
    {"back-office", "opened-key", "{nation}/opened.key"},
    {NULL, NULL, NULL},
};

/* What is being written: certificates and keys by their path without suffix, as in `CA/ca`. */
typedef struct {
  const char *folder;
  gint64 now;
  GHashTable *issuers;
} Training;

static void
issuer_free (gpointer data)
{
  FastCertificateIssuer *issuer = data;

  X509_free (issuer->certificate);
  EVP_PKEY_free (issuer->key);
  g_free (issuer);
}

static char *
place (Training *training, const char *name, const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  return g_build_filename (training->folder, file, NULL);
}

static gboolean
save (Training *training, const char *name, const FastCertificateIssuer *pair, GError **error)
{
  g_autofree char *key_path = place (training, name, ".key");
  g_autofree char *certificate_path = place (training, name, ".pem");
  g_autofree char *folder = g_path_get_dirname (key_path);

  return fast_durable_make_folder (folder, 0700, error) &&
         fast_key_save (pair->key, key_path, error) &&
         fast_certificate_save (pair->certificate, certificate_path, error);
}

/* Makes, certifies and saves one key; the issuers that come later rows' way are kept. */
static gboolean
make (Training *training, const char *name, const char *profile_name, const char *issuer,
      const FastCertificateSubject *subject, GError **error)
{
  const FastCertificateProfile *profile = fast_certificate_profile_find (profile_name);
  const FastCertificateIssuer *above =
      issuer == NULL ? NULL : g_hash_table_lookup (training->issuers, issuer);
  FastCertificateIssuer *pair = g_new0 (FastCertificateIssuer, 1);

  g_hash_table_insert (training->issuers, g_strdup (name), pair);
  pair->key = fast_key_generate (CURVE, profile->parameters, error);
  if (pair->key == NULL)
    return FALSE;
  pair->certificate = fast_certificate_profile_issue (profile, subject, pair->key, above, TRUE,
                                                      training->now, error);
  return pair->certificate != NULL && save (training, name, pair, error);
}

/* A seal signer's subject is country and two letters, nothing else (TR-03137-1, 5.3.1). */
static gboolean
make_row (Training *training, const char *folder, const Row *row, const Nation *nation,
          GError **error)
{
  const gboolean bare = strcmp (row->profile, "seal-signer") == 0;
  g_autofree char *name = g_build_filename (folder, row->name, NULL);
  g_autofree char *issuer =
      row->issuer == NULL ? NULL : g_build_filename (folder, row->issuer, NULL);
  const FastCertificateSubject subject = {
      .country = nation->country,
      .state = nation->state,
      .organization = bare ? NULL : "FAST Training SPECIMEN",
      .unit = row->unit,
      .common_name = row->common_name,
  };

  return make (training, name, row->profile, issuer, &subject, error);
}

static gboolean
write_keys (Training *training, GError **error)
{
  for (guint n = 0; n < G_N_ELEMENTS (nations); n++)
    for (guint i = 0; i < G_N_ELEMENTS (nation_rows); i++)
      if (!make_row (training, nations[n].folder, &nation_rows[i], &nations[n], error))
        return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (unit_rows); i++)
    if (!make_row (training, "unit", &unit_rows[i], &nations[0], error))
      return FALSE;
  return TRUE;
}

static gboolean
write_officers (Training *training, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (officers); i++) {
    const Nation *nation = &nations[officers[i].nation];
    g_autofree char *name = g_build_filename ("officers", officers[i].name, NULL);
    g_autofree char *issuer = g_build_filename (nation->folder, "ca", NULL);
    const FastCertificateSubject subject = {
        .country = nation->country,
        .state = nation->state,
        .organization = "FAST Training SPECIMEN",
        .unit = nation->agency,
        .common_name = officers[i].name,
    };

    if (!make (training, name, "sign", issuer, &subject, error))
      return FALSE;
  }
  return TRUE;
}

/* 100 random bits in five groups, of letters and digits that are not mistaken for each other. */
static gboolean
append_passphrase (GString *text, GError **error)
{
  static const char alphabet[] = "abcdefghjkmnpqrstuvwxyz234567890";
  guint8 bytes[20];

  G_STATIC_ASSERT (sizeof alphabet == 32 + 1);
  if (!fast_random (bytes, sizeof bytes, error))
    return FALSE;
  for (guint i = 0; i < sizeof bytes; i++) {
    if (i > 0 && i % 4 == 0)
      g_string_append_c (text, '-');
    g_string_append_c (text, alphabet[bytes[i] % 32]);
  }
  return TRUE;
}

static gboolean
write_passphrases (Training *training, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *path = place (training, "officers/passphrases", "");

  for (guint i = 0; i < G_N_ELEMENTS (officers); i++) {
    g_string_append_printf (text, "%s ", officers[i].name);
    if (!append_passphrase (text, error))
      return FALSE;
    g_string_append_c (text, '\n');
  }
  bytes = g_bytes_new (text->str, text->len);
  return fast_durable_replace (path, bytes, 0600, FAST_POINT ("training-passphrases"), error);
}

static gboolean
write_config (Training *training, const char *name, const char *asset, const FastSetting *settings,
              GError **error)
{
  g_autoptr (GBytes) bytes = fast_training_config (asset, settings, error);
  g_autofree char *path = place (training, name, "");

  return bytes != NULL &&
         fast_durable_replace (path, bytes, 0600, FAST_POINT ("training-config"), error);
}

static gboolean
write_intake (Training *training, const Nation *nation, GError **error)
{
  FastSetting settings[G_N_ELEMENTS (intake_settings)] = {0};
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = g_strdup_printf ("intake-%s.conf", nation->folder);

  for (guint i = 0; intake_settings[i].group != NULL; i++) {
    GString *value = g_string_new (intake_settings[i].value);

    g_string_replace (value, "{nation}", nation->folder, 0);
    g_string_replace (value, "{port}", nation->port, 0);
    g_ptr_array_add (values, g_string_free (value, FALSE));
    settings[i] = intake_settings[i];
    settings[i].value = values->pdata[i];
  }
  return write_config (training, name, "config/intake.conf", settings, error);
}

/* Nothing is ever overwritten: a lost key loses every packet sealed for it. */
static gboolean
check_empty (const char *folder, GError **error)
{
  static const char *const names[] = {
      "CA", "US", "unit", "officers", "unit.conf", "intake-CA.conf", "intake-US.conf"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    if (g_file_test (path, G_FILE_TEST_EXISTS))
      return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "training-exists",
                        "folder=%s, name=%s", folder, names[i]);
  }
  return TRUE;
}

/**
 * fast_training_write:
 * @folder: where to; made if it is not there
 * @error: return location for an error
 *
 * Writes every key of a training set-up: for each nation, the unit U1 and four officers, and the
 * configurations that use them, derived from the shipped defaults. Private keys have mode 0600.
 * A folder that holds such keys already is refused. The configurations come last: where they are,
 * the rest is.
 *
 * Returns: whether all of it is on stable storage; FAST_STORE_ERROR_CONFLICT, FAST_STORE_ERROR_IO,
 *   FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_training_write (const char *folder, GError **error)
{
  g_autoptr (GHashTable) issuers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, issuer_free);
  Training training = {.folder = folder, .now = fast_clock_now (), .issuers = issuers};

  if (!check_empty (folder, error) || !fast_durable_make_folder (folder, 0700, error) ||
      !write_keys (&training, error) || !fast_training_cv_write (folder, training.now, error) ||
      !write_officers (&training, error) || !write_passphrases (&training, error))
    return FALSE;
  for (guint n = 0; n < G_N_ELEMENTS (nations); n++)
    if (!write_intake (&training, &nations[n], error))
      return FALSE;
  return write_config (&training, "unit.conf", "config/unit.conf", unit_settings, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/sync/packet/fixture.h"

#include <string.h>

#include "record/base/merkle-log.h"
#include "record/keys/training.h"
#include "tests/support.h"

/* Two rows of a log, each with its proof (RFC 6962, 2.1.1: the hash of the other leaf). */
#define ROW_0 "{\"code\":\"revision-frozen\",\"item\":\"U1-1\"}"
#define ROW_1 "{\"code\":\"item-viewed\",\"item\":\"U1-1\"}"

void
fixture_set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = fast_test_folder ();
  fast_training_write (fixture->folder, &error);
  g_assert_no_error (error);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fast_test_remove_folder (fixture->folder);
}

char *
fixture_path (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

X509 *
fixture_certificate (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *path = fixture_path (fixture, file);
  X509 *certificate = fast_certificate_load (path, &error);

  g_assert_no_error (error);
  return certificate;
}

EVP_PKEY *
fixture_key (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".key", NULL);
  g_autofree char *path = fixture_path (fixture, file);
  EVP_PKEY *key = fast_key_load (path, &error);

  g_assert_no_error (error);
  return key;
}

FastTrust *
fixture_trust (Fixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *path = fixture_path (fixture, file);
  const char *paths[] = {path, NULL};
  FastTrust *trust = fast_trust_load (paths, FAST_TRUST_TRAINING, &error);

  g_assert_no_error (error);
  return trust;
}

static char *
leaf_hex (const char *row)
{
  guint8 hash[FAST_SHA256_SIZE];

  fast_merkle_leaf_hash (row, strlen (row), hash);
  return fast_hex_encode (hash, sizeof hash);
}

static char *
log_root (void)
{
  g_autoptr (FastMerkleLog) log = fast_merkle_log_new ();
  guint8 root[FAST_SHA256_SIZE];

  fast_merkle_log_append (log, ROW_0, strlen (ROW_0));
  fast_merkle_log_append (log, ROW_1, strlen (ROW_1));
  fast_merkle_log_root (log, root);
  return fast_hex_encode (root, sizeof root);
}

FastHeader *
fixture_header (const char *nation, const char *kind)
{
  FastHeader *header = fast_header_new ();

  header->nation = g_strdup (nation);
  header->unit = g_strdup ("U1");
  header->centre = g_strdup ("BWB");
  header->item = g_strdup ("U1-2");
  header->kind = g_strdup (kind);
  header->about = g_strdup ("U1-1");
  header->batch = g_strdup ("U1-b1");
  header->lane = 1;
  header->audit_size = 2;
  header->audit_root = log_root ();
  return header;
}

GBytes *
fixture_text (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

GBytes *
fixture_audit (void)
{
  g_autofree char *other = leaf_hex (ROW_1);
  g_autofree char *text =
      g_strdup_printf ("{\"previous\":null,\"rows\":[{\"index\":0,\"proof\":[\"%s\"],\"row\":"
                       "\"{\\\"code\\\":\\\"revision-frozen\\\",\\\"item\\\":\\\"U1-1\\\"}\"}]}",
                       other);

  return fixture_text (text);
}

FastParts *
fixture_parts (const char *const *names, const char *const *texts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) digests = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr (GBytes) salt = g_bytes_new ("0123456789abcdef0123456789abcdef", FAST_SALT_SIZE);
  g_autoptr (GBytes) json = NULL;
  FastParts *parts;

  for (guint i = 0; names[i] != NULL; i++) {
    guint8 digest[FAST_SHA256_SIZE];
    fast_part_digest (salt, texts[i], strlen (texts[i]), digest);
    g_hash_table_insert (digests, (gpointer)names[i], fast_hex_encode (digest, sizeof digest));
  }
  json = fast_digests_compose (digests);
  parts = fast_parts_new (json, &error);
  g_assert_no_error (error);
  for (guint i = 0; names[i] != NULL; i++) {
    fast_parts_add (parts, names[i], fast_secret_new_from (texts[i], strlen (texts[i])), salt,
                    &error);
    g_assert_no_error (error);
  }
  return parts;
}

FastPacket *
fixture_packet (Fixture *fixture, const FastHeader *header, FastParts *parts, GBytes *audit,
                const char *recipient, GError **error)
{
  g_autoptr (X509) certificate = fixture_certificate (fixture, "unit/sign");
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, "unit/sign");
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  const FastSealingKeys keys = {
      .certificate = certificate, .key = key, .recipients = recipients, .policy = NULL};

  g_ptr_array_add (recipients, fixture_certificate (fixture, recipient));
  return fast_packet_build (header, parts, audit, &keys, error);
}

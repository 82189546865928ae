/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/manifest.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define A "1111111111111111111111111111111111111111111111111111111111111111"
#define B "2222222222222222222222222222222222222222222222222222222222222222"

static FastManifest *
make (gboolean reversed)
{
  FastManifest *manifest = fast_manifest_new ("U1-b1", "U1", 1, "2026-11-24", "2026-11-24");

  if (reversed)
    fast_manifest_add (manifest, "U1-2", 1, "decision", B, A);
  fast_manifest_add (manifest, "U1-10", 1, "enrolment", A, B);
  if (!reversed)
    fast_manifest_add (manifest, "U1-2", 1, "decision", B, A);
  return manifest;
}

static void
test_round (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastManifest) manifest = make (FALSE);
  g_autoptr (FastManifest) other = make (TRUE);
  g_autoptr (GBytes) bytes = fast_manifest_to_bytes (manifest);
  g_autoptr (GBytes) same = fast_manifest_to_bytes (other);
  g_autoptr (FastManifest) back = fast_manifest_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (bytes, same));
  g_assert_cmpuint (fast_manifest_count (back), ==, 2);
  g_assert_cmpstr (fast_manifest_get_line (back, 0)->item, ==, "U1-10");
  g_assert_cmpstr (fast_manifest_get_line (back, 1)->ca, ==, B);
  g_assert_cmpstr (fast_manifest_get_batch (back), ==, "U1-b1");
}

static char *
hash_line (guint8 prefix, const char *text)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint8 digest[FAST_SHA256_SIZE];

  fast_append_u8 (data, prefix);
  fast_append (data, text, strlen (text));
  fast_sha256 (data->data, data->len, digest);
  return fast_hex_encode (digest, sizeof digest);
}

/* RFC 6962, 2.1: a tree of one leaf is the leaf's hash, SHA-256 (00 ‖ leaf); an empty one hashes
 * nothing. */
static void
test_root (void)
{
  g_autoptr (FastManifest) one = fast_manifest_new ("U1-b1", "U1", 1, "2026-11-24", "2026-11-24");
  g_autofree char *empty = fast_manifest_root (one);
  g_autofree char *root = NULL;
  g_autofree char *wanted = hash_line (0, "{\"CA\":\"" A "\",\"US\":\"" B "\",\"item\":\"U1-2\","
                                          "\"kind\":\"card\",\"revision\":3}");

  g_assert_cmpstr (empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  fast_manifest_add (one, "U1-2", 3, "card", A, B);
  root = fast_manifest_root (one);
  g_assert_cmpstr (root, ==, wanted);
}

static void
test_altered (void)
{
  static const char *const changes[][3] = {
      {"\"enrolment\":1", "\"enrolment\":2", "manifest-root"},
      {"\"item\":\"U1-10\"", "\"item\":\"U1-20\"", "manifest-root"},
      {"\"item\":\"U1-10\"", "\"item\":\"U1-3\"", "manifest-root"},
      {"\"US\":\"" B "\"", "\"US\":\"" A "\"", "manifest-root"},
      {"\"US\":\"" B "\"", "\"US\":\"x\"", "manifest-line"},
      {"\"format\":1", "\"format\":9", "manifest-format"},
  };
  g_autoptr (FastManifest) manifest = make (FALSE);
  g_autoptr (GBytes) bytes = fast_manifest_to_bytes (manifest);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) altered = g_string_new (text);
    g_autoptr (GBytes) input = NULL;

    g_assert_cmpuint (g_string_replace (altered, changes[i][0], changes[i][1], 1), ==, 1);
    input = g_bytes_new (altered->str, altered->len);
    g_assert_null (fast_manifest_parse (input, &error));
    fast_test_assert_id (error, changes[i][2]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/packet/manifest/round", test_round);
  g_test_add_func ("/sync/packet/manifest/root", test_root);
  g_test_add_func ("/sync/packet/manifest/altered", test_altered);
  return g_test_run ();
}

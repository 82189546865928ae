/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/key.h"

#include <sys/stat.h>
#include <unistd.h>

#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/signature.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

static void
test_round_trip (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "a.key", NULL);
  g_autofree char *uri = g_strconcat ("file://", path, NULL);
  g_autofree char *text = NULL;
  struct stat status;

  for (int parameters = FAST_KEY_PARAMETERS_NAMED; parameters <= FAST_KEY_PARAMETERS_EXPLICIT;
       parameters++) {
    g_autoptr (EVP_PKEY) key =
        fast_key_generate ("brainpoolP256r1", (FastKeyParameters)parameters, &error);
    g_autoptr (EVP_PKEY) by_path = NULL;
    g_autoptr (EVP_PKEY) by_uri = NULL;

    g_assert_no_error (error);
    g_assert_true (fast_key_save (key, path, &error));
    g_assert_cmpint (stat (path, &status), ==, 0);
    g_assert_cmpuint (status.st_mode & 07777, ==, 0600);
    by_path = fast_key_load (path, &error);
    g_assert_no_error (error);
    by_uri = fast_key_load (uri, &error);
    g_assert_no_error (error);
    g_assert_cmpint (EVP_PKEY_eq (key, by_path), ==, 1);
    g_assert_cmpint (EVP_PKEY_eq (key, by_uri), ==, 1);
  }
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "-----BEGIN PRIVATE KEY-----"));
  fast_test_remove_folder (folder);
}

static void
assert_refused (const char *uri, GQuark domain, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_key_load (uri, &error));
  g_assert_true (error->domain == domain);
  fast_test_assert_id (error, id);
}

static void
test_refused_files (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "a.key", NULL);
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (EVP_PKEY) again = NULL;

  g_assert_true (fast_key_save (key, path, &error));
  g_assert_cmpint (chmod (path, 0640), ==, 0);
  assert_refused (path, FAST_KEY_ERROR, "key-open-to-others");
  g_assert_cmpint (chmod (path, 0604), ==, 0);
  assert_refused (path, FAST_KEY_ERROR, "key-open-to-others");
  g_assert_cmpint (chmod (path, 0400), ==, 0);
  again = fast_key_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (chmod (path, 0600), ==, 0);
  g_assert_true (g_file_set_contents (path, "no key", -1, NULL));
  g_assert_cmpint (chmod (path, 0600), ==, 0);
  assert_refused (path, FAST_KEY_ERROR, "crypto-failed");
  g_assert_cmpint (unlink (path), ==, 0);
  assert_refused (path, FAST_KEY_ERROR, "key-unreadable");
  assert_refused ("ftp:key", FAST_INPUT_ERROR, "key-scheme");
  fast_test_remove_folder (folder);
}

static void
test_export (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (FastSecret) secret = fast_key_export (key, &error);
  g_autoptr (EVP_PKEY) again = fast_key_import (secret, &error);

  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (key, again), ==, 1);
  fast_secret_truncate (secret, fast_secret_size (secret) / 2);
  g_assert_null (fast_key_import (secret, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO);
}

static void
test_certificates (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "a.pem", NULL);
  g_autofree char *der_path = g_build_filename (folder, "a.der", NULL);
  g_autofree char *both = g_build_filename (folder, "both.pem", NULL);
  g_autoptr (Fixture) fixture = fixture_new ("authority", "A", NULL, TRUE, FIXTURE_NOW);
  g_autoptr (GBytes) der = fast_certificate_der (fixture->certificate, &error);
  const char *paths[] = {path, der_path, both, NULL};
  g_autofree char *text = NULL;
  g_autofree char *twice = NULL;
  g_autoptr (GPtrArray) found = NULL;

  g_assert_true (fast_certificate_save (fixture->certificate, path, &error));
  g_assert_true (g_file_set_contents (der_path, g_bytes_get_data (der, NULL),
                                      (gssize)g_bytes_get_size (der), NULL));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  twice = g_strconcat (text, text, NULL);
  g_assert_true (g_file_set_contents (both, twice, -1, NULL));
  found = fast_certificates_load (paths, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 4);
  for (guint i = 0; i < found->len; i++)
    g_assert_true (fast_certificate_equal (found->pdata[i], fixture->certificate));
  g_assert_true (g_file_set_contents (path, "nothing", -1, NULL));
  g_assert_null (fast_certificate_load (path, &error));
  fast_test_assert_id (error, "certificate-malformed");
  fast_test_remove_folder (folder);
}

static void
test_subject (void)
{
  g_autoptr (Fixture) fixture = fixture_new ("sign", "U7", NULL, TRUE, FIXTURE_NOW);
  g_autofree char *name = fast_certificate_name (fixture->certificate);
  g_autofree char *common = fast_certificate_get_name (fixture->certificate, NID_commonName);
  g_autofree char *unit =
      fast_certificate_get_name (fixture->certificate, NID_organizationalUnitName);

  g_assert_cmpstr (name, ==, "C = CA, O = Test, CN = U7");
  g_assert_cmpstr (common, ==, "U7");
  g_assert_null (unit);
  X509_NAME_add_entry_by_NID (X509_get_subject_name (fixture->certificate), NID_commonName,
                              MBSTRING_UTF8, (const guint8 *)"U8", -1, -1, 0);
  g_assert_null (fast_certificate_get_name (fixture->certificate, NID_commonName));
}

static void
test_raw_signature (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (EVP_PKEY) other = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (GBytes) message = fixture_text ("header and message of a seal");
  g_autoptr (GBytes) altered = fixture_flip (message, 3, 1);
  g_autoptr (GBytes) signature = fast_signature_raw_sign (key, message, &error);
  g_autoptr (GBytes) flipped = fixture_flip (signature, 63, 1);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (signature, 0, 63);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 64);
  g_assert_true (fast_signature_raw_verify (key, message, signature, &error));
  g_assert_false (fast_signature_raw_verify (key, altered, signature, NULL));
  g_assert_false (fast_signature_raw_verify (key, message, flipped, NULL));
  g_assert_false (fast_signature_raw_verify (key, message, cut, NULL));
  g_assert_false (fast_signature_raw_verify (other, message, signature, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE);
}

/* RFC 6979, A.2.5: ECDSA on P-256 with SHA-256 over "sample". */
static void
test_raw_known (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) spki =
      fast_hex_decode ("3059301306072a8648ce3d020106082a8648ce3d030107034200"
                       "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB6"
                       "7903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299",
                       &error);
  g_autoptr (GBytes) signature =
      fast_hex_decode ("EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
                       "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
                       &error);
  g_autoptr (GBytes) message = fixture_text ("sample");
  const guint8 *at = g_bytes_get_data (spki, NULL);
  g_autoptr (EVP_PKEY) key = d2i_PUBKEY (NULL, &at, (long)g_bytes_get_size (spki));

  g_assert_true (fast_signature_raw_verify (key, message, signature, &error));
  g_assert_no_error (error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/key/round-trip", test_round_trip);
  g_test_add_func ("/keys/key/refused-files", test_refused_files);
  g_test_add_func ("/keys/key/export", test_export);
  g_test_add_func ("/keys/certificate/load", test_certificates);
  g_test_add_func ("/keys/certificate/subject", test_subject);
  g_test_add_func ("/keys/signature/raw", test_raw_signature);
  g_test_add_func ("/keys/signature/rfc6979-a2.5", test_raw_known);
  return g_test_run ();
}

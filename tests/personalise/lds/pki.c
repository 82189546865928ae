/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/pki.h"

#include "record/keys/training.h"
#include "tests/support.h"

static FastTrust *
trust_of (const char *folder, const char *nation)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, nation, "csca.pem", NULL);
  const char *const paths[] = {path, NULL};
  FastTrust *trust = fast_trust_load (paths, FAST_TRUST_ICAO | FAST_TRUST_TRAINING, &error);

  g_assert_no_error (error);
  return trust;
}

void
test_pki_init (TestPki *pki)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *key = NULL;

  pki->folder = fast_test_folder ();
  fast_training_write (pki->folder, &error);
  g_assert_no_error (error);
  certificate = g_build_filename (pki->folder, "CA", "ds.pem", NULL);
  key = g_build_filename (pki->folder, "CA", "ds.key", NULL);
  pki->signer = fast_certificate_load (certificate, &error);
  g_assert_no_error (error);
  pki->key = fast_key_load (key, &error);
  g_assert_no_error (error);
  pki->trust = trust_of (pki->folder, "CA");
  pki->other = trust_of (pki->folder, "US");
}

void
test_pki_clear (TestPki *pki)
{
  X509_free (pki->signer);
  EVP_PKEY_free (pki->key);
  fast_trust_free (pki->trust);
  fast_trust_free (pki->other);
  fast_test_remove_folder (pki->folder);
}

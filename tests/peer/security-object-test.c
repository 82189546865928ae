/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/lds/security-info.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/lds/chip.h"
#include "tests/support.h"

/*
 * A chip made by the suite, judged without a line of the suite's: security-object.sh takes EF.SOD,
 * the document signer and the CSCA apart with the openssl command.
 */

static TestPki pki;

/* What the script says of a folder; @code is what it ends with. */
static char *
judge (const char *folder, int code)
{
  g_autofree char *script = fast_test_source ("tests/peer/security-object.sh");
  g_autofree char *nation = g_build_filename (pki.folder, "CA", NULL);
  const char *const argv[] = {"/bin/bash", script, folder, nation, NULL};
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  const int found = fast_test_run (&out, &err, argv);

  g_test_message ("%s", out);
  if (found != code)
    g_error ("%s%s", out, err);
  return g_strconcat (out, err, NULL);
}

static void
test_openssl (void)
{
  g_autoptr (GError) error = NULL;
  TestChip chip;
  char *folder = fast_test_folder ();
  g_autofree char *said = NULL;
  g_autoptr (FastLds) lds = NULL;

  test_chip_init (&chip);
  lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);
  g_assert_no_error (error);
  g_assert_true (fast_lds_write_folder (lds, folder, &error));
  said = judge (folder, 0);
  g_assert_null (strstr (said, "public key"));
  fast_test_remove_folder (folder);
  test_chip_clear (&chip);
}

static void
flip_last (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *content = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  content[size - 1] ^= 1;
  g_assert_true (g_file_set_contents (path, content, (gssize)size, NULL));
}

/* A chip with keys of its own, and the same with one bit changed. */
static void
test_keys (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  TestFullChip chip;
  char *folder = fast_test_folder ();
  g_autofree char *said = NULL;
  g_autofree char *refused = NULL;

  test_full_chip_init (&chip, &pki, data);
  g_assert_true (fast_lds_write_folder (chip.lds, folder, &error));
  said = judge (folder, 0);
  g_assert_nonnull (strstr (said, "EF.DG15 is a public key"));
  g_assert_nonnull (strstr (said, "EF.DG14 has a public key"));
  flip_last (folder, "EF.DG14");
  refused = judge (folder, 1);
  g_assert_nonnull (strstr (refused, "EF.DG14 has another hash"));
  fast_test_remove_folder (folder);
  test_full_chip_clear (&chip);
}

int
main (int argc, char **argv)
{
  static const TestFullTerms terms[] = {
      {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
       FAST_SECURITY_CA_ECDH_AES_128, "P-256", 700},
      {FAST_SECURITY_PACE_ECDH_GM_AES_256, FAST_SECURITY_PARAMETERS_BRAINPOOL256,
       FAST_SECURITY_CA_ECDH_AES_256, "brainpoolP256r1", 700},
  };
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add_func ("/peer/security-object/openssl", test_openssl);
  g_test_add_data_func ("/peer/security-object/keys/p256", &terms[0], test_keys);
  g_test_add_data_func ("/peer/security-object/keys/brainpool", &terms[1], test_keys);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

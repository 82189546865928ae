/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/chip.h"
#include "tests/support.h"

/*
 * A chip made by the suite, judged without a line of the suite's: security-object.sh takes EF.SOD,
 * the document signer and the CSCA apart with the openssl command.
 */

static void
test_openssl (void)
{
  g_autoptr (GError) error = NULL;
  TestPki pki;
  TestChip chip;
  char *folder = fast_test_folder ();
  g_autofree char *script = fast_test_source ("tests/peer/security-object.sh");
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autoptr (FastLds) lds = NULL;

  test_pki_init (&pki);
  test_chip_init (&chip);
  lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);
  g_assert_no_error (error);
  g_assert_true (fast_lds_write_folder (lds, folder, &error));
  {
    g_autofree char *nation = g_build_filename (pki.folder, "CA", NULL);
    const char *const argv[] = {"/bin/bash", script, folder, nation, NULL};
    int code = fast_test_run (&out, &err, argv);

    g_test_message ("%s", out);
    if (code != 0)
      g_error ("%s%s", out, err);
  }
  fast_test_remove_folder (folder);
  test_chip_clear (&chip);
  test_pki_clear (&pki);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/peer/security-object/openssl", test_openssl);
  return g_test_run ();
}

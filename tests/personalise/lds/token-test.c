/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/passive-authentication.h"
#include "personalise/lds/security-object.h"
#include "record/base/clock.h"
#include "record/base/tlv.h"
#include "record/keys/key.h"
#include "tests/personalise/lds/pki.h"
#include "tests/record/keys/token.h"
#include "tests/support.h"

/* EF.SOD signed by a document signer whose key is in a token: the certificate writes its curve out,
 * the token names it. */
static void
test_security_object (void)
{
  TestPki pki;
  Token token = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (GBytes) group = g_bytes_new_static ("\x61\x03one", 5);
  g_autoptr (GBytes) object = NULL;
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (GPtrArray) verdicts = fast_verdicts_new ();
  g_autofree char *uri = NULL;

  if (!token_open (&token))
    return;
  test_pki_init (&pki);
  token_import (&token, "ds", "01", pki.key);
  uri = token_uri (&token, "ds");
  key = fast_key_load (uri, &error);
  g_assert_no_error (error);
  g_assert_true (fast_lds_set (lds, fast_file_group (1), group, &error));
  object = fast_security_object_make (lds, pki.signer, key, &error);
  g_assert_no_error (error);
  g_assert_true (fast_lds_set (lds, fast_file_sod (), object, &error));
  fast_passive_authentication (lds, pki.trust, fast_clock_now (), verdicts);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_SIGNATURE, NULL)->outcome, ==,
                   FAST_VERDICT_DONE);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_CHAIN, NULL)->outcome, ==,
                   FAST_VERDICT_DONE);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.DG1")->outcome, ==,
                   FAST_VERDICT_DONE);
  test_pki_clear (&pki);
  token_close (&token);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lds/token/security-object", test_security_object);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-certificate.h"

#ifdef FAST_HAVE_LIBEAC
#include <eac/eac.h>
#include <eac/ta.h>
#endif

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/cv-request.h"
#include "record/keys/key.h"
#include "record/keys/training.h"
#include "tests/support.h"

#ifdef FAST_HAVE_LIBEAC

/* libeac, which knows nothing of us, reads and believes the certificates of `keys training`. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EAC_CTX, EAC_CTX_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CVC_CERT, CVC_CERT_free)

static char *folder;

static GBytes *
read_file (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_bytes_read_file (path, 65536, &error);

  g_assert_no_error (error);
  return bytes;
}

static EAC_CTX *
trust_in (const char *name)
{
  g_autoptr (GBytes) root = read_file (name);
  EAC_CTX *context = EAC_CTX_new ();

  g_assert_nonnull (context);
  g_assert_cmpint (
      EAC_CTX_init_ta (context, NULL, 0, g_bytes_get_data (root, NULL), g_bytes_get_size (root)),
      ==, 1);
  return context;
}

static gboolean
import (EAC_CTX *context, GBytes *certificate)
{
  return TA_STEP2_import_certificate (context, g_bytes_get_data (certificate, NULL),
                                      g_bytes_get_size (certificate)) == 1;
}

static void
test_chains (void)
{
  static const char *const countries[] = {"CA", "US"};

  for (guint i = 0; i < 4; i++) {
    const char *terminal = countries[i / 2];
    const char *card = countries[i % 2];
    g_autofree char *root_name = g_strdup_printf ("%s/cvca.cvcert", card);
    g_autofree char *dv_name = g_strdup_printf ("%s/dv-%s.cvcert", terminal, card);
    g_autofree char *last_name = g_strdup_printf ("%s/terminal.cvcert", terminal);
    g_autoptr (EAC_CTX) context = trust_in (root_name);
    g_autoptr (GBytes) dv = read_file (dv_name);
    g_autoptr (GBytes) last = read_file (last_name);

    g_assert_true (import (context, dv));
    g_assert_true (import (context, last));
  }
}

/* The peer can say no: another State's DV, and an altered signature. */
static void
test_refused (void)
{
  g_autoptr (EAC_CTX) context = trust_in ("CA/cvca.cvcert");
  g_autoptr (GBytes) other = read_file ("US/dv-US.cvcert");
  g_autoptr (GBytes) own = read_file ("CA/dv-CA.cvcert");
  const gsize size = g_bytes_get_size (own);
  guint8 *copy = g_memdup2 (g_bytes_get_data (own, NULL), size);
  g_autoptr (GBytes) altered = NULL;

  copy[size - 1] ^= 1;
  altered = g_bytes_new_take (copy, size);
  g_assert_false (import (context, other));
  g_assert_false (import (context, altered));
}

static void
test_fields (void)
{
  static const struct {
    const char *name;
    int role;
    const char *authority;
    const char *holder;
  } rows[] = {
      {"CA/cvca.cvcert", CVC_CVCA, "CAFASTCVCA00001", "CAFASTCVCA00001"},
      {"CA/dv-CA.cvcert", CVC_DV, "CAFASTCVCA00001", "CAFASTDV00001"},
      {"CA/dv-US.cvcert", CVC_DocVer, "USFASTCVCA00001", "CAFASTDV00001"},
      {"US/terminal.cvcert", CVC_Terminal, "USFASTDV00001", "USFASTIS00001"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) bytes = read_file (rows[i].name);
    const unsigned char *at = g_bytes_get_data (bytes, NULL);
    g_autoptr (CVC_CERT) certificate = CVC_d2i_CVC_CERT (NULL, &at, (long)g_bytes_get_size (bytes));
    g_autofree char *authority = NULL;
    g_autofree char *holder = NULL;

    g_assert_nonnull (certificate);
    authority = CVC_get_car (certificate);
    holder = CVC_get_chr (certificate);
    g_assert_cmpstr (authority, ==, rows[i].authority);
    g_assert_cmpstr (holder, ==, rows[i].holder);
    g_assert_cmpint (CVC_get_role (cvc_get_chat (certificate)), ==, rows[i].role);
  }
}

/* A request of ours: the peer finds it signed by the key that it asks for. */
static void
test_request (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, "CA", "dv.key", NULL);
  g_autoptr (EVP_PKEY) key = fast_key_load (path, &error);
  g_autoptr (FastCvRequest) request =
      fast_cv_request_new ("USFASTCVCA00001", "CAFASTDV00002", key, FAST_CV_ECDSA_SHA_256, &error);
  GBytes *bytes = fast_cv_request_get_bytes (request);
  const unsigned char *at = g_bytes_get_data (bytes, NULL);
  CVC_CERT_REQUEST *theirs = d2i_CVC_CERT_REQUEST (NULL, &at, (long)g_bytes_get_size (bytes));

  g_assert_no_error (error);
  g_assert_nonnull (theirs);
  g_assert_cmpint (CVC_verify_request_signature (theirs), ==, 1);
  CVC_CERT_REQUEST_free (theirs);
}

static int
run_tests (void)
{
  g_autoptr (GError) error = NULL;
  int code;

  EAC_init ();
  folder = fast_test_folder ();
  g_assert_true (fast_training_write (folder, &error));
  g_assert_no_error (error);
  g_test_add_func ("/peer/cv-certificate/chains", test_chains);
  g_test_add_func ("/peer/cv-certificate/refused", test_refused);
  g_test_add_func ("/peer/cv-certificate/fields", test_fields);
  g_test_add_func ("/peer/cv-certificate/request", test_request);
  code = g_test_run ();
  fast_test_remove_folder (folder);
  EAC_cleanup ();
  return code;
}

#else

static void
test_absent (void)
{
  g_test_skip ("libeac is not installed");
}

static int
run_tests (void)
{
  g_test_add_func ("/peer/cv-certificate", test_absent);
  return g_test_run ();
}

#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  return run_tests ();
}

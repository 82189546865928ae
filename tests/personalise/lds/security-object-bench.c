/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/cms.h>
#include <stdio.h>

#include "personalise/lds/security-object.h"
#include "tests/personalise/lds/chip.h"

/*
 * How much of the time of EF.SOD is the signature: fast_security_object_make() over a whole chip,
 * hashes included, against a bare loop of CMS_sign() over the same list with the same key.
 */

#define ROUNDS 7
#define TURNS 400
#define WANTED 0.9

static double
ours (FastLds *lds, const TestPki *pki)
{
  const gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < TURNS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) object = fast_security_object_make (lds, pki->signer, pki->key, &error);

    g_assert_no_error (error);
  }
  return TURNS * 1e6 / (double)(g_get_monotonic_time () - start);
}

/* What anybody would write: content type, signature, DER. */
static void
sign_bare (GBytes *list, const TestPki *pki)
{
  const guint flags = CMS_BINARY | CMS_NOSMIMECAP | CMS_PARTIAL;
  gsize size;
  gconstpointer data = g_bytes_get_data (list, &size);
  g_autoptr (BIO) in = BIO_new_mem_buf (data, (int)size);
  g_autoptr (CMS_ContentInfo) cms = CMS_sign (NULL, NULL, NULL, NULL, flags);
  g_autoptr (ASN1_OBJECT) type = OBJ_txt2obj (FAST_SECURITY_OBJECT_OID, 1);
  guint8 *der = NULL;

  g_assert_cmpint (CMS_set1_eContentType (cms, type), ==, 1);
  g_assert_nonnull (CMS_add1_signer (cms, pki->signer, pki->key, EVP_sha256 (), flags));
  g_assert_cmpint (CMS_final (cms, in, NULL, CMS_BINARY), ==, 1);
  g_assert_cmpint (i2d_CMS_ContentInfo (cms, &der), >, 0);
  OPENSSL_free (der);
}

static double
bare (GBytes *list, const TestPki *pki)
{
  const gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < TURNS; i++)
    sign_bare (list, pki);
  return TURNS * 1e6 / (double)(g_get_monotonic_time () - start);
}

static int
compare (gconstpointer left, gconstpointer right)
{
  const double a = *(const double *)left;
  const double b = *(const double *)right;

  return (a > b) - (a < b);
}

/* The two take turns, and the median counts: another process may be busy meanwhile. */
int
main (void)
{
  g_autoptr (GError) error = NULL;
  TestPki pki;
  TestChip chip;
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (GBytes) list = NULL;
  double ratios[ROUNDS];
  double rate = 0;

  test_pki_init (&pki);
  test_chip_init (&chip);
  lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);
  g_assert_no_error (error);
  list = fast_hash_list_make (lds);
  for (guint i = 0; i < ROUNDS; i++) {
    rate = ours (lds, &pki);
    ratios[i] = rate / bare (list, &pki);
  }
  qsort (ratios, ROUNDS, sizeof ratios[0], compare);
  printf ("EF.SOD: %.0f a second, %.3f of CMS_sign (at least %.1f), LDS of %" G_GSIZE_FORMAT
          " bytes\n",
          rate, ratios[ROUNDS / 2], WANTED, fast_lds_total (lds));
  test_chip_clear (&chip);
  test_pki_clear (&pki);
  return ratios[ROUNDS / 2] >= WANTED ? 0 : 1;
}

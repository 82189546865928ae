/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/cms.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <time.h>

#include "personalise/lds/security-object.h"
#include "tests/personalise/lds/chip.h"

/*
 * fast_security_object_make() against a bare loop over the same content with the same key: SHA-256
 * of each data group, then CMS_sign(). What the signature alone would reach is printed beside it:
 * hashing a whole chip is a fifth of the time of a P-256 signature.
 */

#define ROUNDS 41
#define TURNS 60
#define WANTED 0.9

static double
ours (FastLds *lds, const TestPki *pki)
{
  const clock_t start = clock ();

  for (guint i = 0; i < TURNS; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) object = fast_security_object_make (lds, pki->signer, pki->key, &error);

    g_assert_no_error (error);
  }
  return TURNS * (double)CLOCKS_PER_SEC / (double)(clock () - start);
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

static void
hash_bare (FastLds *lds)
{
  for (guint group = 1; group <= 16; group++) {
    GBytes *file = fast_lds_get (lds, fast_file_group (group));
    guint8 digest[32];

    if (file != NULL)
      SHA256 (g_bytes_get_data (file, NULL), g_bytes_get_size (file), digest);
  }
}

static double
bare (FastLds *lds, GBytes *list, const TestPki *pki)
{
  const clock_t start = clock ();

  for (guint i = 0; i < TURNS; i++) {
    if (lds != NULL)
      hash_bare (lds);
    sign_bare (list, pki);
  }
  return TURNS * (double)CLOCKS_PER_SEC / (double)(clock () - start);
}

static int
compare (gconstpointer left, gconstpointer right)
{
  const double a = *(const double *)left;
  const double b = *(const double *)right;

  return (a > b) - (a < b);
}

/* Processor time, and the two take turns, and the median counts: others may be busy meanwhile. */
int
main (void)
{
  g_autoptr (GError) error = NULL;
  TestPki pki;
  TestChip chip;
  g_autoptr (FastLds) lds = NULL;
  g_autoptr (GBytes) list = NULL;
  double ratios[ROUNDS];
  double alone[ROUNDS];
  double rate = 0;

  test_pki_init (&pki);
  test_chip_init (&chip);
  lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);
  g_assert_no_error (error);
  list = fast_hash_list_make (lds);
  for (guint i = 0; i < ROUNDS; i++) {
    rate = ours (lds, &pki);
    ratios[i] = rate / bare (lds, list, &pki);
    alone[i] = rate / bare (NULL, list, &pki);
  }
  qsort (ratios, ROUNDS, sizeof ratios[0], compare);
  qsort (alone, ROUNDS, sizeof alone[0], compare);
  printf ("EF.SOD: %.0f a second, %.3f of hashing and CMS_sign (at least %.1f), %.3f of CMS_sign "
          "alone, LDS of %" G_GSIZE_FORMAT " bytes\n",
          rate, ratios[ROUNDS / 2], WANTED, alone[ROUNDS / 2], fast_lds_total (lds));
  test_chip_clear (&chip);
  test_pki_clear (&pki);
  return ratios[ROUNDS / 2] >= WANTED ? 0 : 1;
}

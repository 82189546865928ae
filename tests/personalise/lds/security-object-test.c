/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-object.h"

#include <string.h>

#include "personalise/lds/common-data.h"
#include "personalise/lds/passive-authentication.h"
#include "record/base/clock.h"
#include "record/base/tlv.h"
#include "tests/personalise/lds/pki.h"
#include "tests/support.h"

static TestPki pki;

static void
set_group (FastLds *lds, guint group, const char *text)
{
  g_autoptr (GError) error = NULL;
  GByteArray *array = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;

  fast_tlv_append (array, fast_file_group (group)->tag, text, strlen (text));
  content = g_byte_array_free_to_bytes (array);
  fast_lds_set (lds, fast_file_group (group), content, &error);
  g_assert_no_error (error);
}

static void
set_object (FastLds *lds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) object = fast_security_object_make (lds, pki.signer, pki.key, &error);

  g_assert_no_error (error);
  fast_lds_set (lds, fast_file_sod (), object, &error);
  g_assert_no_error (error);
}

static void
set_common (FastLds *lds)
{
  g_autoptr (GBytes) common = fast_common_data_make (lds);

  g_assert_true (fast_lds_set (lds, fast_file_com (), common, NULL));
}

/* The content of the groups does not matter here, only their bytes. */
static FastLds *
chip (void)
{
  FastLds *lds = fast_lds_new ();

  set_group (lds, 1, "one");
  set_group (lds, 2, "two");
  set_group (lds, 13, "thirteen");
  set_common (lds);
  set_object (lds);
  return lds;
}

static GPtrArray *
authenticate (FastLds *lds, FastTrust *trust)
{
  GPtrArray *verdicts = fast_verdicts_new ();

  fast_passive_authentication (lds, trust, fast_clock_now (), verdicts);
  return verdicts;
}

/* Exactly the check named fails, for the reason named. */
static void
assert_only_failure (FastLds *lds, FastTrust *trust, const char *check, const char *subject,
                     const char *id)
{
  g_autoptr (GPtrArray) verdicts = authenticate (lds, trust);
  guint failed = 0;

  for (guint i = 0; i < verdicts->len; i++) {
    const FastVerdict *verdict = verdicts->pdata[i];

    if (verdict->outcome != FAST_VERDICT_FAILED)
      continue;
    failed++;
    g_assert_cmpstr (verdict->check, ==, check);
    g_assert_cmpstr (verdict->subject, ==, subject);
    fast_test_assert_id (verdict->why, id);
  }
  g_assert_cmpuint (failed, ==, 1);
  g_assert_false (fast_verdicts_hold (verdicts));
}

static void
test_make_and_parse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastLds) lds = chip ();
  g_autoptr (FastSecurityObject) object =
      fast_security_object_parse (fast_lds_get (lds, fast_file_sod ()), &error);
  g_autoptr (GBytes) digest = fast_sha256_bytes (fast_lds_get (lds, fast_file_group (13)));

  g_assert_no_error (error);
  g_assert_cmpstr (fast_security_object_get_digest (object), ==, "SHA256");
  g_assert_cmphex (fast_security_object_get_groups (object), ==, 1u << 1 | 1u << 2 | 1u << 13);
  g_assert_true (g_bytes_equal (fast_security_object_get_hash (object, 13), digest));
  g_assert_true (fast_certificate_equal (fast_security_object_get_signer (object), pki.signer));
  g_assert_true (fast_security_object_verify_signature (object, &error));
}

static void
test_all_hold (void)
{
  static const char *const DONE[] = {
      FAST_CHECK_COM,    FAST_CHECK_SOD,    FAST_CHECK_SIGNATURE, FAST_CHECK_CHAIN,
      FAST_CHECK_SIGNER, FAST_CHECK_DIGEST, FAST_CHECK_HASH,      FAST_CHECK_LISTS,
  };
  g_autoptr (FastLds) lds = chip ();
  g_autoptr (GPtrArray) verdicts = authenticate (lds, pki.trust);

  for (guint i = 0; i < verdicts->len; i++) {
    g_autofree char *line = fast_verdict_format (verdicts->pdata[i], "en");

    g_test_message ("%s", line);
    g_assert_cmpint (((FastVerdict *)verdicts->pdata[i])->outcome, !=, FAST_VERDICT_WEAK);
  }
  g_assert_true (fast_verdicts_hold (verdicts));
  for (guint i = 0; i < G_N_ELEMENTS (DONE); i++)
    g_assert_cmpint (fast_verdicts_find (verdicts, DONE[i], NULL)->outcome, ==, FAST_VERDICT_DONE);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.COM")->outcome, ==,
                   FAST_VERDICT_NOT_COVERED);
  g_assert_nonnull (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.DG13"));
}

static void
test_without_csca (void)
{
  g_autoptr (FastLds) lds = chip ();
  g_autoptr (GPtrArray) verdicts = authenticate (lds, NULL);

  g_assert_true (fast_verdicts_hold (verdicts));
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_CHAIN, NULL)->outcome, ==,
                   FAST_VERDICT_NOT_OFFERED);
}

static void
test_other_state (void)
{
  g_autoptr (FastLds) lds = chip ();

  assert_only_failure (lds, pki.other, FAST_CHECK_CHAIN, NULL, "trust-unknown-issuer");
}

/* P3:LDS_D_6, 5.1:LDS_H_42: a hash that is wrong. */
static void
test_altered_group (void)
{
  g_autoptr (FastLds) lds = chip ();

  set_group (lds, 2, "twO");
  assert_only_failure (lds, pki.trust, FAST_CHECK_HASH, "EF.DG2", "sod-hash");
}

/* 5.1:LDS_H_91: a group that EF.COM lists and nobody signed; one that neither lists is not covered.
 */
static void
test_unsigned_group (void)
{
  g_autoptr (FastLds) lds = chip ();

  set_group (lds, 11, "eleven");
  {
    g_autoptr (GPtrArray) verdicts = authenticate (lds, pki.trust);

    g_assert_true (fast_verdicts_hold (verdicts));
    g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.DG11")->outcome, ==,
                     FAST_VERDICT_NOT_COVERED);
  }
  set_common (lds);
  {
    g_autoptr (GPtrArray) verdicts = authenticate (lds, pki.trust);

    fast_test_assert_id (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.DG11")->why,
                         "sod-no-hash");
    fast_test_assert_id (fast_verdicts_find (verdicts, FAST_CHECK_LISTS, NULL)->why,
                         "passive-lists");
  }
}

/* 5.1:LDS_H_90: a signed group that EF.COM does not list. */
static void
test_lists_differ (void)
{
  g_autoptr (FastLds) lds = chip ();

  set_group (lds, 11, "eleven");
  set_object (lds);
  assert_only_failure (lds, pki.trust, FAST_CHECK_LISTS, NULL, "passive-lists");
}

/* 5.1:LDS_H_92: as many groups in both, but one of them another. */
static void
test_lists_swapped (void)
{
  g_autoptr (FastLds) lds = chip ();
  g_autoptr (FastLds) other = fast_lds_new ();
  const guint groups[] = {1, 2};
  g_autoptr (GPtrArray) verdicts = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    fast_lds_set (other, fast_file_group (groups[i]),
                  fast_lds_get (lds, fast_file_group (groups[i])), NULL);
  set_group (other, 11, "eleven");
  set_common (other);
  fast_lds_set (other, fast_file_sod (), fast_lds_get (lds, fast_file_sod ()), NULL);
  verdicts = authenticate (other, pki.trust);
  g_assert_false (fast_verdicts_hold (verdicts));
  fast_test_assert_id (fast_verdicts_find (verdicts, FAST_CHECK_LISTS, NULL)->why, "passive-lists");
  fast_test_assert_id (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.DG11")->why,
                       "sod-no-hash");
  fast_test_assert_id (fast_verdicts_find (verdicts, FAST_CHECK_HASH, "EF.DG13")->why,
                       "lds-file-missing");
}

/* 5.1:LDS_H_45: EF.COM and EF.SOD agree on a group that the chip does not have. */
static void
test_missing_group (void)
{
  g_autoptr (FastLds) lds = chip ();
  g_autoptr (FastLds) poorer = fast_lds_new ();
  const FastFile *files[] = {fast_file_com (), fast_file_group (1), fast_file_group (2),
                             fast_file_sod ()};

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    g_assert_true (fast_lds_set (poorer, files[i], fast_lds_get (lds, files[i]), NULL));
  assert_only_failure (poorer, pki.trust, FAST_CHECK_HASH, "EF.DG13", "lds-file-missing");
}

/* Every byte of EF.SOD matters: P3:LDS_D_3 to P3:LDS_D_6, 5.1:LDS_H_20 to H_47 in the small. */
static void
test_altered_object (void)
{
  g_autoptr (FastLds) lds = chip ();
  GBytes *sod = fast_lds_get (lds, fast_file_sod ());
  g_autoptr (GBytes) kept = g_bytes_ref (sod);
  gsize size;
  const guint8 *data = g_bytes_get_data (kept, &size);

  for (gsize i = 4; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) changed = NULL;
    g_autoptr (GPtrArray) verdicts = NULL;

    copy[i] ^= 1;
    changed = g_bytes_new (copy, size);
    g_assert_true (fast_lds_set (lds, fast_file_sod (), changed, NULL));
    verdicts = authenticate (lds, pki.trust);
    if (fast_verdicts_hold (verdicts))
      g_error ("byte %" G_GSIZE_FORMAT " of EF.SOD does not matter", i);
  }
}

static FastLds *
specimen (void)
{
  static const struct {
    const char *name;
    guint group;
  } FILES[] = {
      {"Datagroup1.bin", 1}, {"Datagroup2.bin", 2}, {"Datagroup3.bin", 3}, {"Datagroup14.bin", 14}};
  g_autofree char *folder = fast_test_data ("emrtd/bsi2008");
  g_autofree char *com = NULL;
  g_autofree char *sod = NULL;
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (GBytes) com_bytes = NULL;
  g_autoptr (GBytes) sod_bytes = NULL;

  if (folder == NULL)
    return NULL;
  com = g_build_filename (folder, "EF_COM.bin", NULL);
  sod = g_build_filename (folder, "EF_SOD.bin", NULL);
  com_bytes = fast_bytes_read_file (com, 10000, NULL);
  sod_bytes = fast_bytes_read_file (sod, 10000, NULL);
  g_assert_true (fast_lds_set (lds, fast_file_com (), com_bytes, NULL));
  g_assert_true (fast_lds_set (lds, fast_file_sod (), sod_bytes, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (FILES); i++) {
    g_autofree char *path = g_build_filename (folder, FILES[i].name, NULL);
    g_autoptr (GBytes) bytes = fast_bytes_read_file (path, 100000, NULL);

    g_assert_true (fast_lds_set (lds, fast_file_group (FILES[i].group), bytes, NULL));
  }
  return g_steal_pointer (&lds);
}

/* A chip of 2008 with SHA-1: its signature and its hashes hold. */
static void
test_specimen_chip (void)
{
  g_autoptr (FastLds) lds = specimen ();
  g_autoptr (GPtrArray) verdicts = NULL;
  g_autoptr (FastSecurityObject) object = NULL;

  if (lds == NULL)
    return;
  object = fast_security_object_parse (fast_lds_get (lds, fast_file_sod ()), NULL);
  g_assert_nonnull (object);
  g_assert_cmpstr (fast_security_object_get_digest (object), ==, "SHA1");
  verdicts = authenticate (lds, NULL);
  for (guint i = 0; i < verdicts->len; i++) {
    g_autofree char *line = fast_verdict_format (verdicts->pdata[i], "fr");

    g_test_message ("%s", line);
  }
  g_assert_true (fast_verdicts_hold (verdicts));
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add_func ("/lds/security-object/make-and-parse", test_make_and_parse);
  g_test_add_func ("/lds/security-object/specimen-chip", test_specimen_chip);
  g_test_add_func ("/lds/passive-authentication/all-hold", test_all_hold);
  g_test_add_func ("/lds/passive-authentication/without-csca", test_without_csca);
  g_test_add_func ("/lds/passive-authentication/other-state", test_other_state);
  g_test_add_func ("/lds/passive-authentication/altered-group", test_altered_group);
  g_test_add_func ("/lds/passive-authentication/unsigned-group/5.1:LDS_H_91", test_unsigned_group);
  g_test_add_func ("/lds/passive-authentication/lists-differ/5.1:LDS_H_90", test_lists_differ);
  g_test_add_func ("/lds/passive-authentication/lists-swapped/5.1:LDS_H_92", test_lists_swapped);
  g_test_add_func ("/lds/passive-authentication/missing-group/5.1:LDS_H_45", test_missing_group);
  g_test_add_func ("/lds/passive-authentication/altered-object", test_altered_object);
  result = g_test_run ();
  test_pki_clear (&pki);
  return result;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/lds/passive-authentication.h"
#include "record/base/clock.h"
#include "tests/personalise/lds/pki.h"
#include "tests/support.h"

/* A real chip of another State, of 2008, judged by what is left of it today. */

static const struct {
  const char *name;
  guint group;
} FILES[] = {{"Datagroup1.bin", 1}, {"Datagroup2.bin", 2},   {"Datagroup3.bin", 3},
             {"Datagroup4.bin", 4}, {"Datagroup14.bin", 14}, {"Datagroup15.bin", 15}};

static TestPki pki;

static void
take (FastLds *lds, const char *folder, const char *name, const FastFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, 100000, &error);

  g_assert_no_error (error);
  fast_lds_set (lds, file, bytes, &error);
  g_assert_no_error (error);
}

static FastLds *
specimen (void)
{
  g_autofree char *folder = fast_test_data ("emrtd/bsi2008");
  g_autoptr (FastLds) lds = NULL;

  if (folder == NULL)
    return NULL;
  lds = fast_lds_new ();
  take (lds, folder, "EF_COM.bin", fast_file_com ());
  take (lds, folder, "EF_SOD.bin", fast_file_sod ());
  for (guint i = 0; i < G_N_ELEMENTS (FILES); i++)
    take (lds, folder, FILES[i].name, fast_file_group (FILES[i].group));
  return g_steal_pointer (&lds);
}

static FastVerdictOutcome
outcome (GPtrArray *verdicts, const char *check, const char *subject)
{
  const FastVerdict *verdict = fast_verdicts_find (verdicts, check, subject);

  g_assert_nonnull (verdict);
  return verdict->outcome;
}

/* Everything holds but the chain; what nobody signed and what is weak is named. */
static void
test_verdicts (void)
{
  static const char *const done[] = {"EF.DG1", "EF.DG2", "EF.DG3", "EF.DG14"};
  static const char *const open[] = {"EF.DG4", "EF.DG15", "EF.COM"};
  g_autoptr (FastLds) lds = specimen ();
  g_autoptr (GPtrArray) verdicts = fast_verdicts_new ();
  const FastVerdict *chain;

  if (lds == NULL)
    return;
  fast_passive_authentication (lds, pki.trust, fast_clock_now (), verdicts);
  for (guint i = 0; i < verdicts->len; i++) {
    const FastVerdict *verdict = verdicts->pdata[i];
    g_autofree char *line = fast_verdict_format (verdict, "fr");

    g_test_message ("%s", line);
    g_assert_true (verdict->outcome != FAST_VERDICT_FAILED ||
                   g_str_equal (verdict->check, FAST_CHECK_CHAIN));
  }
  chain = fast_verdicts_find (verdicts, FAST_CHECK_CHAIN, NULL);
  fast_test_assert_id (chain->why, "trust-unknown-issuer");
  g_assert_cmpint (outcome (verdicts, FAST_CHECK_SIGNATURE, NULL), ==, FAST_VERDICT_DONE);
  g_assert_cmpint (outcome (verdicts, FAST_CHECK_STATE, NULL), ==, FAST_VERDICT_DONE);
  g_assert_cmpint (outcome (verdicts, FAST_CHECK_LISTS, NULL), ==, FAST_VERDICT_DONE);
  g_assert_cmpint (outcome (verdicts, FAST_CHECK_DIGEST, NULL), ==, FAST_VERDICT_WEAK);
  g_assert_cmpint (outcome (verdicts, FAST_CHECK_SIGNER, NULL), ==, FAST_VERDICT_WEAK);
  for (guint i = 0; i < G_N_ELEMENTS (done); i++)
    g_assert_cmpint (outcome (verdicts, FAST_CHECK_HASH, done[i]), ==, FAST_VERDICT_DONE);
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    g_assert_cmpint (outcome (verdicts, FAST_CHECK_HASH, open[i]), ==, FAST_VERDICT_NOT_COVERED);
}

/* Every byte of what is signed, one bit each. */
static void
test_flipped_groups (void)
{
  static const guint groups[] = {1, 2, 3, 14};
  g_autoptr (FastLds) lds = specimen ();
  g_autoptr (FastSecurityObject) object = NULL;

  if (lds == NULL)
    return;
  object = fast_security_object_parse (fast_lds_get (lds, fast_file_sod ()), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (fast_lds_get (lds, fast_file_group (groups[i])), &size);
    g_autofree guint8 *copy = g_memdup2 (data, size);

    for (gsize at = 0; at < size; at++) {
      g_autoptr (GBytes) changed = NULL;

      copy[at] ^= (guint8)(1u << at % 8);
      changed = g_bytes_new_static (copy, size);
      g_assert_false (fast_security_object_verify_group (object, groups[i], changed, NULL));
      copy[at] ^= (guint8)(1u << at % 8);
    }
  }
}

/* What the document signer signed: the list and the attributes; and the signature. */
static void
test_flipped_object (void)
{
  g_autoptr (FastLds) lds = specimen ();
  g_autoptr (FastSecurityObject) object = NULL;
  GBytes *sod;
  gsize size;
  const guint8 *data;

  if (lds == NULL)
    return;
  sod = fast_lds_get (lds, fast_file_sod ());
  data = g_bytes_get_data (sod, &size);
  for (gsize at = 0; at < size; at++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) changed = NULL;
    g_autoptr (FastSecurityObject) found = NULL;
    const FastSignedDocument *document;

    copy[at] ^= 1;
    changed = g_bytes_new (copy, size);
    found = fast_security_object_parse (changed, NULL);
    if (found == NULL || !fast_security_object_verify_signature (found, NULL))
      continue;
    /* Only its own certificate, which the CSCA signed and not the document signer, may differ. */
    object = object != NULL ? object : fast_security_object_parse (sod, NULL);
    document = fast_security_object_get_document (found);
    g_assert_true (
        g_bytes_equal (document->content, fast_security_object_get_document (object)->content));
    g_assert_false (fast_certificate_equal (fast_security_object_get_signer (found),
                                            fast_security_object_get_signer (object)));
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add_func ("/lds/specimen/verdicts", test_verdicts);
  g_test_add_func ("/lds/specimen/flipped-groups", test_flipped_groups);
  g_test_add_func ("/lds/specimen/flipped-object", test_flipped_object);
  result = g_test_run ();
  test_pki_clear (&pki);
  return result;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/bac.h"
#include "personalise/chip/inspect.h"
#include "personalise/lds/trust-points.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "record/base/durable.h"
#include "record/base/tlv.h"
#include "tests/personalise/chip/altered-chip.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/*
 * An applicant's passport: a specimen chip of another State, of 2008, laid into the field as a chip
 * that only knows BAC, and read from the first command to the last verdict. Its private keys are
 * not public, so this chip is a copy, and has to be found to be one.
 */

static const struct {
  const char *name;
  guint group;
} groups[] = {{"Datagroup1.bin", 1}, {"Datagroup2.bin", 2},   {"Datagroup3.bin", 3},
              {"Datagroup4.bin", 4}, {"Datagroup14.bin", 14}, {"Datagroup15.bin", 15}};

typedef struct {
  char *path;
  FastRadioField *field;
  FastTransport *transport;
  FastLds *lds;
  FastSecret *information;
} Passport;

static TestPki pki;
static char *folder;

static void
take (FastLds *lds, const char *data, const char *name, const FastFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (data, name, NULL);
  GBytes *bytes = fast_bytes_read_file (path, 100000, &error);

  g_assert_no_error (error);
  test_lds_put (lds, file, bytes);
}

static FastLds *
specimen (void)
{
  const FastTrustPoints points = {.current = (char *)"DETESTCVCA00001"};
  g_autofree char *data = fast_test_data ("emrtd/bsi2008");
  FastLds *lds;

  if (data == NULL)
    return NULL;
  lds = fast_lds_new ();
  take (lds, data, "EF_COM.bin", fast_file_com ());
  take (lds, data, "EF_SOD.bin", fast_file_sod ());
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    take (lds, data, groups[i].name, fast_file_group (groups[i].group));
  test_lds_put (lds, fast_file_cvca (), fast_trust_points_make (&points, NULL));
  return lds;
}

static void
put_access_keys (FastChipState *state, FastSecret *information)
{
  g_auto (FastBacKeys) keys = {{0}, {0}};
  g_autoptr (GByteArray) data = g_byte_array_new ();

  fast_bac_keys_derive (&keys, information);
  fast_tlv_append (data, FAST_TAG_KEY_ENC, keys.enc, sizeof keys.enc);
  fast_tlv_append (data, FAST_TAG_KEY_MAC, keys.mac, sizeof keys.mac);
  fast_chip_state_set_secret (state, FAST_DATA_ACCESS_KEYS, data->data, data->len);
}

/* Lays the passport into the field, one of its files perhaps another one. */
static void
lay (Passport *passport, const FastFile *altered, GBytes *content)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastChipState) state = fast_chip_state_new_blank (1, &error);
  g_autoptr (GBytes) bytes = NULL;
  gsize n;
  const FastFile *files = fast_files (&n);

  g_assert_no_error (error);
  put_access_keys (state, passport->information);
  for (gsize i = 0; i < n; i++) {
    GBytes *own = &files[i] == altered ? content : fast_lds_get (passport->lds, &files[i]);

    if (own != NULL)
      test_altered_chip_put (state, &files[i], g_bytes_ref (own));
  }
  state->life = FAST_LIFE_CYCLE_ACTIVE;
  bytes = fast_chip_state_format (state);
  fast_durable_replace (passport->path, bytes, 0600, NULL, &error);
  g_assert_no_error (error);
  fast_radio_field_swap (passport->field, fast_virtual_chip_open (passport->path, &error));
  g_assert_no_error (error);
}

static void
set_up (Passport *passport, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  passport->lds = specimen ();
  if (passport->lds == NULL)
    return;
  passport->path = g_build_filename (folder, "passport", NULL);
  passport->field = fast_radio_field_new (fast_virtual_chip_open (passport->path, &error));
  g_assert_no_error (error);
  passport->transport = test_loop_new (passport->field);
  passport->information = fast_lds_mrz_information (passport->lds, &error);
  g_assert_no_error (error);
  lay (passport, NULL, NULL);
}

static void
tear_down (Passport *passport, gconstpointer data G_GNUC_UNUSED)
{
  if (passport->lds == NULL)
    return;
  fast_secret_free (passport->information);
  fast_transport_free (passport->transport);
  fast_radio_field_free (passport->field);
  fast_lds_unref (passport->lds);
  g_free (passport->path);
}

static FastInspection *
inspect (Passport *passport)
{
  g_autoptr (GError) error = NULL;
  const FastInspectOptions options = {.access = {.mrz_information = passport->information},
                                      .trust = pki.trust,
                                      .at = fast_clock_now ()};
  FastInspection *inspection = fast_chip_inspect (passport->transport, &options, NULL, &error);

  g_assert_no_error (error);
  test_tell (inspection->verdicts);
  return inspection;
}

typedef struct {
  const char *check;
  const char *subject;
  FastVerdictOutcome outcome;
} Expectation;

/* What the document itself answers for: tolerant in reading, every defect by name. */
static const Expectation expected[] = {
    {FAST_CHECK_ACCESS, NULL, FAST_VERDICT_DONE},
    {FAST_CHECK_PACE, NULL, FAST_VERDICT_NOT_OFFERED},
    {FAST_CHECK_READ, "EF.DG1", FAST_VERDICT_DONE},
    {FAST_CHECK_READ, "EF.DG2", FAST_VERDICT_DONE},
    {FAST_CHECK_READ, "EF.DG3", FAST_VERDICT_NOT_OFFERED},
    {FAST_CHECK_MRZ, NULL, FAST_VERDICT_DONE},
    {FAST_CHECK_SIGNATURE, NULL, FAST_VERDICT_DONE},
    {FAST_CHECK_STATE, NULL, FAST_VERDICT_DONE},
    {FAST_CHECK_DIGEST, NULL, FAST_VERDICT_WEAK},
    {FAST_CHECK_SIGNER, NULL, FAST_VERDICT_WEAK},
    {FAST_CHECK_LISTS, NULL, FAST_VERDICT_DONE},
    {FAST_CHECK_HASH, "EF.DG1", FAST_VERDICT_DONE},
    {FAST_CHECK_HASH, "EF.DG2", FAST_VERDICT_DONE},
    {FAST_CHECK_HASH, "EF.DG14", FAST_VERDICT_DONE},
    {FAST_CHECK_HASH, "EF.DG3", FAST_VERDICT_NOT_OFFERED},
    {FAST_CHECK_HASH, "EF.COM", FAST_VERDICT_NOT_COVERED},
    {FAST_CHECK_CHAIN, NULL, FAST_VERDICT_FAILED},
    {FAST_CHECK_CHIP, NULL, FAST_VERDICT_FAILED},
    {FAST_CHECK_TERMINAL, NULL, FAST_VERDICT_NOT_OFFERED},
    {FAST_CHECK_ACTIVE, NULL, FAST_VERDICT_NOT_OFFERED},
};

/* No more fails than the unknown CSCA, and what tells a copy from a chip. */
static gboolean
may_fail (const FastVerdict *verdict)
{
  return g_str_equal (verdict->check, FAST_CHECK_CHAIN) ||
         g_str_equal (verdict->check, FAST_CHECK_CHIP);
}

static void
test_verdicts (Passport *passport, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastInspection) inspection = NULL;

  if (passport->lds == NULL)
    return;
  inspection = inspect (passport);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    if (test_outcome (inspection, expected[i].check, expected[i].subject) != expected[i].outcome)
      g_error ("%s of %s", expected[i].check,
               expected[i].subject != NULL ? expected[i].subject : "the chip");
  for (guint i = 0; i < inspection->verdicts->len; i++) {
    const FastVerdict *verdict = inspection->verdicts->pdata[i];

    g_assert_true (verdict->outcome != FAST_VERDICT_FAILED || may_fail (verdict));
  }
  fast_test_assert_id (fast_verdicts_find (inspection->verdicts, FAST_CHECK_CHAIN, NULL)->why,
                       "trust-unknown-issuer");
  g_assert_true (g_bytes_equal (fast_lds_get (inspection->lds, fast_file_group (2)),
                                fast_lds_get (passport->lds, fast_file_group (2))));
  g_assert_null (fast_lds_get (inspection->lds, fast_file_group (3)));
  g_assert_null (fast_lds_get (inspection->lds, fast_file_group (15)));
}

/* Of each group that is signed and shown: one byte is another one, in the middle and at the end. */
static void
test_altered (Passport *passport, gconstpointer data G_GNUC_UNUSED)
{
  static const guint signed_groups[] = {1, 2, 14};

  if (passport->lds == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (signed_groups); i++) {
    const FastFile *file = fast_file_group (signed_groups[i]);
    GBytes *own = fast_lds_get (passport->lds, file);
    const gsize places[] = {g_bytes_get_size (own) / 2, g_bytes_get_size (own) - 1};

    for (guint k = 0; k < G_N_ELEMENTS (places); k++) {
      g_autoptr (GBytes) flipped = fixture_flip (own, places[k], 1);
      g_autoptr (FastInspection) inspection = NULL;

      lay (passport, file, flipped);
      inspection = inspect (passport);
      g_assert_cmpint (test_outcome (inspection, FAST_CHECK_HASH, file->name), ==,
                       FAST_VERDICT_FAILED);
    }
  }
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  folder = fast_test_folder ();
  g_test_add ("/chip/applicant/verdicts", Passport, NULL, set_up, test_verdicts, tear_down);
  g_test_add ("/chip/applicant/altered", Passport, NULL, set_up, test_altered, tear_down);
  code = g_test_run ();
  fast_test_remove_folder (folder);
  test_pki_clear (&pki);
  return code;
}

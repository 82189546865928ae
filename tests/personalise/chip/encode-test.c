/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/encode.h"

#include "record/base/clock.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

static TestPki pki;

typedef struct {
  char *folder;
  char *card;
  char *journal;
  FastRadioField *field;
  FastTransport *transport;
  FastLds *lds;
  FastEncoding encoding;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  bench->folder = fast_test_folder ();
  bench->card = g_build_filename (bench->folder, "chip", NULL);
  bench->journal = g_build_filename (bench->folder, "journal", NULL);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (bench->card, &error));
  g_assert_no_error (error);
  bench->transport = test_loop_new (bench->field);
  bench->lds = test_small_lds (&pki, 700);
  bench->encoding = (FastEncoding){.transport = bench->transport,
                                   .applet = &fast_applet_icao_perso,
                                   .lds = bench->lds,
                                   .trust = pki.trust,
                                   .at = fast_clock_now (),
                                   .training = TRUE,
                                   .journal = fast_encode_journal_file (bench->journal)};
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_lds_unref (bench->lds);
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->field);
  g_free (bench->card);
  g_free (bench->journal);
  fast_test_remove_folder (bench->folder);
}

static void
encode (Bench *bench, FastEncodeState wanted, const char *id)
{
  test_encode (&bench->encoding, wanted, id);
}

/* Asked again after it was made, as by a caller who was stopped before it could note it. */
static void
test_made (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *other = g_build_filename (bench->folder, "other", NULL);

  encode (bench, FAST_ENCODE_MADE, NULL);
  encode (bench, FAST_ENCODE_MADE, NULL);
  bench->encoding.journal = fast_encode_journal_file (other);
  encode (bench, FAST_ENCODE_UNTOUCHED, "encode-not-blank");
}

static void
set_phase (Bench *bench, FastEncodePhase phase)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEncodeRecord) record = fast_encode_record_new ();
  const FastEncodeJournal *journal = &bench->encoding.journal;

  g_assert_true (journal->load (journal->self, record, &error));
  record->phase = phase;
  g_assert_true (journal->save (journal->self, record, &error));
}

static void
lay_chip (Bench *bench, const char *name)
{
  g_autofree char *path = g_build_filename (bench->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  FastVirtualChip *chip = fast_virtual_chip_open (path, &error);

  g_assert_no_error (error);
  fast_radio_field_swap (bench->field, chip);
}

/* Stopped before the closed chip was read back, and another finished card is laid down by mistake:
 * that says nothing about the chip that is meant. */
static void
test_other_card (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *other = g_build_filename (bench->folder, "other", NULL);
  FastLds *lds = bench->lds;

  encode (bench, FAST_ENCODE_MADE, NULL);
  lay_chip (bench, "chip-2");
  bench->encoding.journal = fast_encode_journal_file (other);
  bench->encoding.lds = bench->lds = test_lds_of (&pki, TEST_OTHER_MRZ, 700);
  encode (bench, FAST_ENCODE_MADE, NULL);
  fast_lds_unref (bench->lds);
  bench->encoding.journal = fast_encode_journal_file (bench->journal);
  bench->encoding.lds = bench->lds = lds;
  set_phase (bench, FAST_ENCODE_INSPECT);
  encode (bench, FAST_ENCODE_RESUMABLE, "status-authentication");
  lay_chip (bench, "chip");
  encode (bench, FAST_ENCODE_MADE, NULL);
}

/* Half a document that another journal began. */
static void
test_foreign (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *other = g_build_filename (bench->folder, "other", NULL);

  fast_radio_field_tear (bench->field, 12, FAST_TEAR_UNHEARD);
  encode (bench, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  fast_radio_field_insert (bench->field);
  bench->encoding.journal = fast_encode_journal_file (other);
  encode (bench, FAST_ENCODE_UNTOUCHED, "encode-not-blank");
  bench->encoding.journal = fast_encode_journal_file (bench->journal);
  encode (bench, FAST_ENCODE_MADE, NULL);
}

static void
test_serial (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *serial =
      fast_chip_read_serial (bench->transport, &fast_applet_icao_perso, NULL, &error);

  g_assert_no_error (error);
  bench->encoding.serial = "0000000000000000";
  encode (bench, FAST_ENCODE_UNTOUCHED, "encode-other-chip");
  bench->encoding.serial = serial;
  encode (bench, FAST_ENCODE_MADE, NULL);
}

static void
test_no_card (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_radio_field_remove (bench->field);
  encode (bench, FAST_ENCODE_UNTOUCHED, "transport-no-card");
  fast_radio_field_insert (bench->field);
  encode (bench, FAST_ENCODE_MADE, NULL);
}

/* A file of another size is on the chip: it can never become the plan's. */
static void
test_spoiled (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_radio_field_tear (bench->field, 4, FAST_TEAR_UNHEARD);
  encode (bench, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  fast_radio_field_insert (bench->field);
  g_bytes_unref (fast_radio_field_exchange (
      bench->field, "\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01", 12));
  g_bytes_unref (fast_radio_field_exchange (
      bench->field, "\x00\xE0\x00\x00\x0A\x62\x08\x80\x02\x00\x05\x83\x02\x01\x02", 15));
  encode (bench, FAST_ENCODE_IS_SPOILED, "chip-file-differs");
  encode (bench, FAST_ENCODE_IS_SPOILED, "encode-spoiled");
}

/* Stopped after the journal said so, and before the caller could note it: told again, of a closed
 * chip too. */
static void
test_spoiled_closed (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  encode (bench, FAST_ENCODE_MADE, NULL);
  set_phase (bench, FAST_ENCODE_SPOILED);
  encode (bench, FAST_ENCODE_IS_SPOILED, "encode-spoiled");
  encode (bench, FAST_ENCODE_IS_SPOILED, "encode-spoiled");
}

static void
test_inspect (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) right = fast_lds_mrz_information (bench->lds, &error);
  g_autoptr (FastSecret) wrong = fast_secret_new_from ("L898902C<369080619406236", 24);
  g_autoptr (FastInspection) inspection = NULL;
  g_autoptr (FastInspection) foreign = NULL;

  encode (bench, FAST_ENCODE_MADE, NULL);
  inspection = fast_chip_inspect (bench->transport,
                                  &(FastInspectOptions){.access = {.mrz_information = right},
                                                        .trust = pki.trust,
                                                        .at = fast_clock_now ()},
                                  NULL, &error);
  g_assert_no_error (error);
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  g_assert_true (fast_verdicts_find (inspection->verdicts, FAST_CHECK_PACE, NULL)->outcome ==
                 FAST_VERDICT_NOT_OFFERED);
  foreign = fast_chip_inspect (bench->transport,
                               &(FastInspectOptions){.access = {.mrz_information = right},
                                                     .trust = pki.other,
                                                     .at = fast_clock_now ()},
                               NULL, &error);
  g_assert_no_error (error);
  g_assert_false (fast_verdicts_hold (foreign->verdicts));
  g_assert_null (fast_chip_inspect (bench->transport,
                                    &(FastInspectOptions){.access = {.mrz_information = wrong},
                                                          .trust = NULL,
                                                          .at = fast_clock_now ()},
                                    NULL, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS);
}

static void
test_applets (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (fast_applet_find ("icao-perso", FAST_APPLET_BAC, &error));
  g_assert_null (fast_applet_find ("icao-perso", 1 << 20, &error));
  fast_test_assert_id (error, "applet-cannot");
  g_clear_error (&error);
  g_assert_null (fast_applet_find ("none", 0, &error));
  fast_test_assert_id (error, "applet-unknown");
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
#define ADD(name, run) g_test_add ("/chip/encode/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("made", test_made);
  ADD ("other-card", test_other_card);
  ADD ("foreign", test_foreign);
  ADD ("serial", test_serial);
  ADD ("no-card", test_no_card);
  ADD ("spoiled", test_spoiled);
  ADD ("spoiled-closed", test_spoiled_closed);
  ADD ("inspect", test_inspect);
  g_test_add_func ("/chip/applet/find", test_applets);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

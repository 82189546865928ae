/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "enrol/workflow/finish.h"
#include "enrol/workflow/handover.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/store/statement.h"
#include "tests/enrol/workflow/desk.h"
#include "tests/support.h"

/* A card while it is made: what the unit keeps for it, and what may go wrong with chip and unit. */

static gboolean
contains (FastSecret *where, FastSecret *what)
{
  const gsize size = fast_secret_size (what);

  for (gsize at = 0; at + size <= fast_secret_size (where); at++)
    if (memcmp (fast_secret_data (where) + at, fast_secret_data (what), size) == 0)
      return TRUE;
  return FALSE;
}

/* The raw private number of a key, which every encoding of it holds. */
static FastSecret *
dup_number (EVP_PKEY *key)
{
  BIGNUM *number = NULL;
  FastSecret *raw = fast_secret_new (32);

  g_assert_cmpint (EVP_PKEY_get_bn_param (key, "priv", &number), ==, 1);
  g_assert_cmpint (BN_bn2binpad (number, fast_secret_data (raw), 32), ==, 32);
  BN_clear_free (number);
  return raw;
}

/* Packets are made of parts, and no part of any item of this unit holds a key of the chip. */
static void
assert_in_no_part (Desk *desk, EVP_PKEY *key)
{
  g_autoptr (FastSecret) number = dup_number (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all =
      fast_revision_list (fast_unit_store (desk->place.unit), desk->item, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < all->len; i++) {
    const FastRevision *revision = all->pdata[i];

    for (guint j = 0; j < revision->parts->len; j++, n++) {
      const FastPart *part = revision->parts->pdata[j];
      g_autoptr (FastSecret) bytes = fast_revision_open_part (fast_unit_vault (desk->place.unit),
                                                              revision, part->name, &error);
      g_assert_no_error (error);
      g_assert_false (contains (bytes, number));
    }
  }
  g_assert_cmpuint (n, >, 10);
}

static void
assert_keys (Desk *desk, gboolean keys)
{
  g_autoptr (FastContent) content = desk_load_content (desk, desk->item);

  g_assert_true ((content->secrets->chip_key != NULL) == keys);
  g_assert_true ((content->secrets->active_key != NULL) == keys);
  g_assert_nonnull (content->secrets->can);
}

static FastSecret *
open_card_json (Desk *desk)
{
  g_autoptr (GPtrArray) all =
      fast_revision_list (fast_unit_store (desk->place.unit), desk->item, NULL);

  for (guint i = 0; i < all->len; i++) {
    const FastRevision *revision = all->pdata[i];

    if (g_str_equal (revision->kind, "card"))
      return fast_revision_open_part (fast_unit_vault (desk->place.unit), revision, "card.json",
                                      NULL);
  }
  return NULL;
}

static void
assert_told (Desk *desk)
{
  static const char *const wanted[] = {
      "\"access\":\"pace\"", "EF.CardAccess", "EF.CVCA", "EF.DG3", "EF.DG14", "EF.DG15"};
  g_autoptr (FastSecret) json = open_card_json (desk);

  g_assert_nonnull (json);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_nonnull (g_strstr_len ((const char *)fast_secret_data (json),
                                    (gssize)fast_secret_size (json), wanted[i]));
}

/* Of deleted values nothing may be left in the write-ahead log. */
static void
assert_log (Desk *desk, gboolean empty)
{
  g_autofree char *path = g_build_filename (desk->place.root, "unit.db-wal", NULL);
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_true ((status.st_size == 0) == empty);
}

/* The keys of the chip live from the blank to the made card, its number until hand-over, and what
 * the nations learn says how the card was opened. */
static void
test_secrets (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastContent) content = NULL;
  g_autoptr (GError) error = NULL;

  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  assert_keys (desk, TRUE);
  content = desk_load_content (desk, desk->item);
  assert_log (desk, FALSE);
  desk_finish (desk, RFID);
  assert_log (desk, TRUE);
  assert_keys (desk, FALSE);
  assert_in_no_part (desk, content->secrets->chip_key);
  assert_in_no_part (desk, content->secrets->active_key);
  assert_told (desk);
  fast_hand_over (desk->place.unit, desk->item, &error);
  g_assert_no_error (error);
  assert_log (desk, TRUE);
  g_assert_cmpint (desk_count_values (desk), ==, 1);
}

static void
copy_file (Desk *desk, const char *from, const char *to)
{
  g_autofree char *source = g_build_filename (desk->place.root, from, NULL);
  g_autofree char *target = g_build_filename (desk->place.root, to, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize size;

  g_file_get_contents (source, &text, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents (target, text, (gssize)size, &error);
  g_assert_no_error (error);
}

/* So is an authority that was exchanged after the card was begun. */
static void
test_authority_changed (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  fast_production_begin (desk->place.unit, desk->item, SERIAL, &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  fast_radio_field_tear (desk->field, 20, FAST_TEAR_UNANSWERED);
  desk_encode (desk, desk->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  fast_radio_field_insert (desk->field);
  copy_file (desk, "CA/csca.pem", "csca.kept");
  copy_file (desk, "US/csca.pem", "CA/csca.pem");
  desk_encode (desk, desk->item, FAST_ENCODE_RESUMABLE, "production-not-authentic");
  copy_file (desk, "csca.kept", "CA/csca.pem");
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  desk_finish (desk, RFID);
}

/* A terminal whose certificates ran out is the unit's fault, not the card's: nothing is called
 * spoiled or different, and the card is finished once they are renewed. */
static void
test_terminal_expired (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *later = fast_clock_format (fast_clock_now () + (gint64)400 * 24 * 60 * 60);
  const FastReadBack read = {"", NULL, NULL};
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  gboolean rfid_read;

  fast_production_begin (desk->place.unit, desk->item, SERIAL, &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  g_setenv ("FAST_CLOCK", later, TRUE);
  g_assert_false (fast_production_encode (desk->place.unit, desk->item, NULL, desk->transport,
                                          &fast_applet_icao_perso, NULL, NULL, &result, &error));
  fast_test_assert_id (error, "production-terminal");
  g_clear_error (&error);
  g_unsetenv ("FAST_CLOCK");
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  g_setenv ("FAST_CLOCK", later, TRUE);
  g_assert_false (
      fast_finish_card (desk->place.unit, desk->item, desk->transport, &read, &rfid_read, &error));
  g_unsetenv ("FAST_CLOCK");
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "production-terminal");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_ENCODED);
  desk_finish (desk, RFID);
}

/* Another blank than the one that was begun. */
static void
test_wrong_blank (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};

  fast_radio_field_tear (desk->field, 12, FAST_TEAR_UNHEARD);
  desk_encode (desk, desk->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  desk_lay_blank (desk, OTHER_SERIAL, OTHER_RFID);
  desk_encode (desk, desk->item, FAST_ENCODE_UNTOUCHED, "encode-other-chip");
  g_assert_false (fast_production_encode (desk->place.unit, desk->item, OTHER_SERIAL,
                                          desk->transport, &fast_applet_icao_perso, NULL, NULL,
                                          &result, &error));
  fast_test_assert_id (error, "production-other-blank");
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
}

/* The wrong card lies on the reader: nothing is taken, and the right one can follow. */
static void
test_wrong_card (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};

  g_assert_false (fast_production_encode (desk->place.unit, desk->item, OTHER_SERIAL,
                                          desk->transport, &fast_applet_icao_perso, NULL, NULL,
                                          &result, &error));
  fast_test_assert_id (error, "production-blank-in-field");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_GRANTED);
  desk_encode (desk, desk->other, FAST_ENCODE_MADE, NULL);
  desk_encode (desk, desk->item, FAST_ENCODE_UNTOUCHED, "encode-not-blank");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_GRANTED);
  desk_lay_blank (desk, OTHER_SERIAL, OTHER_RFID);
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
}

static void
create_file (Desk *desk)
{
  g_bytes_unref (fast_radio_field_exchange (
      desk->field, "\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01", 12));
  g_bytes_unref (fast_radio_field_exchange (
      desk->field, "\x00\xE0\x00\x00\x0A\x62\x08\x80\x02\x00\x05\x83\x02\x01\x02", 15));
}

/* A blank of the ledger that somebody wrote to before: the enrolment is not bound to it. */
static void
test_not_blank (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  create_file (desk);
  desk_encode (desk, desk->item, FAST_ENCODE_UNTOUCHED, "encode-not-blank");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_GRANTED);
  desk_lay_blank (desk, OTHER_SERIAL, OTHER_RFID);
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
}

static void
set_state (Desk *desk, const char *state)
{
  g_autoptr (GError) error = NULL;

  fast_statement_run (fast_unit_store (desk->place.unit), &error,
                      "UPDATE enrolment SET state = ?, serial = ? WHERE item = ?", "sss", state,
                      SERIAL, desk->item);
  g_assert_no_error (error);
}

/* Stopped after the journal was written and before the enrolment moved: the same call goes on. */
static void
test_stopped (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  set_state (desk, "in-production");
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_ENCODED);
  desk_finish (desk, RFID);
}

/* A chip that cannot become this card: the enrolment goes on with another blank. */
static void
test_spoiled (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  fast_production_begin (desk->place.unit, desk->item, SERIAL, &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  fast_radio_field_tear (desk->field, 4, FAST_TEAR_UNHEARD);
  desk_encode (desk, desk->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  fast_radio_field_insert (desk->field);
  create_file (desk);
  desk_encode (desk, desk->item, FAST_ENCODE_IS_SPOILED, "chip-file-differs");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_GRANTED);
  set_state (desk, "in-production");
  assert_keys (desk, FALSE);
  desk_encode (desk, desk->item, FAST_ENCODE_IS_SPOILED, "encode-spoiled");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_GRANTED);
  desk_assert_blank (desk, FAST_BLANK_IN_PRODUCTION);
  desk_lay_blank (desk, OTHER_SERIAL, OTHER_RFID);
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  desk_finish (desk, OTHER_RFID);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (Desk *desk, gconstpointer data);
  } tests[] = {
      {"/workflow/making/secrets", test_secrets},
      {"/workflow/making/terminal-expired", test_terminal_expired},
      {"/workflow/making/authority-changed", test_authority_changed},
      {"/workflow/making/wrong-blank", test_wrong_blank},
      {"/workflow/making/wrong-card", test_wrong_card},
      {"/workflow/making/not-blank", test_not_blank},
      {"/workflow/making/stopped", test_stopped},
      {"/workflow/making/spoiled", test_spoiled},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Desk, NULL, desk_set_up, tests[i].run, desk_tear_down);
  return g_test_run ();
}

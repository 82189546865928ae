/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/finish.h"

#include "enrol/workflow/content.h"
#include "enrol/workflow/handover.h"
#include "enrol/workflow/production.h"
#include "personalise/lds/mrz-group.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/store/statement.h"
#include "tests/enrol/workflow/workplace.h"
#include "tests/personalise/chip/loop.h"
#include "tests/support.h"

#define SERIAL "FC0000001"
#define RFID "E2000001"
#define OTHER_SERIAL "FC0000002"
#define OTHER_RFID "E2000002"

/**
 * Bench:
 * @item: an enrolment that both agencies granted
 * @other: another
 * @field: where chips lie
 * @transport: the way there
 *
 * Two granted applicants and two blanks; signed in are cbsa-1 and cbp-1.
 */
typedef struct {
  Workplace place;
  char *item;
  char *other;
  FastRadioField *field;
  FastTransport *transport;
  guint n_chips;
} Bench;

/* Puts a new blank chip into the field and its blank into the ledger. */
static void
lay_blank (Bench *bench, const char *serial, const char *rfid)
{
  g_autofree char *name = g_strdup_printf ("chip-%u", bench->n_chips++);
  g_autofree char *path = g_build_filename (bench->place.root, name, NULL);
  g_autoptr (GError) error = NULL;
  FastVirtualChip *chip = fast_virtual_chip_open (path, &error);
  g_autofree char *number = NULL;

  g_assert_no_error (error);
  if (bench->field == NULL) {
    bench->field = fast_radio_field_new (chip);
    bench->transport = test_loop_new (bench->field);
  } else {
    fast_radio_field_swap (bench->field, chip);
  }
  number = fast_chip_read_serial (bench->transport, &fast_applet_icao_perso, NULL, &error);
  g_assert_no_error (error);
  workplace_add_blank (&bench->place, serial, number, rfid, TRUE);
}

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  workplace_open (&bench->place, NULL);
  workplace_sign_in (&bench->place, "cbsa-1");
  workplace_sign_in (&bench->place, "cbp-1");
  bench->item = workplace_grant (&bench->place, NULL);
  bench->other = workplace_grant (&bench->place, NULL);
  lay_blank (bench, SERIAL, RFID);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->field);
  g_free (bench->item);
  g_free (bench->other);
  workplace_close (&bench->place);
}

static void
encode (Bench *bench, const char *item, FastEncodeState wanted, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  gboolean made = fast_production_encode (bench->place.unit, item, NULL, bench->transport,
                                          &fast_applet_icao_perso, NULL, NULL, &result, &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_true (made == (id == NULL));
  g_assert_cmpint (result.state, ==, wanted);
}

static FastContent *
load_content (Bench *bench, const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_unit_store (bench->place.unit), item, &error);
  FastContent *content = fast_content_load (bench->place.unit, enrolment, &error);

  g_assert_no_error (error);
  return content;
}

static char *
dup_mrz (const FastContent *content, const char *separator)
{
  g_autoptr (FastMrz) mrz =
      fast_mrz_group_parse (fast_lds_get (content->lds, fast_file_group (1)), NULL);
  g_auto (GStrv) lines = fast_mrz_dup_lines (mrz);

  return g_strjoinv (separator, lines);
}

static void
assert_differs (Bench *bench, const char *mrz, GBytes *seal, const char *rfid, const char *what)
{
  const gint64 rows = workplace_count_rows (fast_unit_store (bench->place.unit));
  const FastReadBack read = {mrz, seal, rfid};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  g_assert_false (fast_finish_card (bench->place.unit, bench->item, bench->transport, &read,
                                    &rfid_read, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "finish-differs");
  g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "what"), ==, what);
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_ENCODED);
  g_assert_cmpint (workplace_count_rows (fast_unit_store (bench->place.unit)), ==, rows);
}

static void
assert_no_hand_over (Bench *bench)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fast_hand_over (bench->place.unit, bench->item, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "enrolment-step");
}

static void
assert_no_finish (Bench *bench)
{
  const FastReadBack nothing = {"", NULL, NULL};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  g_assert_false (fast_finish_card (bench->place.unit, bench->item, bench->transport, &nothing,
                                    &rfid_read, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "enrolment-step");
}

static void
finish (Bench *bench, const char *rfid)
{
  g_autoptr (FastContent) content = load_content (bench, bench->item);
  g_autofree char *mrz = dup_mrz (content, "\n");
  const FastReadBack read = {mrz, content->seal, rfid};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  fast_finish_card (bench->place.unit, bench->item, bench->transport, &read, &rfid_read, &error);
  g_assert_no_error (error);
  g_assert_true (rfid_read == (rfid != NULL));
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_MADE);
}

/* One bit of a good seal, in its signature. */
static GBytes *
flip (GBytes *seal)
{
  gsize size;
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (seal, &size), g_bytes_get_size (seal));

  copy[g_bytes_get_size (seal) - 1] ^= 1;
  return g_bytes_new (copy, g_bytes_get_size (seal));
}

/* Everything of another card, one thing at a time. */
static void
test_differs (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastContent) content = NULL;
  g_autoptr (FastContent) other = NULL;
  g_autoptr (GBytes) flipped = NULL;
  g_autoptr (GBytes) garbage = g_bytes_new_static ("no seal", 7);
  g_autofree char *mrz = NULL;
  g_autofree char *other_mrz = NULL;

  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  content = load_content (bench, bench->item);
  mrz = dup_mrz (content, "\n");
  flipped = flip (content->seal);
  assert_differs (bench, mrz, flipped, NULL, "seal");
  assert_differs (bench, mrz, garbage, NULL, "seal");
  assert_differs (bench, mrz, content->seal, OTHER_RFID, "RFID");
  assert_differs (bench, "IDCAN", content->seal, NULL, "MRZ");
  lay_blank (bench, OTHER_SERIAL, OTHER_RFID);
  assert_differs (bench, mrz, content->seal, NULL, "chip");
  encode (bench, bench->other, FAST_ENCODE_MADE, NULL);
  other = load_content (bench, bench->other);
  other_mrz = dup_mrz (other, "\n");
  assert_differs (bench, mrz, content->seal, NULL, "chip");
  assert_differs (bench, other_mrz, other->seal, OTHER_RFID, "chip");
}

static void
test_other_print (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastContent) content = NULL;
  g_autoptr (FastContent) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mrz = NULL;
  g_autofree char *other_mrz = NULL;

  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  workplace_add_blank (&bench->place, OTHER_SERIAL, "00000002", OTHER_RFID, TRUE);
  fast_production_begin (bench->place.unit, bench->other, OTHER_SERIAL, &fast_applet_icao_perso,
                         &error);
  g_assert_no_error (error);
  content = load_content (bench, bench->item);
  other = load_content (bench, bench->other);
  mrz = dup_mrz (content, "");
  other_mrz = dup_mrz (other, "");
  assert_differs (bench, other_mrz, content->seal, RFID, "MRZ");
  assert_differs (bench, mrz, other->seal, RFID, "seal");
}

static void
count_kinds (Bench *bench, guint cards, guint handovers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all =
      fast_revision_list (fast_unit_store (bench->place.unit), bench->item, &error);
  guint n_cards = 0, n_handovers = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < all->len; i++) {
    const FastRevision *revision = all->pdata[i];
    n_cards += g_str_equal (revision->kind, "card");
    n_handovers += g_str_equal (revision->kind, "handover");
  }
  g_assert_cmpuint (n_cards, ==, cards);
  g_assert_cmpuint (n_handovers, ==, handovers);
}

static gint64
count_values (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (fast_unit_store (bench->place.unit), &error,
                          "SELECT count (*) FROM enrolment_value WHERE item = ?", "s", bench->item);
  gboolean row;

  fast_statement_step (statement, &row, &error);
  g_assert_no_error (error);
  return fast_statement_int (statement, 0);
}

static void
assert_blank (Bench *bench, FastBlankState wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStockEntry) entry =
      fast_stock_find_serial (fast_unit_store (bench->place.unit), SERIAL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (fast_blank_state_name (entry->state), ==, fast_blank_state_name (wanted));
}

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
assert_in_no_part (Bench *bench, EVP_PKEY *key)
{
  g_autoptr (FastSecret) number = dup_number (key);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all =
      fast_revision_list (fast_unit_store (bench->place.unit), bench->item, &error);
  guint n = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < all->len; i++) {
    const FastRevision *revision = all->pdata[i];

    for (guint j = 0; j < revision->parts->len; j++, n++) {
      const FastPart *part = revision->parts->pdata[j];
      g_autoptr (FastSecret) bytes = fast_revision_open_part (fast_unit_vault (bench->place.unit),
                                                              revision, part->name, &error);
      g_assert_no_error (error);
      g_assert_false (contains (bytes, number));
    }
  }
  g_assert_cmpuint (n, >, 10);
}

static void
assert_keys (Bench *bench, gboolean keys)
{
  g_autoptr (FastContent) content = load_content (bench, bench->item);

  g_assert_true ((content->secrets->chip_key != NULL) == keys);
  g_assert_true ((content->secrets->active_key != NULL) == keys);
  g_assert_nonnull (content->secrets->can);
}

static FastSecret *
open_card_json (Bench *bench)
{
  g_autoptr (GPtrArray) all =
      fast_revision_list (fast_unit_store (bench->place.unit), bench->item, NULL);

  for (guint i = 0; i < all->len; i++) {
    const FastRevision *revision = all->pdata[i];

    if (g_str_equal (revision->kind, "card"))
      return fast_revision_open_part (fast_unit_vault (bench->place.unit), revision, "card.json",
                                      NULL);
  }
  return NULL;
}

static void
assert_told (Bench *bench)
{
  static const char *const wanted[] = {
      "\"access\":\"pace\"", "EF.CardAccess", "EF.CVCA", "EF.DG3", "EF.DG14", "EF.DG15"};
  g_autoptr (FastSecret) json = open_card_json (bench);

  g_assert_nonnull (json);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    g_assert_nonnull (g_strstr_len ((const char *)fast_secret_data (json),
                                    (gssize)fast_secret_size (json), wanted[i]));
}

/* The keys of the chip live from the blank to the made card, its number until hand-over, and what
 * the nations learn says how the card was opened. */
static void
test_secrets (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastContent) content = NULL;
  g_autoptr (GError) error = NULL;

  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  assert_keys (bench, TRUE);
  content = load_content (bench, bench->item);
  finish (bench, RFID);
  assert_keys (bench, FALSE);
  assert_in_no_part (bench, content->secrets->chip_key);
  assert_in_no_part (bench, content->secrets->active_key);
  assert_told (bench);
  fast_hand_over (bench->place.unit, bench->item, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count_values (bench), ==, 1);
}

/* A terminal whose certificates ran out is the unit's fault, not the card's: nothing is called
 * spoiled or different, and the card is finished once they are renewed. */
static void
test_terminal_expired (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *later = fast_clock_format (fast_clock_now () + (gint64)400 * 24 * 60 * 60);
  const FastReadBack read = {"", NULL, NULL};
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  gboolean rfid_read;

  fast_production_begin (bench->place.unit, bench->item, SERIAL, &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  g_setenv ("FAST_CLOCK", later, TRUE);
  g_assert_false (fast_production_encode (bench->place.unit, bench->item, NULL, bench->transport,
                                          &fast_applet_icao_perso, NULL, NULL, &result, &error));
  fast_test_assert_id (error, "production-terminal");
  g_clear_error (&error);
  g_unsetenv ("FAST_CLOCK");
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  g_setenv ("FAST_CLOCK", later, TRUE);
  g_assert_false (fast_finish_card (bench->place.unit, bench->item, bench->transport, &read,
                                    &rfid_read, &error));
  g_unsetenv ("FAST_CLOCK");
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "production-terminal");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_ENCODED);
  finish (bench, RFID);
}

/* The way of a card to its holder; what was kept for making it goes when it is handed over. */
static void
test_made (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  assert_no_finish (bench);
  assert_no_hand_over (bench);
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  assert_no_hand_over (bench);
  assert_blank (bench, FAST_BLANK_IN_PRODUCTION);
  finish (bench, RFID);
  assert_blank (bench, FAST_BLANK_MADE);
  count_kinds (bench, 1, 0);
  assert_no_finish (bench);
  g_assert_cmpint (count_values (bench), >, 5);
  fast_hand_over (bench->place.unit, bench->item, &error);
  g_assert_no_error (error);
  assert_blank (bench, FAST_BLANK_HANDED_OVER);
  count_kinds (bench, 1, 1);
  g_assert_cmpint (count_values (bench), ==, 1);
  assert_no_hand_over (bench);
}

static void
test_rfid_unread (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  finish (bench, NULL);
}

/* A chip taken away in the middle, and away again at the finish. */
static void
test_gone (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const FastReadBack read = {"", NULL, NULL};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  fast_radio_field_tear (bench->field, 12, FAST_TEAR_UNHEARD);
  encode (bench, bench->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_IN_PRODUCTION);
  fast_radio_field_insert (bench->field);
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  fast_radio_field_remove (bench->field);
  g_assert_false (fast_finish_card (bench->place.unit, bench->item, bench->transport, &read,
                                    &rfid_read, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ABSENT);
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_ENCODED);
}

/* Another blank than the one that was begun. */
static void
test_wrong_blank (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};

  fast_radio_field_tear (bench->field, 12, FAST_TEAR_UNHEARD);
  encode (bench, bench->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  lay_blank (bench, OTHER_SERIAL, OTHER_RFID);
  encode (bench, bench->item, FAST_ENCODE_UNTOUCHED, "encode-other-chip");
  g_assert_false (fast_production_encode (bench->place.unit, bench->item, OTHER_SERIAL,
                                          bench->transport, &fast_applet_icao_perso, NULL, NULL,
                                          &result, &error));
  fast_test_assert_id (error, "production-other-blank");
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
}

/* The wrong card lies on the reader: nothing is taken, and the right one can follow. */
static void
test_wrong_card (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};

  g_assert_false (fast_production_encode (bench->place.unit, bench->item, OTHER_SERIAL,
                                          bench->transport, &fast_applet_icao_perso, NULL, NULL,
                                          &result, &error));
  fast_test_assert_id (error, "production-blank-in-field");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_GRANTED);
  encode (bench, bench->other, FAST_ENCODE_MADE, NULL);
  encode (bench, bench->item, FAST_ENCODE_UNTOUCHED, "encode-not-blank");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_GRANTED);
  lay_blank (bench, OTHER_SERIAL, OTHER_RFID);
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
}

static void
create_file (Bench *bench)
{
  g_bytes_unref (fast_radio_field_exchange (
      bench->field, "\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01", 12));
  g_bytes_unref (fast_radio_field_exchange (
      bench->field, "\x00\xE0\x00\x00\x0A\x62\x08\x80\x02\x00\x05\x83\x02\x01\x02", 15));
}

/* A blank of the ledger that somebody wrote to before: the enrolment is not bound to it. */
static void
test_not_blank (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  create_file (bench);
  encode (bench, bench->item, FAST_ENCODE_UNTOUCHED, "encode-not-blank");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_GRANTED);
  lay_blank (bench, OTHER_SERIAL, OTHER_RFID);
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
}

static void
set_state (Bench *bench, const char *state)
{
  g_autoptr (GError) error = NULL;

  fast_statement_run (fast_unit_store (bench->place.unit), &error,
                      "UPDATE enrolment SET state = ?, serial = ? WHERE item = ?", "sss", state,
                      SERIAL, bench->item);
  g_assert_no_error (error);
}

/* Stopped after the journal was written and before the enrolment moved: the same call goes on. */
static void
test_stopped (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  set_state (bench, "in-production");
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_ENCODED);
  finish (bench, RFID);
}

/* A chip that cannot become this card: the enrolment goes on with another blank. */
static void
test_spoiled (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  fast_production_begin (bench->place.unit, bench->item, SERIAL, &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  fast_radio_field_tear (bench->field, 4, FAST_TEAR_UNHEARD);
  encode (bench, bench->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  fast_radio_field_insert (bench->field);
  create_file (bench);
  encode (bench, bench->item, FAST_ENCODE_IS_SPOILED, "chip-file-differs");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_GRANTED);
  set_state (bench, "in-production");
  assert_keys (bench, FALSE);
  encode (bench, bench->item, FAST_ENCODE_IS_SPOILED, "encode-spoiled");
  g_assert_cmpint (workplace_state (&bench->place, bench->item), ==, FAST_ENROLMENT_GRANTED);
  assert_blank (bench, FAST_BLANK_IN_PRODUCTION);
  lay_blank (bench, OTHER_SERIAL, OTHER_RFID);
  encode (bench, bench->item, FAST_ENCODE_MADE, NULL);
  finish (bench, OTHER_RFID);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (Bench *bench, gconstpointer data);
  } tests[] = {
      {"/workflow/finish/differs", test_differs},
      {"/workflow/finish/other-print", test_other_print},
      {"/workflow/finish/made", test_made},
      {"/workflow/finish/secrets", test_secrets},
      {"/workflow/finish/terminal-expired", test_terminal_expired},
      {"/workflow/finish/rfid-unread", test_rfid_unread},
      {"/workflow/finish/gone", test_gone},
      {"/workflow/finish/wrong-blank", test_wrong_blank},
      {"/workflow/finish/wrong-card", test_wrong_card},
      {"/workflow/finish/not-blank", test_not_blank},
      {"/workflow/finish/stopped", test_stopped},
      {"/workflow/finish/spoiled", test_spoiled},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Bench, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/finish.h"

#include "enrol/workflow/handover.h"
#include "record/base/error.h"
#include "tests/enrol/workflow/desk.h"
#include "tests/support.h"

/* What decides that a card is made, and its way to the holder. */

static void
assert_differs (Desk *desk, const char *mrz, GBytes *seal, const char *rfid, const char *what)
{
  const gint64 rows = workplace_count_rows (fast_unit_store (desk->place.unit));
  const FastReadBack read = {mrz, seal, rfid};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  g_assert_false (
      fast_finish_card (desk->place.unit, desk->item, desk->transport, &read, &rfid_read, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "finish-differs");
  g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "what"), ==, what);
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_ENCODED);
  g_assert_cmpint (workplace_count_rows (fast_unit_store (desk->place.unit)), ==, rows);
}

static void
assert_no_hand_over (Desk *desk)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fast_hand_over (desk->place.unit, desk->item, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "enrolment-step");
}

static void
assert_no_finish (Desk *desk)
{
  const FastReadBack nothing = {"", NULL, NULL};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  g_assert_false (fast_finish_card (desk->place.unit, desk->item, desk->transport, &nothing,
                                    &rfid_read, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "enrolment-step");
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
test_differs (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastContent) content = NULL;
  g_autoptr (FastContent) other = NULL;
  g_autoptr (GBytes) flipped = NULL;
  g_autoptr (GBytes) garbage = g_bytes_new_static ("no seal", 7);
  g_autofree char *mrz = NULL;
  g_autofree char *other_mrz = NULL;

  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  content = desk_load_content (desk, desk->item);
  mrz = desk_dup_mrz (content, "\n");
  flipped = flip (content->seal);
  assert_differs (desk, mrz, flipped, NULL, "seal");
  assert_differs (desk, mrz, garbage, NULL, "seal");
  assert_differs (desk, mrz, content->seal, OTHER_RFID, "RFID");
  assert_differs (desk, "IDCAN", content->seal, NULL, "MRZ");
  desk_lay_blank (desk, OTHER_SERIAL, OTHER_RFID);
  assert_differs (desk, mrz, content->seal, NULL, "chip");
  desk_encode (desk, desk->other, FAST_ENCODE_MADE, NULL);
  other = desk_load_content (desk, desk->other);
  other_mrz = desk_dup_mrz (other, "\n");
  assert_differs (desk, mrz, content->seal, NULL, "chip");
  assert_differs (desk, other_mrz, other->seal, OTHER_RFID, "chip");
}

static void
test_other_print (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastContent) content = NULL;
  g_autoptr (FastContent) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mrz = NULL;
  g_autofree char *other_mrz = NULL;

  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  workplace_add_blank (&desk->place, OTHER_SERIAL, "00000002", OTHER_RFID, TRUE);
  fast_production_begin (desk->place.unit, desk->other, OTHER_SERIAL, &fast_applet_icao_perso,
                         &error);
  g_assert_no_error (error);
  content = desk_load_content (desk, desk->item);
  other = desk_load_content (desk, desk->other);
  mrz = desk_dup_mrz (content, "");
  other_mrz = desk_dup_mrz (other, "");
  assert_differs (desk, other_mrz, content->seal, RFID, "MRZ");
  assert_differs (desk, mrz, other->seal, RFID, "seal");
}

static void
count_kinds (Desk *desk, guint cards, guint handovers)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all =
      fast_revision_list (fast_unit_store (desk->place.unit), desk->item, &error);
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

/* The way of a card to its holder; what was kept for making it goes when it is handed over. */
static void
test_made (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  assert_no_finish (desk);
  assert_no_hand_over (desk);
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  assert_no_hand_over (desk);
  desk_assert_blank (desk, FAST_BLANK_IN_PRODUCTION);
  desk_finish (desk, RFID);
  desk_assert_blank (desk, FAST_BLANK_MADE);
  count_kinds (desk, 1, 0);
  assert_no_finish (desk);
  g_assert_cmpint (desk_count_values (desk), >, 5);
  fast_hand_over (desk->place.unit, desk->item, &error);
  g_assert_no_error (error);
  desk_assert_blank (desk, FAST_BLANK_HANDED_OVER);
  count_kinds (desk, 1, 1);
  g_assert_cmpint (desk_count_values (desk), ==, 1);
  assert_no_hand_over (desk);
}

static void
test_rfid_unread (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  desk_finish (desk, NULL);
}

/* A chip taken away in the middle, and away again at the finish. */
static void
test_gone (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  const FastReadBack read = {"", NULL, NULL};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  fast_radio_field_tear (desk->field, 12, FAST_TEAR_UNHEARD);
  desk_encode (desk, desk->item, FAST_ENCODE_RESUMABLE, "transport-card-gone");
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_IN_PRODUCTION);
  fast_radio_field_insert (desk->field);
  desk_encode (desk, desk->item, FAST_ENCODE_MADE, NULL);
  fast_radio_field_remove (desk->field);
  g_assert_false (
      fast_finish_card (desk->place.unit, desk->item, desk->transport, &read, &rfid_read, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ABSENT);
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_ENCODED);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (Desk *desk, gconstpointer data);
  } tests[] = {
      {"/workflow/finish/differs", test_differs},
      {"/workflow/finish/other-print", test_other_print},
      {"/workflow/finish/made", test_made},
      {"/workflow/finish/rfid-unread", test_rfid_unread},
      {"/workflow/finish/gone", test_gone},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, Desk, NULL, desk_set_up, tests[i].run, desk_tear_down);
  return g_test_run ();
}

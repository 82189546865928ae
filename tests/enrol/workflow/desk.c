/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/enrol/workflow/desk.h"

#include "enrol/workflow/finish.h"
#include "personalise/lds/mrz-group.h"
#include "record/store/statement.h"
#include "tests/support.h"

void
desk_lay_blank (Desk *desk, const char *serial, const char *rfid)
{
  g_autofree char *name = g_strdup_printf ("chip-%u", desk->n_chips++);
  g_autofree char *path = g_build_filename (desk->place.root, name, NULL);
  g_autoptr (GError) error = NULL;
  FastVirtualChip *chip = fast_virtual_chip_open (path, &error);
  g_autofree char *number = NULL;

  g_assert_no_error (error);
  if (desk->field == NULL) {
    desk->field = fast_radio_field_new (chip);
    desk->transport = test_loop_new (desk->field);
  } else {
    fast_radio_field_swap (desk->field, chip);
  }
  number = fast_chip_read_serial (desk->transport, &fast_applet_icao_perso, NULL, &error);
  g_assert_no_error (error);
  workplace_add_blank (&desk->place, serial, number, rfid, TRUE);
}

void
desk_set_up (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  workplace_open (&desk->place, NULL);
  workplace_sign_in (&desk->place, "cbsa-1");
  workplace_sign_in (&desk->place, "cbp-1");
  desk->item = workplace_grant (&desk->place, NULL);
  desk->other = workplace_grant (&desk->place, NULL);
  desk_lay_blank (desk, SERIAL, RFID);
}

void
desk_tear_down (Desk *desk, gconstpointer data G_GNUC_UNUSED)
{
  fast_transport_free (desk->transport);
  fast_radio_field_free (desk->field);
  g_free (desk->item);
  g_free (desk->other);
  workplace_close (&desk->place);
}

void
desk_encode (Desk *desk, const char *item, FastEncodeState wanted, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  gboolean made = fast_production_encode (desk->place.unit, item, NULL, desk->transport,
                                          &fast_applet_icao_perso, NULL, NULL, &result, &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_true (made == (id == NULL));
  g_assert_cmpint (result.state, ==, wanted);
}

FastContent *
desk_load_content (Desk *desk, const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_unit_store (desk->place.unit), item, &error);
  FastContent *content = fast_content_load (desk->place.unit, enrolment, &error);

  g_assert_no_error (error);
  return content;
}

char *
desk_dup_mrz (const FastContent *content, const char *separator)
{
  g_autoptr (FastMrz) mrz =
      fast_mrz_group_parse (fast_lds_get (content->lds, fast_file_group (1)), NULL);
  g_auto (GStrv) lines = fast_mrz_dup_lines (mrz);

  return g_strjoinv (separator, lines);
}

void
desk_finish (Desk *desk, const char *rfid)
{
  g_autoptr (FastContent) content = desk_load_content (desk, desk->item);
  g_autofree char *mrz = desk_dup_mrz (content, "\n");
  const FastReadBack read = {mrz, content->seal, rfid};
  g_autoptr (GError) error = NULL;
  gboolean rfid_read;

  fast_finish_card (desk->place.unit, desk->item, desk->transport, &read, &rfid_read, &error);
  g_assert_no_error (error);
  g_assert_true (rfid_read == (rfid != NULL));
  g_assert_cmpint (workplace_state (&desk->place, desk->item), ==, FAST_ENROLMENT_MADE);
}

gint64
desk_count_values (Desk *desk)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (fast_unit_store (desk->place.unit), &error,
                          "SELECT count (*) FROM enrolment_value WHERE item = ?", "s", desk->item);
  gboolean row;

  fast_statement_step (statement, &row, &error);
  g_assert_no_error (error);
  return fast_statement_int (statement, 0);
}

void
desk_assert_blank (Desk *desk, FastBlankState wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStockEntry) entry =
      fast_stock_find_serial (fast_unit_store (desk->place.unit), SERIAL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (fast_blank_state_name (entry->state), ==, fast_blank_state_name (wanted));
}

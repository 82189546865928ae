/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/enrol/workflow/workplace.h"

#include <string.h>

#include "enrol/workflow/decide.h"
#include "personalise/stock/ledger.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/biometric/image.h"
#include "record/keys/training.h"
#include "record/store/statement.h"
#include "tests/specimen/folder.h"
#include "tests/support.h"

#define BLOCK "500000000-500009999"

/* A portrait that no detector would take for a face: the gates here only ask whether it decodes. */
static char *
write_portrait (const char *root)
{
  g_autoptr (FastImage) image = fast_image_new (420, 540, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) encoded = NULL;
  char *path = g_build_filename (root, "portrait.jpg", NULL);

  for (gsize i = 0; i < (gsize)420 * 540 * 3; i++)
    image->pixels[i] = (guint8)(i / 2600);
  encoded = fast_image_encode_jpeg (image, 90, &error);
  g_assert_no_error (error);
  fast_durable_replace (path, encoded, 0644, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static FastFolder *
write_capture (const char *root)
{
  g_autofree char *source = fast_test_source ("tests/specimen/application-ca.json");
  g_autofree char *portrait = write_portrait (root);
  g_autofree char *out = g_build_filename (root, "capture", NULL);
  g_autoptr (GError) error = NULL;
  FastFolder *folder;

  specimen_folder_write (
      &(SpecimenFolder){.template_path = source, .portrait = portrait, .seed = 7, .out = out},
      &error);
  g_assert_no_error (error);
  folder = fast_folder_read (out, &error);
  g_assert_no_error (error);
  return folder;
}

/* Growing ten prints takes two seconds, so all places of a program share them. */
static const FastFolder *
good_capture (const char *root)
{
  static FastFolder *folder = NULL;

  if (folder == NULL)
    folder = write_capture (root);
  return folder;
}

/* The block of membership numbers is the one thing of the configuration that tests change. */
static char *
write_config (Workplace *place, const char *numbers)
{
  char *path = g_build_filename (place->root, "unit.conf", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GString *config;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  config = g_string_new (text);
  g_assert_cmpuint (g_string_replace (config, BLOCK, numbers, 0), ==, 1);
  g_file_set_contents (path, config->str, -1, &error);
  g_assert_no_error (error);
  g_string_free (config, TRUE);
  return path;
}

/**
 * workplace_open:
 * @place: (out caller-allocates): the place
 * @numbers: (nullable): its block of membership numbers
 *
 * Nobody is signed in yet.
 */
void
workplace_open (Workplace *place, const char *numbers)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *config = NULL;

  place->root = fast_test_folder ();
  fast_training_write (place->root, &error);
  g_assert_no_error (error);
  config = write_config (place, numbers != NULL ? numbers : BLOCK);
  place->config = fast_config_load (config, &error);
  g_assert_no_error (error);
  place->unit = fast_unit_open (place->config, &error);
  g_assert_no_error (error);
  place->good = good_capture (place->root);
}

/**
 * workplace_close:
 * @place: a place; its folder is removed
 */
void
workplace_close (Workplace *place)
{
  g_clear_pointer (&place->unit, fast_unit_close);
  g_clear_pointer (&place->config, fast_config_free);
  fast_test_remove_folder (place->root);
}

/**
 * workplace_sign_in:
 * @place: a place
 * @officer: who signs in, besides those who are
 */
void
workplace_sign_in (Workplace *place, const char *officer)
{
  g_autoptr (GError) error = NULL;

  fast_unit_sign_in_listed (place->unit, officer, &error);
  g_assert_no_error (error);
}

/**
 * workplace_sign_out:
 * @place: a place; everybody leaves it
 */
void
workplace_sign_out (Workplace *place)
{
  g_autoptr (GError) error = NULL;

  fast_unit_close (place->unit);
  place->unit = fast_unit_open (place->config, &error);
  g_assert_no_error (error);
}

static void
copy_samples (GHashTable *to, GHashTable *from)
{
  GHashTableIter iter;
  gpointer name, bytes;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &name, &bytes))
    g_hash_table_insert (to, g_strdup (name), g_bytes_ref (bytes));
}

/**
 * workplace_folder:
 * @place: a place
 * @changes: (nullable): a list that ends with a path of %NULL
 *
 * Returns: (transfer full): the good capture, changed
 */
FastFolder *
workplace_folder (Workplace *place, const SpecimenChange *changes)
{
  g_autoptr (JsonNode) node = fast_application_to_json (place->good->application);
  g_autoptr (GError) error = NULL;
  FastFolder *folder = g_new0 (FastFolder, 1);

  for (; changes != NULL && changes->path != NULL; changes++)
    specimen_alter (node, changes);
  folder->application = fast_application_from_json (node, &error);
  g_assert_no_error (error);
  folder->profile = fast_profile_ref (place->good->profile);
  folder->samples =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  copy_samples (folder->samples, place->good->samples);
  return folder;
}

/**
 * workplace_capture:
 * @place: a place; who signed in first captures
 * @changes: (nullable): as for workplace_folder()
 *
 * Returns: (transfer full): the item id of a new enrolment
 */
char *
workplace_capture (Workplace *place, const SpecimenChange *changes)
{
  g_autoptr (FastFolder) folder = workplace_folder (place, changes);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_capture_folder (place->unit, folder, fast_unit_nth_actor (place->unit, 0), &error);

  g_assert_no_error (error);
  return g_strdup (enrolment->item);
}

/**
 * workplace_decide:
 * @place: a place with an officer of @agency signed in
 * @item: an enrolment
 * @agency: who decides
 * @outcome: `grant`, `refuse` or `defer`
 * @reason: (nullable): a code
 */
void
workplace_decide (Workplace *place, const char *item, FastAgency agency, const char *outcome,
                  const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *decision = NULL;
  FastOutcome parsed;

  g_assert_true (fast_outcome_parse (outcome, &parsed, NULL));
  decision = fast_decide (place->unit, item, agency, parsed, reason, &error);
  g_assert_no_error (error);
  g_assert_nonnull (decision);
}

/**
 * workplace_grant:
 * @place: a place with officers of both agencies signed in
 * @changes: (nullable): as for workplace_folder()
 *
 * Returns: (transfer full): the item id of a new enrolment that both agencies granted
 */
char *
workplace_grant (Workplace *place, const SpecimenChange *changes)
{
  char *item = workplace_capture (place, changes);

  workplace_decide (place, item, FAST_AGENCY_CBSA, "grant", NULL);
  workplace_decide (place, item, FAST_AGENCY_CBP, "grant", NULL);
  return item;
}

/**
 * workplace_add_blank:
 * @place: a place with somebody signed in
 * @serial: of the card
 * @chip: of its chip
 * @rfid: its RFID number
 * @allot: whether it goes to the desk
 */
void
workplace_add_blank (Workplace *place, const char *serial, const char *chip, const char *rfid,
                     gboolean allot)
{
  const char *const serials[] = {serial, NULL};
  g_autofree char *text = g_strdup_printf ("serial,chip,rfid\n%s,%s,%s\n", serial, chip, rfid);
  g_autoptr (GBytes) csv = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) blanks = fast_delivery_parse (csv, &error);
  g_autoptr (FastTransaction) transaction =
      fast_transaction_begin (fast_unit_store (place->unit), &error);
  guint n;

  g_assert_no_error (error);
  fast_stock_receive (transaction, "cbsa-1", blanks, &error);
  g_assert_no_error (error);
  if (allot)
    fast_stock_allot (transaction, "cbsa-1", serials, &n, &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
}

/**
 * workplace_state:
 * @place: a place
 * @item: an enrolment
 *
 * Returns: where it stands
 */
FastEnrolmentState
workplace_state (Workplace *place, const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_unit_store (place->unit), item, &error);

  g_assert_no_error (error);
  return enrolment->state;
}

static gint64
count_table (FastStore *store, const char *table)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM \"%s\"", table);
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (store, &error, sql, "");
  gboolean row;

  fast_statement_step (statement, &row, &error);
  g_assert_no_error (error);
  return fast_statement_int (statement, 0);
}

/**
 * workplace_count_rows:
 * @store: a store
 *
 * Returns: how many rows all its tables have together
 */
gint64
workplace_count_rows (FastStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) tables =
      fast_statement_new (store, &error, "SELECT name FROM sqlite_schema WHERE type = 'table'", "");
  gboolean row = FALSE;
  gint64 n = 0;

  while (fast_statement_step (tables, &row, &error) && row)
    n += count_table (store, fast_statement_text (tables, 0));
  g_assert_no_error (error);
  return n;
}

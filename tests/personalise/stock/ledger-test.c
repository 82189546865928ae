/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/stock/ledger.h"

#include <string.h>

#include "record/base/error.h"
#include "record/store/audit.h"
#include "tests/support.h"

typedef struct {
  char *folder;
  FastStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const FastSchema *const schemas[] = {&fast_stock_schema, NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = fast_test_folder ();
  path = g_build_filename (fixture->folder, "unit.db", NULL);
  fixture->store = fast_store_open (path, "U1", schemas, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  fast_store_free (fixture->store);
  fast_test_remove_folder (fixture->folder);
}

static GPtrArray *
delivery (const char *rows)
{
  g_autofree char *text = g_strconcat ("serial,chip,rfid\n", rows, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  GPtrArray *blanks = fast_delivery_parse (bytes, &error);

  g_assert_no_error (error);
  return blanks;
}

static void
receive (Fixture *fixture, const char *rows, const char *refused)
{
  g_autoptr (GPtrArray) blanks = delivery (rows);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (fixture->store, &error);
  gboolean received = fast_stock_receive (transaction, "cbsa-1", blanks, &error);

  if (refused != NULL) {
    g_assert_false (received);
    fast_test_assert_id (error, refused);
    g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
    return;
  }
  g_assert_no_error (error);
  g_assert_true (fast_transaction_commit (transaction, NULL, &error));
}

#define TWO "FC0000001,00A1B2C3D4,E200341201\nFC0000002,00A1B2C3D5,E200341202\n"

static void
test_numbers_are_unique_for_ever (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  gint64 counts[FAST_BLANK_STATE_COUNT];
  g_autoptr (GError) error = NULL;

  receive (fixture, TWO, NULL);
  receive (fixture, "FC0000009,00A1B2C3D9,E200341209\nFC0000003,00A1B2C3D6,E200341202\n",
           "stock-known");
  receive (fixture, "FC0000003,00A1B2C3D4,E200341203\n", "stock-known");
  receive (fixture, "FC0000001,00A1B2C3D6,E200341203\n", "stock-known");
  g_assert_true (fast_stock_count (fixture->store, counts, &error));
  g_assert_cmpint (counts[FAST_BLANK_RECEIVED], ==, 2);
}

typedef gboolean (*Mover) (FastTransaction *transaction, const char *actor, const char *serial,
                           GError **error);

static gboolean
take (FastTransaction *transaction, const char *actor, const char *serial, GError **error)
{
  return fast_stock_take (transaction, actor, serial, "U1-1", error);
}

static gboolean
allot (FastTransaction *transaction, const char *actor, const char *serial, GError **error)
{
  const char *const serials[] = {serial, NULL};
  guint n;

  return fast_stock_allot (transaction, actor, serials, &n, error);
}

/* Every move from every state: only the next one is possible. */
static void
test_only_the_next_move (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const Mover movers[] = {allot, take, fast_stock_made, fast_stock_hand_over};

  receive (fixture, TWO, NULL);
  for (guint state = 0; state <= G_N_ELEMENTS (movers); state++)
    for (guint i = G_N_ELEMENTS (movers); i-- > 0;) {
      g_autoptr (GError) error = NULL;
      g_autoptr (FastTransaction) transaction = fast_transaction_begin (fixture->store, &error);
      gboolean moved = movers[i](transaction, "cbsa-1", "FC0000001", &error);

      g_assert_cmpint (moved, ==, i == state);
      if (!moved)
        fast_test_assert_id (error, "stock-move");
      else
        g_assert_true (fast_transaction_commit (transaction, NULL, &error));
      if (moved)
        break;
    }
}

static void
test_found_by_chip (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStockEntry) entry = NULL;
  FastAuditHead head;

  receive (fixture, TWO, NULL);
  entry = fast_stock_find_chip (fixture->store, "00A1B2C3D5", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (entry->serial, ==, "FC0000002");
  g_assert_cmpint (entry->state, ==, FAST_BLANK_RECEIVED);
  g_assert_null (fast_stock_find_chip (fixture->store, "00", &error));
  fast_test_assert_id (error, "stock-absent");
  g_clear_error (&error);
  g_assert_null (fast_stock_first_allotted (fixture->store, &error));
  fast_test_assert_id (error, "stock-none-allotted");
  g_clear_error (&error);
  g_assert_true (fast_audit_head (fixture->store, &head, &error));
  g_assert_cmpint (head.size, ==, 2);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/stock/ledger/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("numbers-are-unique-for-ever", test_numbers_are_unique_for_ever);
  ADD ("only-the-next-move", test_only_the_next_move);
  ADD ("found-by-chip", test_found_by_chip);
  return g_test_run ();
}

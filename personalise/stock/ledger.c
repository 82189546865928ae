/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/stock/ledger.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/statement.h"

static const char *const state_names[FAST_BLANK_STATE_COUNT] = {
    "received", "allotted", "in-production", "made", "handed-over",
};

static const char *const migrations[] = {
    "CREATE TABLE stock ("
    "  serial TEXT PRIMARY KEY,"
    "  chip TEXT NOT NULL UNIQUE,"
    "  rfid TEXT NOT NULL UNIQUE,"
    "  state TEXT NOT NULL,"
    "  enrolment TEXT,"
    "  changed INTEGER NOT NULL"
    ") STRICT;"
    "CREATE INDEX stock_state ON stock (state, serial);",
    NULL,
};

const FastSchema fast_stock_schema = {.room = "stock", .migrations = migrations};

/* The moves that there are; what is not in this table cannot happen. */
typedef struct {
  const char *code;
  FastBlankState from;
  FastBlankState to;
} Move;

static const Move move_allot = {"stock-allot", FAST_BLANK_RECEIVED, FAST_BLANK_ALLOTTED};
static const Move move_take = {"stock-take", FAST_BLANK_ALLOTTED, FAST_BLANK_IN_PRODUCTION};
static const Move move_made = {"stock-made", FAST_BLANK_IN_PRODUCTION, FAST_BLANK_MADE};
static const Move move_hand_over = {"stock-hand-over", FAST_BLANK_MADE, FAST_BLANK_HANDED_OVER};

/**
 * fast_stock_entry_free:
 * @entry: (transfer full): a line of the ledger
 */
void
fast_stock_entry_free (FastStockEntry *entry)
{
  g_free (entry->serial);
  g_free (entry->chip);
  g_free (entry->rfid);
  g_free (entry->enrolment);
  g_free (entry);
}

/**
 * fast_blank_state_name:
 * @state: a state
 *
 * Returns: (transfer none): its name, as it stands in the store
 */
const char *
fast_blank_state_name (FastBlankState state)
{
  return state_names[state];
}

static gboolean
parse_state (const char *name, FastBlankState *state, GError **error)
{
  for (guint i = 0; i < FAST_BLANK_STATE_COUNT; i++)
    if (g_strcmp0 (name, state_names[i]) == 0) {
      *state = (FastBlankState)i;
      return TRUE;
    }
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "stock-state", "state=%s",
                    name != NULL ? name : "");
}

static gboolean
append_audit (FastTransaction *transaction, const char *actor, const char *code,
              const char *enrolment, const char *serial, gint64 *sequence, GError **error)
{
  g_autoptr (JsonObject) details = json_object_new ();

  json_object_set_string_member (details, "serial", serial);
  return fast_audit_append (transaction, actor, code, enrolment, details, sequence, error);
}

static FastStockEntry *
find (FastStore *store, const char *sql, const char *value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (FastStockEntry) entry = NULL;
  gboolean row = FALSE;

  statement = value != NULL ? fast_statement_new (store, error, sql, "s", value)
                            : fast_statement_new (store, error, sql, "");
  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "stock-absent",
                           "value=%s", value != NULL ? value : "");
  entry = g_new0 (FastStockEntry, 1);
  entry->serial = g_strdup (fast_statement_text (statement, 0));
  entry->chip = g_strdup (fast_statement_text (statement, 1));
  entry->rfid = g_strdup (fast_statement_text (statement, 2));
  entry->enrolment = g_strdup (fast_statement_text (statement, 4));
  if (!parse_state (fast_statement_text (statement, 3), &entry->state, error))
    return NULL;
  return g_steal_pointer (&entry);
}

#define SELECT "SELECT serial, chip, rfid, state, enrolment FROM stock "

/**
 * fast_stock_find_serial:
 * @store: the store
 * @serial: a card's serial
 * @error: return location for an error
 *
 * Returns: (transfer full): its line, or %NULL with FAST_STORE_ERROR_ABSENT
 */
FastStockEntry *
fast_stock_find_serial (FastStore *store, const char *serial, GError **error)
{
  return find (store, SELECT "WHERE serial = ?", serial, error);
}

/**
 * fast_stock_find_chip:
 * @store: the store
 * @chip: a chip's serial, uppercase hexadecimal
 * @error: return location for an error
 *
 * Returns: (transfer full): its line, or %NULL with FAST_STORE_ERROR_ABSENT
 */
FastStockEntry *
fast_stock_find_chip (FastStore *store, const char *chip, GError **error)
{
  return find (store, SELECT "WHERE chip = ?", chip, error);
}

/**
 * fast_stock_first_allotted:
 * @store: the store
 * @error: return location for an error
 *
 * Returns: (transfer full): the allotted blank with the lowest serial; FAST_GATE_ERROR when none is
 *   allotted
 */
FastStockEntry *
fast_stock_first_allotted (FastStore *store, GError **error)
{
  GError *why = NULL;
  FastStockEntry *entry =
      find (store, SELECT "WHERE state = 'allotted' ORDER BY serial LIMIT 1", NULL, &why);

  if (!g_error_matches (why, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT)) {
    if (why != NULL)
      g_propagate_error (error, why);
    return entry;
  }
  g_error_free (why);
  return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "stock-none-allotted",
                         NULL);
}

/* A number that the ledger has already seen, with any card, refuses the whole delivery. */
static gboolean
check_new (FastStore *store, const FastBlank *blank, guint row, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT serial FROM stock WHERE serial = ? OR chip = ? OR rfid = ?", "sss",
      blank->serial, blank->chip, blank->rfid);
  gboolean known = FALSE;

  if (statement == NULL || !fast_statement_step (statement, &known, error))
    return FALSE;
  if (known)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "stock-known",
                      "row=%u, serial=%s, known=%s", row, blank->serial,
                      fast_statement_text (statement, 0));
  return TRUE;
}

static gboolean
receive_one (FastTransaction *transaction, const char *actor, const FastBlank *blank, guint row,
             GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  gint64 sequence;

  return check_new (store, blank, row, error) &&
         append_audit (transaction, actor, "stock-receive", NULL, blank->serial, &sequence,
                       error) &&
         fast_statement_run (store, error,
                             "INSERT INTO stock (serial, chip, rfid, state, changed) "
                             "VALUES (?, ?, ?, 'received', ?)",
                             "sssi", blank->serial, blank->chip, blank->rfid, sequence);
}

/**
 * fast_stock_receive:
 * @transaction: an open transaction
 * @actor: the officer's name
 * @blanks: (element-type FastBlank): what fast_delivery_parse() read
 * @error: return location for an error
 *
 * Takes a delivery into the ledger, all or nothing.
 *
 * Returns: whether it was; FAST_GATE_ERROR names the row whose numbers are known already
 */
gboolean
fast_stock_receive (FastTransaction *transaction, const char *actor, GPtrArray *blanks,
                    GError **error)
{
  for (guint i = 0; i < blanks->len; i++)
    if (!receive_one (transaction, actor, blanks->pdata[i], i + 2, error))
      return FALSE;
  return TRUE;
}

static gboolean
move (FastTransaction *transaction, const Move *step, const char *actor, const char *serial,
      const char *enrolment, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autoptr (FastStockEntry) entry = fast_stock_find_serial (store, serial, error);
  const char *owner;
  gint64 sequence;

  if (entry == NULL)
    return FALSE;
  if (entry->state != step->from)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "stock-move",
                      "serial=%s, state=%s, wanted=%s", serial, state_names[entry->state],
                      state_names[step->from]);
  owner = enrolment != NULL ? enrolment : entry->enrolment;
  return append_audit (transaction, actor, step->code, owner, serial, &sequence, error) &&
         fast_statement_run (store, error,
                             "UPDATE stock SET state = ?, enrolment = ?, changed = ? "
                             "WHERE serial = ?",
                             "ssis", state_names[step->to], owner, sequence, serial);
}

static GPtrArray *
list_received (FastStore *store, GError **error)
{
  g_autoptr (GPtrArray) serials = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT serial FROM stock WHERE state = 'received' ORDER BY serial", "");
  gboolean row = FALSE;

  if (statement == NULL)
    return NULL;
  while (fast_statement_step (statement, &row, error)) {
    if (!row)
      return g_steal_pointer (&serials);
    g_ptr_array_add (serials, g_strdup (fast_statement_text (statement, 0)));
  }
  return NULL;
}

/**
 * fast_stock_allot:
 * @transaction: an open transaction
 * @actor: the officer's name
 * @serials: (nullable) (array zero-terminated=1): which; %NULL for all that were received
 * @n_allotted: (out): how many
 * @error: return location for an error
 *
 * Gives blanks from the safe to the desk.
 *
 * Returns: whether all were; FAST_GATE_ERROR names the first that is in another state
 */
gboolean
fast_stock_allot (FastTransaction *transaction, const char *actor, const char *const *serials,
                  guint *n_allotted, GError **error)
{
  g_autoptr (GPtrArray) all = NULL;

  if (serials == NULL) {
    all = list_received (fast_transaction_store (transaction), error);
    if (all == NULL)
      return FALSE;
    g_ptr_array_add (all, NULL);
    serials = (const char *const *)all->pdata;
  }
  for (*n_allotted = 0; serials[*n_allotted] != NULL; (*n_allotted)++)
    if (!move (transaction, &move_allot, actor, serials[*n_allotted], NULL, error))
      return FALSE;
  return TRUE;
}

/**
 * fast_stock_take:
 * @transaction: an open transaction
 * @actor: the officer's name
 * @serial: an allotted blank
 * @enrolment: item id of the enrolment that it becomes the card of
 * @error: return location for an error
 *
 * Returns: whether it is in production now
 */
gboolean
fast_stock_take (FastTransaction *transaction, const char *actor, const char *serial,
                 const char *enrolment, GError **error)
{
  return move (transaction, &move_take, actor, serial, enrolment, error);
}

/**
 * fast_stock_made:
 * @transaction: an open transaction
 * @actor: the officer's name
 * @serial: a blank in production
 * @error: return location for an error
 *
 * Returns: whether it counts as made now
 */
gboolean
fast_stock_made (FastTransaction *transaction, const char *actor, const char *serial,
                 GError **error)
{
  return move (transaction, &move_made, actor, serial, NULL, error);
}

/**
 * fast_stock_hand_over:
 * @transaction: an open transaction
 * @actor: the officer's name
 * @serial: a made card
 * @error: return location for an error
 *
 * Returns: whether it is with its holder now
 */
gboolean
fast_stock_hand_over (FastTransaction *transaction, const char *actor, const char *serial,
                      GError **error)
{
  return move (transaction, &move_hand_over, actor, serial, NULL, error);
}

/**
 * fast_stock_count:
 * @store: the store
 * @counts: (out): how many blanks are in each state
 * @error: return location for an error
 *
 * Returns: whether they were counted
 */
gboolean
fast_stock_count (FastStore *store, gint64 counts[FAST_BLANK_STATE_COUNT], GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, "SELECT state, count(*) FROM stock GROUP BY state", "");
  FastBlankState state;
  gboolean row = FALSE;

  for (guint i = 0; i < FAST_BLANK_STATE_COUNT; i++)
    counts[i] = 0;
  if (statement == NULL)
    return FALSE;
  while (fast_statement_step (statement, &row, error)) {
    if (!row)
      return TRUE;
    if (!parse_state (fast_statement_text (statement, 0), &state, error))
      return FALSE;
    counts[state] = fast_statement_int (statement, 1);
  }
  return FALSE;
}

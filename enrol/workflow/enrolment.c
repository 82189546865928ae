/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/enrolment.h"

#include <json-glib/json-glib.h>

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/statement.h"

static const char *const state_names[FAST_ENROLMENT_STATE_COUNT] = {
    "captured", "refused", "granted", "in-production", "encoded", "made", "handed-over",
};

static const char *const event_codes[] = {
    "enrolment-granted", "enrolment-refused", "enrolment-lapsed", "card-blank-taken",
    "card-spoiled",      "card-encoded",      "card-made",        "card-handed-over",
};

typedef struct {
  FastEnrolmentState from;
  FastEnrolmentEvent event;
  FastEnrolmentState to;
} Step;

static const Step steps[] = {
    {FAST_ENROLMENT_CAPTURED, FAST_EVENT_GRANTED, FAST_ENROLMENT_GRANTED},
    {FAST_ENROLMENT_CAPTURED, FAST_EVENT_REFUSED, FAST_ENROLMENT_REFUSED},
    {FAST_ENROLMENT_GRANTED, FAST_EVENT_REFUSED, FAST_ENROLMENT_REFUSED},
    {FAST_ENROLMENT_GRANTED, FAST_EVENT_LAPSED, FAST_ENROLMENT_CAPTURED},
    {FAST_ENROLMENT_REFUSED, FAST_EVENT_LAPSED, FAST_ENROLMENT_CAPTURED},
    {FAST_ENROLMENT_GRANTED, FAST_EVENT_BLANK_TAKEN, FAST_ENROLMENT_IN_PRODUCTION},
    {FAST_ENROLMENT_IN_PRODUCTION, FAST_EVENT_CHIP_SPOILED, FAST_ENROLMENT_GRANTED},
    {FAST_ENROLMENT_IN_PRODUCTION, FAST_EVENT_ENCODED, FAST_ENROLMENT_ENCODED},
    {FAST_ENROLMENT_ENCODED, FAST_EVENT_MADE, FAST_ENROLMENT_MADE},
    {FAST_ENROLMENT_MADE, FAST_EVENT_HANDED_OVER, FAST_ENROLMENT_HANDED_OVER},
};

/* enrolment_value holds what a record keeps, sealed, until hand-over: membership, chip images and
 * secrets, seal. Its `version` counts the values that a place has had. */
static const char *const migrations[] = {
    "CREATE TABLE enrolment ("
    "  item TEXT PRIMARY KEY,"
    "  record TEXT NOT NULL,"
    "  programme TEXT NOT NULL,"
    "  captured_by TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  serial TEXT,"
    "  changed INTEGER NOT NULL"
    ") STRICT;"
    "CREATE TABLE enrolment_value ("
    "  item TEXT NOT NULL REFERENCES enrolment (item),"
    "  name TEXT NOT NULL,"
    "  class TEXT NOT NULL,"
    "  version INTEGER NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (item, name)"
    ") STRICT;"
    "CREATE TABLE card_journal ("
    "  serial TEXT PRIMARY KEY,"
    "  record BLOB NOT NULL"
    ") STRICT;",
    NULL,
};

const FastSchema fast_workflow_schema = {.room = "workflow", .migrations = migrations};

/**
 * fast_enrolment_free:
 * @enrolment: (transfer full): an enrolment
 */
void
fast_enrolment_free (FastEnrolment *enrolment)
{
  g_free (enrolment->item);
  g_free (enrolment->record);
  g_free (enrolment->programme);
  g_free (enrolment->captured_by);
  g_free (enrolment->serial);
  g_free (enrolment);
}

/**
 * fast_enrolment_state_name:
 * @state: a state
 *
 * Returns: (transfer none): its name, as it stands in the store
 */
const char *
fast_enrolment_state_name (FastEnrolmentState state)
{
  return state_names[state];
}

static FastEnrolment *
read_row (sqlite3_stmt *statement, GError **error)
{
  g_autoptr (FastEnrolment) enrolment = g_new0 (FastEnrolment, 1);
  const char *name = fast_statement_text (statement, 4);
  guint state = 0;

  while (state < FAST_ENROLMENT_STATE_COUNT && g_strcmp0 (state_names[state], name) != 0)
    state++;
  if (state == FAST_ENROLMENT_STATE_COUNT)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "enrolment-state",
                           "state=%s", name);
  enrolment->item = g_strdup (fast_statement_text (statement, 0));
  enrolment->record = g_strdup (fast_statement_text (statement, 1));
  enrolment->programme = g_strdup (fast_statement_text (statement, 2));
  enrolment->captured_by = g_strdup (fast_statement_text (statement, 3));
  enrolment->state = (FastEnrolmentState)state;
  enrolment->serial = g_strdup (fast_statement_text (statement, 5));
  return g_steal_pointer (&enrolment);
}

#define SELECT "SELECT item, record, programme, captured_by, state, serial FROM enrolment "

/**
 * fast_enrolment_load:
 * @store: the store
 * @item: an enrolment's item id
 * @error: return location for an error
 *
 * Returns: (transfer full): the enrolment, or %NULL with FAST_STORE_ERROR_ABSENT
 */
FastEnrolment *
fast_enrolment_load (FastStore *store, const char *item, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, SELECT "WHERE item = ?", "s", item);
  gboolean row = FALSE;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "enrolment-absent",
                           "item=%s", item);
  return read_row (statement, error);
}

/**
 * fast_enrolment_list:
 * @store: the store
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastEnrolment): all, oldest first
 */
GPtrArray *
fast_enrolment_list (FastStore *store, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_enrolment_free);
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error, SELECT "ORDER BY rowid", "");
  gboolean row = FALSE;

  if (statement == NULL)
    return NULL;
  while (fast_statement_step (statement, &row, error)) {
    FastEnrolment *enrolment;

    if (!row)
      return g_steal_pointer (&list);
    enrolment = read_row (statement, error);
    if (enrolment == NULL)
      return NULL;
    g_ptr_array_add (list, enrolment);
  }
  return NULL;
}

/**
 * fast_enrolment_add:
 * @transaction: an open transaction
 * @enrolment: a new one; its state counts, its serial must be %NULL
 * @sequence: the event number of its audit row
 * @error: return location for an error
 *
 * Returns: whether it was added
 */
gboolean
fast_enrolment_add (FastTransaction *transaction, const FastEnrolment *enrolment, gint64 sequence,
                    GError **error)
{
  return fast_statement_run (
      fast_transaction_store (transaction), error,
      "INSERT INTO enrolment (item, record, programme, captured_by, state, changed) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      "sssssi", enrolment->item, enrolment->record, enrolment->programme, enrolment->captured_by,
      state_names[enrolment->state], sequence);
}

static const Step *
find_step (FastEnrolmentState from, FastEnrolmentEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i].from == from && steps[i].event == event)
      return &steps[i];
  return NULL;
}

/**
 * fast_enrolment_can:
 * @enrolment: an enrolment
 * @event: what would happen to it
 * @error: return location for an error
 *
 * Returns: whether its state allows that; FAST_GATE_ERROR names the state otherwise
 */
gboolean
fast_enrolment_can (const FastEnrolment *enrolment, FastEnrolmentEvent event, GError **error)
{
  if (find_step (enrolment->state, event) != NULL)
    return TRUE;
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "enrolment-step",
                    "item=%s, state=%s, event=%s", enrolment->item, state_names[enrolment->state],
                    event_codes[event]);
}

/**
 * fast_enrolment_move:
 * @transaction: an open transaction
 * @enrolment: an enrolment as it was loaded inside this transaction
 * @event: what happens to it
 * @serial: (nullable): the blank, where the event is about one; kept otherwise
 * @actor: the officer's name
 * @error: return location for an error
 *
 * Returns: whether the step is in the table and was taken; the audit row is part of it
 */
gboolean
fast_enrolment_move (FastTransaction *transaction, const FastEnrolment *enrolment,
                     FastEnrolmentEvent event, const char *serial, const char *actor,
                     GError **error)
{
  const Step *step = find_step (enrolment->state, event);
  g_autoptr (JsonObject) details = json_object_new ();
  const char *blank = serial != NULL ? serial : enrolment->serial;
  gint64 sequence;

  if (step == NULL)
    return fast_enrolment_can (enrolment, event, error);
  json_object_set_string_member (details, "from", state_names[step->from]);
  json_object_set_string_member (details, "to", state_names[step->to]);
  if (blank != NULL)
    json_object_set_string_member (details, "serial", blank);
  return fast_audit_append (transaction, actor, event_codes[event], enrolment->item, details,
                            &sequence, error) &&
         fast_statement_run (fast_transaction_store (transaction), error,
                             "UPDATE enrolment SET state = ?, serial = ?, changed = ? "
                             "WHERE item = ?",
                             "ssis", state_names[step->to],
                             event == FAST_EVENT_CHIP_SPOILED ? NULL : blank, sequence,
                             enrolment->item);
}

static char *
value_row (const char *item, const char *name)
{
  return g_strconcat (item, "/", name, NULL);
}

static gboolean
last_version (FastStore *store, const char *item, const char *name, gint64 *version, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, "SELECT version FROM enrolment_value WHERE item = ? AND name = ?", "ss", item,
      name);
  gboolean row = FALSE;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  *version = row ? fast_statement_int (statement, 0) : 0;
  return TRUE;
}

/**
 * fast_enrolment_put:
 * @transaction: an open transaction
 * @vault: the open vault
 * @enrolment: an enrolment
 * @name: of the value, as in `EF.DG1`
 * @class: which of the record's keys seals it
 * @data: the value
 * @size: its size
 * @error: return location for an error
 *
 * Keeps a value of the enrolment, sealed; one of the same name is replaced.
 *
 * Returns: whether it was kept
 */
gboolean
fast_enrolment_put (FastTransaction *transaction, FastVault *vault, const FastEnrolment *enrolment,
                    const char *name, FastClass class, gconstpointer data, gsize size,
                    GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autofree char *row = value_row (enrolment->item, name);
  FastPlace place = {.table = "enrolment_value", .row = row, .column = "sealed"};
  g_autoptr (GBytes) sealed = NULL;

  if (!last_version (store, enrolment->item, name, &place.revision, error))
    return FALSE;
  place.revision++;
  sealed = fast_record_seal (vault, enrolment->record, class, &place, data, size, error);
  return sealed != NULL &&
         fast_statement_run (store, error,
                             "INSERT OR REPLACE INTO enrolment_value "
                             "(item, name, class, version, sealed) VALUES (?, ?, ?, ?, ?)",
                             "sssib", enrolment->item, name, fast_class_name (class),
                             place.revision, sealed);
}

/**
 * fast_enrolment_get:
 * @vault: the open vault
 * @enrolment: an enrolment
 * @name: of the value
 * @error: return location for an error
 *
 * Returns: (transfer full): the value, or %NULL with FAST_STORE_ERROR_ABSENT
 */
FastSecret *
fast_enrolment_get (FastVault *vault, const FastEnrolment *enrolment, const char *name,
                    GError **error)
{
  g_autofree char *row = value_row (enrolment->item, name);
  FastPlace place = {.table = "enrolment_value", .row = row, .column = "sealed"};
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      fast_vault_store (vault), error,
      "SELECT class, version, sealed FROM enrolment_value WHERE item = ? AND name = ?", "ss",
      enrolment->item, name);
  g_autoptr (GBytes) sealed = NULL;
  gboolean found = FALSE;
  FastClass class;

  if (statement == NULL || !fast_statement_step (statement, &found, error))
    return NULL;
  if (!found)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "enrolment-no-value",
                           "item=%s, name=%s", enrolment->item, name);
  if (!fast_class_parse (fast_statement_text (statement, 0), &class, error))
    return NULL;
  place.revision = fast_statement_int (statement, 1);
  sealed = fast_statement_bytes (statement, 2);
  return fast_record_open (vault, enrolment->record, class, &place, sealed, error);
}

/**
 * fast_enrolment_drop:
 * @transaction: an open transaction
 * @item: an enrolment's item id
 * @name: of a value
 * @error: return location for an error
 *
 * Drops one value; there need be none.
 *
 * Returns: whether it is gone
 */
gboolean
fast_enrolment_drop (FastTransaction *transaction, const char *item, const char *name,
                     GError **error)
{
  return fast_statement_run (fast_transaction_store (transaction), error,
                             "DELETE FROM enrolment_value WHERE item = ? AND name = ?", "ss", item,
                             name);
}

/**
 * fast_enrolment_forget:
 * @transaction: an open transaction
 * @item: an enrolment's item id
 * @error: return location for an error
 *
 * Drops the values that a record keeps only until hand-over.
 *
 * Returns: whether they are gone
 */
gboolean
fast_enrolment_forget (FastTransaction *transaction, const char *item, GError **error)
{
  return fast_statement_run (fast_transaction_store (transaction), error,
                             "DELETE FROM enrolment_value WHERE item = ? AND name <> 'membership'",
                             "s", item);
}

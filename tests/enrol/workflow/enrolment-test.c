/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/enrolment.h"

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/statement.h"
#include "tests/support.h"

#define EVENT_COUNT (FAST_EVENT_HANDED_OVER + 1)
#define NONE FAST_ENROLMENT_STATE_COUNT

/* What every event does in every state, written down a second time and the other way round. In the
 * order of the events: granted, refused, lapsed, blank taken, chip spoiled, encoded, made, handed
 * over. */
static const FastEnrolmentState wanted[FAST_ENROLMENT_STATE_COUNT][EVENT_COUNT] = {
    [FAST_ENROLMENT_CAPTURED] = {FAST_ENROLMENT_GRANTED, FAST_ENROLMENT_REFUSED, NONE, NONE, NONE,
                                 NONE, NONE, NONE},
    [FAST_ENROLMENT_REFUSED] = {NONE, NONE, FAST_ENROLMENT_CAPTURED, NONE, NONE, NONE, NONE, NONE},
    [FAST_ENROLMENT_GRANTED] = {NONE, FAST_ENROLMENT_REFUSED, FAST_ENROLMENT_CAPTURED,
                                FAST_ENROLMENT_IN_PRODUCTION, NONE, NONE, NONE, NONE},
    [FAST_ENROLMENT_IN_PRODUCTION] = {NONE, NONE, NONE, NONE, FAST_ENROLMENT_GRANTED,
                                      FAST_ENROLMENT_ENCODED, NONE, NONE},
    [FAST_ENROLMENT_ENCODED] = {NONE, NONE, NONE, NONE, NONE, NONE, FAST_ENROLMENT_MADE, NONE},
    [FAST_ENROLMENT_MADE] = {NONE, NONE, NONE, NONE, NONE, NONE, NONE, FAST_ENROLMENT_HANDED_OVER},
    [FAST_ENROLMENT_HANDED_OVER] = {NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
};

typedef struct {
  char *folder;
  FastStore *store;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const FastSchema *const schemas[] = {&fast_workflow_schema, NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  bench->folder = fast_test_folder ();
  path = g_build_filename (bench->folder, "unit.db", NULL);
  bench->store = fast_store_open (path, "U1", schemas, &error);
  g_assert_no_error (error);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_store_free (bench->store);
  fast_test_remove_folder (bench->folder);
}

static FastEnrolment *
add (Bench *bench, FastEnrolmentState state, guint event)
{
  g_autofree char *item = g_strdup_printf ("U1-%u", state * EVENT_COUNT + event + 1);
  const FastEnrolment enrolment = {item,  (char *)"r", (char *)"FAST", (char *)"cbsa-1",
                                   state, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (bench->store, &error);
  FastEnrolment *loaded;

  g_assert_no_error (error);
  fast_enrolment_add (transaction, &enrolment, 1, &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
  loaded = fast_enrolment_load (bench->store, item, &error);
  g_assert_no_error (error);
  return loaded;
}

static gint64
audit_size (Bench *bench)
{
  FastAuditHead head;
  g_autoptr (GError) error = NULL;

  fast_audit_head (bench->store, &head, &error);
  g_assert_no_error (error);
  return head.size;
}

static void
check_step (Bench *bench, FastEnrolmentState from, FastEnrolmentEvent event)
{
  g_autoptr (FastEnrolment) before = add (bench, from, event);
  g_autoptr (FastEnrolment) after = NULL;
  g_autoptr (GError) error = NULL;
  FastEnrolmentState to = wanted[from][event];
  gint64 size = audit_size (bench);
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (bench->store, &error);
  gboolean moved;

  g_assert_no_error (error);
  g_assert_true (fast_enrolment_can (before, event, NULL) == (to != NONE));
  moved = fast_enrolment_move (transaction, before, event, NULL, "cbsa-1", &error);
  g_assert_true (moved == (to != NONE));
  if (!moved) {
    g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
    fast_test_assert_id (error, "enrolment-step");
    g_clear_error (&error);
  }
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
  after = fast_enrolment_load (bench->store, before->item, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fast_enrolment_state_name (after->state), ==,
                   fast_enrolment_state_name (moved ? to : from));
  g_assert_cmpint (audit_size (bench), ==, size + (moved ? 1 : 0));
}

static void
test_steps (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  for (guint state = 0; state < FAST_ENROLMENT_STATE_COUNT; state++)
    for (guint event = 0; event < EVENT_COUNT; event++)
      check_step (bench, (FastEnrolmentState)state, (FastEnrolmentEvent)event);
}

static void
move (Bench *bench, const char *item, FastEnrolmentEvent event, const char *serial)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (bench->store, &error);
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (bench->store, item, &error);

  g_assert_no_error (error);
  fast_enrolment_move (transaction, enrolment, event, serial, "cbsa-1", &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
}

/* A card keeps its serial until the chip is spoiled; the next blank has another. */
static void
test_serial (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    FastEnrolmentEvent event;
    const char *serial;
    const char *after;
  } steps[] = {
      {FAST_EVENT_BLANK_TAKEN, "FC0000001", "FC0000001"},
      {FAST_EVENT_CHIP_SPOILED, NULL, NULL},
      {FAST_EVENT_BLANK_TAKEN, "FC0000002", "FC0000002"},
      {FAST_EVENT_ENCODED, NULL, "FC0000002"},
      {FAST_EVENT_MADE, NULL, "FC0000002"},
      {FAST_EVENT_HANDED_OVER, NULL, "FC0000002"},
  };
  g_autoptr (FastEnrolment) granted = add (bench, FAST_ENROLMENT_GRANTED, 0);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (FastEnrolment) after = NULL;

    move (bench, granted->item, steps[i].event, steps[i].serial);
    after = fast_enrolment_load (bench->store, granted->item, NULL);
    g_assert_cmpstr (after->serial, ==, steps[i].after);
  }
}

static void
test_absent (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = fast_enrolment_list (bench->store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 0);
  g_assert_null (fast_enrolment_load (bench->store, "U1-99", &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT);
  fast_test_assert_id (error, "enrolment-absent");
}

/* A state that a newer version wrote is told, not guessed. */
static void
test_unknown_state (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastEnrolment) enrolment = add (bench, FAST_ENROLMENT_CAPTURED, 0);
  g_autoptr (GError) error = NULL;

  fast_statement_run (bench->store, &error, "UPDATE enrolment SET state = 'loaned'", "");
  g_assert_no_error (error);
  g_assert_null (fast_enrolment_load (bench->store, enrolment->item, &error));
  fast_test_assert_id (error, "enrolment-state");
  g_clear_error (&error);
  g_assert_null (fast_enrolment_list (bench->store, &error));
  fast_test_assert_id (error, "enrolment-state");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/workflow/enrolment/steps", Bench, NULL, set_up, test_steps, tear_down);
  g_test_add ("/workflow/enrolment/serial", Bench, NULL, set_up, test_serial, tear_down);
  g_test_add ("/workflow/enrolment/absent", Bench, NULL, set_up, test_absent, tear_down);
  g_test_add ("/workflow/enrolment/unknown-state", Bench, NULL, set_up, test_unknown_state,
              tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/membership.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/base/number.h"
#include "record/model/term.h"
#include "record/store/audit.h"
#include "record/store/sequence.h"

#define VALUE "membership"
#define COUNTER "membership"
#define DIGITS 9

/**
 * fast_member_free:
 * @term: (transfer full): a term
 */
void
fast_member_free (FastMember *term)
{
  g_free (term->number);
  g_free (term->expiry);
  g_free (term);
}

static FastMember *
parse (FastSecret *value, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (fast_secret_data (value), fast_secret_size (value));
  g_autoptr (JsonNode) node = fast_json_parse_canonical (bytes, VALUE, error);
  JsonObject *object = node == NULL ? NULL : json_node_get_object (node);
  const char *number = object == NULL ? NULL : fast_json_get_string (object, "number", error);
  const char *expiry = number == NULL ? NULL : fast_json_get_string (object, "expiry", error);
  FastMember *term;

  if (expiry == NULL)
    return NULL;
  term = g_new0 (FastMember, 1);
  term->number = g_strdup (number);
  term->expiry = g_strdup (expiry);
  return term;
}

/**
 * fast_membership_load:
 * @unit: the unit, with somebody signed in
 * @enrolment: an enrolment
 * @error: return location for an error
 *
 * Returns: (transfer full): the membership, or %NULL with FAST_STORE_ERROR_ABSENT while there is
 *   none
 */
FastMember *
fast_membership_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error)
{
  g_autoptr (FastSecret) value =
      fast_enrolment_get (fast_unit_vault (unit), enrolment, VALUE, error);

  return value == NULL ? NULL : parse (value, error);
}

static gboolean
parse_block (FastUnit *unit, guint64 *from, guint64 *to, GError **error)
{
  g_autofree char *text =
      fast_config_string (fast_unit_config (unit), "unit", "membership-numbers", error);
  g_auto (GStrv) ends = text == NULL ? NULL : g_strsplit (text, "-", -1);

  if (ends == NULL)
    return FALSE;
  if (g_strv_length (ends) == 2 && strlen (ends[0]) == DIGITS && strlen (ends[1]) == DIGITS &&
      fast_number_parse (ends[0], 10, 0, G_MAXUINT32, from) &&
      fast_number_parse (ends[1], 10, *from, G_MAXUINT32, to))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "membership-block", "text=%s",
                    text);
}

/* The counter belongs to its block: a new block begins at its own first number. */
static char *
allot_number (FastTransaction *transaction, FastUnit *unit, GError **error)
{
  g_autofree char *counter = NULL;
  guint64 from, to;
  gint64 n;

  if (!parse_block (unit, &from, &to, error))
    return NULL;
  counter = g_strdup_printf (COUNTER "-%" G_GUINT64_FORMAT, from);
  if (!fast_sequence_next (transaction, counter, &n, error))
    return NULL;
  if (from + (guint64)n - 1 > to)
    return fast_fail_null (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "membership-used-up",
                           "from=%" G_GUINT64_FORMAT ", to=%" G_GUINT64_FORMAT, from, to);
  return g_strdup_printf ("%0*" G_GUINT64_FORMAT, DIGITS, from + (guint64)n - 1);
}

static char *
term_expiry (const FastSubject *subject, const FastGrants *grants, GError **error)
{
  g_autoptr (GDateTime) second =
      g_date_time_new_from_unix_local (fast_grants_completed_at (grants));
  g_autoptr (GDate) day = g_date_new_dmy ((GDateDay)g_date_time_get_day_of_month (second),
                                          (GDateMonth)g_date_time_get_month (second),
                                          (GDateYear)g_date_time_get_year (second));
  g_autoptr (GDate) end = fast_term_for (subject->application, subject->profile, day, error);

  return end == NULL ? NULL : fast_date_format (end);
}

static gboolean
put (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
     const FastMember *term, const char *actor, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_node_take (json_object_new ());
  g_autofree char *text = NULL;
  gint64 sequence;

  json_object_set_string_member (json_node_get_object (node), "number", term->number);
  json_object_set_string_member (json_node_get_object (node), "expiry", term->expiry);
  text = fast_json_canonical (node);
  return fast_enrolment_put (transaction, fast_unit_vault (unit), enrolment, VALUE,
                             FAST_CLASS_PERSONAL, text, strlen (text), error) &&
         fast_audit_append (transaction, actor, "membership-allotted", enrolment->item, NULL,
                            &sequence, error);
}

static FastMember *
make (FastUnit *unit, const FastSubject *subject, const FastGrants *grants, const char *actor,
      GError **error)
{
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (fast_unit_store (unit), error);
  g_autoptr (FastMember) term = g_new0 (FastMember, 1);
  const char *held = subject->application->membership->number;

  if (transaction == NULL)
    return NULL;
  term->number = held != NULL ? g_strdup (held) : allot_number (transaction, unit, error);
  term->expiry = term->number == NULL ? NULL : term_expiry (subject, grants, error);
  if (term->expiry == NULL || !put (transaction, unit, subject->enrolment, term, actor, error) ||
      !fast_transaction_commit (transaction, FAST_POINT ("membership"), error))
    return NULL;
  return g_steal_pointer (&term);
}

/**
 * fast_membership_ensure:
 * @unit: the unit, with somebody signed in
 * @subject: an opened enrolment
 * @grants: its grants, complete
 * @actor: the officer's name
 * @error: return location for an error
 *
 * The membership of an enrolment that both agencies granted: a new one gets the next number of the
 * unit's block, once; a renewal or replacement keeps its own.
 *
 * Returns: (transfer full): number and last day; FAST_GATE_ERROR when the block is used up
 */
FastMember *
fast_membership_ensure (FastUnit *unit, const FastSubject *subject, const FastGrants *grants,
                        const char *actor, GError **error)
{
  g_autoptr (GError) absent = NULL;
  FastMember *term = fast_membership_load (unit, subject->enrolment, &absent);

  if (term != NULL)
    return term;
  if (!g_error_matches (absent, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT)) {
    g_propagate_error (error, g_steal_pointer (&absent));
    return NULL;
  }
  return make (unit, subject, grants, actor, error);
}

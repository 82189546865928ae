/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/gates.h"

#include "record/base/error.h"
#include "record/store/audit.h"
#include "record/store/index-card.h"
#include "record/store/revision.h"
#include "tests/enrol/workflow/workplace.h"
#include "tests/support.h"

/* Signed in: cbsa-1, who captures, cbp-1 and cbsa-2. Never cbp-2. */
static Workplace place;

#define OVERRIDE(gate, asked, approved)                                                            \
  "[{\"gate\": \"" gate "\", \"reason\": \"as seen\", \"asked_by\": \"" asked                      \
  "\", \"approved_by\": \"" approved "\"}]"

#define NO_RING "{\"left-ring\": \"amputated\"}"

/**
 * Row:
 * @name: of the test
 * @changes: to the good application
 * @take: (nullable): a sample that is taken out
 * @id: (nullable): the message that refuses; %NULL when every gate lets it pass
 * @names: (nullable): what one of its parameters must be: the field or gate
 */
typedef struct {
  const char *name;
  SpecimenChange changes[4];
  const char *take;
  const char *id;
  const char *names;
} Row;

static const Row rows[] = {
    {"good", {{NULL, NULL}}, NULL, NULL, NULL},
    {"finger-undeclared",
     {{NULL, NULL}},
     "finger-left-ring.png",
     "gate-finger-undeclared",
     "finger-left-ring"},
    {"face-missing", {{NULL, NULL}}, "face.jpg", "gate-sample-missing", "face"},
    {"signature-missing", {{NULL, NULL}}, "signature.png", "gate-sample-missing", "signature"},
    {"declared-and-captured",
     {{"missing", NO_RING}},
     NULL,
     "gate-sample-contradicts",
     "finger-left-ring"},
    {"declared-not-approved",
     {{"missing", NO_RING}},
     "finger-left-ring.png",
     "gate-missing-unapproved",
     "fingers/missing"},
    {"declared-and-approved",
     {{"missing", NO_RING}, {"overrides", OVERRIDE ("fingers/missing", "cbsa-1", "cbp-1")}},
     "finger-left-ring.png",
     NULL,
     NULL},
    {"approved-by-same-agency",
     {{"missing", NO_RING}, {"overrides", OVERRIDE ("fingers/missing", "cbsa-1", "cbsa-2")}},
     "finger-left-ring.png",
     NULL,
     NULL},
    {"override-unknown",
     {{"overrides", OVERRIDE ("photo/hat", "cbsa-1", "cbp-1")}},
     NULL,
     "gate-override-unknown",
     "photo/hat"},
    {"override-by-asker",
     {{"overrides", OVERRIDE ("photo/pose", "cbp-1", "cbp-1")}},
     NULL,
     "rule-override-self",
     "overrides[0].approved_by"},
    {"override-by-capturer",
     {{"overrides", OVERRIDE ("photo/pose", "cbp-1", "cbsa-1")}},
     NULL,
     "gate-override-captured",
     "photo/pose"},
    {"override-not-signed-in",
     {{"overrides", OVERRIDE ("photo/pose", "cbsa-1", "cbp-2")}},
     NULL,
     "gate-override-claim",
     "photo/pose"},
    {"birth-in-future",
     {{"applicant.birth.date", "\"{{day 1}}\""}},
     NULL,
     "rule-birth-future",
     "applicant.birth.date"},
    {"under-age",
     {{"applicant.birth.date", "\"{{day -6500}}\""}},
     NULL,
     "rule-age",
     "applicant.birth.date"},
    {"licence-expired",
     {{"documents[1].expiry", "\"{{day -1}}\""}},
     NULL,
     "rule-licence-expired",
     "documents[1].expiry"},
    {"licence-on-its-last-day", {{"documents[1].expiry", "\"{{day 0}}\""}}, NULL, NULL, NULL},
    {"consent-refused", {{"consents[1].given", "false"}}, NULL, "rule-consent", "consents"},
    {"consent-missing",
     {{"consents", "[{\"nation\": \"CA\", \"text\": \"privacy-CA/1\", \"language\": \"fr\", "
                   "\"given\": true}]"}},
     NULL,
     "rule-consent",
     "consents"},
    {"not-approved",
     {{"application.approvals[1].outcome", "\"pending\""}},
     NULL,
     "rule-approval",
     "application.approvals"},
    {"name-not-in-mrz",
     {{"applicant.names[0].surname", "\"王\""}},
     NULL,
     "translit-character",
     "applicant.names[0].surname"},
};

static gboolean
names (const FastMessage *message, const char *wanted)
{
  static const char *const parameters[] = {"field", "name", "gate"};

  for (guint i = 0; i < G_N_ELEMENTS (parameters); i++)
    if (g_strcmp0 (fast_message_get_parameter (message, parameters[i]), wanted) == 0)
      return TRUE;
  return FALSE;
}

/* The whole store, in one number and one hash: the audit log has a row for every act. */
typedef struct {
  gint64 rows;
  FastAuditHead head;
} Snapshot;

static Snapshot
take_snapshot (void)
{
  FastStore *store = fast_unit_store (place.unit);
  Snapshot snapshot = {.rows = workplace_count_rows (store)};
  g_autoptr (GError) error = NULL;

  fast_audit_head (store, &snapshot.head, &error);
  g_assert_no_error (error);
  return snapshot;
}

static void
assert_unchanged (const Snapshot *before)
{
  Snapshot after = take_snapshot ();

  g_assert_cmpint (after.rows, ==, before->rows);
  g_assert_cmpint (after.head.size, ==, before->head.size);
  g_assert_cmpmem (after.head.root, sizeof after.head.root, before->head.root,
                   sizeof before->head.root);
}

static FastEnrolment *
capture (const FastFolder *folder, GError **error)
{
  return fast_capture_folder (place.unit, folder, fast_unit_nth_actor (place.unit, 0), error);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (FastFolder) folder = workplace_folder (&place, row->changes);
  const Snapshot before = take_snapshot ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;

  if (row->take != NULL)
    g_assert_true (g_hash_table_remove (folder->samples, row->take));
  enrolment = capture (folder, &error);
  if (row->id == NULL) {
    g_assert_no_error (error);
    g_assert_cmpint (enrolment->state, ==, FAST_ENROLMENT_CAPTURED);
    return;
  }
  g_assert_null (enrolment);
  fast_test_assert_id (error, row->id);
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  g_assert_true (names (fast_error_get_message (error), row->names));
  assert_unchanged (&before);
}

/* What a capture leaves: one record, one frozen revision, an index card, an audit row. */
static void
test_kept (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);
  FastStore *store = fast_unit_store (place.unit);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastRevision) revision = fast_revision_load (store, item, 0, &error);
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (store, item, &error);
  g_autoptr (FastSecret) face = NULL;
  g_autoptr (JsonNode) card = NULL;
  GBytes *original = g_hash_table_lookup (place.good->samples, "face.jpg");

  g_assert_no_error (error);
  g_assert_cmpstr (enrolment->captured_by, ==, "cbsa-1");
  g_assert_cmpint (revision->revision, ==, 1);
  g_assert_cmpint (fast_revision_find_part (revision, "applicant.json")->class, ==,
                   FAST_CLASS_PERSONAL);
  g_assert_cmpint (fast_revision_find_part (revision, "finger-left-ring.png")->class, ==,
                   FAST_CLASS_BIOMETRIC);
  face = fast_revision_open_part (fast_unit_vault (place.unit), revision, "face.jpg", &error);
  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (face), fast_secret_size (face),
                   g_bytes_get_data (original, NULL), g_bytes_get_size (original));
  card = fast_index_card_get (fast_unit_vault (place.unit), enrolment->record, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (card), "surname"), ==,
                   "BELANGER<DAMOURS");
}

/* Nobody captures who has not signed in, so nothing can be sealed. */
static void
test_signed_out (void)
{
  Workplace empty;
  g_autoptr (GError) error = NULL;

  workplace_open (&empty, NULL);
  g_assert_null (fast_unit_actor (empty.unit, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_LOCKED);
  workplace_close (&empty);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  workplace_open (&place, NULL);
  workplace_sign_in (&place, "cbsa-1");
  workplace_sign_in (&place, "cbp-1");
  workplace_sign_in (&place, "cbsa-2");
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/workflow/gates/", rows[i].name, NULL);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/workflow/capture/kept", test_kept);
  g_test_add_func ("/workflow/capture/signed-out", test_signed_out);
  code = g_test_run ();
  workplace_close (&place);
  return code;
}

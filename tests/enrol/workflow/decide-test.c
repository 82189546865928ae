/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/decide.h"

#include <openssl/obj_mac.h>

#include "record/base/clock.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/keys/certificate-profile.h"
#include "record/keys/cms.h"
#include "record/model/item.h"
#include "record/store/draft.h"
#include "sync/packet/granted.h"
#include "tests/enrol/workflow/workplace.h"
#include "tests/support.h"

/* Signed in: cbsa-1, who captures, and cbp-1. */
static Workplace place;

static FastGrants *
load_grants (const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_unit_store (place.unit), item, &error);
  FastGrants *grants;

  g_assert_no_error (error);
  grants = fast_grants_load (place.unit, enrolment, &error);
  g_assert_no_error (error);
  return grants;
}

static void
assert_outcomes (const char *item, const char *cbsa, const char *cbp)
{
  g_autoptr (FastGrants) grants = load_grants (item);

  g_assert_cmpstr (fast_grants_outcome (grants, FAST_AGENCY_CBSA), ==, cbsa);
  g_assert_cmpstr (fast_grants_outcome (grants, FAST_AGENCY_CBP), ==, cbp);
}

/* The first thing that a card of @item lacks; %NULL when it lacks nothing. */
static void
assert_lacks (const char *item, const char *id)
{
  g_autoptr (FastGrants) grants = load_grants (item);
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_grants_allow_card (grants, &error) == (id == NULL));
  if (id == NULL)
    return;
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, id);
}

static void
assert_refused (const char *item, FastAgency agency, FastOutcome outcome, const char *reason,
                const char *id)
{
  FastStore *store = fast_unit_store (place.unit);
  const gint64 rows = workplace_count_rows (store);
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_decide (place.unit, item, agency, outcome, reason, &error));
  fast_test_assert_id (error, id);
  g_assert_cmpint (workplace_count_rows (store), ==, rows);
}

static void
test_grants (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);

  assert_outcomes (item, "undecided", "undecided");
  assert_lacks (item, "grants-undecided");
  workplace_decide (&place, item, FAST_AGENCY_CBSA, "grant", NULL);
  assert_outcomes (item, "grant", "undecided");
  assert_lacks (item, "grants-undecided");
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_CAPTURED);
  workplace_decide (&place, item, FAST_AGENCY_CBP, "grant", NULL);
  assert_outcomes (item, "grant", "grant");
  assert_lacks (item, NULL);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
}

/* One agency refuses after both granted, then comes round. */
static void
test_change_of_mind (void)
{
  g_autofree char *item = workplace_grant (&place, NULL);

  workplace_decide (&place, item, FAST_AGENCY_CBP, "refuse", "documents-incomplete");
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_REFUSED);
  assert_lacks (item, "grants-refused");
  workplace_decide (&place, item, FAST_AGENCY_CBP, "grant", NULL);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
  assert_lacks (item, NULL);
}

static void
test_defer (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);

  workplace_decide (&place, item, FAST_AGENCY_CBSA, "grant", NULL);
  workplace_decide (&place, item, FAST_AGENCY_CBP, "defer", "second-interview");
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_CAPTURED);
  assert_outcomes (item, "grant", "defer");
  assert_lacks (item, "grants-deferred");
  workplace_decide (&place, item, FAST_AGENCY_CBP, "refuse", "criminality");
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_REFUSED);
  workplace_decide (&place, item, FAST_AGENCY_CBP, "defer", "second-interview");
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_CAPTURED);
}

static void
test_reasons (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);

  assert_refused (item, FAST_AGENCY_CBSA, FAST_OUTCOME_REFUSE, NULL, "decide-no-reason");
  assert_refused (item, FAST_AGENCY_CBSA, FAST_OUTCOME_DEFER, NULL, "decide-no-reason");
  assert_refused ("U1-9999", FAST_AGENCY_CBSA, FAST_OUTCOME_GRANT, NULL, "enrolment-absent");
}

/* Who has not signed in for an agency does not decide for it. */
static void
test_other_agency (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);

  workplace_sign_out (&place);
  workplace_sign_in (&place, "cbsa-1");
  assert_refused (item, FAST_AGENCY_CBP, FAST_OUTCOME_GRANT, NULL, "unit-no-agency");
  workplace_sign_in (&place, "cbp-1");
}

static void
test_late (void)
{
  g_autofree char *item = workplace_grant (&place, NULL);
  g_autoptr (GError) error = NULL;
  FastStore *store = fast_unit_store (place.unit);
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, &error);
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (store, item, &error);

  fast_enrolment_move (transaction, enrolment, FAST_EVENT_BLANK_TAKEN, "FC0000001", "cbsa-1",
                       &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
  assert_refused (item, FAST_AGENCY_CBP, FAST_OUTCOME_REFUSE, "criminality", "decide-late");
}

/* A later revision that differs in one part. */
static void
freeze_again (const char *item, const char *part, const char *text)
{
  FastStore *store = fast_unit_store (place.unit);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, &error);
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (store, item, &error);
  g_autoptr (FastDraft) draft =
      fast_draft_new (fast_item_kind_name (FAST_ITEM_ENROLMENT), enrolment->record);
  g_autoptr (FastRevision) revision = NULL;

  fast_draft_set_item (draft, item);
  fast_draft_keep_rest (draft);
  fast_draft_add (draft, part, FAST_CLASS_PERSONAL, text, strlen (text));
  revision = fast_draft_freeze (draft, transaction, fast_unit_vault (place.unit), &error);
  g_assert_no_error (error);
  g_assert_cmpint (revision->revision, ==, 2);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
}

static void
test_stands (void)
{
  g_autofree char *item = workplace_grant (&place, NULL);

  freeze_again (item, "document-letter.txt", "an entry that was not there");
  assert_outcomes (item, "grant", "grant");
  assert_lacks (item, NULL);
}

static void
test_lapses (void)
{
  g_autofree char *item = workplace_grant (&place, NULL);

  freeze_again (item, "payment.json", "{}");
  assert_outcomes (item, "lapsed", "lapsed");
  assert_lacks (item, "grants-lapsed");
  workplace_decide (&place, item, FAST_AGENCY_CBP, "grant", NULL);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_CAPTURED);
  assert_outcomes (item, "lapsed", "grant");
  workplace_decide (&place, item, FAST_AGENCY_CBSA, "grant", NULL);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
  assert_lacks (item, NULL);
}

/* A key of CBP's that a certificate with the name @officer goes with. */
static void
issue (const char *officer, const char *agency, const char *key_path, const char *certificate_path)
{
  g_autofree char *ca_path = g_build_filename (place.root, "US", "ca.pem", NULL);
  g_autofree char *ca_key_path = g_build_filename (place.root, "US", "ca.key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) ca = fast_certificate_load (ca_path, &error);
  g_autoptr (EVP_PKEY) ca_key = fast_key_load (ca_key_path, &error);
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  const FastCertificateSubject subject = {"US", "USA", "FAST", agency, officer};
  const FastCertificateIssuer issuer = {ca, ca_key};
  g_autoptr (X509) certificate = NULL;

  g_assert_no_error (error);
  certificate = fast_certificate_profile_issue (fast_certificate_profile_find ("sign"), &subject,
                                                key, &issuer, TRUE, fast_clock_now () - 60, &error);
  g_assert_no_error (error);
  fast_key_save (key, key_path, &error);
  g_assert_no_error (error);
  fast_certificate_save (certificate, certificate_path, &error);
  g_assert_no_error (error);
}

static void
replace_file (const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_bytes_read_file (from, 65536, &error);

  g_assert_no_error (error);
  fast_durable_replace (to, bytes, 0600, NULL, &error);
  g_assert_no_error (error);
}

/* A granted decision as another unit could have brought it: signed by @officer for CBP. */
static void
freeze_grant (const char *item, const char *officer, const char *agency)
{
  FastStore *store = fast_unit_store (place.unit);
  g_autofree char *key_path = g_build_filename (place.root, "other.key", NULL);
  g_autofree char *certificate_path = g_build_filename (place.root, "other.pem", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = NULL;
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (store, item, &error);
  g_autoptr (FastRevision) newest = fast_revision_load (store, item, 0, &error);
  g_autoptr (FastDraft) draft =
      fast_draft_new (fast_item_kind_name (FAST_ITEM_DECISION), enrolment->record);
  g_autofree char *parts = fast_sha256_hex (newest->parts_json);
  g_autoptr (FastDecision) decision = fast_decision_new (
      &(FastDecision){FAST_AGENCY_CBP, item, 1, FAST_OUTCOME_GRANT, NULL, 1, parts}, &error);
  g_autoptr (GBytes) text = fast_decision_to_bytes (decision);
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (FastRevision) frozen = NULL;
  g_autoptr (X509) certificate = NULL;
  g_autoptr (EVP_PKEY) key = NULL;

  issue (officer, agency, key_path, certificate_path);
  key = fast_key_load (key_path, &error);
  certificate = fast_certificate_load (certificate_path, &error);
  g_assert_no_error (error);
  signature = fast_cms_sign (text, certificate, key, &(FastCmsOptions){.detached = TRUE}, &error);
  g_assert_no_error (error);
  fast_draft_set_about (draft, item);
  fast_draft_add_bytes (draft, "decision-CBP.json", FAST_CLASS_PERSONAL, text);
  fast_draft_add_bytes (draft, "decision-CBP.p7s", FAST_CLASS_PERSONAL, signature);
  fast_draft_add_bytes (draft, FAST_GRANTED_PARTS, FAST_CLASS_PERSONAL, newest->parts_json);
  transaction = fast_transaction_begin (store, &error);
  frozen = fast_draft_freeze (draft, transaction, fast_unit_vault (place.unit), &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
}

/* Two grants, both by who captured: one officer who serves both agencies. */
static void
test_four_eyes (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);
  g_autofree char *other = workplace_capture (&place, NULL);

  workplace_decide (&place, item, FAST_AGENCY_CBSA, "grant", NULL);
  freeze_grant (item, "cbsa-1", "CBP");
  assert_outcomes (item, "grant", "grant");
  assert_lacks (item, "grants-four-eyes");
  workplace_decide (&place, other, FAST_AGENCY_CBSA, "grant", NULL);
  freeze_grant (other, "cbp-9", "CBP");
  assert_lacks (other, NULL);
}

/* A decision of CBP's that an officer of another agency signed does not count: nothing does. */
static void
test_wrong_signer (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment = NULL;

  freeze_grant (item, "cbp-9", "CBSA");
  enrolment = fast_enrolment_load (fast_unit_store (place.unit), item, &error);
  g_assert_no_error (error);
  g_assert_null (fast_grants_load (place.unit, enrolment, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED);
}

/* An officer signs with a certificate of their own name, or four eyes could be two. */
static void
test_other_name (void)
{
  g_autofree char *item = workplace_capture (&place, NULL);
  g_autofree char *key = g_build_filename (place.root, "officers", "cbp-1.key", NULL);
  g_autofree char *certificate = g_build_filename (place.root, "officers", "cbp-1.pem", NULL);
  g_autofree char *kept_key = g_build_filename (place.root, "kept.key", NULL);
  g_autofree char *kept = g_build_filename (place.root, "kept.pem", NULL);

  replace_file (key, kept_key);
  replace_file (certificate, kept);
  issue ("cbp-9", "CBP", key, certificate);
  assert_refused (item, FAST_AGENCY_CBP, FAST_OUTCOME_GRANT, NULL, "decide-other-name");
  issue ("cbp-1", "CBSA", key, certificate);
  assert_refused (item, FAST_AGENCY_CBP, FAST_OUTCOME_GRANT, NULL, "decide-other-name");
  replace_file (kept_key, key);
  replace_file (kept, certificate);
  workplace_decide (&place, item, FAST_AGENCY_CBP, "grant", NULL);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  workplace_open (&place, NULL);
  workplace_sign_in (&place, "cbsa-1");
  workplace_sign_in (&place, "cbp-1");
  g_test_add_func ("/workflow/decide/grants", test_grants);
  g_test_add_func ("/workflow/decide/change-of-mind", test_change_of_mind);
  g_test_add_func ("/workflow/decide/defer", test_defer);
  g_test_add_func ("/workflow/decide/reasons", test_reasons);
  g_test_add_func ("/workflow/decide/other-agency", test_other_agency);
  g_test_add_func ("/workflow/decide/late", test_late);
  g_test_add_func ("/workflow/decide/stands", test_stands);
  g_test_add_func ("/workflow/decide/lapses", test_lapses);
  g_test_add_func ("/workflow/decide/four-eyes", test_four_eyes);
  g_test_add_func ("/workflow/decide/wrong-signer", test_wrong_signer);
  g_test_add_func ("/workflow/decide/other-name", test_other_name);
  code = g_test_run ();
  workplace_close (&place);
  return code;
}

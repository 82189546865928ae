/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/production.h"

#include "enrol/workflow/content.h"
#include "personalise/lds/document-details.h"
#include "personalise/lds/face-group.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/lds/passive-authentication.h"
#include "personalise/lds/public-key-group.h"
#include "personalise/lds/security-group.h"
#include "personalise/lds/signature-group.h"
#include "personalise/lds/trust-points.h"
#include "personalise/print/seal.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/model/term.h"
#include "tests/enrol/workflow/workplace.h"
#include "tests/support.h"

const char *__lsan_default_suppressions (void);

/* Fontconfig keeps its caches until the process ends; they do not grow with the cards drawn. */
const char *
__lsan_default_suppressions (void)
{
  return "leak:libfontconfig\n";
}

/* Signed in: cbsa-1 and cbp-1. The block of membership numbers has two. */
static Workplace place;

static void
open_place (void)
{
  workplace_open (&place, "500000000-500000001");
  workplace_sign_in (&place, "cbsa-1");
  workplace_sign_in (&place, "cbp-1");
}

static void
assert_begin_refused (const char *item, const char *serial, const char *id)
{
  const gint64 rows = workplace_count_rows (fast_unit_store (place.unit));
  g_autoptr (GError) error = NULL;

  g_assert_false (
      fast_production_begin (place.unit, item, serial, &fast_applet_icao_perso, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, id);
  g_assert_cmpint (workplace_count_rows (fast_unit_store (place.unit)), ==, rows);
}

static void
begin (const char *item, const char *serial)
{
  g_autoptr (GError) error = NULL;

  fast_production_begin (place.unit, item, serial, &fast_applet_icao_perso, &error);
  g_assert_no_error (error);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_IN_PRODUCTION);
}

static FastMember *
load_member (const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_unit_store (place.unit), item, &error);
  FastMember *member = fast_membership_load (place.unit, enrolment, &error);

  g_assert_no_error (error);
  return member;
}

static void
assert_number (const char *item, const char *number)
{
  g_autoptr (FastMember) member = load_member (item);

  g_assert_cmpstr (member->number, ==, number);
}

static FastContent *
load_content (const char *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastEnrolment) enrolment =
      fast_enrolment_load (fast_unit_store (place.unit), item, &error);
  FastContent *content = fast_content_load (place.unit, enrolment, &error);

  g_assert_no_error (error);
  return content;
}

/* No blank is touched before both agencies granted. */
static void
test_gates (void)
{
  g_autofree char *item = NULL;
  g_autoptr (GError) error = NULL;
  gboolean preview;

  open_place ();
  item = workplace_capture (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  workplace_add_blank (&place, "FC0000002", "00000002", "E2000002", FALSE);
  assert_begin_refused (item, "FC0000001", "grants-undecided");
  g_assert_null (fast_production_content (place.unit, item, &preview, &error));
  fast_test_assert_id (error, "grants-undecided");
  workplace_decide (&place, item, FAST_AGENCY_CBSA, "grant", NULL);
  workplace_decide (&place, item, FAST_AGENCY_CBP, "defer", "second-interview");
  assert_begin_refused (item, "FC0000001", "grants-deferred");
  workplace_decide (&place, item, FAST_AGENCY_CBP, "grant", NULL);
  assert_begin_refused (item, "FC0000002", "stock-move");
  begin (item, "FC0000001");
  assert_begin_refused (item, "FC0000001", "enrolment-step");
  workplace_close (&place);
}

/* A preview names the number that the card will have and keeps nothing else. */
static void
test_preview (void)
{
  g_autofree char *item = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FastContent) before = NULL;
  g_autoptr (FastContent) after = NULL;
  gboolean preview;

  open_place ();
  item = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  before = fast_production_content (place.unit, item, &preview, &error);
  g_assert_no_error (error);
  g_assert_true (preview);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
  g_assert_null (fast_production_face (place.unit, item, &error));
  fast_test_assert_id (error, "production-no-card");
  g_clear_error (&error);
  begin (item, "FC0000001");
  after = fast_production_content (place.unit, item, &preview, &error);
  g_assert_no_error (error);
  g_assert_false (preview);
  g_assert_true (g_bytes_equal (fast_lds_get (before->lds, fast_file_group (1)),
                                fast_lds_get (after->lds, fast_file_group (1))));
  assert_number (item, "500000000");
  workplace_close (&place);
}

static void
test_numbers (void)
{
  static const SpecimenChange renewal[] = {
      {"kind", "\"renewal\""},
      {"membership.number", "\"412345678\""},
      {"membership.previous_expiry", "\"{{day 100}}\""},
      {NULL, NULL},
  };
  g_autofree char *first = NULL;
  g_autofree char *renewed = NULL;
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;

  open_place ();
  first = workplace_grant (&place, NULL);
  renewed = workplace_grant (&place, renewal);
  second = workplace_grant (&place, NULL);
  third = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  workplace_add_blank (&place, "FC0000002", "00000002", "E2000002", TRUE);
  workplace_add_blank (&place, "FC0000003", "00000003", "E2000003", TRUE);
  workplace_add_blank (&place, "FC0000004", "00000004", "E2000004", TRUE);
  begin (first, "FC0000001");
  begin (renewed, "FC0000002");
  begin (second, "FC0000003");
  assert_number (first, "500000000");
  assert_number (renewed, "412345678");
  assert_number (second, "500000001");
  assert_begin_refused (third, "FC0000004", "membership-used-up");
  g_assert_cmpint (workplace_state (&place, third), ==, FAST_ENROLMENT_GRANTED);
  workplace_close (&place);
}

static void
assert_mrz (const FastContent *content, const FastMember *member)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastMrz) mrz =
      fast_mrz_group_parse (fast_lds_get (content->lds, fast_file_group (1)), &error);
  g_autoptr (GDate) today = fast_clock_today ();
  g_autoptr (GDate) expiry = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (mrz->code, ==, "ID");
  g_assert_cmpstr (mrz->state, ==, "CAN");
  g_assert_cmpstr (mrz->number, ==, "FC0000001");
  g_assert_cmpstr (mrz->optional, ==, member->number);
  g_assert_cmpstr (mrz->nationality, ==, "CAN");
  g_assert_cmpstr (mrz->surname, ==, "BELANGER DAMOURS");
  expiry = fast_mrz_dup_expiry (mrz, today);
  text = fast_date_format (expiry);
  g_assert_cmpstr (text, ==, member->expiry);
}

/* The first birthday, 19 July, at least five years from today. */
static void
assert_expiry (const FastMember *member)
{
  g_autoptr (GDate) birth = g_date_new_dmy (19, 7, 1986);
  g_autoptr (GDate) today = fast_clock_today ();
  g_autoptr (GDate) end = fast_term_end (birth, today, 5);
  g_autofree char *text = fast_date_format (end);

  g_assert_cmpstr (member->expiry, ==, text);
  g_assert_true (g_str_has_suffix (member->expiry, "-07-19"));
}

static void
assert_authentic (FastLds *lds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTrust) trust = fast_production_trust (place.unit, &error);
  g_autoptr (GPtrArray) verdicts = fast_verdicts_new ();

  g_assert_no_error (error);
  fast_passive_authentication (lds, trust, fast_clock_now (), verdicts);
  g_assert_cmpuint (verdicts->len, >, 5);
  g_assert_true (fast_verdicts_hold (verdicts));
}

static void
assert_seal (const FastContent *content)
{
  g_autofree char *path = fast_config_path (place.config, "card", "seal-certificate", NULL);
  const char *const paths[] = {path, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) signers = fast_certificates_load (paths, &error);
  g_autoptr (FastSeal) seal = fast_seal_parse (content->seal, &error);
  g_autoptr (FastMrz) mrz =
      fast_mrz_group_parse (fast_lds_get (content->lds, fast_file_group (1)), &error);
  g_autoptr (FastFaceRecord) face =
      fast_face_group_parse (fast_lds_get (content->lds, fast_file_group (2)), &error);
  g_auto (GStrv) lines = fast_mrz_dup_lines (mrz);
  g_autofree char *wanted = g_strjoinv ("\n", lines);
  g_autofree char *text = NULL;
  g_autofree char *serial = NULL;
  g_autofree char *rfid = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (fast_seal_verify (seal, signers, &error));
  text = fast_seal_dup_mrz (seal, &error);
  serial = fast_seal_dup_serial (seal, &error);
  rfid = fast_seal_dup_rfid (seal, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, wanted);
  g_assert_cmpstr (serial, ==, "FC0000001");
  g_assert_cmpstr (rfid, ==, "E2000001");
  g_assert_true (fast_seal_matches_face (seal, face->image));
}

/* Who issues the card, and the signature of who holds it. */
static void
assert_document (FastLds *lds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *issued = fast_date_format (today);
  g_autoptr (FastDocumentDetails) details =
      fast_document_details_parse (fast_lds_get (lds, fast_file_group (12)), &error);
  g_autoptr (GPtrArray) signatures =
      fast_signature_group_parse (fast_lds_get (lds, fast_file_group (7)), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (details->authority, ==,
                   "Canada Border Services Agency / Agence des services frontaliers du Canada");
  g_assert_cmpstr (details->issued, ==, issued);
  g_assert_cmpstr (details->system, ==, fast_unit_id (place.unit));
  g_assert_cmpuint (signatures->len, ==, 1);
}

/* The files tell the public halves of the keys that are kept for the chip, and nothing of them can
 * be told from the files alone. */
static void
assert_keys (const FastContent *content)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) active =
      fast_public_key_group_parse (fast_lds_get (content->lds, fast_file_group (15)), &error);
  g_autoptr (GPtrArray) infos =
      fast_security_group_parse (fast_lds_get (content->lds, fast_file_group (14)), &error);
  g_autoptr (EVP_PKEY) chip = NULL;
  g_autoptr (FastTrustPoints) points =
      fast_trust_points_parse (fast_lds_get (content->lds, fast_file_cvca ()), &error);

  g_assert_no_error (error);
  chip = fast_security_info_load_key (fast_security_infos_find (infos, FAST_SECURITY_CHIP_KEY),
                                      &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (active, content->secrets->active_key), ==, 1);
  g_assert_cmpint (EVP_PKEY_eq (chip, content->secrets->chip_key), ==, 1);
  g_assert_cmpint (EVP_PKEY_eq (chip, active), ==, 0);
  g_assert_cmpstr (points->current, ==, "CAFASTCVCA00001");
  g_assert_nonnull (fast_lds_get (content->lds, fast_file_card_access ()));
  g_assert_nonnull (fast_lds_get (content->lds, fast_file_atr_info ()));
}

static void
assert_same_secrets (const FastChipSecrets *left, const FastChipSecrets *right)
{
  g_assert_cmpuint (fast_secret_size (left->can), ==, 6);
  g_assert_cmpmem (fast_secret_data (left->can), fast_secret_size (left->can),
                   fast_secret_data (right->can), fast_secret_size (right->can));
  g_assert_cmpint (EVP_PKEY_eq (left->chip_key, right->chip_key), ==, 1);
  g_assert_cmpint (EVP_PKEY_eq (left->active_key, right->active_key), ==, 1);
  g_assert_true (g_bytes_equal (left->trust_point, right->trust_point));
}

/* What chip and face will hold: fixed once, in agreement with each other. */
static void
test_content (void)
{
  g_autofree char *item = NULL;
  g_autoptr (FastMember) member = NULL;
  g_autoptr (FastContent) content = NULL;
  g_autoptr (FastContent) again = NULL;
  g_autoptr (FastCardFace) face = NULL;
  g_autoptr (GError) error = NULL;

  open_place ();
  item = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  begin (item, "FC0000001");
  member = load_member (item);
  content = load_content (item);
  again = load_content (item);
  assert_mrz (content, member);
  assert_expiry (member);
  assert_authentic (content->lds);
  assert_document (content->lds);
  assert_seal (content);
  assert_keys (content);
  assert_same_secrets (content->secrets, again->secrets);
  g_assert_true (g_bytes_equal (content->seal, again->seal));
  g_assert_true (g_bytes_equal (fast_lds_get (content->lds, fast_file_sod ()),
                                fast_lds_get (again->lds, fast_file_sod ())));
  face = fast_production_face (place.unit, item, &error);
  g_assert_no_error (error);
  workplace_close (&place);
}

/* A blank that one card is begun on is nobody else’s. */
static void
test_another_blank (void)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  open_place ();
  first = workplace_grant (&place, NULL);
  second = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  begin (first, "FC0000001");
  assert_begin_refused (second, "FC0000001", "stock-move");
  g_assert_cmpint (workplace_state (&place, second), ==, FAST_ENROLMENT_GRANTED);
  workplace_close (&place);
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *source = g_build_filename (place.root, from, NULL);
  g_autofree char *target = g_build_filename (place.root, to, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (source, &text, &size, &error);
  g_assert_no_error (error);
  g_file_set_contents_full (target, text, (gssize)size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                            &error);
  g_assert_no_error (error);
}

/* A unit that believes the wrong signing authority would spoil one blank after the other. */
static void
test_wrong_authority (void)
{
  g_autofree char *item = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStockEntry) blank = NULL;

  open_place ();
  item = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  copy_file ("CA/csca.pem", "csca.kept");
  copy_file ("US/csca.pem", "CA/csca.pem");
  g_assert_false (
      fast_production_begin (place.unit, item, "FC0000001", &fast_applet_icao_perso, &error));
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "production-not-authentic");
  g_clear_error (&error);
  blank = fast_stock_find_serial (fast_unit_store (place.unit), "FC0000001", &error);
  g_assert_no_error (error);
  g_assert_cmpint (blank->state, ==, FAST_BLANK_ALLOTTED);
  g_assert_cmpint (workplace_state (&place, item), ==, FAST_ENROLMENT_GRANTED);
  copy_file ("csca.kept", "CA/csca.pem");
  begin (item, "FC0000001");
  assert_number (item, "500000000");
  workplace_close (&place);
}

static void
assert_signer_refused (const char *item, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastContent) content = NULL;
  g_autofree char *text = NULL;
  gboolean preview;

  content = fast_production_content (place.unit, item, &preview, &error);
  g_assert_null (content);
  g_assert_error (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (error, "production-signer");
  text = fast_error_format (error, "en");
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, id));
  assert_begin_refused (item, "FC0000001", "production-signer");
}

/* A document signer signs for thirty days, each signer only its own: a rule of the unit, because no
 * reader could tell (ICAO 9303-12, table 6). */
static void
test_signer_period (void)
{
  g_autofree char *item = NULL;
  g_autofree char *later = fast_clock_format (fast_clock_now () + 31 * 24 * 60 * 60);

  open_place ();
  item = workplace_grant (&place, NULL);
  workplace_add_blank (&place, "FC0000001", "00000001", "E2000001", TRUE);
  g_setenv ("FAST_CLOCK", later, TRUE);
  assert_signer_refused (item, "may sign no more");
  g_unsetenv ("FAST_CLOCK");
  copy_file ("CA/ds.pem", "ds.pem.kept");
  copy_file ("CA/ds.key", "ds.key.kept");
  copy_file ("CA/seal.pem", "CA/ds.pem");
  copy_file ("CA/seal.key", "CA/ds.key");
  assert_signer_refused (item, "may not sign as");
  copy_file ("ds.pem.kept", "CA/ds.pem");
  copy_file ("ds.key.kept", "CA/ds.key");
  copy_file ("CA/ds.pem", "CA/seal.pem");
  copy_file ("CA/ds.key", "CA/seal.key");
  assert_signer_refused (item, "may not sign as");
  workplace_close (&place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/workflow/production/gates", test_gates);
  g_test_add_func ("/workflow/production/preview", test_preview);
  g_test_add_func ("/workflow/production/numbers", test_numbers);
  g_test_add_func ("/workflow/production/content", test_content);
  g_test_add_func ("/workflow/production/another-blank", test_another_blank);
  g_test_add_func ("/workflow/production/wrong-authority", test_wrong_authority);
  g_test_add_func ("/workflow/production/signer-period", test_signer_period);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-chain.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "tests/record/keys/cv-fixture.h"
#include "tests/support.h"

#define CVCA "DETESTCVCA00001"
#define NEXT "DETESTCVCA00002"
#define THIRD "DETESTCVCA00003"
#define DV "DETESTDV00001"
#define IS "DETESTIS00001"
#define BOTH (FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4)

/* The chip's date at the start, and the CVCA's days, as in TR-03105-3.2, 2.4. */
#define TODAY 20260301
#define CVCA_FROM 20260301
#define CVCA_TO 20290301

static EVP_PKEY *cvca_key;
static EVP_PKEY *next_key;
static EVP_PKEY *dv_key;
static EVP_PKEY *is_key;

static const CvTerms root = {CVCA, CVCA, FAST_CV_ROLE_CVCA, BOTH, CVCA_FROM, CVCA_TO};
static const CvTerms domestic = {CVCA, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20260301, 20260401};
static const CvTerms foreign = {CVCA, DV, FAST_CV_ROLE_DV_FOREIGN, BOTH, 20260301, 20260401};
static const CvTerms inspector = {DV, IS, FAST_CV_ROLE_TERMINAL, BOTH, 20260301, 20260401};

/* A chip that was personalised today, and one session with it. */
typedef struct {
  FastCvTrust *trust;
  FastCvChain *chain;
} Chip;

static Chip
chip_new (void)
{
  const GDate today = cv_fixture_date (TODAY);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) certificate = cv_fixture_issue (&root, cvca_key, cvca_key);
  Chip chip = {.trust = fast_cv_trust_new (&today)};

  g_assert_true (fast_cv_trust_add (chip.trust, certificate, &error));
  g_assert_no_error (error);
  chip.chain = fast_cv_chain_new (chip.trust);
  return chip;
}

static void
chip_clear (Chip *chip)
{
  fast_cv_chain_free (chip->chain);
  fast_cv_trust_free (chip->trust);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chip, chip_clear)

static void
chip_reset (Chip *chip)
{
  fast_cv_chain_free (chip->chain);
  chip->chain = fast_cv_chain_new (chip->trust);
}

static void
accept (Chip *chip, const CvTerms *terms, EVP_PKEY *key, EVP_PKEY *issuer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) certificate = cv_fixture_issue (terms, key, issuer);

  cv_fixture_show (chip->chain, certificate, &error);
  g_assert_no_error (error);
}

static void
refuse (Chip *chip, const CvTerms *terms, EVP_PKEY *key, EVP_PKEY *issuer, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) certificate = cv_fixture_issue (terms, key, issuer);

  g_assert_false (cv_fixture_show (chip->chain, certificate, &error));
  fast_test_assert_id (error, id);
}

static void
assert_today (const Chip *chip, const char *wanted)
{
  g_autofree char *today = fast_date_format (fast_cv_trust_get_today (chip->trust));

  g_assert_cmpstr (today, ==, wanted);
}

static FastCvKey *
terminal_of (const Chip *chip, const char *name, GError **error)
{
  return fast_cv_chain_find_terminal (chip->chain, name, strlen (name), error);
}

static void
test_chain (void)
{
  g_auto (Chip) chip = chip_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvKey) key = NULL;

  g_assert_null (terminal_of (&chip, IS, &error));
  fast_test_assert_id (error, "cv-chain-no-terminal");
  g_clear_error (&error);
  accept (&chip, &domestic, dv_key, cvca_key);
  g_assert_cmpuint (fast_cv_chain_get_rights (chip.chain), ==, FAST_CV_RIGHT_NONE);
  accept (&chip, &inspector, is_key, dv_key);
  g_assert_cmpuint (fast_cv_chain_get_rights (chip.chain), ==, BOTH);
  key = terminal_of (&chip, IS, &error);
  g_assert_no_error (error);
  g_assert_true (EVP_PKEY_eq (fast_cv_key_get_public (key), is_key) == 1);
  g_assert_null (terminal_of (&chip, DV, &error));
  fast_test_assert_id (error, "cv-chain-no-terminal");
}

/* 3.2, unit L: what CVCA, DV and terminal grant together, for domestic and foreign DVs. */
static void
test_rights (void)
{
  for (guint all = 0; all < 128; all++) {
    CvTerms top = root;
    CvTerms middle = (all & 64) != 0 ? domestic : foreign;
    CvTerms bottom = inspector;
    const GDate today = cv_fixture_date (TODAY);
    g_autoptr (FastCvTrust) trust = fast_cv_trust_new (&today);
    g_autoptr (FastCvChain) chain = fast_cv_chain_new (trust);
    g_autoptr (FastCvCertificate) first = NULL;
    Chip chip = {trust, chain};

    top.rights = all & 3;
    middle.rights = all >> 2 & 3;
    bottom.rights = all >> 4 & 3;
    first = cv_fixture_issue (&top, cvca_key, cvca_key);
    g_assert_true (fast_cv_trust_add (trust, first, NULL));
    accept (&chip, &middle, dv_key, cvca_key);
    accept (&chip, &bottom, is_key, dv_key);
    g_assert_cmpuint (fast_cv_chain_get_rights (chain), ==,
                      top.rights & middle.rights & bottom.rights);
  }
}

/* 3.2, unit J: every transition between roles, one that is allowed and one that is not. */
static const struct {
  const char *name;
  FastCvRole first;
  FastCvRole second;
  gboolean allowed;
} transitions[] = {
    {"3.2:ISO7816_J_43", FAST_CV_ROLE_CVCA, FAST_CV_ROLE_TERMINAL, FALSE},
    {"3.2:ISO7816_J_44", FAST_CV_ROLE_DV_DOMESTIC, FAST_CV_ROLE_CVCA, FALSE},
    {"3.2:ISO7816_J_45", FAST_CV_ROLE_DV_FOREIGN, FAST_CV_ROLE_CVCA, FALSE},
    {"3.2:ISO7816_J_46", FAST_CV_ROLE_DV_DOMESTIC, FAST_CV_ROLE_DV_DOMESTIC, FALSE},
    {"3.2:ISO7816_J_47", FAST_CV_ROLE_DV_DOMESTIC, FAST_CV_ROLE_DV_FOREIGN, FALSE},
    {"3.2:ISO7816_J_48", FAST_CV_ROLE_DV_FOREIGN, FAST_CV_ROLE_DV_DOMESTIC, FALSE},
    {"3.2:ISO7816_J_49", FAST_CV_ROLE_DV_FOREIGN, FAST_CV_ROLE_DV_FOREIGN, FALSE},
    {"domestic-terminal", FAST_CV_ROLE_DV_DOMESTIC, FAST_CV_ROLE_TERMINAL, TRUE},
    {"foreign-terminal", FAST_CV_ROLE_DV_FOREIGN, FAST_CV_ROLE_TERMINAL, TRUE},
};

static void
test_transition (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_auto (Chip) chip = chip_new ();
  CvTerms first = domestic;
  CvTerms second = inspector;

  first.role = transitions[i].first;
  second.role = transitions[i].second;
  if (first.role == FAST_CV_ROLE_CVCA)
    second.authority = CVCA;
  else
    accept (&chip, &first, dv_key, cvca_key);
  if (transitions[i].allowed)
    accept (&chip, &second, is_key, dv_key);
  else
    refuse (&chip, &second, is_key, first.role == FAST_CV_ROLE_CVCA ? cvca_key : dv_key,
            "cv-chain-order");
}

/* A terminal certifies nobody: its key is never found as an authority. */
static void
test_below_terminal (void)
{
  for (guint role = FAST_CV_ROLE_TERMINAL; role <= FAST_CV_ROLE_CVCA; role++) {
    g_auto (Chip) chip = chip_new ();
    const CvTerms below = {IS, "DEOTHER00001", role, BOTH, 20260301, 20260401};

    accept (&chip, &domestic, dv_key, cvca_key);
    accept (&chip, &inspector, is_key, dv_key);
    refuse (&chip, &below, dv_key, is_key, "cv-chain-unknown");
  }
}

static void
test_selection (void)
{
  g_auto (Chip) chip = chip_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) dv = cv_fixture_issue (&domestic, dv_key, cvca_key);
  g_autoptr (FastCvCertificate) terminal = cv_fixture_issue (&inspector, is_key, dv_key);

  g_assert_false (fast_cv_chain_verify (chip.chain, dv, &error));
  fast_test_assert_id (error, "cv-chain-unselected");
  g_clear_error (&error);
  g_assert_false (fast_cv_chain_select (chip.chain, "DE", 2, &error));
  fast_test_assert_id (error, "cv-reference");
  g_clear_error (&error);
  g_assert_true (fast_cv_chain_select (chip.chain, CVCA, strlen (CVCA), &error));
  g_assert_false (fast_cv_chain_verify (chip.chain, terminal, &error));
  fast_test_assert_id (error, "cv-chain-authority");
  g_clear_error (&error);
  g_assert_false (fast_cv_chain_verify (chip.chain, dv, &error));
  fast_test_assert_id (error, "cv-chain-unselected");
}

/* 3.2:ISO7816_J_22: a DV's key does not outlive the session; the date does. */
static void
test_reset (void)
{
  g_auto (Chip) chip = chip_new ();
  CvTerms later = domestic;

  later.from = 20260310;
  accept (&chip, &later, dv_key, cvca_key);
  chip_reset (&chip);
  refuse (&chip, &inspector, is_key, dv_key, "cv-chain-unknown");
  assert_today (&chip, "2026-03-10");
}

/* 3.2:ISO7816_J_25, J_30, J_31: a certificate that fails never moves the date. */
static void
test_failed_date (void)
{
  g_auto (Chip) chip = chip_new ();
  CvTerms advanced = {CVCA, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20260420, 20260425};

  advanced.authority = "DEOTHERCA00001";
  refuse (&chip, &advanced, dv_key, cvca_key, "cv-chain-unknown");
  advanced.authority = CVCA;
  refuse (&chip, &advanced, dv_key, next_key, "cv-signature");
  advanced.role = FAST_CV_ROLE_TERMINAL;
  refuse (&chip, &advanced, dv_key, cvca_key, "cv-chain-order");
  assert_today (&chip, "2026-03-01");
  accept (&chip, &domestic, dv_key, cvca_key);
}

/* TR-03110-3, 2.5: whose certificates move the date, and that the last day counts. */
static void
test_dates (void)
{
  g_auto (Chip) chip = chip_new ();
  CvTerms dv = domestic;
  CvTerms terminal = inspector;

  dv.role = FAST_CV_ROLE_DV_FOREIGN;
  dv.from = 20260305;
  accept (&chip, &dv, dv_key, cvca_key);
  assert_today (&chip, "2026-03-05");
  terminal.from = 20260320;
  accept (&chip, &terminal, is_key, dv_key);
  assert_today (&chip, "2026-03-05");
  dv.role = FAST_CV_ROLE_DV_DOMESTIC;
  accept (&chip, &dv, dv_key, cvca_key);
  accept (&chip, &terminal, is_key, dv_key);
  assert_today (&chip, "2026-03-20");
  dv.from = 20260302;
  dv.to = 20260320;
  accept (&chip, &dv, dv_key, cvca_key);
  assert_today (&chip, "2026-03-20");
  dv.to = 20260319;
  refuse (&chip, &dv, dv_key, cvca_key, "cv-chain-expired");
  terminal.from = 20260301;
  terminal.to = 20260319;
  refuse (&chip, &terminal, is_key, dv_key, "cv-chain-expired");
}

/* A DV that expires while its session lasts certifies no more. */
static void
test_expired_issuer (void)
{
  g_auto (Chip) chip = chip_new ();
  const CvTerms link = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20260501, 20290501};

  accept (&chip, &domestic, dv_key, cvca_key);
  accept (&chip, &link, next_key, cvca_key);
  assert_today (&chip, "2026-05-01");
  refuse (&chip, &inspector, is_key, dv_key, "cv-chain-issuer-expired");
}

/* 3.2, unit M: a link moves the trust point; two stay; the expired one goes. */
static void
test_trust_points (void)
{
  g_auto (Chip) chip = chip_new ();
  const CvTerms link = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20290215, 20320301};
  const CvTerms third = {NEXT, THIRD, FAST_CV_ROLE_CVCA, BOTH, 20320215, 20350301};
  CvTerms late = {CVCA, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20290215, 20290401};

  accept (&chip, &link, next_key, cvca_key);
  accept (&chip, &link, next_key, cvca_key);
  g_assert_cmpuint (fast_cv_trust_get_size (chip.trust), ==, 2);
  g_assert_cmpstr (fast_cv_trust_get (chip.trust, 0)->holder, ==, NEXT);
  g_assert_cmpstr (fast_cv_trust_get (chip.trust, 1)->holder, ==, CVCA);
  assert_today (&chip, "2029-02-15");
  accept (&chip, &late, dv_key, cvca_key);
  late.authority = NEXT;
  late.from = 20290302;
  accept (&chip, &late, dv_key, next_key);
  g_assert_cmpuint (fast_cv_trust_get_size (chip.trust), ==, 1);
  refuse (&chip, &domestic, dv_key, cvca_key, "cv-chain-unknown");
  accept (&chip, &third, dv_key, next_key);
  g_assert_cmpstr (fast_cv_trust_get (chip.trust, 0)->holder, ==, THIRD);
  g_assert_cmpstr (fast_cv_trust_get (chip.trust, 1)->holder, ==, NEXT);
}

/* 3.2:ISO7816_M_4: an old chip catches up through links that expired long ago. */
static void
test_expired_link (void)
{
  g_auto (Chip) chip = chip_new ();
  const CvTerms next = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20260401, 20260402};
  const CvTerms third = {NEXT, THIRD, FAST_CV_ROLE_CVCA, BOTH, 20260901, 20290901};
  const CvTerms dv = {CVCA, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20260601, 20260701};
  const CvTerms late = {NEXT, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20260601, 20260701};

  accept (&chip, &dv, dv_key, cvca_key);
  accept (&chip, &next, next_key, cvca_key);
  assert_today (&chip, "2026-06-01");
  refuse (&chip, &late, dv_key, next_key, "cv-chain-issuer-expired");
  accept (&chip, &third, is_key, next_key);
  g_assert_cmpstr (fast_cv_trust_get (chip.trust, 0)->holder, ==, THIRD);
}

static void
test_names (void)
{
  g_auto (Chip) chip = chip_new ();
  CvTerms taken = domestic;
  CvTerms link = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20260401, 20290401};
  CvTerms terminal = inspector;

  taken.holder = CVCA;
  refuse (&chip, &taken, dv_key, cvca_key, "cv-chain-holder");
  accept (&chip, &link, next_key, cvca_key);
  refuse (&chip, &link, dv_key, cvca_key, "cv-chain-holder");
  refuse (&chip, &root, dv_key, cvca_key, "cv-chain-holder");
  accept (&chip, &domestic, dv_key, cvca_key);
  terminal.holder = DV;
  refuse (&chip, &terminal, is_key, dv_key, "cv-chain-holder");
}

static void
test_parameters (void)
{
  g_auto (Chip) chip = chip_new ();
  g_autoptr (EVP_PKEY) other = cv_fixture_key ("brainpoolP256r1");
  g_autoptr (FastCvCertificate) repeated =
      cv_fixture_issue_with (&domestic, FAST_CV_ECDSA_SHA_256, TRUE, dv_key, cvca_key);
  g_autoptr (FastCvCertificate) foreign_curve =
      cv_fixture_issue_with (&domestic, FAST_CV_ECDSA_SHA_256, TRUE, other, cvca_key);
  g_autoptr (FastCvCertificate) bare =
      cv_fixture_issue_with (&domestic, FAST_CV_ECDSA_SHA_256, FALSE, other, cvca_key);
  g_autoptr (GError) error = NULL;

  g_assert_true (cv_fixture_show (chip.chain, repeated, &error));
  g_assert_no_error (error);
  g_assert_false (cv_fixture_show (chip.chain, foreign_curve, &error));
  fast_test_assert_id (error, "cv-chain-parameters");
  g_clear_error (&error);
  g_assert_false (cv_fixture_show (chip.chain, bare, &error));
  fast_test_assert_id (error, "ec-point");
}

/* A DV's or a terminal's key of another size than its issuer's. */
static void
test_key_size (void)
{
  g_auto (Chip) chip = chip_new ();
  g_autoptr (EVP_PKEY) small = cv_fixture_key ("brainpoolP224r1");
  const CvTerms rows[] = {domestic, inspector};
  EVP_PKEY *issuers[] = {cvca_key, dv_key};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    refuse (&chip, &rows[i], small, issuers[i], "ec-point");
    if (i == 0)
      accept (&chip, &domestic, dv_key, cvca_key);
  }
}

/* 3.2:ISO7816_N_1: a link may change curve and hash; below it they are the new ones. */
static void
test_migration (void)
{
  g_auto (Chip) chip = chip_new ();
  const CvTerms link = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20260401, 20290401};
  const CvTerms dv = {NEXT, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20260401, 20260501};
  g_autoptr (EVP_PKEY) new_key = cv_fixture_key ("brainpoolP384r1");
  g_autoptr (EVP_PKEY) new_dv = cv_fixture_key ("brainpoolP384r1");
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvKey) public = fast_cv_key_new (new_key, FAST_CV_ECDSA_SHA_384, NULL);
  const FastCvBody body = {.authority = (char *)CVCA,
                           .key = public,
                           .holder = (char *)NEXT,
                           .role = FAST_CV_ROLE_CVCA,
                           .rights = BOTH,
                           .effective = cv_fixture_date (link.from),
                           .expiry = cv_fixture_date (link.to)};
  g_autoptr (FastCvCertificate) first =
      fast_cv_certificate_issue (&body, TRUE, cvca_key, FAST_CV_ECDSA_SHA_256, &error);
  g_autoptr (FastCvCertificate) second =
      cv_fixture_issue_with (&dv, FAST_CV_ECDSA_SHA_384, FALSE, new_dv, new_key);
  g_autoptr (FastCvCertificate) wrong =
      cv_fixture_issue_with (&dv, FAST_CV_ECDSA_SHA_256, FALSE, new_dv, new_key);

  g_assert_true (cv_fixture_show (chip.chain, first, &error));
  g_assert_false (cv_fixture_show (chip.chain, wrong, NULL));
  g_assert_true (cv_fixture_show (chip.chain, second, &error));
  g_assert_no_error (error);
}

/* 3.2:ISO7816_J_23: an authorization that is not one of inspection. */
static void
test_role (void)
{
  g_auto (Chip) chip = chip_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) certificate = cv_fixture_issue (&domestic, dv_key, cvca_key);
  g_autoptr (GBytes) parts = fast_cv_certificate_dup_parts (certificate);
  g_autoptr (GByteArray) other = g_byte_array_new ();
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (FastCvCertificate) altered = NULL;
  FastReader reader = fast_reader_from_bytes (parts, "certificate");
  FastTlv object;

  g_assert_true (fast_tlv_read (&reader, &object, NULL));
  fast_append (other, object.start, object.total);
  for (guint i = 0; i + 11 < other->len; i++)
    if (memcmp (other->data + i, "\x7F\x4C\x0E\x06\x09", 5) == 0)
      other->data[i + 13] = 2;
  body = g_bytes_new (other->data, other->len);
  signature = fast_cv_sign (cvca_key, FAST_CV_ECDSA_SHA_256, body, NULL);
  fast_tlv_append_bytes (other, 0x5F37, signature);
  altered = fast_cv_certificate_parse_parts (other->data, other->len, &error);
  g_assert_no_error (error);
  g_assert_false (cv_fixture_show (chip.chain, altered, &error));
  fast_test_assert_id (error, "cv-chain-role");
}

static void
test_memory (void)
{
  g_auto (Chip) chip = chip_new ();
  const CvTerms link = {CVCA, NEXT, FAST_CV_ROLE_CVCA, FAST_CV_RIGHT_DG4, 20260401, 20290401};
  g_autoptr (FastCvCertificate) bare =
      cv_fixture_issue_with (&link, FAST_CV_ECDSA_SHA_256, FALSE, next_key, cvca_key);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) saved = NULL;
  g_autoptr (FastCvTrust) again = NULL;
  g_autoptr (GBytes) resaved = NULL;

  g_assert_true (cv_fixture_show (chip.chain, bare, &error));
  saved = fast_cv_trust_save (chip.trust);
  again = fast_cv_trust_load (saved, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fast_cv_trust_get_size (again), ==, 2);
  g_assert_cmpstr (fast_cv_trust_get (again, 0)->holder, ==, NEXT);
  g_assert_cmpuint (fast_cv_trust_get (again, 0)->rights, ==, FAST_CV_RIGHT_DG4);
  resaved = fast_cv_trust_save (again);
  g_assert_true (g_bytes_equal (saved, resaved));
  for (gsize size = 0; size < g_bytes_get_size (saved); size++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (saved, 0, size);
    g_autoptr (FastCvTrust) trust = fast_cv_trust_load (cut, NULL);
    g_assert_true (trust == NULL || fast_cv_trust_get_size (trust) < 2);
  }
}

static void
test_personalisation (void)
{
  const GDate today = cv_fixture_date (TODAY);
  g_autoptr (FastCvTrust) trust = fast_cv_trust_new (&today);
  const CvTerms link = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20260401, 20290401};
  g_autoptr (FastCvCertificate) dv =
      cv_fixture_issue_with (&domestic, FAST_CV_ECDSA_SHA_256, TRUE, dv_key, cvca_key);
  g_autoptr (FastCvCertificate) linked = cv_fixture_issue (&link, next_key, cvca_key);
  g_autoptr (FastCvCertificate) forged = cv_fixture_issue (&root, cvca_key, next_key);
  g_autoptr (FastCvCertificate) bare =
      cv_fixture_issue_with (&root, FAST_CV_ECDSA_SHA_256, FALSE, cvca_key, cvca_key);
  const struct {
    FastCvCertificate *certificate;
    const char *id;
  } rows[] = {
      {dv, "cv-trust-role"},
      {linked, "cv-trust-not-root"},
      {forged, "cv-signature"},
      {bare, "cv-key-domain"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (fast_cv_trust_add (trust, rows[i].certificate, &error));
    fast_test_assert_id (error, rows[i].id);
  }
  g_assert_cmpuint (fast_cv_trust_get_size (trust), ==, 0);
}

static void
add_tests (void)
{
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_J_1", test_chain);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_L", test_rights);
  for (guint i = 0; i < G_N_ELEMENTS (transitions); i++) {
    g_autofree char *path = g_strconcat ("/keys/cv-chain/transition/", transitions[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_transition);
  }
  g_test_add_func ("/keys/cv-chain/below-terminal/3.2:ISO7816_J_50,51,52,53", test_below_terminal);
  g_test_add_func ("/keys/cv-chain/selection", test_selection);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_J_22", test_reset);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_J_25,30,31", test_failed_date);
  g_test_add_func ("/keys/cv-chain/dates/3.2:ISO7816_M_1", test_dates);
  g_test_add_func ("/keys/cv-chain/expired-issuer", test_expired_issuer);
  g_test_add_func ("/keys/cv-chain/trust-points", test_trust_points);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_M_4", test_expired_link);
  g_test_add_func ("/keys/cv-chain/names", test_names);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_J_55,56", test_key_size);
  g_test_add_func ("/keys/cv-chain/parameters", test_parameters);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_N_1", test_migration);
  g_test_add_func ("/keys/cv-chain/3.2:ISO7816_J_23", test_role);
  g_test_add_func ("/keys/cv-chain/memory", test_memory);
  g_test_add_func ("/keys/cv-chain/personalisation", test_personalisation);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  cvca_key = cv_fixture_key ("P-256");
  next_key = cv_fixture_key ("P-256");
  dv_key = cv_fixture_key ("P-256");
  is_key = cv_fixture_key ("P-256");
  add_tests ();
  code = g_test_run ();
  EVP_PKEY_free (cvca_key);
  EVP_PKEY_free (next_key);
  EVP_PKEY_free (dv_key);
  EVP_PKEY_free (is_key);
  return code;
}

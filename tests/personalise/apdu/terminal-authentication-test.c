/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/terminal-authentication.h"

#include <string.h>

#include "personalise/apdu/mrz-information.h"
#include "personalise/apdu/status-word.h"
#include "personalise/apdu/terminal-check.h"
#include "record/base/error.h"
#include "record/keys/cv-path.h"
#include "tests/record/keys/cv-fixture.h"
#include "tests/support.h"

#define CVCA "DETESTCVCA00001"
#define NEXT "DETESTCVCA00002"
#define DV "DETESTDV00001"
#define IS "DETESTIS00001"
#define BOTH (FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4)

static EVP_PKEY *cvca_key;
static EVP_PKEY *next_key;
static EVP_PKEY *dv_key;
static EVP_PKEY *is_key;
static GBytes *identity;
static GBytes *ephemeral;

static const CvTerms root = {CVCA, CVCA, FAST_CV_ROLE_CVCA, BOTH, 20260301, 20290301};
static const CvTerms link_terms = {CVCA, NEXT, FAST_CV_ROLE_CVCA, BOTH, 20260310, 20290401};
static const CvTerms dv_old = {CVCA, DV, FAST_CV_ROLE_DV_DOMESTIC, BOTH, 20260301, 20260401};
static const CvTerms dv_new = {NEXT, DV, FAST_CV_ROLE_DV_FOREIGN, BOTH, 20260301, 20260401};
static const CvTerms terminal = {DV,       IS,      FAST_CV_ROLE_TERMINAL, FAST_CV_RIGHT_DG3,
                                 20260301, 20260401};

static void
free_certificate (gpointer certificate)
{
  fast_cv_certificate_unref (certificate);
}

/* All that the terminal has, in no useful order. */
static GPtrArray *
wallet (void)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (free_certificate);

  g_ptr_array_add (all, cv_fixture_issue (&dv_new, dv_key, next_key));
  g_ptr_array_add (all, cv_fixture_issue (&root, cvca_key, cvca_key));
  g_ptr_array_add (all, cv_fixture_issue (&terminal, is_key, dv_key));
  g_ptr_array_add (all, cv_fixture_issue (&link_terms, next_key, cvca_key));
  g_ptr_array_add (all, cv_fixture_issue (&dv_old, dv_key, cvca_key));
  return all;
}

static FastCvTrust *
trust_new (void)
{
  const GDate today = cv_fixture_date (20260301);
  g_autoptr (FastCvCertificate) certificate = cv_fixture_issue (&root, cvca_key, cvca_key);
  FastCvTrust *trust = fast_cv_trust_new (&today);

  g_assert_true (fast_cv_trust_add (trust, certificate, NULL));
  return trust;
}

static GPtrArray *
path_to (const char *authority)
{
  const char *authorities[] = {authority, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = wallet ();
  GPtrArray *path = fast_cv_path_find (all, authorities, &error);

  g_assert_no_error (error);
  return path;
}

static FastTerminalAuthentication *
reader_new (EVP_PKEY *key, GBytes *own_ephemeral)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) path = path_to (CVCA);
  FastTerminalAuthentication *reader =
      fast_terminal_authentication_new (path, key, identity, own_ephemeral, &error);

  g_assert_no_error (error);
  return reader;
}

/* Goes on until done or refused; gives the last status word. */
static guint16
run (FastTerminalAuthentication *reader, FastTerminalCheck *check, GError **why)
{
  while (!fast_terminal_authentication_is_done (reader)) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    FastCommand command;
    guint16 status;

    g_assert_true (fast_terminal_authentication_ask (reader, &command, &error));
    g_assert_true (fast_terminal_check_is_for (&command));
    status = fast_terminal_check_answer (check, &command, out, why);
    if (status != FAST_SW_OK)
      return status;
    g_assert_true (fast_terminal_authentication_take (reader, out->data, out->len, &error));
  }
  return FAST_SW_OK;
}

static void
test_both (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvTrust) trust = trust_new ();
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, ephemeral, NULL);
  g_autoptr (FastTerminalAuthentication) reader = reader_new (is_key, ephemeral);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  static const FastCommand again = {.ins = 0x84, .le = 8};
  FastCommand command;

  g_assert_cmpuint (fast_terminal_check_get_rights (check), ==, FAST_CV_RIGHT_NONE);
  g_assert_cmphex (run (reader, check, &error), ==, FAST_SW_OK);
  g_assert_no_error (error);
  g_assert_true (fast_terminal_check_is_done (check));
  g_assert_cmpuint (fast_terminal_check_get_rights (check), ==, FAST_CV_RIGHT_DG3);
  g_assert_cmphex (fast_terminal_check_answer (check, &again, out, NULL), ==, FAST_SW_CONDITIONS);
  g_assert_cmpuint (fast_terminal_check_get_rights (check), ==, FAST_CV_RIGHT_DG3);
  g_assert_false (fast_terminal_authentication_ask (reader, &command, &error));
  fast_test_assert_id (error, "ta-order");
}

/* Another key, another session, another document: each alone spoils the signature. */
static void
test_wrong (void)
{
  g_autoptr (GBytes) other = g_bytes_new_static ("other", 5);
  const struct {
    EVP_PKEY *key;
    GBytes *identity;
    GBytes *ephemeral;
  } rows[] = {{dv_key, identity, ephemeral}, {is_key, other, ephemeral}, {is_key, identity, other}};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastCvTrust) trust = trust_new ();
    g_autoptr (FastTerminalCheck) check =
        fast_terminal_check_new (trust, rows[i].identity, rows[i].ephemeral, NULL);
    g_autoptr (FastTerminalAuthentication) reader = reader_new (rows[i].key, ephemeral);

    g_assert_cmphex (run (reader, check, &error), ==, FAST_SW_AUTHENTICATION);
    g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE);
    fast_test_assert_id (error, "ta-signature");
    g_assert_cmpuint (fast_terminal_check_get_rights (check), ==, FAST_CV_RIGHT_NONE);
  }
}

/* The path begins where the chip's trust points do. */
static void
test_paths (void)
{
  static const struct {
    const char *authority;
    const char *holders[4];
  } rows[] = {{NEXT, {DV, IS, NULL}}, {CVCA, {NEXT, DV, IS, NULL}}};
  const char *nobody[] = {"FROTHER00001", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) all = wallet ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GPtrArray) path = path_to (rows[i].authority);
    guint n = 0;

    for (; rows[i].holders[n] != NULL; n++)
      g_assert_cmpstr (fast_cv_certificate_get_body (path->pdata[n])->holder, ==,
                       rows[i].holders[n]);
    g_assert_cmpuint (path->len, ==, n);
  }
  g_assert_null (fast_cv_path_find (all, nobody, &error));
  fast_test_assert_id (error, "cv-path");
  g_clear_error (&error);
  g_ptr_array_remove_index (all, 2);
  g_assert_null (fast_cv_path_find (all, rows[0].holders, &error));
  fast_test_assert_id (error, "cv-path");
  g_clear_error (&error);
  g_assert_null (fast_terminal_authentication_new (all, is_key, identity, ephemeral, &error));
  fast_test_assert_id (error, "ta-no-terminal");
}

/* One letter a command: D Set DST, V verify the DV, I Set DST to the DV, T verify the terminal,
 * A Set AT, N Set AT to the DV, R Set AT to the CVCA, X Set AT to nobody, C GET CHALLENGE, S the
 * same for seven bytes, E EXTERNAL AUTHENTICATE with a bad signature; the last is refused. */
static const struct {
  const char *name;
  const char *steps;
  guint16 status;
  const char *id;
} orders[] = {
    {"verify-first", "V", FAST_SW_CONDITIONS, "ta-order"},
    {"challenge-first", "C", FAST_SW_CONDITIONS, "ta-order"},
    {"authenticate-first", "E", FAST_SW_CONDITIONS, "ta-order"},
    {"terminal-first", "A", FAST_SW_DATA_ABSENT, "cv-chain-no-terminal"},
    {"verifier-first", "I", FAST_SW_DATA_ABSENT, "cv-chain-unknown"},
    {"other-authority", "DT", FAST_SW_AUTHENTICATION, "cv-chain-authority"},
    {"verify-twice", "DVV", FAST_SW_CONDITIONS, "ta-order"},
    {"no-terminal", "DVA", FAST_SW_DATA_ABSENT, "cv-chain-no-terminal"},
    {"3.2:ISO7816_K_2", "DVITX", FAST_SW_DATA_ABSENT, "cv-chain-no-terminal"},
    {"3.2:ISO7816_K_5", "DVN", FAST_SW_DATA_ABSENT, "cv-chain-no-terminal"},
    {"3.2:ISO7816_K_6", "R", FAST_SW_DATA_ABSENT, "cv-chain-no-terminal"},
    {"3.2:ISO7816_K_12", "DVITAS", FAST_SW_LENGTH, "ta-command"},
    {"3.2:ISO7816_K_14", "DVITAE", FAST_SW_CONDITIONS, "ta-order"},
    {"3.2:ISO7816_K_15", "DVITC", FAST_SW_CONDITIONS, "ta-order"},
    {"no-challenge-no-key", "DVITE", FAST_SW_CONDITIONS, "ta-order"},
    {"verify-late", "DVITAV", FAST_SW_CONDITIONS, "ta-order"},
    {"bad-signature", "DVITACE", FAST_SW_AUTHENTICATION, "ta-signature"},
    {"second-challenge", "DVITACCE", FAST_SW_AUTHENTICATION, "ta-signature"},
    {"begun-anew", "DVITACDE", FAST_SW_CONDITIONS, "ta-order"},
};

static const char *
reference_of (char letter)
{
  switch (letter) {
  case 'D':
  case 'R':
    return "\x83\x0F" CVCA;
  case 'A':
    return "\x83\x0D" IS;
  case 'X':
    return "\x83\x0D"
           "DETESTIS00002";
  default:
    return "\x83\x0D" DV;
  }
}

static FastCommand
step (char letter, GBytes *dv, GBytes *last)
{
  static const guint8 junk[64] = {1};
  const char *text = reference_of (letter);
  GBytes *certificate = letter == 'V' ? dv : last;

  if (letter == 'V' || letter == 'T')
    return (FastCommand){.ins = 0x2A,
                         .p2 = 0xBE,
                         .data = g_bytes_get_data (certificate, NULL),
                         .size = g_bytes_get_size (certificate)};
  if (letter == 'C' || letter == 'S')
    return (FastCommand){.ins = 0x84, .le = letter == 'C' ? 8 : 7};
  if (letter == 'E')
    return (FastCommand){.ins = 0x82, .data = junk, .size = sizeof junk};
  return (FastCommand){.ins = 0x22,
                       .p1 = 0x81,
                       .p2 = letter == 'D' || letter == 'I' ? 0xB6 : 0xA4,
                       .data = (const guint8 *)text,
                       .size = strlen (text)};
}

static void
test_order (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (FastCvTrust) trust = trust_new ();
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, ephemeral, NULL);
  g_autoptr (FastCvCertificate) dv = cv_fixture_issue (&dv_old, dv_key, cvca_key);
  g_autoptr (FastCvCertificate) last = cv_fixture_issue (&terminal, is_key, dv_key);
  g_autoptr (GBytes) dv_parts = fast_cv_certificate_dup_parts (dv);
  g_autoptr (GBytes) last_parts = fast_cv_certificate_dup_parts (last);

  for (const char *at = orders[i].steps; *at != '\0'; at++) {
    const FastCommand command = step (*at, dv_parts, last_parts);
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GError) error = NULL;
    const guint16 status = fast_terminal_check_answer (check, &command, out, &error);

    g_assert_cmphex (status, ==, at[1] != '\0' ? FAST_SW_OK : orders[i].status);
    if (at[1] == '\0')
      fast_test_assert_id (error, orders[i].id);
  }
  g_assert_cmpuint (fast_terminal_check_get_rights (check), ==, FAST_CV_RIGHT_NONE);
}

/* Signs the first of two challenges. */
static void
test_first_challenge (void)
{
  g_autoptr (FastCvTrust) trust = trust_new ();
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, ephemeral, NULL);
  g_autoptr (FastTerminalAuthentication) reader = reader_new (is_key, ephemeral);
  guint16 status = FAST_SW_OK;

  while (status == FAST_SW_OK && !fast_terminal_authentication_is_done (reader)) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    g_autoptr (GByteArray) second = g_byte_array_new ();
    FastCommand command;

    g_assert_true (fast_terminal_authentication_ask (reader, &command, NULL));
    status = fast_terminal_check_answer (check, &command, out, NULL);
    if (command.ins == 0x84)
      fast_terminal_check_answer (check, &command, second, NULL);
    if (status == FAST_SW_OK)
      g_assert_true (fast_terminal_authentication_take (reader, out->data, out->len, NULL));
  }
  g_assert_cmphex (status, ==, FAST_SW_AUTHENTICATION);
  g_assert_false (fast_terminal_check_is_done (check));
}

/* A refused signature costs the challenge, not the certificates. */
static void
test_second_try (void)
{
  g_autoptr (FastCvTrust) trust = trust_new ();
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, ephemeral, NULL);
  g_autoptr (FastTerminalAuthentication) wrong = reader_new (dv_key, ephemeral);
  g_autoptr (FastTerminalAuthentication) right = reader_new (is_key, ephemeral);
  static const FastCommand challenge = {.ins = 0x84, .le = 8};
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const FastCommand set = step ('A', NULL, NULL);

  g_assert_cmphex (run (wrong, check, NULL), ==, FAST_SW_AUTHENTICATION);
  g_assert_cmphex (fast_terminal_check_answer (check, &challenge, out, NULL), ==,
                   FAST_SW_CONDITIONS);
  g_assert_cmphex (fast_terminal_check_answer (check, &set, out, NULL), ==, FAST_SW_OK);
  g_assert_cmphex (run (right, check, NULL), ==, FAST_SW_OK);
}

static const struct {
  const char *name;
  FastCommand command;
  guint16 status;
  const char *id;
} malformed[] = {
    {"dst-empty", {.ins = 0x22, .p1 = 0x81, .p2 = 0xB6}, FAST_SW_DATA, "truncated"},
    {"dst-other-tag",
     {.ins = 0x22, .p1 = 0x81, .p2 = 0xB6, .data = (const guint8 *)"\x84\x01\x01", .size = 3},
     FAST_SW_DATA,
     "tlv-unexpected"},
    {"dst-short",
     {.ins = 0x22,
      .p1 = 0x81,
      .p2 = 0xB6,
      .data = (const guint8 *)"\x83\x02"
                              "DE",
      .size = 4},
     FAST_SW_DATA_ABSENT,
     "cv-reference"},
    {"at-more",
     {.ins = 0x22,
      .p1 = 0x81,
      .p2 = 0xA4,
      .data = (const guint8 *)"\x83\x01"
                              "A\x80",
      .size = 4},
     FAST_SW_DATA,
     "trailing-bytes"},
    {"pso-other", {.ins = 0x2A, .p1 = 0x00, .p2 = 0xAE}, FAST_SW_P1P2, "ta-command"},
    {"challenge-p2", {.ins = 0x84, .p1 = 0x00, .p2 = 0x01}, FAST_SW_P1P2, "ta-command"},
};

static void
test_malformed (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvTrust) trust = trust_new ();
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, ephemeral, NULL);
  g_autoptr (GByteArray) out = g_byte_array_new ();

  g_assert_cmphex (fast_terminal_check_answer (check, &malformed[i].command, out, &error), ==,
                   malformed[i].status);
  fast_test_assert_id (error, malformed[i].id);
}

static void
test_malformed_certificate (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvTrust) trust = trust_new ();
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, ephemeral, NULL);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) garbage = g_bytes_new_static ("\x7F\x4E\x00\x5F\x37\x00", 6);
  const FastCommand select = step ('D', NULL, NULL);
  const FastCommand verify = step ('V', garbage, garbage);

  g_assert_cmphex (fast_terminal_check_answer (check, &select, out, NULL), ==, FAST_SW_OK);
  g_assert_cmphex (fast_terminal_check_answer (check, &verify, out, &error), ==, FAST_SW_DATA);
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED);
}

static void
test_reader_refuses (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTerminalAuthentication) reader = reader_new (is_key, ephemeral);
  FastCommand command;

  g_assert_false (fast_terminal_authentication_take (reader, NULL, 0, &error));
  fast_test_assert_id (error, "ta-order");
  g_clear_error (&error);
  g_assert_true (fast_terminal_authentication_ask (reader, &command, NULL));
  g_assert_false (fast_terminal_authentication_take (reader, "x", 1, &error));
  fast_test_assert_id (error, "ta-answer");
}

/* A challenge of seven or nine bytes ends the reader's run. */
static void
test_challenge_size (gconstpointer data)
{
  static const guint8 challenge[9];
  const gsize size = GPOINTER_TO_SIZE (data);
  g_autoptr (FastTerminalAuthentication) reader = reader_new (is_key, ephemeral);
  g_autoptr (GError) error = NULL;
  FastCommand command;

  do {
    g_assert_true (fast_terminal_authentication_ask (reader, &command, NULL));
    if (command.ins != 0x84)
      g_assert_true (fast_terminal_authentication_take (reader, NULL, 0, NULL));
  } while (command.ins != 0x84);
  g_assert_false (fast_terminal_authentication_take (reader, challenge, size, &error));
  fast_test_assert_id (error, "ta-answer");
  g_assert_false (fast_terminal_authentication_is_done (reader));
}

/* TR-03110-1: after BAC the chip is its document number with check digit. */
static void
test_identity (void)
{
  static const char mrz[] = "L898902C<369080619406236";
  g_autoptr (FastSecret) information = fast_mrz_information (mrz, strlen (mrz), NULL);
  g_autoptr (GBytes) own = fast_terminal_identity (information);

  g_assert_cmpmem (g_bytes_get_data (own, NULL), g_bytes_get_size (own), "L898902C<3", 10);
}

static void
add_tests (void)
{
  g_test_add_func ("/apdu/ta/both/3.2:ISO7816_K_1a", test_both);
  g_test_add_func ("/apdu/ta/wrong", test_wrong);
  g_test_add_func ("/apdu/ta/paths", test_paths);
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++) {
    g_autofree char *path = g_strconcat ("/apdu/ta/order/", orders[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_order);
  }
  g_test_add_func ("/apdu/ta/3.2:ISO7816_K_10", test_first_challenge);
  g_test_add_func ("/apdu/ta/second-try", test_second_try);
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++) {
    g_autofree char *path = g_strconcat ("/apdu/ta/malformed/", malformed[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_malformed);
  }
  g_test_add_func ("/apdu/ta/malformed-certificate", test_malformed_certificate);
  g_test_add_func ("/apdu/ta/reader-refuses", test_reader_refuses);
  g_test_add_data_func ("/apdu/ta/5.1:ISO7816_E_12", GSIZE_TO_POINTER (7), test_challenge_size);
  g_test_add_data_func ("/apdu/ta/5.1:ISO7816_E_13", GSIZE_TO_POINTER (9), test_challenge_size);
  g_test_add_func ("/apdu/ta/identity", test_identity);
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
  identity = g_bytes_new_static ("L898902C<3", 10);
  ephemeral = g_bytes_new_static ("01234567890123456789012345678901", 32);
  add_tests ();
  code = g_test_run ();
  EVP_PKEY_free (cvca_key);
  EVP_PKEY_free (next_key);
  EVP_PKEY_free (dv_key);
  EVP_PKEY_free (is_key);
  g_bytes_unref (identity);
  g_bytes_unref (ephemeral);
  return code;
}

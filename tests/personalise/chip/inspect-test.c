/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/inspect.h"

#include <string.h>

#include "personalise/apdu/perso.h"
#include "personalise/lds/security-group.h"
#include "personalise/lds/trust-points.h"
#include "record/base/tlv.h"
#include "record/keys/cv-trust.h"
#include "record/keys/key.h"
#include "tests/personalise/chip/altered-chip.h"
#include "tests/record/keys/cv-fixture.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/*
 * The reader's cases of TR-03105-5.1: terminal authentication (unit ISO7816_E), and what is only
 * seen where a whole chip is read (unit LDS_H). Each alters a chip that passes.
 */

#define BOTH (FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4)
#define CVCA "CAFASTCVCA00001"
#define DV "CAFASTDV00001"

static TestAlteredChip chip;

/* --- what a terminal has to show --- */

static EVP_PKEY *
key_of (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (chip.pki.folder, "CA", name, NULL);
  EVP_PKEY *key = fast_key_load (path, &error);

  g_assert_no_error (error);
  return key;
}

static FastCvCertificate *
find (guint role)
{
  GPtrArray *all = chip.full.terminal->certificates;

  for (guint i = 0; i < all->len; i++)
    if (fast_cv_certificate_get_body (all->pdata[i])->role == role)
      return fast_cv_certificate_ref (all->pdata[i]);
  g_error ("no certificate of role %u", role);
}

/* Takes both; either may be %NULL. */
static FastTerminal *
terminal_of (FastCvCertificate *verifier, FastCvCertificate *own)
{
  FastTerminal *terminal = g_new0 (FastTerminal, 1);

  terminal->certificates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_cv_certificate_unref);
  terminal->key = EVP_PKEY_dup (chip.full.terminal->key);
  if (verifier != NULL)
    g_ptr_array_add (terminal->certificates, verifier);
  if (own != NULL)
    g_ptr_array_add (terminal->certificates, own);
  return terminal;
}

/* Only a new certificate of the DV's, by the CVCA, for other @rights. */
static FastTerminal *
terminal_with_rights (guint rights)
{
  g_autoptr (EVP_PKEY) authority = key_of ("cvca.key");
  g_autoptr (EVP_PKEY) verifier = key_of ("dv.key");
  g_autoptr (FastCvCertificate) old = find (FAST_CV_ROLE_DV_DOMESTIC);
  FastCvBody body = *fast_cv_certificate_get_body (old);
  g_autoptr (GError) error = NULL;
  FastCvCertificate *certificate;

  body.rights = rights;
  certificate = fast_cv_certificate_issue (&body, FALSE, authority, FAST_CV_ECDSA_SHA_256, &error);
  g_assert_no_error (error);
  return terminal_of (certificate, find (FAST_CV_ROLE_TERMINAL));
}

/* The last byte of its signature is another one. */
static FastCvCertificate *
flip (FastCvCertificate *certificate)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_cv_certificate_get_bytes (certificate);
  g_autoptr (GBytes) flipped = fixture_flip (bytes, g_bytes_get_size (bytes) - 1, 1);
  FastCvCertificate *altered = fast_cv_certificate_parse (g_bytes_get_data (flipped, NULL),
                                                          g_bytes_get_size (flipped), &error);

  g_assert_no_error (error);
  fast_cv_certificate_unref (certificate);
  return altered;
}

/* --- the chip as it is --- */

/* By PACE, whose ephemeral key names the chip: what only dynamic binding passes. */
static void
test_sound (void)
{
  g_autoptr (FastInspection) inspection = NULL;

  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  inspection = test_altered_chip_inspect (&chip, chip.full.terminal);
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_PACE, NULL), ==, FAST_VERDICT_DONE);
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_TERMINAL, NULL), ==, FAST_VERDICT_DONE);
  test_assert_same_lds (inspection->lds, chip.full.lds);
}

/* --- groups that the chip keeps to itself: E_14, E_15, E_16 --- */

typedef struct {
  const char *id;
  guint rights;
} Denied;

static const Denied denied[] = {
    {"5.1:ISO7816_E_14", FAST_CV_RIGHT_DG4},
    {"5.1:ISO7816_E_15", FAST_CV_RIGHT_DG3},
    {"5.1:ISO7816_E_16", FAST_CV_RIGHT_NONE},
};

/* The remedy must not send anybody to the MRZ, which was right. */
static void
check_withheld (const FastVerdict *verdict)
{
  g_autofree char *line = fast_verdict_format (verdict, "en");
  g_autofree char *french = fast_verdict_format (verdict, "fr");

  fast_test_assert_id (verdict->why, "inspect-withheld");
  g_assert_nonnull (strstr (line, "6982"));
  g_assert_nonnull (strstr (line, "a terminal whose certificates grant this group"));
  g_assert_null (strstr (line, "give the MRZ"));
  g_assert_nonnull (strstr (french, "un terminal dont les certificats accordent ce groupe"));
  g_assert_null (strstr (french, "donnez la ZLA"));
}

static void
check_denied (const FastInspection *inspection, guint group, gboolean granted)
{
  const FastFile *file = fast_file_group (group);

  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_READ, file->name), ==,
                   granted ? FAST_VERDICT_DONE : FAST_VERDICT_NOT_OFFERED);
  g_assert_true ((fast_lds_get (inspection->lds, file) != NULL) == granted);
  if (!granted)
    check_withheld (fast_verdicts_find (inspection->verdicts, FAST_CHECK_READ, file->name));
}

static void
test_denied (gconstpointer data)
{
  const Denied *row = data;
  g_autoptr (FastTerminal) terminal = terminal_with_rights (row->rights);
  g_autoptr (FastInspection) inspection = NULL;

  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  inspection = test_altered_chip_inspect (&chip, terminal);
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_TERMINAL, NULL), ==, FAST_VERDICT_DONE);
  check_denied (inspection, 3, (row->rights & FAST_CV_RIGHT_DG3) != 0);
  check_denied (inspection, 4, (row->rights & FAST_CV_RIGHT_DG4) != 0);
}

/* A reader without any credentials passes the chip, and sees neither. */
static void
test_no_credentials (void)
{
  g_autoptr (FastInspection) inspection = NULL;

  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  inspection = test_altered_chip_inspect (&chip, NULL);
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_TERMINAL, NULL), ==,
                   FAST_VERDICT_NOT_OFFERED);
  check_denied (inspection, 3, FALSE);
  check_denied (inspection, 4, FALSE);
}

/* --- terminal authentication that must fail --- */

/* Lays it with another EF.CVCA; takes @content. */
static void
lay_trust_points (GBytes *content)
{
  FastChipState *state = test_altered_chip_copy (&chip);

  test_altered_chip_put (state, fast_file_cvca (), content);
  test_altered_chip_lay (&chip, state);
}

static FastTerminal *
wrong_authority (void)
{
  const FastTrustPoints points = {.current = (char *)"CAFASTCVCA00009"};

  lay_trust_points (fast_trust_points_make (&points, NULL));
  return terminal_of (find (FAST_CV_ROLE_DV_DOMESTIC), find (FAST_CV_ROLE_TERMINAL));
}

static FastTerminal *
no_authority (void)
{
  lay_trust_points (g_bytes_new_take (g_malloc0 (FAST_TRUST_POINTS_SIZE), FAST_TRUST_POINTS_SIZE));
  return terminal_of (find (FAST_CV_ROLE_DV_DOMESTIC), find (FAST_CV_ROLE_TERMINAL));
}

static FastTerminal *
flipped_verifier (void)
{
  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  return terminal_of (flip (find (FAST_CV_ROLE_DV_DOMESTIC)), find (FAST_CV_ROLE_TERMINAL));
}

static FastTerminal *
flipped_terminal (void)
{
  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  return terminal_of (find (FAST_CV_ROLE_DV_DOMESTIC), flip (find (FAST_CV_ROLE_TERMINAL)));
}

/* The chip has seen a later day than the last of DV and terminal. */
static FastTerminal *
expired_chain (void)
{
  FastChipState *state = test_altered_chip_copy (&chip);
  FastSecret *saved = fast_chip_state_get_secret (state, FAST_DATA_TRUST_POINT);
  g_autoptr (GBytes) bytes = g_bytes_new (fast_secret_data (saved), fast_secret_size (saved));
  g_autoptr (FastCvTrust) trust = fast_cv_trust_load (bytes, NULL);
  g_autoptr (FastCvCertificate) verifier = find (FAST_CV_ROLE_DV_DOMESTIC);
  g_autoptr (GBytes) later = NULL;
  GDate day = fast_cv_certificate_get_body (verifier)->expiry;

  g_date_add_days (&day, 1);
  fast_cv_trust_advance (trust, &day, NULL);
  later = fast_cv_trust_save (trust);
  fast_chip_state_set_secret (state, FAST_DATA_TRUST_POINT, g_bytes_get_data (later, NULL),
                              g_bytes_get_size (later));
  test_altered_chip_lay (&chip, state);
  return terminal_of (find (FAST_CV_ROLE_DV_DOMESTIC), find (FAST_CV_ROLE_TERMINAL));
}

static FastTerminal *
no_certificate (void)
{
  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  return terminal_of (NULL, find (FAST_CV_ROLE_TERMINAL));
}

/* A chip that only knows BAC, where the document number is its identity. */
static FastChipState *
basic_chip (void)
{
  FastChipState *state = test_altered_chip_copy (&chip);

  test_altered_chip_remove (state, fast_file_card_access ());
  return state;
}

/* The chip believes to be another document than the one that is printed. */
static FastTerminal *
other_document (void)
{
  FastChipState *state = basic_chip ();
  FastChipFile *zone =
      fast_chip_state_find (state, FAST_CHIP_APPLICATION, fast_file_group (1)->fid);

  g_assert_cmpmem (zone->content->data + 5, 5, "IDCAN", 5);
  zone->content->data[10] ^= 1;
  test_altered_chip_lay (&chip, state);
  return terminal_of (find (FAST_CV_ROLE_DV_DOMESTIC), find (FAST_CV_ROLE_TERMINAL));
}

typedef struct {
  const char *id;
  FastTerminal *(*prepare) (void);
  const char *check;
  const char *subject;
  const char *why;
} Failure;

static const Failure failures[] = {
    {"5.1:ISO7816_E_08", wrong_authority, FAST_CHECK_TERMINAL, NULL, "cv-path"},
    {"5.1:ISO7816_E_09", no_authority, FAST_CHECK_READ, "EF.CVCA", "tlv-unexpected"},
    {"5.1:ISO7816_E_11", other_document, FAST_CHECK_TERMINAL, NULL, "status-authentication"},
    {"5.1:ISO7816_E_17", flipped_verifier, FAST_CHECK_TERMINAL, NULL, "status-authentication"},
    {"5.1:ISO7816_E_18", flipped_terminal, FAST_CHECK_TERMINAL, NULL, "status-authentication"},
    {"5.1:ISO7816_E_19", expired_chain, FAST_CHECK_TERMINAL, NULL, "status-authentication"},
    {"5.1:ISO7816_E_24", no_certificate, FAST_CHECK_TERMINAL, NULL, "cv-path"},
};

static void
check_failure (const FastInspection *inspection, const char *check, const char *subject,
               const char *why)
{
  g_assert_false (fast_verdicts_hold (inspection->verdicts));
  g_assert_cmpint (test_outcome (inspection, check, subject), ==, FAST_VERDICT_FAILED);
  fast_test_assert_id (fast_verdicts_find (inspection->verdicts, check, subject)->why, why);
  g_assert_null (fast_lds_get (inspection->lds, fast_file_group (3)));
  g_assert_null (fast_lds_get (inspection->lds, fast_file_group (4)));
}

static void
test_failure (gconstpointer data)
{
  const Failure *row = data;
  g_autoptr (FastTerminal) terminal = row->prepare ();
  g_autoptr (FastInspection) inspection = test_altered_chip_inspect (&chip, terminal);

  check_failure (inspection, row->check, row->subject, row->why);
}

/* The chip of 5.1:ISO7816_E_11 but for its fault: under BAC the printed number binds. */
static void
test_basic (void)
{
  g_autoptr (FastInspection) inspection = NULL;

  test_altered_chip_lay (&chip, basic_chip ());
  inspection = test_altered_chip_inspect (&chip, chip.full.terminal);
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_ACCESS, NULL), ==, FAST_VERDICT_DONE);
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_TERMINAL, NULL), ==, FAST_VERDICT_DONE);
  g_assert_nonnull (fast_lds_get (inspection->lds, fast_file_group (3)));
}

/* Three authorities have no room in EF.CVCA: a file that is longer is told, whatever is read. */
static void
test_three_authorities (void)
{
  static const char *const names[] = {CVCA, "CAFASTCVCA00002", "CAFASTCVCA00003"};
  GByteArray *content = g_byte_array_new ();
  g_autoptr (FastInspection) inspection = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fast_tlv_append (content, 0x42, names[i], strlen (names[i]));
  lay_trust_points (g_byte_array_free_to_bytes (content));
  inspection = test_altered_chip_inspect (&chip, chip.full.terminal);
  check_failure (inspection, FAST_CHECK_TERMINAL, NULL, "trust-points-size");
}

/* --- EF.DG14 that names another file than EF.CVCA: E_22, E_23 --- */

typedef struct {
  const char *id;
  const char *info;
  const char *check;
  const char *subject;
  const char *why;
} Place;

#define INFO(size, rest) "30" size "060804007F0007020202020101" rest

static const Place places[] = {
    {"usual/5.1:ISO7816_E_22", INFO ("13", "30040402011C"), NULL, NULL, NULL},
    {"usual/5.1:ISO7816_E_23", INFO ("16", "30070402011C04011C"), NULL, NULL, NULL},
    {"5.1:ISO7816_E_22", INFO ("13", "30040402017C"), FAST_CHECK_READ, "EF.CVCA",
     "status-file-absent"},
    {"5.1:ISO7816_E_22/other", INFO ("13", "30040402010D"), FAST_CHECK_READ, "EF.CVCA",
     "tlv-unexpected"},
    {"5.1:ISO7816_E_23", INFO ("16", "30070402011C04011A"), FAST_CHECK_TERMINAL, NULL,
     "status-file-absent"},
    {"5.1:ISO7816_E_23/other", INFO ("16", "30070402011C040101"), FAST_CHECK_TERMINAL, NULL,
     "inspect-cvca-place"},
};

static FastSecurityInfo *
info_of (const char *hex)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, &error);
  FastReader reader = fast_reader_from_bytes (bytes, "TerminalAuthenticationInfo");
  FastSecurityInfo *info = fast_security_info_read (&reader, &error);

  g_assert_no_error (error);
  g_assert_cmpint (info->kind, ==, FAST_SECURITY_TERMINAL_AUTHENTICATION);
  g_assert_null (info->defect);
  return info;
}

/* A chip whose signed EF.DG14 has another TerminalAuthenticationInfo. */
static void
lay_security_group (const char *hex)
{
  g_autoptr (FastLds) lds = test_altered_chip_dup_lds (&chip);
  g_autoptr (GPtrArray) infos =
      fast_security_group_parse (fast_lds_get (lds, fast_file_group (14)), NULL);
  FastChipState *state = test_altered_chip_copy (&chip);

  g_assert_true (g_ptr_array_remove (
      infos, (gpointer)fast_security_infos_find (infos, FAST_SECURITY_TERMINAL_AUTHENTICATION)));
  g_ptr_array_add (infos, info_of (hex));
  test_lds_put (lds, fast_file_group (14), fast_security_group_make (infos, NULL));
  test_lds_sign (lds, &chip.pki);
  test_altered_chip_put (state, fast_file_group (14),
                         g_bytes_ref (fast_lds_get (lds, fast_file_group (14))));
  test_altered_chip_put (state, fast_file_sod (),
                         g_bytes_ref (fast_lds_get (lds, fast_file_sod ())));
  test_altered_chip_lay (&chip, state);
}

static void
test_place (gconstpointer data)
{
  const Place *row = data;
  g_autoptr (FastInspection) inspection = NULL;

  lay_security_group (row->info);
  inspection = test_altered_chip_inspect (&chip, chip.full.terminal);
  if (row->why != NULL) {
    check_failure (inspection, row->check, row->subject, row->why);
    return;
  }
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  g_assert_cmpint (test_outcome (inspection, FAST_CHECK_TERMINAL, NULL), ==, FAST_VERDICT_DONE);
}

/* --- what is only seen on a whole chip --- */

/* A group whose last byte is another one is judged by its hash before anybody decodes it. */
static void
test_altered_group (void)
{
  FastChipState *state = test_altered_chip_copy (&chip);
  GBytes *face = fast_lds_get (chip.full.lds, fast_file_group (2));
  g_autoptr (FastInspection) inspection = NULL;
  const FastVerdict *verdict;

  test_altered_chip_put (state, fast_file_group (2),
                         fixture_flip (face, g_bytes_get_size (face) - 1, 1));
  test_altered_chip_lay (&chip, state);
  inspection = test_altered_chip_inspect (&chip, chip.full.terminal);
  verdict = fast_verdicts_find (inspection->verdicts, FAST_CHECK_HASH, "EF.DG2");
  g_assert_false (fast_verdicts_hold (inspection->verdicts));
  fast_test_assert_id (verdict->why, "sod-hash");
}

/* Every byte of what the document signer answers for on our own chip, one bit each. */
static void
test_altered_bytes (void)
{
  static const guint groups[] = {1, 2, 3, 4, 13, 14, 15};
  g_autoptr (FastLds) lds = test_altered_chip_dup_lds (&chip);
  g_autoptr (FastSecurityObject) object =
      fast_security_object_parse (fast_lds_get (lds, fast_file_sod ()), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++) {
    GBytes *content = fast_lds_get (lds, fast_file_group (groups[i]));

    for (gsize at = 0; at < g_bytes_get_size (content); at++) {
      g_autoptr (GBytes) flipped = fixture_flip (content, at, (guint8)(1u << at % 8));

      g_assert_false (fast_security_object_verify_group (object, groups[i], flipped, NULL));
    }
  }
}

static void
add_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (denied); i++) {
    g_autofree char *name = g_strconcat ("/chip/inspect/denied/", denied[i].id, NULL);
    g_test_add_data_func (name, &denied[i], test_denied);
  }
  for (guint i = 0; i < G_N_ELEMENTS (failures); i++) {
    g_autofree char *name = g_strconcat ("/chip/inspect/fails/", failures[i].id, NULL);
    g_test_add_data_func (name, &failures[i], test_failure);
  }
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *name = g_strconcat ("/chip/inspect/place/", places[i].id, NULL);
    g_test_add_data_func (name, &places[i], test_place);
  }
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_altered_chip_init (&chip);
  g_test_add_func ("/chip/inspect/sound/5.1:ISO7816_E_07,E_31", test_sound);
  g_test_add_func ("/chip/inspect/no-credentials", test_no_credentials);
  g_test_add_func ("/chip/inspect/basic", test_basic);
  g_test_add_func ("/chip/inspect/fails/5.1:ISO7816_E_10", test_three_authorities);
  g_test_add_func ("/chip/inspect/altered-group", test_altered_group);
  g_test_add_func ("/chip/inspect/altered-bytes", test_altered_bytes);
  add_rows ();
  code = g_test_run ();
  test_altered_chip_clear (&chip);
  return code;
}

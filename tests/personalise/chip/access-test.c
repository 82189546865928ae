/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/access.h"

#include "personalise/chip/encode.h"
#include "personalise/lds/security-info.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/support.h"

static TestPki pki;

#define CHIP_3DES "0.4.0.127.0.7.2.2.3.2.1"

typedef struct {
  const char *name;
  TestFullTerms terms;
} Kind;

static const Kind kinds[] = {
    {"/chip/access/aes-128-p256",
     {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
      FAST_SECURITY_CA_ECDH_AES_128, "P-256", 700}},
    {"/chip/access/aes-256-p256",
     {FAST_SECURITY_PACE_ECDH_GM_AES_256, FAST_SECURITY_PARAMETERS_P256,
      FAST_SECURITY_CA_ECDH_AES_256, "P-256", 700}},
    {"/chip/access/aes-128-brainpool",
     {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_BRAINPOOL256, CHIP_3DES,
      "brainpoolP256r1", 700}},
    {"/chip/access/aes-256-brainpool",
     {FAST_SECURITY_PACE_ECDH_GM_AES_256, FAST_SECURITY_PARAMETERS_BRAINPOOL256,
      FAST_SECURITY_CA_ECDH_AES_256, "brainpoolP256r1", 700}},
};

typedef struct {
  char *folder;
  FastRadioField *field;
  FastTransport *transport;
  TestFullChip chip;
  FastSecret *information;
} Bench;

/* Nobody could read the fingers back: the chip is not begun. */
static void
refuse_without_terminal (const FastEncoding *sound)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  FastEncoding encoding = *sound;

  encoding.terminal = NULL;
  g_assert_false (fast_chip_encode (&encoding, &result, NULL, &error));
  fast_test_assert_id (error, "encode-no-terminal");
  g_assert_cmpint (result.state, ==, FAST_ENCODE_UNTOUCHED);
}

/* Files that promise what the chip would not be given, or another's: it is not begun either. */
static void
refuse_without (const FastEncoding *sound, const FastChipSecrets *lacking)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  FastEncoding encoding = *sound;

  encoding.secrets = lacking;
  g_assert_false (fast_chip_encode (&encoding, &result, NULL, &error));
  fast_test_assert_id (error, "chip-secrets-missing");
  g_assert_cmpint (result.state, ==, FAST_ENCODE_UNTOUCHED);
}

static void
refuse_without_secrets (const FastEncoding *sound)
{
  for (guint i = 0; i < 5; i++) {
    FastChipSecrets lacking = *sound->secrets;

    if (i == 0)
      lacking.can = NULL;
    else if (i == 1)
      lacking.chip_key = NULL;
    else if (i == 2)
      lacking.active_key = NULL;
    else if (i == 3)
      lacking.active_key = sound->secrets->chip_key;
    else
      lacking.trust_point = NULL;
    refuse_without (sound, &lacking);
  }
}

static void
encode (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_build_filename (bench->folder, "journal", NULL);
  const FastEncoding encoding = {.transport = bench->transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = bench->chip.lds,
                                 .secrets = bench->chip.secrets,
                                 .trust = pki.trust,
                                 .at = fast_clock_now (),
                                 .training = TRUE,
                                 .terminal = bench->chip.terminal,
                                 .journal = fast_encode_journal_file (journal)};

  refuse_without_terminal (&encoding);
  refuse_without_secrets (&encoding);
  fast_chip_encode (&encoding, &result, NULL, &error);
  if (result.inspection != NULL)
    test_tell (result.inspection->verdicts);
  g_assert_no_error (error);
  test_assert_same_lds (result.inspection->lds, bench->chip.lds);
}

static void
set_up (Bench *bench, gconstpointer data)
{
  const Kind *kind = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *card = NULL;

  bench->folder = fast_test_folder ();
  card = g_build_filename (bench->folder, "chip", NULL);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (card, &error));
  g_assert_no_error (error);
  bench->transport = test_loop_new (bench->field);
  test_full_chip_init (&bench->chip, &pki, &kind->terms);
  bench->information = fast_lds_mrz_information (bench->chip.lds, &error);
  g_assert_no_error (error);
  encode (bench);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_secret_free (bench->information);
  test_full_chip_clear (&bench->chip);
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->field);
  fast_test_remove_folder (bench->folder);
}

/* Opens the chip and reads one file; gives the error's id, or that of no error. */
static void
open_with (Bench *bench, const FastAccessKeys *keys, const char *id)
{
  g_autoptr (FastChipSession) session = fast_chip_session_new (bench->transport, NULL);
  g_autoptr (GPtrArray) verdicts = fast_verdicts_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;

  if (id != NULL) {
    g_assert_false (fast_chip_access (session, keys, NULL, verdicts, &error));
    fast_test_assert_id (error, id);
    return;
  }
  fast_chip_access (session, keys, NULL, verdicts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fast_verdicts_find (verdicts, FAST_CHECK_PACE, NULL)->outcome, ==,
                   FAST_VERDICT_DONE);
  content = fast_chip_session_read_file (session, fast_file_group (2), &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (content, fast_lds_get (bench->chip.lds, fast_file_group (2))));
}

static void
test_pace (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastSecret) wrong_can = fast_secret_new_from ("493828", 6);
  g_autoptr (FastSecret) no_can = fast_secret_new_from ("49382", 5);
  g_autoptr (FastSecret) wrong_mrz = fast_secret_new_from ("L898902C<369080619406236", 24);

  open_with (bench, &(FastAccessKeys){.mrz_information = bench->information}, NULL);
  open_with (bench, &(FastAccessKeys){.can = bench->chip.secrets->can}, NULL);
  open_with (bench, &(FastAccessKeys){.can = wrong_can}, "status-authentication");
  open_with (bench, &(FastAccessKeys){.can = no_can}, "pace-can");
  open_with (bench, &(FastAccessKeys){.mrz_information = wrong_mrz}, "status-authentication");
  open_with (bench, &(FastAccessKeys){.can = bench->chip.secrets->can}, NULL);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_test_add (kinds[i].name, Bench, &kinds[i], set_up, test_pace, tear_down);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/encode.h"
#include "personalise/lds/security-info.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/reader-process.h"
#include "tests/support.h"

/*
 * A chip with every protocol is taken away ten times on a reader behind a pseudo-terminal, on
 * either side of the chip's act. The loop over every command is tests/tear.
 */

#define POINTS 10
#define FIRST 3
#define APART 13

static TestPki pki;

typedef struct {
  char *folder;
  TestReader reader;
  FastTransport *transport;
  TestFullChip chip;
} Bench;

static void
set_up (Bench *bench, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  bench->folder = fast_test_folder ();
  test_full_chip_init (&bench->chip, &pki, data);
  test_reader_start (&bench->reader, bench->folder, "chip");
  bench->transport = fast_transport_open (bench->reader.reader, &error);
  g_assert_no_error (error);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_transport_free (bench->transport);
  test_reader_stop (&bench->reader);
  test_full_chip_clear (&bench->chip);
  fast_test_remove_folder (bench->folder);
}

/* Gives in what state the chip is; the journal is that of the @point. */
static FastEncodeState
encode (Bench *bench, guint point, GError **error)
{
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_strdup_printf ("%s/journal-%u", bench->folder, point);
  const FastEncoding encoding = {.transport = bench->transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = bench->chip.lds,
                                 .secrets = bench->chip.secrets,
                                 .trust = pki.trust,
                                 .at = fast_clock_now (),
                                 .terminal = bench->chip.terminal,
                                 .training = TRUE,
                                 .journal = fast_encode_journal_file (journal)};

  if (fast_chip_encode (&encoding, &result, NULL, error))
    test_assert_same_lds (result.inspection->lds, bench->chip.lds);
  return result.state;
}

static void
cut (Bench *bench, guint point)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *card = g_strdup_printf ("card %s/chip-%u", bench->folder, point);
  g_autofree char *tear =
      g_strdup_printf ("tear %u%s", FIRST + point * APART, point % 2 == 0 ? "" : " unanswered");
  FastEncodeState state;

  test_reader_order (&bench->reader, card);
  test_reader_order (&bench->reader, tear);
  state = encode (bench, point, &error);
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_GONE);
  g_assert_true (state == FAST_ENCODE_RESUMABLE || (point == 0 && state == FAST_ENCODE_UNTOUCHED));
  g_clear_error (&error);
  test_reader_order (&bench->reader, "insert");
  state = encode (bench, point, &error);
  g_assert_no_error (error);
  g_assert_cmpint (state, ==, FAST_ENCODE_MADE);
}

static void
test_cuts (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  for (guint point = 0; point < POINTS; point++)
    cut (bench, point);
}

int
main (int argc, char **argv)
{
  static const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128,
                                      FAST_SECURITY_PARAMETERS_P256, FAST_SECURITY_CA_ECDH_AES_128,
                                      "P-256", 700};
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  fast_transport_quieten ();
  g_test_add ("/device/full-reader/cuts", Bench, &terms, set_up, test_cuts, tear_down);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

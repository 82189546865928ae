/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/encode.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

/*
 * The chip is taken away at the n-th command of an encoding, for every n, once before and once
 * after it acted on the command. Each time the chip must be in a state that has a name, and an
 * encoding that can go on must end in the very bytes of the plan. FAST_TEAR_STEP=K visits every
 * K-th n.
 */

#define LDS_SIZE 3400

static TestPki pki;

/* %NULL: in plain. */
static const FastChipChannel *channel;

typedef struct {
  char *card;
  FastRadioField *field;
  FastTransport *transport;
  FastEncodeRecord *saved;
  FastEncoding encoding;
} Bench;

/* A journal in memory: what was saved last. */
static gboolean
load (gpointer self, FastEncodeRecord *record, GError **error G_GNUC_UNUSED)
{
  const FastEncodeRecord *saved = ((Bench *)self)->saved;

  if (saved->plan == NULL)
    return TRUE;
  fast_encode_record_begin (record, saved->plan);
  record->serial = g_strdup (saved->serial);
  record->phase = saved->phase;
  g_array_append_vals (record->files, saved->files->data, saved->files->len);
  return TRUE;
}

static gboolean
save (gpointer self, const FastEncodeRecord *record, GError **error G_GNUC_UNUSED)
{
  FastEncodeRecord *saved = ((Bench *)self)->saved;

  fast_encode_record_begin (saved, record->plan);
  saved->serial = g_strdup (record->serial);
  saved->phase = record->phase;
  g_array_append_vals (saved->files, record->files->data, record->files->len);
  return TRUE;
}

/* The chip as it comes back: all that it kept is its memory's file. */
static void
power_up (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  FastVirtualChip *chip = fast_virtual_chip_open (bench->card, &error);

  g_assert_no_error (error);
  if (bench->field == NULL)
    bench->field = fast_radio_field_new (chip);
  else
    fast_radio_field_swap (bench->field, chip);
}

static void
set_up (Bench *bench, const char *folder, FastLds *lds)
{
  static guint number;

  g_autoptr (GError) error = NULL;
  const FastChipBlank blank = {channel == NULL ? NULL : channel->keys,
                               FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION};

  bench->card = g_strdup_printf ("%s/chip-%u", folder, number++);
  fast_virtual_chip_make_blank (bench->card, &blank, &error);
  g_assert_no_error (error);
  power_up (bench);
  bench->transport = test_loop_new (bench->field);
  bench->saved = fast_encode_record_new ();
  bench->encoding = (FastEncoding){.transport = bench->transport,
                                   .applet = &fast_applet_icao_perso,
                                   .lds = lds,
                                   .trust = pki.trust,
                                   .at = fast_clock_now (),
                                   .channel = channel,
                                   .training = channel == NULL,
                                   .journal = {load, save, bench}};
}

static void
tear_down (Bench *bench)
{
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->field);
  fast_encode_record_free (bench->saved);
  g_free (bench->card);
}

/* What the bytes on the chip say must agree with the state that was told. */
static void
check_torn (Bench *bench, FastEncodeState state, const GError *error)
{
  const FastLifeCycle life = fast_virtual_chip_state (fast_radio_field_chip (bench->field))->life;

  fast_test_assert_id (error, "transport-card-gone");
  g_assert_true (state == FAST_ENCODE_RESUMABLE || state == FAST_ENCODE_UNTOUCHED);
  if (state == FAST_ENCODE_UNTOUCHED)
    g_assert_cmpint (life, ==, FAST_LIFE_CYCLE_BLANK);
}

static void
check_finishes (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};

  power_up (bench);
  g_assert_true (fast_chip_encode (&bench->encoding, &result, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (result.state, ==, FAST_ENCODE_MADE);
  test_assert_same_lds (result.inspection->lds, bench->encoding.lds);
}

/* Gives whether the encoding got through before the n-th command. */
static gboolean
run_torn (const char *folder, FastLds *lds, guint n, FastTear tear)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  Bench bench = {0};
  gboolean made;

  set_up (&bench, folder, lds);
  fast_radio_field_tear (bench.field, n, tear);
  made = fast_chip_encode (&bench.encoding, &result, NULL, &error);
  if (!made) {
    check_torn (&bench, result.state, error);
    check_finishes (&bench);
  }
  tear_down (&bench);
  return made;
}

static guint
step (void)
{
  const char *text = g_getenv ("FAST_TEAR_STEP");
  const guint64 number = text == NULL ? 1 : g_ascii_strtoull (text, NULL, 10);

  return (guint)MAX (number, 1);
}

static void
test_every_command (gconstpointer data)
{
  const FastTear tear = (FastTear)GPOINTER_TO_INT (data);
  g_autoptr (FastLds) lds = test_small_lds (&pki, LDS_SIZE);
  char *folder = fast_test_folder ();
  guint n = 0;

  g_assert_cmpuint (fast_lds_total (lds), >, 4000);
  while (!run_torn (folder, lds, n, tear))
    n += step ();
  g_test_message ("%u commands", n);
  g_assert_cmpuint (n, >, 80);
  fast_test_remove_folder (folder);
}

static void
test_in_channel (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) key = fast_secret_new_from ("@ABCDEFGHIJKLMNO", 16);
  g_autoptr (FastIssuerKeys) keys = fast_issuer_keys_new (0x30, key, key, key, &error);
  const FastChipChannel terms = {keys, FAST_SCP03_MODE_S8, 0x33};

  g_assert_no_error (error);
  channel = &terms;
  test_every_command (data);
  channel = NULL;
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add_data_func ("/tear/chip/unheard", GINT_TO_POINTER (FAST_TEAR_UNHEARD),
                        test_every_command);
  g_test_add_data_func ("/tear/chip/unanswered", GINT_TO_POINTER (FAST_TEAR_UNANSWERED),
                        test_every_command);
  g_test_add_data_func ("/tear/chip/channel/unheard", GINT_TO_POINTER (FAST_TEAR_UNHEARD),
                        test_in_channel);
  g_test_add_data_func ("/tear/chip/channel/unanswered", GINT_TO_POINTER (FAST_TEAR_UNANSWERED),
                        test_in_channel);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

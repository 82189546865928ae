/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/encode.h"

#include "personalise/lds/security-info.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/support.h"

/*
 * The chip is taken away at the n-th command of an encoding, for every n, once before and once
 * after it acted on the command. Each time the chip must be in a state that has a name, and an
 * encoding that can go on must end in the very bytes of the plan. FAST_TEAR_STEP=K visits every
 * K-th n.
 */

#define MEMORY "/dev/shm"

static TestPki pki;

/* One loop over every command: through which applet and channel, and with how much on the chip. */
typedef struct {
  const char *name;
  const FastApplet *applet;
  FastScp03Mode mode;
  guint8 level; /* 0: in plain, to a training card */
  gboolean full;
  gsize size;  /* of EF.DG2 */
  guint least; /* how many commands there are at least */
} Row;

static const Row rows[] = {
    {"plain", &fast_applet_icao_perso, 0, 0, FALSE, 3400, 80},
    {"channel", &fast_applet_icao_perso, FAST_SCP03_MODE_S8, 0x33, FALSE, 3400, 80},
    {"full", &fast_applet_icao_perso, 0, 0, TRUE, 700, 120},
    {"jmrtd", &fast_applet_jmrtd, 0, 0, FALSE, 3400, 80},
};

/* What a row writes. */
typedef struct {
  const Row *row;
  FastTear tear;
  char *folder;
  FastLds *lds;
  TestFullChip full;
  FastIssuerKeys *keys;
  FastChipChannel channel;
} Plan;

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
set_up (Bench *bench, const Plan *plan)
{
  static guint number;
  g_autoptr (GError) error = NULL;
  const FastChipBlank blank = {plan->keys, FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION,
                               plan->row->applet->name};

  bench->card = g_strdup_printf ("%s/chip-%u", plan->folder, number++);
  fast_virtual_chip_make_blank (bench->card, &blank, &error);
  g_assert_no_error (error);
  power_up (bench);
  bench->transport = test_loop_new (bench->field);
  bench->saved = fast_encode_record_new ();
  bench->encoding = (FastEncoding){.transport = bench->transport,
                                   .applet = plan->row->applet,
                                   .lds = plan->lds,
                                   .secrets = plan->full.secrets,
                                   .terminal = plan->full.terminal,
                                   .trust = pki.trust,
                                   .at = fast_clock_now (),
                                   .channel = plan->keys == NULL ? NULL : &plan->channel,
                                   .training = plan->keys == NULL,
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
run_torn (const Plan *plan, guint n)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  Bench bench = {0};
  gboolean made;

  set_up (&bench, plan);
  fast_radio_field_tear (bench.field, n, plan->tear);
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
plan_content (Plan *plan)
{
  const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
                               FAST_SECURITY_CA_ECDH_AES_128, "P-256", plan->row->size};

  if (!plan->row->full) {
    plan->lds = test_small_lds (&pki, plan->row->size);
    return;
  }
  test_full_chip_init (&plan->full, &pki, &terms);
  plan->lds = fast_lds_ref (plan->full.lds);
}

static void
plan_channel (Plan *plan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) key = fast_secret_new_from ("@ABCDEFGHIJKLMNO", 16);

  if (plan->row->level == 0)
    return;
  plan->keys = fast_issuer_keys_new (0x30, key, key, key, &error);
  g_assert_no_error (error);
  plan->channel = (FastChipChannel){plan->keys, plan->row->mode, plan->row->level};
}

static void
plan_clear (Plan *plan)
{
  fast_lds_unref (plan->lds);
  g_clear_pointer (&plan->keys, fast_issuer_keys_unref);
  if (plan->row->full)
    test_full_chip_clear (&plan->full);
  fast_test_remove_folder (plan->folder);
}

static void
run_row (const Row *row, FastTear tear)
{
  Plan plan = {.row = row, .tear = tear, .folder = fast_test_folder ()};
  guint n = 0;

  plan_content (&plan);
  plan_channel (&plan);
  while (!run_torn (&plan, n))
    n += step ();
  g_test_message ("%u commands", n);
  g_assert_cmpuint (n, >, row->least);
  plan_clear (&plan);
}

static void
test_unheard (gconstpointer row)
{
  run_row (row, FAST_TEAR_UNHEARD);
}

static void
test_unanswered (gconstpointer row)
{
  run_row (row, FAST_TEAR_UNANSWERED);
}

static void
add_row (const Row *row)
{
  g_autofree char *unheard = g_strdup_printf ("/tear/chip/%s/unheard", row->name);
  g_autofree char *unanswered = g_strdup_printf ("/tear/chip/%s/unanswered", row->name);

  g_test_add_data_func (unheard, row, test_unheard);
  g_test_add_data_func (unanswered, row, test_unanswered);
}

/* The chips lie in memory: what the loops cost is the disk's time, and it has its own test. */
int
main (int argc, char **argv)
{
  int code;

  if (g_file_test (MEMORY, G_FILE_TEST_IS_DIR))
    g_setenv ("TMPDIR", MEMORY, TRUE);
  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    add_row (&rows[i]);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

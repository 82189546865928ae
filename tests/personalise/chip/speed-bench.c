/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <stdio.h>

#include "personalise/chip/encode.h"
#include "personalise/emulator/radio-field.h"
#include "personalise/lds/security-info.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/personalise/lds/chip.h"
#include "tests/support.h"

/*
 * What the writing of a chip and the reading of its face cost, as ratios.
 *
 * Bytes: all C-APDUs and R-APDUs from the first CREATE FILE to the last UPDATE BINARY, against the
 * bytes of the files. That they are the fewest possible is tested by cost-test.c.
 *
 * Time: what the program needed beside the exchanges, plus what the exchanges take in the air at
 * 424 kbit/s; against the same commands sent to a field that answers from a recording. So only what
 * our side adds can differ: cryptography, the journal, the order of things.
 */

#define TRANSPORT_KEY 16
#define ROUNDS 5

/* A wire, and all that went over it. */
typedef struct {
  TestWire wire;
  GArray *exchanges;
} Line;

typedef struct {
  GBytes *command;
  gsize answer;
  gint64 from;
  gint64 to;
} Exchange;

/* --- the line --- */

static void
exchange_clear (gpointer data)
{
  g_bytes_unref (((Exchange *)data)->command);
}

static GBytes *
carry (gpointer data, FastRadioField *field, GBytes *command)
{
  Line *line = data;
  Exchange exchange = {.command = g_bytes_ref (command), .from = g_get_monotonic_time ()};
  GBytes *answer = fast_radio_field_exchange (field, g_bytes_get_data (command, NULL),
                                              g_bytes_get_size (command));

  g_assert_nonnull (answer);
  exchange.to = g_get_monotonic_time ();
  exchange.answer = g_bytes_get_size (answer);
  g_array_append_val (line->exchanges, exchange);
  return answer;
}

static void
line_init (Line *line, const char *path, gboolean extended)
{
  g_autoptr (GError) error = NULL;
  FastVirtualChip *chip = fast_virtual_chip_open (path, &error);

  g_assert_no_error (error);
  line->wire = (TestWire){fast_radio_field_new (chip), extended, carry, line};
  line->exchanges = g_array_new (FALSE, FALSE, sizeof (Exchange));
  g_array_set_clear_func (line->exchanges, exchange_clear);
}

static void
line_clear (Line *line)
{
  fast_radio_field_free (line->wire.field);
  g_array_unref (line->exchanges);
}

/* --- a stretch of exchanges --- */

typedef struct {
  guint first;
  guint last;
} Stretch;

static const Exchange *
at (const Line *line, guint n)
{
  return &g_array_index (line->exchanges, Exchange, n);
}

/* The instruction is never encrypted. */
static guint8
instruction (const Exchange *exchange)
{
  return ((const guint8 *)g_bytes_get_data (exchange->command, NULL))[1];
}

static Stretch
writing (const Line *line)
{
  Stretch stretch = {0, 0};

  while (instruction (at (line, stretch.first)) != FAST_INS_CREATE_FILE)
    stretch.first++;
  for (guint n = stretch.first; n < line->exchanges->len; n++)
    if (instruction (at (line, n)) == FAST_INS_UPDATE_BINARY)
      stretch.last = n;
  return stretch;
}

/* Microseconds between the exchanges, and those that they take in the air. */
static double
cost (const Line *line, Stretch stretch)
{
  double host = 0;
  guint64 periods = 0;

  for (guint n = stretch.first; n <= stretch.last; n++) {
    const Exchange *exchange = at (line, n);

    periods += fast_air_time_exchange (&fast_air_time_default, g_bytes_get_size (exchange->command),
                                       exchange->answer);
    if (n > stretch.first)
      host += (double)(exchange->from - at (line, n - 1)->to);
  }
  return host + 1000 * fast_air_time_ms (periods);
}

static double
bytes (const Line *line, Stretch stretch)
{
  gsize sum = 0;

  for (guint n = stretch.first; n <= stretch.last; n++)
    sum += g_bytes_get_size (at (line, n)->command) + at (line, n)->answer;
  return (double)sum;
}

/* The same commands, to a field that answers @recording. */
static double
replay (const Line *from, Stretch stretch, const char *chip, const char *recording)
{
  g_autoptr (GError) error = NULL;
  FastReplay *answers = fast_replay_read (recording, &error);
  Line line;
  double result;

  g_assert_no_error (error);
  line_init (&line, chip, from->wire.extended);
  fast_radio_field_replay (line.wire.field, answers);
  for (guint n = 0; n <= stretch.last; n++) {
    g_autoptr (GBytes) answer = carry (&line, line.wire.field, at (from, n)->command);

    g_assert_cmpuint (g_bytes_get_size (answer), ==, at (from, n)->answer);
  }
  result = cost (&line, stretch);
  line_clear (&line);
  return result;
}

static int
compare (gconstpointer left, gconstpointer right)
{
  const double a = *(const double *)left;
  const double b = *(const double *)right;

  return (a > b) - (a < b);
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof *values, compare);
  return values[ROUNDS / 2];
}

static gboolean failed;

static void
tell (const char *what, double ratio, double most)
{
  printf ("%-44s %.3f (at most %.2f)\n", what, ratio, most);
  failed = failed || ratio > most;
}

/* --- writing --- */

typedef struct {
  const char *name;
  gboolean extended;
  FastScp03Mode mode;
  guint8 options;
  guint8 level; /* 0: in plain */
  double most;
} Way;

static const Way ways[] = {
    {"plain, short", FALSE, FAST_SCP03_MODE_S8, 0, 0, 1.05},
    {"plain, extended", TRUE, FAST_SCP03_MODE_S8, 0, 0, 1.02},
    {"SCP03 level 03, S8", FALSE, FAST_SCP03_MODE_S8, 0, 0x03, 1.09},
    {"SCP03 level 03, S16", FALSE, FAST_SCP03_MODE_S16, FAST_SCP03_S16, 0x03, 1.13},
};

static FastIssuerKeys *
make_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) key = fast_secret_new (TRANSPORT_KEY);
  FastIssuerKeys *keys;

  fast_secret_data (key)[0] = 1;
  keys = fast_issuer_keys_new (0x30, key, key, key, &error);
  g_assert_no_error (error);
  return keys;
}

/* A chip is made, and what was said is in @line and in the file @recording. */
static void
write_chip (Line *line, const char *folder, FastEncoding *encoding, const char *recording)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autoptr (FastTransport) transport = test_wire_transport (&line->wire);

  g_unlink (recording);
  fast_radio_field_record (line->wire.field, fast_recording_open (recording, &error));
  g_assert_no_error (error);
  encoding->transport = transport;
  encoding->applet = &fast_applet_icao_perso;
  encoding->at = fast_clock_now ();
  encoding->journal = fast_encode_journal_file (journal);
  fast_chip_encode (encoding, &result, NULL, &error);
  g_assert_no_error (error);
  fast_radio_field_record (line->wire.field, NULL);
  g_unlink (journal);
}

static double
write_once (const Way *way, FastLds *lds, FastTrust *trust, gboolean first)
{
  g_autoptr (GError) error = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *chip = g_build_filename (folder, "chip", NULL);
  g_autofree char *other = g_build_filename (folder, "other", NULL);
  g_autofree char *recording = g_build_filename (folder, "recording", NULL);
  g_autoptr (FastIssuerKeys) keys = make_keys ();
  const FastChipChannel channel = {keys, way->mode, way->level};
  FastEncoding encoding = {.lds = lds, .trust = trust, .training = TRUE};
  Line line;
  Stretch stretch;
  double ratio;

  if (way->level != 0) {
    encoding.channel = &channel;
    fast_virtual_chip_make_blank (chip, &(FastChipBlank){keys, way->options, NULL}, &error);
    g_assert_no_error (error);
  }
  line_init (&line, chip, way->extended);
  write_chip (&line, folder, &encoding, recording);
  stretch = writing (&line);
  if (first) {
    g_autofree char *what = g_strdup_printf ("written bytes, %s", way->name);

    tell (what, bytes (&line, stretch) / (double)fast_lds_total (lds), way->most);
  }
  ratio = cost (&line, stretch) / replay (&line, stretch, other, recording);
  line_clear (&line);
  fast_test_remove_folder (folder);
  return ratio;
}

static void
bench_writing (const TestPki *pki)
{
  g_autoptr (GError) error = NULL;
  TestChip chip;
  g_autoptr (FastLds) lds = NULL;

  test_chip_init (&chip);
  lds = fast_lds_build (&chip.input, pki->signer, pki->key, &error);
  g_assert_no_error (error);
  printf ("LDS of %" G_GSIZE_FORMAT " bytes\n", fast_lds_total (lds));
  g_assert_cmpuint (fast_lds_total (lds), >=, 15000);
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree char *what = g_strdup_printf ("time of writing, %s", ways[i].name);
    double ratios[ROUNDS];

    for (guint round = 0; round < ROUNDS; round++)
      ratios[round] = write_once (&ways[i], lds, pki->trust, round == 0);
    tell (what, median (ratios), 1.10);
  }
  test_chip_clear (&chip);
}

/* --- reading --- */

/* One session up to the face, from whose SELECT on the stretch is counted. */
static Stretch
read_face (Line *line, const FastAccessKeys *keys, FastTransport *transport)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastChipSession) session = fast_chip_session_new (transport, NULL);
  g_autoptr (GBytes) face = NULL;
  Stretch stretch;

  fast_chip_access (session, keys, NULL, NULL, &error);
  g_assert_no_error (error);
  stretch.first = line->exchanges->len;
  face = fast_chip_session_read_file (session, fast_file_group (2), &error);
  g_assert_no_error (error);
  stretch.last = line->exchanges->len - 1;
  return stretch;
}

static double
read_once (const char *chip, const char *folder, const FastAccessKeys *keys)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *recording = g_build_filename (folder, "recording", NULL);
  Line line;
  g_autoptr (FastTransport) transport = test_wire_transport (&line.wire);
  Stretch stretch;
  double ratio;

  line_init (&line, chip, FALSE);
  g_unlink (recording);
  fast_radio_field_record (line.wire.field, fast_recording_open (recording, &error));
  g_assert_no_error (error);
  stretch = read_face (&line, keys, transport);
  fast_radio_field_record (line.wire.field, NULL);
  ratio = cost (&line, stretch) / replay (&line, stretch, chip, recording);
  line_clear (&line);
  return ratio;
}

static void
bench_reading (const char *what, const char *chip, const char *folder, FastLds *lds)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) information = fast_lds_mrz_information (lds, &error);
  const FastAccessKeys keys = {.mrz_information = information};
  double ratios[ROUNDS];

  g_assert_no_error (error);
  for (guint round = 0; round < ROUNDS; round++)
    ratios[round] = read_once (chip, folder, &keys);
  tell (what, median (ratios), 1.25);
}

static void
make_chip (const char *chip, const char *folder, FastEncoding *encoding)
{
  g_autofree char *recording = g_build_filename (folder, "recording", NULL);
  Line line;

  encoding->training = TRUE;
  line_init (&line, chip, FALSE);
  write_chip (&line, folder, encoding, recording);
  line_clear (&line);
}

static void
bench_access (TestPki *pki)
{
  static const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_256,
                                      FAST_SECURITY_PARAMETERS_P256, FAST_SECURITY_CA_ECDH_AES_256,
                                      "P-256", 16000};
  char *folder = fast_test_folder ();
  g_autofree char *basic = g_build_filename (folder, "basic", NULL);
  g_autofree char *pace = g_build_filename (folder, "pace", NULL);
  g_autoptr (FastLds) lds = test_small_lds (pki, 16000);
  TestFullChip full;

  make_chip (basic, folder, &(FastEncoding){.lds = lds, .trust = pki->trust});
  bench_reading ("time of reading EF.DG2, BAC", basic, folder, lds);
  test_full_chip_init (&full, pki, &terms);
  make_chip (pace, folder,
             &(FastEncoding){.lds = full.lds,
                             .secrets = full.secrets,
                             .terminal = full.terminal,
                             .trust = pki->trust});
  bench_reading ("time of reading EF.DG2, PACE", pace, folder, full.lds);
  test_full_chip_clear (&full);
  fast_test_remove_folder (folder);
}

int
main (void)
{
  TestPki pki;

  test_pki_init (&pki);
  bench_writing (&pki);
  bench_access (&pki);
  test_pki_clear (&pki);
  return failed ? 1 : 0;
}

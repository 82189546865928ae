/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/perso.h"
#include "personalise/chip/encode.h"
#include "personalise/lds/security-info.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/lds/chip.h"
#include "tests/specimen/print.h"
#include "tests/support.h"

/*
 * What writing the files of a chip costs on the line, counted over the whole phase: every C-APDU
 * and R-APDU of it, SELECT included. Nothing here is measured by a clock.
 *
 * Two chips of the programme are written, each with all that its keys bring: one with two prints,
 * and one of somebody who has none. Both get the fewest commands and the fewest bytes that the
 * command set allows, which are worked out from the sizes of the files alone. A file costs a CREATE
 * FILE and a last command that is not full, whatever is in it; on the smaller chip that is too much
 * for the ratios of SCP03, so only the ratios in plain are asked of it.
 */

#define TRUST_POINT "CAFASTCVCA00001"
#define SIZE_LEAST 15000
#define SHORT_DATA 255
#define BLOCK 16
#define HEADER 4
#define STATUS 2
#define PARAMETERS 10 /* of CREATE FILE: size and identifier */
#define IDENTIFIER 2  /* of the master file */
#define PRINT_SEED 7

/**
 * Way:
 * @name: for the test's name
 * @extended: whether reader and card take extended APDUs
 * @level: of SCP03; 0 for in plain
 * @options: of the chip's SCP03
 * @mode: likewise
 * @most: bytes on the line to bytes of the files, in hundredths
 */
typedef struct {
  const char *name;
  gboolean extended;
  guint8 level;
  guint8 options;
  FastScp03Mode mode;
  guint most;
} Way;

static const Way ways[] = {
    {"plain-short", FALSE, 0, 0, FAST_SCP03_MODE_S8, 105},
    {"plain-extended", TRUE, 0, 0, FAST_SCP03_MODE_S8, 102},
    {"channel-s8", FALSE, 0x03, 0, FAST_SCP03_MODE_S8, 109},
    {"channel-s16", FALSE, 0x03, FAST_SCP03_S16, FAST_SCP03_MODE_S16, 113},
};

static TestPki pki;
static TestFullChip full;
static FastLds *with_prints;
static FastLds *without_prints;

typedef struct {
  FastTransport *transport;
  FastTransportTally tally;
} Phase;

/* Each phase is told once with nothing done, before its first command. */
static void
follow (FastEncodePhase phase, gsize done G_GNUC_UNUSED, gsize total, gpointer data)
{
  Phase *written = data;

  if (phase == FAST_ENCODE_WRITE && total == 0)
    fast_transport_clear_tally (written->transport);
  if (phase == FAST_ENCODE_VERIFY && total == 0)
    written->tally = *fast_transport_tally (written->transport);
}

static FastIssuerKeys *
make_keys (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) key = fast_secret_new_from ("\x40\x41\x42\x43\x44\x45\x46\x47"
                                                     "\x48\x49\x4A\x4B\x4C\x4D\x4E\x4F",
                                                     16);
  FastIssuerKeys *keys = fast_issuer_keys_new (0x30, key, key, key, &error);

  g_assert_no_error (error);
  return keys;
}

static FastRadioField *
lay_blank (const char *path, const Way *way, FastIssuerKeys *keys)
{
  g_autoptr (GError) error = NULL;
  FastVirtualChip *chip;

  if (way->level != 0)
    fast_virtual_chip_make_blank (path, &(FastChipBlank){.keys = keys, .options = way->options},
                                  &error);
  g_assert_no_error (error);
  chip = fast_virtual_chip_open (path, &error);
  g_assert_no_error (error);
  return fast_radio_field_new (chip);
}

/* A chip is made; what went over the line while its files were written. */
static FastTransportTally
write_chip (const Way *way, FastLds *lds)
{
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "chip", NULL);
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autoptr (FastIssuerKeys) keys = make_keys ();
  g_autoptr (FastRadioField) field = lay_blank (path, way, keys);
  const FastChipChannel channel = {keys, way->mode, way->level};
  Phase written = {.transport =
                       way->extended ? test_loop_new_extended (field) : test_loop_new (field)};
  const FastEncoding encoding = {.transport = written.transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = lds,
                                 .secrets = full.secrets,
                                 .trust = pki.trust,
                                 .at = fast_clock_now (),
                                 .terminal = full.terminal,
                                 .channel = way->level == 0 ? NULL : &channel,
                                 .training = way->level == 0,
                                 .journal = fast_encode_journal_file (journal),
                                 .progress = follow,
                                 .progress_data = &written};
  g_auto (FastEncodeResult) result = {0};
  g_autoptr (GError) error = NULL;

  fast_chip_encode (&encoding, &result, NULL, &error);
  g_assert_no_error (error);
  fast_transport_free (written.transport);
  fast_test_remove_folder (folder);
  return written.tally;
}

/* --- the least, from the sizes alone --- */

/* A MAC, and whole blocks with at least one byte of padding (GlobalPlatform SCP03, 6.2.4, 6.2.6).
 */
static gsize
wrapped (const Way *way, gsize data)
{
  if (way->level == 0)
    return data;
  return (data / BLOCK + 1) * BLOCK + (way->mode == FAST_SCP03_MODE_S16 ? 16 : 8);
}

/* How much data one command holds. */
static gsize
most_data (const Way *way)
{
  const gsize most = way->extended ? FAST_PERSO_APDU_MAX - HEADER - 3 : SHORT_DATA;
  gsize data = most;

  while (wrapped (way, data) > most)
    data--;
  return data;
}

/* One command with data and its answer without (ISO/IEC 7816-4, 5.1). */
static void
add (FastTransportTally *least, const Way *way, gsize data)
{
  const gsize size = wrapped (way, data);

  least->commands++;
  least->sent += HEADER + (size > SHORT_DATA ? 3 : 1) + size;
  least->received += STATUS;
}

/* To make each file, to fill it, and to go over to the master file once: writing begins in the
 * application. */
static FastTransportTally
work_out (const Way *way, FastLds *lds)
{
  const gsize most = most_data (way);
  FastTransportTally least = {0};
  gboolean elsewhere = FALSE;
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++) {
    GBytes *content = fast_lds_get (lds, &files[i]);
    gsize left = content == NULL ? 0 : g_bytes_get_size (content);

    if (content == NULL)
      continue;
    elsewhere = elsewhere || files[i].place == FAST_PLACE_MASTER_FILE;
    for (add (&least, way, PARAMETERS); left > most; left -= most)
      add (&least, way, most);
    add (&least, way, left);
  }
  if (elsewhere)
    add (&least, way, IDENTIFIER);
  return least;
}

/* --- the two chips --- */

static FastTransportTally
check_least (const Way *way, FastLds *lds)
{
  const FastTransportTally tally = write_chip (way, lds);
  const FastTransportTally least = work_out (way, lds);
  const gsize size = fast_lds_total (lds);

  g_test_message ("%u commands, %" G_GUINT64_FORMAT " bytes for %" G_GSIZE_FORMAT
                  ": %.4f (%u hundredths wanted)",
                  tally.commands, tally.sent + tally.received, size,
                  (double)(tally.sent + tally.received) / (double)size, way->most);
  g_assert_cmpuint (size, >=, SIZE_LEAST);
  g_assert_cmpuint (tally.commands, ==, least.commands);
  g_assert_cmpuint (tally.sent, ==, least.sent);
  g_assert_cmpuint (tally.received, ==, least.received);
  return tally;
}

static void
check_ratio (const Way *way, FastLds *lds)
{
  const FastTransportTally tally = check_least (way, lds);

  g_assert_cmpuint (100 * (tally.sent + tally.received), <=, way->most * fast_lds_total (lds));
}

static void
test_with_prints (gconstpointer data)
{
  check_ratio (data, with_prints);
}

static void
test_without_prints (gconstpointer data)
{
  const Way *way = data;

  if (way->level == 0)
    check_ratio (way, without_prints);
  else
    check_least (way, without_prints);
}

static GBytes *
make_print (FastFinger finger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = specimen_print_make (PRINT_SEED, finger);
  GBytes *encoded = fast_image_encode_png (image, &error);

  g_assert_no_error (error);
  return encoded;
}

/* The programme's chip with all that its keys bring. */
static FastLds *
build (const FastFingerSample *prints, guint n)
{
  static const FastAtrInfo info = {.chaining = TRUE,
                                   .extended = TRUE,
                                   .command_max = FAST_PERSO_APDU_MAX,
                                   .response_max = FAST_PERSO_APDU_MAX};
  const FastChipKeys keys = {full.secrets->chip_key, full.secrets->active_key, TRUST_POINT, NULL};
  g_autoptr (GError) error = NULL;
  TestChip chip;
  FastLds *built;

  test_chip_init (&chip);
  chip.input.keys = &keys;
  chip.input.atr_info = &info;
  chip.input.fingers = prints;
  chip.input.n_fingers = n;
  built = fast_lds_build (&chip.input, pki.signer, pki.key, &error);
  g_assert_no_error (error);
  test_chip_clear (&chip);
  return built;
}

static void
build_both (void)
{
  g_autoptr (GBytes) right = make_print (FAST_FINGER_RIGHT_INDEX);
  g_autoptr (GBytes) left = make_print (FAST_FINGER_LEFT_INDEX);
  const FastFingerSample prints[] = {{FAST_FINGER_RIGHT_INDEX, right, "finger-right-index.png"},
                                     {FAST_FINGER_LEFT_INDEX, left, "finger-left-index.png"}};

  with_prints = build (prints, G_N_ELEMENTS (prints));
  without_prints = build (prints, 0);
}

int
main (int argc, char **argv)
{
  static const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128,
                                      FAST_SECURITY_PARAMETERS_P256, FAST_SECURITY_CA_ECDH_AES_128,
                                      "P-256", 100};
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  test_full_chip_init (&full, &pki, &terms);
  build_both ();
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autofree char *with = g_strconcat ("/chip/cost/with-prints/", ways[i].name, NULL);
    g_autofree char *without = g_strconcat ("/chip/cost/without-prints/", ways[i].name, NULL);

    g_test_add_data_func (with, &ways[i], test_with_prints);
    g_test_add_data_func (without, &ways[i], test_without_prints);
  }
  code = g_test_run ();
  fast_lds_unref (with_prints);
  fast_lds_unref (without_prints);
  test_full_chip_clear (&full);
  test_pki_clear (&pki);
  return code;
}

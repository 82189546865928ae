/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>

#include "personalise/apdu/status-word.h"
#include "personalise/chip/encode.h"
#include "personalise/chip/inspect.h"
#include "personalise/lds/security-info.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/support.h"

/*
 * A finished chip is inspected again and again, and each time one of its answers is exchanged for
 * something else on its way to the reader. Every inspection must end: with an error that has a
 * name, or with verdicts; and it may hold only where what was exchanged made no difference.
 */

/* Every answer of the protocols is altered in turn, of the plain reading that follows each so many.
 */
#define EACH 40
#define STRIDE 9

typedef GBytes *(*Alter) (GBytes *answer, guint16 status);

/* Which answer is exchanged, by what, and whether that was another. */
typedef struct {
  guint count;
  guint at;
  Alter alter;
  guint16 status;
  gboolean same;
} Trouble;

static TestPki pki;

static GBytes *
carry (gpointer data, FastRadioField *field, GBytes *command)
{
  Trouble *trouble = data;
  GBytes *answer = fast_radio_field_exchange (field, g_bytes_get_data (command, NULL),
                                              g_bytes_get_size (command));
  g_autoptr (GBytes) sound = NULL;
  GBytes *altered;

  if (trouble->alter == NULL || ++trouble->count != trouble->at)
    return answer;
  sound = answer;
  altered = trouble->alter (sound, trouble->status);
  trouble->same = g_bytes_equal (sound, altered);
  return altered;
}

static GBytes *
bare_status (GBytes *answer G_GNUC_UNUSED, guint16 status)
{
  return fast_response_build (NULL, 0, status);
}

/* The same data with another status word behind it. */
static GBytes *
other_status (GBytes *answer, guint16 status)
{
  return fast_response_build (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer) - 2,
                              status);
}

static GBytes *
cut_short (GBytes *answer, guint16 status G_GNUC_UNUSED)
{
  return g_bytes_new_from_bytes (answer, 0, g_bytes_get_size (answer) / 2);
}

static GBytes *
one_byte (GBytes *answer, guint16 status G_GNUC_UNUSED)
{
  return g_bytes_new_from_bytes (answer, 0, 1);
}

static GBytes *
too_long (GBytes *answer, guint16 status)
{
  GByteArray *out = g_byte_array_new ();
  const guint8 more[300] = {0};

  fast_append (out, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer) - 2);
  fast_append (out, more, sizeof more);
  fast_append_u16 (out, status);
  return g_byte_array_free_to_bytes (out);
}

/* One bit, in the middle: of a MAC, a cryptogram, a point, a length. */
static GBytes *
flipped (GBytes *answer, guint16 status G_GNUC_UNUSED)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);
  guint8 *copy = g_memdup2 (data, size);

  copy[size / 2] ^= 0x04;
  return g_bytes_new_take (copy, size);
}

static GBytes *
all_ones (GBytes *answer, guint16 status)
{
  const gsize size = g_bytes_get_size (answer) - 2;
  g_autofree guint8 *data = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    data[i] = 0xFF;
  return fast_response_build (data, size, status);
}

static const struct {
  const char *name;
  Alter alter;
  guint16 status;
} alterations[] = {
    {"6100", bare_status, 0x6100},
    {"6282", bare_status, 0x6282},
    {"6300", bare_status, 0x6300},
    {"63C0", bare_status, 0x63C0},
    {"6581", bare_status, 0x6581},
    {"6700", bare_status, 0x6700},
    {"6982", bare_status, 0x6982},
    {"6988", bare_status, 0x6988},
    {"6A82", bare_status, 0x6A82},
    {"6B00", bare_status, 0x6B00},
    {"6C10", bare_status, 0x6C10},
    {"6F00", bare_status, 0x6F00},
    {"9000", bare_status, 0x9000},
    {"FFFF", bare_status, 0xFFFF},
    {"other-status", other_status, 0x6F00},
    {"cut-short", cut_short, 0},
    {"one-byte", one_byte, 0},
    {"too-long", too_long, 0x9000},
    {"flipped", flipped, 0},
    {"all-ones", all_ones, 0x9000},
};

typedef struct {
  char *folder;
  FastTransport *transport;
  TestWire wire;
  Trouble trouble;
  TestFullChip chip;
  FastSecret *information;
  guint encoded; /* commands that it took to make the chip */
} Bench;

static FastEncodeState
encode (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_build_filename (bench->folder, "journal", NULL);
  const gboolean made =
      fast_chip_encode (&(FastEncoding){.transport = bench->transport,
                                        .applet = &fast_applet_icao_perso,
                                        .training = TRUE,
                                        .lds = bench->chip.lds,
                                        .secrets = bench->chip.secrets,
                                        .trust = pki.trust,
                                        .at = fast_clock_now (),
                                        .terminal = bench->chip.terminal,
                                        .journal = fast_encode_journal_file (journal)},
                        &result, NULL, &error);

  g_assert_true (made == (error == NULL));
  if (error != NULL)
    g_test_message ("%s", error->message);
  return result.state;
}

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128, FAST_SECURITY_PARAMETERS_P256,
                               FAST_SECURITY_CA_ECDH_AES_128, "P-256", 400};
  g_autoptr (GError) error = NULL;
  g_autofree char *card = NULL;

  bench->folder = fast_test_folder ();
  card = g_build_filename (bench->folder, "chip", NULL);
  bench->wire.field = fast_radio_field_new (fast_virtual_chip_open (card, &error));
  g_assert_no_error (error);
  bench->wire.carry = carry;
  bench->wire.data = &bench->trouble;
  bench->transport = test_wire_transport (&bench->wire);
  test_full_chip_init (&bench->chip, &pki, &terms);
  bench->information = fast_lds_mrz_information (bench->chip.lds, &error);
  g_assert_no_error (error);
  bench->trouble.alter = flipped;
  g_assert_cmpint (encode (bench), ==, FAST_ENCODE_MADE);
  bench->encoded = bench->trouble.count;
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_secret_free (bench->information);
  test_full_chip_clear (&bench->chip);
  fast_transport_free (bench->transport);
  fast_radio_field_free (bench->wire.field);
  fast_test_remove_folder (bench->folder);
}

static FastInspection *
inspect (Bench *bench, GError **error)
{
  bench->trouble.count = 0;
  return fast_chip_inspect (bench->transport,
                            &(FastInspectOptions){.access = {.mrz_information = bench->information},
                                                  .trust = pki.trust,
                                                  .at = fast_clock_now (),
                                                  .terminal = bench->chip.terminal},
                            NULL, error);
}

static guint
count_commands (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastInspection) inspection = NULL;

  bench->trouble.alter = flipped;
  bench->trouble.at = 0;
  inspection = inspect (bench, &error);
  g_assert_no_error (error);
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  return bench->trouble.count;
}

/* The first four commands read EF.ATR/INFO, which decides nothing but lengths. */
static void
check (Bench *bench, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastInspection) inspection = inspect (bench, &error);

  if (inspection == NULL) {
    g_assert_nonnull (fast_error_get_message (error));
    return;
  }
  g_assert_no_error (error);
  if (bench->trouble.at > 4 && !bench->trouble.same && fast_verdicts_hold (inspection->verdicts)) {
    test_tell (inspection->verdicts);
    g_error ("%s of answer %u changed nothing", name, bench->trouble.at);
  }
}

static void
test_hostile (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const guint commands = count_commands (bench);

  for (guint i = 0; i < G_N_ELEMENTS (alterations); i++) {
    bench->trouble.alter = alterations[i].alter;
    bench->trouble.status = alterations[i].status;
    for (guint n = 1; n <= commands; n += n < EACH ? 1 : STRIDE) {
      bench->trouble.at = n;
      check (bench, alterations[i].name);
    }
  }
}

static void
lay_blank (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *card = g_build_filename (bench->folder, "blank", NULL);
  g_autofree char *journal = g_build_filename (bench->folder, "journal", NULL);

  g_remove (card);
  g_remove (journal);
  fast_radio_field_swap (bench->wire.field, fast_virtual_chip_open (card, &error));
  g_assert_no_error (error);
}

/* A bit that flips on the way while the finished chip is inspected does not cost a blank: the chip
 * is resumable, and made the next time. */
static void
test_noise (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const guint inspection = count_commands (bench);

  for (guint n = 12; n <= inspection; n += 5) {
    lay_blank (bench);
    bench->trouble.alter = flipped;
    bench->trouble.count = 0;
    bench->trouble.at = bench->encoded - inspection + n;
    g_assert_cmpint (encode (bench), ==, FAST_ENCODE_RESUMABLE);
    bench->trouble.alter = NULL;
    g_assert_cmpint (encode (bench), ==, FAST_ENCODE_MADE);
  }
}

/* Extended lengths are promised, by the answer to reset and in EF.ATR/INFO, and refused. */
static GBytes *
carry_short (gpointer data, FastRadioField *field, GBytes *command)
{
  guint *refused = data;
  FastCommand parsed;

  g_assert_true (fast_command_parse (&parsed, g_bytes_get_data (command, NULL),
                                     g_bytes_get_size (command), NULL));
  if (!parsed.extended)
    return fast_radio_field_exchange (field, g_bytes_get_data (command, NULL),
                                      g_bytes_get_size (command));
  (*refused)++;
  return bare_status (NULL, FAST_SW_LENGTH);
}

/* It costs the question and nothing else: the chip is made, and inspected, with short commands. */
static void
test_lying (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  guint refused = 0;
  g_autoptr (GError) error = NULL;
  g_autoptr (FastInspection) inspection = NULL;

  lay_blank (bench);
  bench->wire.extended = TRUE;
  bench->wire.carry = carry_short;
  bench->wire.data = &refused;
  g_assert_cmpint (encode (bench), ==, FAST_ENCODE_MADE);
  g_assert_cmpuint (refused, >, 0);
  refused = 0;
  inspection = inspect (bench, &error);
  g_assert_no_error (error);
  g_assert_true (fast_verdicts_hold (inspection->verdicts));
  test_assert_same_lds (inspection->lds, bench->chip.lds);
  g_assert_cmpuint (refused, >=, 1);
  g_assert_cmpuint (refused, <=, 2);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  g_test_add ("/chip/hostile", Bench, NULL, set_up, test_hostile, tear_down);
  g_test_add ("/chip/noise", Bench, NULL, set_up, test_noise, tear_down);
  g_test_add ("/chip/lying-lengths", Bench, NULL, set_up, test_lying, tear_down);
  code = g_test_run ();
  test_pki_clear (&pki);
  return code;
}

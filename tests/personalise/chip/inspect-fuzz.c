/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <stdlib.h>

#include "personalise/chip/encode.h"
#include "personalise/chip/inspect.h"
#include "personalise/lds/security-info.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "tests/personalise/chip/full-chip.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

/*
 * A whole inspection of a chip that somebody else made. The input says what: its first byte which
 * chip it starts from (bit 0: one with every protocol, else one with BAC alone), then records of a
 * kind, a size in two bytes, and as many bytes. A kind below 80 is a file, by its place in the
 * table, that has these bytes; 80 and above is an answer, by its number, that is these bytes when
 * it reaches the reader. The inspection must end, and may hold only if every signed file is the one
 * that was signed.
 */

int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define ANSWERS 128

/* A chip to start from: what it holds once it is made, and the files that were signed. */
typedef struct {
  GBytes *made;
  FastLds *lds;
  FastSecret *information;
  const FastTerminal *terminal;
} Origin;

/* What reaches the reader in the place of an answer. */
typedef struct {
  guint count;
  GBytes *answers[ANSWERS];
} Forgery;

static TestPki pki;
static TestFullChip full;
static Origin origins[2];
static char *folder;
static char *path;

/* --- the wire --- */

static GBytes *
carry (gpointer data, FastRadioField *field, GBytes *command)
{
  Forgery *forgery = data;
  GBytes *answer = fast_radio_field_exchange (field, g_bytes_get_data (command, NULL),
                                              g_bytes_get_size (command));
  const guint n = forgery->count++;

  g_assert_nonnull (answer);
  if (n >= ANSWERS || forgery->answers[n] == NULL)
    return answer;
  g_bytes_unref (answer);
  return g_bytes_ref (forgery->answers[n]);
}

/* --- the chips --- */

static void
make (Origin *origin, const FastChipSecrets *secrets)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_build_filename (folder, "journal", NULL);
  g_autoptr (FastRadioField) field = fast_radio_field_new (fast_virtual_chip_open (path, &error));
  g_autoptr (FastTransport) transport = test_loop_new (field);

  g_assert_no_error (error);
  fast_chip_encode (&(FastEncoding){.transport = transport,
                                    .applet = &fast_applet_icao_perso,
                                    .lds = origin->lds,
                                    .secrets = secrets,
                                    .trust = pki.trust,
                                    .at = fast_clock_now (),
                                    .training = TRUE,
                                    .terminal = origin->terminal,
                                    .journal = fast_encode_journal_file (journal)},
                    &result, NULL, &error);
  g_assert_no_error (error);
  origin->made = fast_bytes_read_file (path, 1 << 20, &error);
  g_assert_no_error (error);
  origin->information = fast_lds_mrz_information (origin->lds, &error);
  g_assert_no_error (error);
  g_unlink (path);
  g_unlink (journal);
}

static void
clean (void)
{
  test_pki_clear (&pki);
  fast_test_remove_folder (folder);
}

int
LLVMFuzzerInitialize (int *argc G_GNUC_UNUSED, char ***argv G_GNUC_UNUSED)
{
  static const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128,
                                      FAST_SECURITY_PARAMETERS_P256, FAST_SECURITY_CA_ECDH_AES_128,
                                      "P-256", 200};

  test_pki_init (&pki);
  folder = fast_test_folder ();
  path = g_build_filename (folder, "chip", NULL);
  atexit (clean);
  origins[0].lds = test_small_lds (&pki, 200);
  make (&origins[0], NULL);
  test_full_chip_init (&full, &pki, &terms);
  origins[1].lds = full.lds;
  origins[1].terminal = full.terminal;
  make (&origins[1], full.secrets);
  return 0;
}

/* --- one input --- */

/* Takes the record at the front; %FALSE at the end, which may cut the last one short. */
static gboolean
take (const guint8 **data, gsize *size, guint8 *kind, GBytes **content)
{
  gsize length;

  if (*size < 3)
    return FALSE;
  *kind = (*data)[0];
  length = MIN ((gsize)((*data)[1] << 8 | (*data)[2]), *size - 3);
  *content = g_bytes_new (*data + 3, length);
  *data += 3 + length;
  *size -= 3 + length;
  return TRUE;
}

static void
put (FastChipState *state, const FastFile *file, GBytes *content)
{
  const FastChipFolder place =
      file->place == FAST_PLACE_MASTER_FILE ? FAST_CHIP_MASTER_FILE : FAST_CHIP_APPLICATION;
  FastChipFile *found = fast_chip_state_find (state, place, file->fid);

  if (found == NULL)
    found = fast_chip_state_add (state, place, file->fid, g_bytes_get_size (content));
  g_byte_array_set_size (found->content, 0);
  fast_append_bytes (found->content, content);
}

static void
alter (FastChipState *state, Forgery *forgery, const guint8 *data, gsize size)
{
  gsize n;
  const FastFile *files = fast_files (&n);
  guint8 kind;
  GBytes *content;

  while (take (&data, &size, &kind, &content)) {
    if (kind < ANSWERS)
      put (state, &files[kind % n], content);
    else
      g_clear_pointer (&forgery->answers[kind - ANSWERS], g_bytes_unref);
    if (kind >= ANSWERS)
      forgery->answers[kind - ANSWERS] = g_bytes_ref (content);
    g_bytes_unref (content);
  }
}

/* GLib does not shorten a file that it overwrites in this way. */
static FastVirtualChip *
lay (const FastChipState *state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_chip_state_format (state);
  FastVirtualChip *chip;

  g_unlink (path);
  g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes),
                            G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
  chip = fast_virtual_chip_open (path, &error);
  g_assert_no_error (error);
  return chip;
}

static void
assert_as_signed (const Origin *origin, const FastInspection *inspection)
{
  for (guint group = 1; group <= 16; group++) {
    GBytes *found = fast_lds_get (inspection->lds, fast_file_group (group));
    GBytes *signed_one = fast_lds_get (origin->lds, fast_file_group (group));

    g_assert_true (found == NULL || (signed_one != NULL && g_bytes_equal (found, signed_one)));
  }
}

static void
inspect (const Origin *origin, TestWire *wire)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransport) transport = test_wire_transport (wire);
  const FastInspectOptions options = {.access = {.mrz_information = origin->information},
                                      .trust = pki.trust,
                                      .at = fast_clock_now (),
                                      .terminal = origin->terminal};
  g_autoptr (FastInspection) inspection = fast_chip_inspect (transport, &options, NULL, &error);

  g_assert_true ((inspection == NULL) == (error != NULL));
  if (inspection != NULL && fast_verdicts_hold (inspection->verdicts))
    assert_as_signed (origin, inspection);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const Origin *origin = &origins[size == 0 ? 0 : data[0] & 1];
  g_autoptr (GError) error = NULL;
  g_autoptr (FastChipState) state = fast_chip_state_parse (origin->made, &error);
  g_autoptr (FastRadioField) field = NULL;
  Forgery forgery = {.count = 0};
  TestWire wire = {.carry = carry, .data = &forgery};

  g_assert_no_error (error);
  if (size > 0)
    alter (state, &forgery, data + 1, size - 1);
  field = fast_radio_field_new (lay (state));
  wire.field = field;
  inspect (origin, &wire);
  for (guint i = 0; i < ANSWERS; i++)
    g_clear_pointer (&forgery.answers[i], g_bytes_unref);
  return 0;
}

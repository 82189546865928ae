/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/altered-chip.h"

#include "personalise/chip/encode.h"
#include "personalise/lds/security-info.h"
#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "record/base/durable.h"
#include "record/base/tlv.h"
#include "tests/support.h"

static const TestFullTerms terms = {FAST_SECURITY_PACE_ECDH_GM_AES_128,
                                    FAST_SECURITY_PARAMETERS_P256, FAST_SECURITY_CA_ECDH_AES_128,
                                    "P-256", 700};

static GBytes *
make_irises (void)
{
  GByteArray *group = g_byte_array_new ();
  g_autofree guint8 *picture = g_malloc0 (200);
  g_autoptr (GByteArray) inner = g_byte_array_new ();

  fast_tlv_append (inner, 0x5F2E, picture, 200);
  fast_tlv_append_array (group, fast_file_group (4)->tag, inner);
  return g_byte_array_free_to_bytes (group);
}

static void
encode (TestAlteredChip *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  g_autofree char *journal = g_build_filename (self->folder, "journal", NULL);
  const FastEncoding encoding = {.transport = self->transport,
                                 .applet = &fast_applet_icao_perso,
                                 .lds = self->full.lds,
                                 .secrets = self->full.secrets,
                                 .trust = self->pki.trust,
                                 .at = fast_clock_now (),
                                 .training = TRUE,
                                 .terminal = self->full.terminal,
                                 .journal = fast_encode_journal_file (journal)};

  fast_chip_encode (&encoding, &result, NULL, &error);
  g_assert_no_error (error);
}

void
test_altered_chip_init (TestAlteredChip *self)
{
  g_autoptr (GError) error = NULL;

  test_pki_init (&self->pki);
  self->folder = fast_test_folder ();
  self->path = g_build_filename (self->folder, "chip", NULL);
  self->field = fast_radio_field_new (fast_virtual_chip_open (self->path, &error));
  g_assert_no_error (error);
  self->transport = test_loop_new (self->field);
  test_full_chip_init (&self->full, &self->pki, &terms);
  test_lds_put (self->full.lds, fast_file_group (4), make_irises ());
  test_lds_sign (self->full.lds, &self->pki);
  self->information = fast_lds_mrz_information (self->full.lds, &error);
  g_assert_no_error (error);
  encode (self);
  self->made = fast_bytes_read_file (self->path, 1 << 20, &error);
  g_assert_no_error (error);
}

void
test_altered_chip_clear (TestAlteredChip *self)
{
  g_bytes_unref (self->made);
  fast_secret_free (self->information);
  test_full_chip_clear (&self->full);
  fast_transport_free (self->transport);
  fast_radio_field_free (self->field);
  fast_test_remove_folder (self->folder);
  g_free (self->path);
  test_pki_clear (&self->pki);
}

FastChipState *
test_altered_chip_copy (TestAlteredChip *self)
{
  g_autoptr (GError) error = NULL;
  FastChipState *state = fast_chip_state_parse (self->made, &error);

  g_assert_no_error (error);
  return state;
}

static FastChipFolder
folder_of (const FastFile *file)
{
  return file->place == FAST_PLACE_MASTER_FILE ? FAST_CHIP_MASTER_FILE : FAST_CHIP_APPLICATION;
}

/* Takes @content. */
void
test_altered_chip_put (FastChipState *state, const FastFile *file, GBytes *content)
{
  FastChipFile *found = fast_chip_state_find (state, folder_of (file), file->fid);

  if (found == NULL)
    found = fast_chip_state_add (state, folder_of (file), file->fid, g_bytes_get_size (content));
  g_byte_array_set_size (found->content, 0);
  fast_append_bytes (found->content, content);
  g_bytes_unref (content);
}

void
test_altered_chip_remove (FastChipState *state, const FastFile *file)
{
  g_assert_true (
      g_ptr_array_remove (state->files, fast_chip_state_find (state, folder_of (file), file->fid)));
}

/* Takes @state. */
void
test_altered_chip_lay (TestAlteredChip *self, FastChipState *state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_chip_state_format (state);

  fast_chip_state_free (state);
  fast_durable_replace (self->path, bytes, 0600, NULL, &error);
  g_assert_no_error (error);
  fast_radio_field_swap (self->field, fast_virtual_chip_open (self->path, &error));
  g_assert_no_error (error);
}

FastInspection *
test_altered_chip_inspect (TestAlteredChip *self, const FastTerminal *terminal)
{
  g_autoptr (GError) error = NULL;
  const FastInspectOptions options = {.access = {.mrz_information = self->information},
                                      .trust = self->pki.trust,
                                      .at = fast_clock_now (),
                                      .terminal = terminal};
  FastInspection *inspection = fast_chip_inspect (self->transport, &options, NULL, &error);

  g_assert_no_error (error);
  test_tell (inspection->verdicts);
  return inspection;
}

FastLds *
test_altered_chip_dup_lds (TestAlteredChip *self)
{
  FastLds *copy = fast_lds_new ();
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++) {
    GBytes *content = fast_lds_get (self->full.lds, &files[i]);

    if (content != NULL)
      test_lds_put (copy, &files[i], g_bytes_ref (content));
  }
  return copy;
}

FastVerdictOutcome
test_outcome (const FastInspection *inspection, const char *check, const char *subject)
{
  const FastVerdict *verdict = fast_verdicts_find (inspection->verdicts, check, subject);

  g_assert_nonnull (verdict);
  return verdict->outcome;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-emulator/blank.h"

#include <string.h>

#include "personalise/apdu/scp03.h"
#include "personalise/emulator/virtual-chip.h"
#include "record/base/error.h"

/**
 * fast_blank_options_clear:
 * @options: what it holds is freed
 */
void
fast_blank_options_clear (FastBlankOptions *options)
{
  g_clear_pointer (&options->software, g_free);
  g_clear_pointer (&options->issuer_keys, g_free);
  g_clear_pointer (&options->mode, g_free);
}

static gboolean
read_options (const FastBlankOptions *options, guint8 *out, GError **error)
{
  *out = FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION;
  if (options->pseudo_random)
    *out |= FAST_SCP03_PSEUDO_RANDOM;
  if (options->mode == NULL || strcmp (options->mode, "S8") == 0)
    return TRUE;
  *out |= FAST_SCP03_S16;
  return strcmp (options->mode, "S16") == 0 ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "chip-channel-term",
                    "name=issuer-mode, value=%s", options->mode);
}

/**
 * fast_blank_make:
 * @options: with what
 * @path: the chip's file; one that is there stays as it is
 * @error: return location for an error
 *
 * Returns: whether there is a chip now
 */
gboolean
fast_blank_make (const FastBlankOptions *options, const char *path, GError **error)
{
  g_autoptr (FastIssuerKeys) keys = NULL;
  guint8 bits;

  if (!read_options (options, &bits, error))
    return FALSE;
  if (options->issuer_keys != NULL) {
    keys = fast_issuer_keys_load (options->issuer_keys, error);
    if (keys == NULL)
      return FALSE;
  }
  return fast_virtual_chip_make_blank (path, &(FastChipBlank){keys, bits, options->software},
                                       error);
}

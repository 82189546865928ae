/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/full-chip.h"

#include <string.h>

#include "personalise/lds/atr-info.h"
#include "personalise/lds/card-access.h"

static void
put (FastLds *lds, const FastFile *file, GBytes *content)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (content);
  fast_lds_set (lds, file, content, &error);
  g_assert_no_error (error);
  g_bytes_unref (content);
}

static GBytes *
make_card_access (const char *pace, guint parameters)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();
  GBytes *content;

  g_ptr_array_add (infos, fast_security_info_new_pace (pace, parameters, &error));
  g_assert_no_error (error);
  content = fast_card_access_make (infos, &error);
  g_assert_no_error (error);
  return content;
}

void
test_full_chip_init (TestFullChip *chip, TestPki *pki, const char *pace, guint parameters,
                     gsize size)
{
  const FastAtrInfo capabilities = {
      .chaining = TRUE, .extended = TRUE, .command_max = 2048, .response_max = 2048};

  chip->lds = test_lds_of (pki, TEST_MRZ, size);
  chip->secrets = fast_chip_secrets_new ();
  chip->secrets->can = fast_secret_new_from (TEST_CAN, strlen (TEST_CAN));
  put (chip->lds, fast_file_card_access (), make_card_access (pace, parameters));
  put (chip->lds, fast_file_atr_info (), fast_atr_info_make (&capabilities));
}

void
test_full_chip_clear (TestFullChip *chip)
{
  g_clear_pointer (&chip->lds, fast_lds_unref);
  g_clear_pointer (&chip->secrets, fast_chip_secrets_free);
}

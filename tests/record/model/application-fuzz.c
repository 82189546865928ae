/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/application.h"
#include "record/model/rules.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
judge (const FastApplication *application)
{
  g_autoptr (FastProfile) profile = fast_profile_load ("FAST", NULL);
  g_autoptr (GDate) today = g_date_new_dmy (24, 11, 2026);
  g_autoptr (GPtrArray) refusals = fast_rules_judge (application, profile, today);

  g_assert_nonnull (refusals);
}

/* An application that is read is written and read again, and judged. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastApplication) application = fast_application_parse (bytes, &error);
  g_autoptr (FastApplication) again = NULL;
  g_autoptr (GBytes) written = NULL;

  g_assert_true ((application == NULL) == (error != NULL));
  if (application == NULL)
    return 0;
  written = fast_application_to_bytes (application);
  again = fast_application_from_bytes (written, &error);
  g_assert_no_error (error);
  judge (again);
  return 0;
}

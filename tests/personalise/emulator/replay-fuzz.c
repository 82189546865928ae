/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/replay.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A recording is taken or refused; one that was taken answers its own commands only. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastReplay) replay = fast_replay_parse (text, &error);
  GBytes *answer = NULL;

  g_assert_true ((replay != NULL) == (error == NULL));
  if (replay == NULL)
    return 0;
  if (fast_replay_answer (replay, "\x00\x44\x00\x00", 4, &answer, NULL))
    g_clear_pointer (&answer, g_bytes_unref);
  return 0;
}

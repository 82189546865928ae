/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/replay.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

#include "personalise/emulator/recording.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

static GBytes *
ask (FastReplay *replay, const char *hex, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) command = fast_hex_decode (hex, NULL);
  GBytes *answer = NULL;
  const gboolean done = fast_replay_answer (replay, g_bytes_get_data (command, NULL),
                                            g_bytes_get_size (command), &answer, &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_cmpint (done, ==, id == NULL);
  return answer;
}

static void
assert_answer (FastReplay *replay, const char *hex, const char *wanted)
{
  g_autoptr (GBytes) answer = ask (replay, hex, NULL);
  g_autofree char *text =
      fast_hex_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_order (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastReplay) replay = fast_replay_parse ("# two commands\n"
                                                     "\n"
                                                     "00A4040C 9000\r\n"
                                                     "  00b0000004 01020304 9000\n",
                                                     &error);

  g_assert_null (replay);
  fast_test_assert_id (error, "replay-line");
  g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "line"), ==, "4");
  g_clear_error (&error);
  replay = fast_replay_parse ("# two commands\n\n00A4040C 9000\r\n  00b0000004 010203049000\n"
                              "00440000 -",
                              &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fast_replay_left (replay), ==, 3);
  g_assert_null (ask (replay, "00B0000004", "replay-unexpected"));
  assert_answer (replay, "00A4040C", "9000");
  g_assert_null (ask (replay, "00A4040C", "replay-unexpected"));
  g_assert_null (ask (replay, "00B00000", "replay-unexpected"));
  assert_answer (replay, "00B0000004", "010203049000");
  g_assert_null (ask (replay, "00440000", NULL));
  g_assert_cmpuint (fast_replay_left (replay), ==, 0);
  g_assert_null (ask (replay, "00440000", "replay-ended"));
}

/* What is told of an unexpected command are its first five bytes: the rest may be a key. */
static void
test_discretion (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastReplay) replay = fast_replay_parse ("00DA006204AABBCCDD 9000", NULL);
  g_autofree char *text = NULL;
  GBytes *answer = NULL;

  g_assert_false (fast_replay_answer (replay, "\x00\xDA\x00\x62\x02\xEE\xFF", 7, &answer, &error));
  text = fast_error_format (error, "en");
  g_assert_nonnull (strstr (text, "00da006204"));
  g_assert_nonnull (strstr (text, "00da006202"));
  g_assert_null (strstr (text, "aabb"));
  g_assert_null (strstr (text, "eeff"));
}

static void
test_lines (void)
{
  static const char *const lines[] = {"00",       "00 ",     " 9000",   "00 9000 ", "00  9000",
                                      "0 9000",   "00 9",    "xx 9000", "00 90 00", "- 9000",
                                      "00\t9000", "00 900x", "-",       "- -",      "00 --"};
  static const gboolean good[] = {FALSE, FALSE, FALSE, TRUE,  FALSE, FALSE, FALSE, FALSE,
                                  FALSE, FALSE, FALSE, FALSE, FALSE, FALSE, FALSE};

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastReplay) replay = fast_replay_parse (lines[i], &error);

    g_test_message ("“%s”", lines[i]);
    g_assert_cmpint (replay != NULL, ==, good[i]);
    if (!good[i])
      fast_test_assert_id (error, "replay-line");
  }
}

/* What a recording wrote a replay reads. */
static void
test_recording (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "recording", NULL);
  g_autoptr (FastRecording) recording = fast_recording_open (path, &error);
  g_autoptr (GBytes) status = g_bytes_new_static ("\x90\x00", 2);
  g_autoptr (FastReplay) replay = NULL;
  GStatBuf about;

  g_assert_no_error (error);
  g_assert_true (fast_recording_add (recording, "\x00\xA4\x04\x0C", 4, status, &error));
  g_assert_true (fast_recording_add (recording, "\x00\x44\x00\x00", 4, NULL, &error));
  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  replay = fast_replay_read (path, &error);
  g_assert_no_error (error);
  assert_answer (replay, "00A4040C", "9000");
  g_assert_null (ask (replay, "00440000", NULL));
  g_clear_pointer (&recording, fast_recording_free);
  recording = fast_recording_open ("/nowhere/recording", &error);
  fast_test_assert_id (error, "recording-failed");
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/emulator/replay/order", test_order);
  g_test_add_func ("/emulator/replay/discretion", test_discretion);
  g_test_add_func ("/emulator/replay/lines", test_lines);
  g_test_add_func ("/emulator/replay/recording", test_recording);
  return g_test_run ();
}

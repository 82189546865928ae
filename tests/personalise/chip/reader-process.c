/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/reader-process.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "tests/support.h"

static char *
read_line (TestReader *reader)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (reader->out, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

/* A test that is killed takes its reader with it. */
static void
die_with_parent (gpointer data G_GNUC_UNUSED)
{
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

void
test_reader_start (TestReader *reader, const char *folder, const char *card)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *program = fast_test_program ("fast-emulator");
  g_autofree char *path = g_build_filename (folder, card, NULL);
  g_autofree char *line = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  reader->link = g_build_filename (folder, "reader", NULL);
  reader->reader = g_strdup_printf ("nfc:pn532_uart:%s:115200", reader->link);
  reader->process =
      g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                        program, "reader", "--pty", reader->link, "--card", path, NULL);
  g_assert_no_error (error);
  reader->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (reader->process));
  reader->orders = g_subprocess_get_stdin_pipe (reader->process);
  line = read_line (reader);
  g_assert_true (g_file_test (reader->link, G_FILE_TEST_IS_SYMLINK));
}

void
test_reader_order (TestReader *reader, const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  g_autofree char *answer = NULL;

  g_output_stream_write_all (reader->orders, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  answer = read_line (reader);
  g_assert_cmpstr (answer, ==, "ok");
}

void
test_reader_stop (TestReader *reader)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_send_signal (reader->process, SIGTERM);
  g_subprocess_wait (reader->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (reader->process), ==, 0);
  g_assert_false (g_file_test (reader->link, G_FILE_TEST_IS_SYMLINK));
  g_clear_object (&reader->out);
  g_clear_object (&reader->process);
  g_clear_pointer (&reader->link, g_free);
  g_clear_pointer (&reader->reader, g_free);
}

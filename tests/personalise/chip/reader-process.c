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

GSubprocess *
test_spawn (GSubprocessFlags flags, const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  process = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  return process;
}

static void
start (TestReader *reader, const char *const *argv)
{
  g_autofree char *line = NULL;

  reader->process =
      test_spawn (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, argv);
  reader->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (reader->process));
  reader->orders = g_subprocess_get_stdin_pipe (reader->process);
  line = read_line (reader);
}

void
test_reader_start (TestReader *reader, const char *folder, const char *card)
{
  g_autofree char *program = fast_test_program ("fast-emulator");
  g_autofree char *path = g_build_filename (folder, card, NULL);
  g_autofree char *link = g_build_filename (folder, "reader", NULL);
  const char *const argv[] = {program, "reader", "--pty", link, "--card", path, NULL};

  reader->link = g_steal_pointer (&link);
  reader->reader = g_strdup_printf ("nfc:pn532_uart:%s:115200", reader->link);
  start (reader, argv);
  g_assert_true (g_file_test (reader->link, G_FILE_TEST_IS_SYMLINK));
}

void
test_reader_start_card (TestReader *reader, const char *folder, const char *card,
                        const char *address, const char *name)
{
  g_autofree char *program = fast_test_program ("fast-emulator");
  g_autofree char *path = g_build_filename (folder, card, NULL);
  const char *const argv[] = {program, "card", "--vpcd", address, "--card", path, NULL};

  reader->link = NULL;
  reader->reader = g_strconcat ("pcsc:", name, NULL);
  start (reader, argv);
}

static char *
obey (TestReader *reader, const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat (order, "\n", NULL);

  g_output_stream_write_all (reader->orders, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  return read_line (reader);
}

void
test_reader_order (TestReader *reader, const char *order)
{
  g_autofree char *answer = obey (reader, order);

  g_assert_cmpstr (answer, ==, "ok");
}

char *
test_reader_ask (TestReader *reader, const char *order)
{
  g_autofree char *answer = obey (reader, order);

  g_assert_true (g_str_has_prefix (answer, "ok "));
  return g_strdup (answer + strlen ("ok "));
}

/* Ends by itself with @code. */
void
test_reader_wait (TestReader *reader, int code)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait (reader->process, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (reader->process), ==, code);
  if (reader->link != NULL)
    g_assert_false (g_file_test (reader->link, G_FILE_TEST_IS_SYMLINK));
  g_clear_object (&reader->out);
  g_clear_object (&reader->process);
  g_clear_pointer (&reader->link, g_free);
  g_clear_pointer (&reader->reader, g_free);
}

void
test_reader_stop (TestReader *reader)
{
  g_subprocess_send_signal (reader->process, SIGTERM);
  test_reader_wait (reader, 0);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/sync/link/service.h"

#include <string.h>

#include "tests/support.h"

void
service_start (Service *service, const char *const *argv)
{
  g_autoptr (GError) error = NULL;

  service->process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE, &error);
  g_assert_no_error (error);
  service->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (service->process));
  service->in = g_subprocess_get_stdin_pipe (service->process);
}

char *
service_read_line (Service *service)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (service->out, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

void
service_tell (Service *service, const char *verb)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat (verb, "\n", NULL);
  g_autofree char *answer = NULL;

  g_output_stream_write_all (service->in, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
  answer = service_read_line (service);
  g_assert_cmpstr (answer, ==, "ok");
}

void
service_stop (Service *service)
{
  if (service->process == NULL)
    return;
  g_subprocess_force_exit (service->process);
  g_subprocess_wait (service->process, NULL, NULL);
  g_clear_object (&service->out);
  g_clear_object (&service->process);
}

/* A port that was free a moment ago. */
guint
service_free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GError) error = NULL;
  guint port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  return port;
}

guint
service_start_intake (Service *service, const char *folder, const char *nation)
{
  g_autofree char *program = fast_test_program ("fast-intake");
  g_autofree char *name = g_strdup_printf ("intake-%s.conf", nation);
  g_autofree char *config = g_build_filename (folder, name, NULL);
  const char *argv[] = {program, "serve", "--listen", "127.0.0.1:0", "--config", config, NULL};
  g_autofree char *line = NULL;
  const char *port;

  service_start (service, argv);
  line = service_read_line (service);
  port = strrchr (line, ':');
  g_assert_nonnull (port);
  return (guint)g_ascii_strtoull (port + 1, NULL, 10);
}

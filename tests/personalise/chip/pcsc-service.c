/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/pcsc-service.h"

#include <signal.h>
#include <unistd.h>

#include "tests/personalise/chip/reader-process.h"
#include "tests/support.h"

#define DRIVER "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
#define SLICE_US 20000
#define SLICES 500

/* vpcd has two slots, on this port and the next. */
static guint16
find_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, &error);

  g_assert_no_error (error);
  g_socket_listener_close (listener);
  return port;
}

static void
write_configuration (TestPcsc *service, guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (service->configuration, "vpcd", NULL);
  g_autofree char *text = g_strdup_printf ("FRIENDLYNAME \"Virtual PCD\"\n"
                                           "DEVICENAME   /dev/null:0x%04X\n"
                                           "LIBPATH      " DRIVER "\n"
                                           "CHANNELID    0x%04X\n",
                                           port, port);

  g_assert_true (g_file_set_contents (path, text, -1, &error));
}

static const char *reason;

static void
skip_test (void)
{
  g_test_skip (reason);
}

static gboolean
skip (const char *why)
{
  reason = why;
  g_test_add_func ("/pcsc/service", skip_test);
  return FALSE;
}

static gboolean
can_run (void)
{
  const char *const argv[] = {"unshare", "-m", "sh", "-c", "mkdir -p /run/pcscd", NULL};

  if (!g_file_test (DRIVER, G_FILE_TEST_EXISTS) ||
      !g_file_test ("/usr/sbin/pcscd", G_FILE_TEST_EXISTS))
    return skip ("pcscd or vpcd is not installed");
  if (geteuid () != 0)
    return skip ("a pcscd of one's own takes root");
  return fast_test_run (NULL, NULL, argv) == 0 || skip ("no mount namespaces here");
}

gboolean
test_pcsc_init (TestPcsc *service)
{
  g_autofree char *name = NULL;
  guint16 port;

  if (!can_run ())
    return FALSE;
  port = find_port ();
  *service = (TestPcsc){.folder = fast_test_folder ()};
  service->run = g_build_filename (service->folder, "run", NULL);
  service->configuration = g_build_filename (service->folder, "readers", NULL);
  service->address = g_strdup_printf ("127.0.0.1:%u", port);
  g_assert_cmpint (g_mkdir_with_parents (service->run, 0755), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (service->configuration, 0755), ==, 0);
  write_configuration (service, port);
  name = g_build_filename (service->run, "pcscd.comm", NULL);
  g_setenv ("PCSCLITE_CSOCK_NAME", name, TRUE);
  return TRUE;
}

void
test_pcsc_clear (TestPcsc *service)
{
  fast_test_remove_folder (service->folder);
  g_free (service->run);
  g_free (service->configuration);
  g_free (service->address);
}

static gboolean
listens (TestPcsc *service)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (g_getenv ("PCSCLITE_CSOCK_NAME"));
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL && service->process != NULL;
}

void
test_pcsc_start (TestPcsc *service)
{
  const char *const argv[] = {
      "unshare",
      "-m",
      "sh",
      "-c",
      "mount --bind \"$1\" /run/pcscd && exec /usr/sbin/pcscd -f -C -c \"$2\"",
      "pcscd",
      service->run,
      service->configuration,
      NULL};

  service->process =
      test_spawn (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, argv);
  for (guint i = 0; !listens (service); i++) {
    g_assert_cmpuint (i, <, SLICES);
    g_usleep (SLICE_US);
  }
}

void
test_pcsc_stop (TestPcsc *service)
{
  g_subprocess_send_signal (service->process, SIGTERM);
  g_subprocess_wait (service->process, NULL, NULL);
  g_clear_object (&service->process);
}

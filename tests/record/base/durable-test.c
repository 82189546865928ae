/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/clock.h"
#include "record/base/config.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/secure.h"
#include "tests/support.h"

static void
test_replace (void)
{
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "deep", "er", "file", NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_autoptr (GBytes) first = g_bytes_new_static ("one", 3);
  g_autoptr (GBytes) second = g_bytes_new_static ("two", 3);
  g_autoptr (GBytes) read = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (fast_durable_make_folder (parent, 0700, &error));
  g_assert_true (fast_durable_replace (path, first, 0600, NULL, &error));
  g_assert_true (fast_durable_replace (path, second, 0600, NULL, &error));
  read = fast_bytes_read_file (path, 10, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (read, second));
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_true (fast_durable_remove (path, NULL, &error));
  g_assert_true (fast_durable_remove (path, NULL, &error));
  fast_test_remove_folder (folder);
}

static void
test_replace_fails_in_words (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("one", 3);
  g_autoptr (GError) error = NULL;

  g_assert_false (fast_durable_replace ("/proc/nowhere/file", bytes, 0600, NULL, &error));
  g_assert_error (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "/proc/nowhere/file"));
}

/* In a child: replaces the file until an ordered failpoint ends it. */
static void
test_replace_killed (void)
{
  const char *path = g_getenv ("FAST_TEST_PATH");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("new contents", 12);

  if (path == NULL)
    return;
  fast_durable_replace (path, bytes, 0600, FAST_POINT ("test-replace"), NULL);
}

/* Killed anywhere, the file is the old one or the new one. */
static void
test_replace_is_whole (void)
{
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "file", NULL);
  guint kills = 0;

  for (guint n = 1; n < 20; n++) {
    g_autofree char *order = g_strdup_printf ("test-replace:%u:kill", n);
    g_autoptr (GBytes) read = NULL;

    g_assert_true (g_file_set_contents (path, "old", 3, NULL));
    g_setenv ("FAST_TEST_PATH", path, TRUE);
    g_setenv ("FAST_FAILPOINT", order, TRUE);
    g_test_trap_subprocess ("/base/durable/killed", 0, 0);
    g_unsetenv ("FAST_FAILPOINT");
    g_unsetenv ("FAST_TEST_PATH");
    read = fast_bytes_read_file (path, 100, NULL);
    g_assert_nonnull (read);
    if (g_test_trap_has_passed ()) {
      g_assert_cmpmem (g_bytes_get_data (read, NULL), g_bytes_get_size (read), "new contents", 12);
      break;
    }
    kills++;
    g_assert_true (g_bytes_get_size (read) == 3 || g_bytes_get_size (read) == 12);
  }
  g_assert_cmpuint (kills, ==, 4);
  fast_test_remove_folder (folder);
}

static void
test_secret (void)
{
  g_autoptr (FastSecret) secret = fast_secret_new_from ("abc", 3);
  g_autofree char *long_text = g_strnfill (100000, 'x');
  int fds[2];
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) first = NULL;
  g_autoptr (FastSecret) second = NULL;

  fast_secret_append (secret, long_text, 100000);
  g_assert_cmpuint (fast_secret_size (secret), ==, 100003);
  g_assert_cmpmem (fast_secret_data (secret), 4, "abcx", 4);
  fast_secret_truncate (secret, 2);
  g_assert_cmpint (fast_secret_data (secret)[2], ==, 0);

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_cmpint (write (fds[1], "one\ntwo", 7), ==, 7);
  close (fds[1]);
  first = fast_secret_read_fd (fds[0], &error);
  second = fast_secret_read_fd (fds[0], &error);
  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (first), fast_secret_size (first), "one", 3);
  g_assert_cmpmem (fast_secret_data (second), fast_secret_size (second), "two", 3);
  g_assert_null (fast_secret_read_fd (fds[0], &error));
  fast_test_assert_id (error, "secret-empty");
  close (fds[0]);
}

static void
test_dates (void)
{
  const char *bad[] = {"2023-02-29", "2024-13-01", "2024-00-10", "24-01-01",  "2024-1-01",
                       "2024-01-32", "2024-01-0a", "",           "0000-01-01"};
  g_autoptr (GError) error = NULL;
  g_autoptr (GDate) date = fast_date_parse ("2024-02-29", &error);
  g_autofree char *text = fast_date_format (date);
  gint64 seconds;

  g_assert_cmpstr (text, ==, "2024-02-29");
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) refused = NULL;
    g_assert_null (fast_date_parse (bad[i], &refused));
    fast_test_assert_id (refused, "date-malformed");
  }
  g_assert_true (fast_clock_parse ("1970-01-02T00:00:01Z", &seconds, &error));
  g_assert_cmpint (seconds, ==, 86401);
  g_assert_false (fast_clock_parse ("1970-01-02 00:00:01Z", &seconds, &error));
}

static void
test_config (void)
{
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "unit.conf", NULL);
  g_autofree char *wanted = g_build_filename (folder, "a", "b.pem", NULL);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (FastConfig) config = NULL;
  g_auto (GStrv) officers = NULL;

  g_assert_true (g_file_set_contents (
      path, "[unit]\nid=U1\ncert=a/b.pem\n[officer x]\na=1\n[officer y]\na=2\n", -1, NULL));
  config = fast_config_load (path, &error);
  g_assert_no_error (error);
  found = fast_config_path (config, "unit", "cert", &error);
  g_assert_cmpstr (found, ==, wanted);
  officers = fast_config_groups (config, "officer ");
  g_assert_cmpstr (officers[0], ==, "x");
  g_assert_cmpstr (officers[1], ==, "y");
  g_assert_null (fast_config_string (config, "unit", "centre", &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG);
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/durable/replace", test_replace);
  g_test_add_func ("/base/durable/fails-in-words", test_replace_fails_in_words);
  g_test_add_func ("/base/durable/killed", test_replace_killed);
  g_test_add_func ("/base/durable/is-whole", test_replace_is_whole);
  g_test_add_func ("/base/secure/secret", test_secret);
  g_test_add_func ("/base/clock/dates", test_dates);
  g_test_add_func ("/base/config/read", test_config);
  return g_test_run ();
}

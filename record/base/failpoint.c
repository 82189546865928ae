/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/failpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "record/base/error.h"

#define DELAY_US (2 * G_USEC_PER_SEC)

#ifdef FAST_FAILPOINTS

extern FastPoint *const __start_fast_points[] __attribute__ ((weak));
extern FastPoint *const __stop_fast_points[] __attribute__ ((weak));

typedef struct {
  char *name;
  guint number;
  char *action;
  guint passed; /* by all places that share the name */
} Order;

static gpointer
read_order (gpointer data G_GNUC_UNUSED)
{
  const char *text = g_getenv ("FAST_FAILPOINT");
  g_auto (GStrv) fields = NULL;
  guint n;
  Order *order;

  if (text == NULL)
    return NULL;
  fields = g_strsplit (text, ":", 3);
  n = g_strv_length (fields);
  if (n < 2)
    g_error ("FAST_FAILPOINT is %s: give NAME[:N]:kill|error|delay", text);
  order = g_new0 (Order, 1);
  order->name = g_strdup (fields[0]);
  order->number = n == 3 ? (guint)g_ascii_strtoull (fields[1], NULL, 10) : 1;
  order->action = g_strdup (fields[n - 1]);
  return order;
}

/* So that a test knows which points a run passes, and how often, without trying them all. */
static gpointer
open_log (gpointer data G_GNUC_UNUSED)
{
  const char *path = g_getenv ("FAST_FAILPOINT_LOG");
  int fd = path == NULL ? -1 : open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

  if (path != NULL && fd < 0)
    g_error ("FAST_FAILPOINT_LOG is %s: %s", path, g_strerror (errno));
  return GINT_TO_POINTER (fd);
}

static void
note_pass (const FastPoint *point)
{
  static GOnce once = G_ONCE_INIT;
  int fd = GPOINTER_TO_INT (g_once (&once, open_log, NULL));

  if (fd >= 0 && dprintf (fd, "%s\n", point->name) < 0)
    g_error ("FAST_FAILPOINT_LOG: %s", g_strerror (errno));
}

static gboolean
act (const Order *order, GError **error)
{
  if (strcmp (order->action, "kill") == 0)
    kill (getpid (), SIGKILL);
  if (strcmp (order->action, "error") == 0)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "failpoint", "name=%s",
                      order->name);
  g_usleep (DELAY_US);
  return TRUE;
}

/**
 * fast_point_pass:
 * @point: (nullable): a failpoint
 * @error: return location for an error
 *
 * Passes @point once; thread-safe.
 *
 * Returns: %FALSE when the test ordered an error here
 */
gboolean
fast_point_pass (FastPoint *point, GError **error)
{
  static GOnce once = G_ONCE_INIT;
  Order *order = g_once (&once, read_order, NULL);

  if (point == NULL)
    return TRUE;
  note_pass (point);
  if (order == NULL || strcmp (point->name, order->name) != 0)
    return TRUE;
  if ((guint)g_atomic_int_add (&order->passed, 1) + 1 != order->number)
    return TRUE;
  return act (order, error);
}

static gint
compare_names (gconstpointer left, gconstpointer right)
{
  return g_strcmp0 (*(const char *const *)left, *(const char *const *)right);
}

/**
 * fast_point_list:
 *
 * Returns: (transfer full) (array zero-terminated=1): the names of this program's failpoints,
 *   sorted, each once; empty where they are not built in
 */
char **
fast_point_list (void)
{
  GPtrArray *names = g_ptr_array_new ();

  for (FastPoint *const *at = __start_fast_points; at != __stop_fast_points; at++) {
    gboolean seen = FALSE;
    for (guint i = 0; i < names->len && !seen; i++)
      seen = strcmp (names->pdata[i], (*at)->name) == 0;
    if (!seen)
      g_ptr_array_add (names, g_strdup ((*at)->name));
  }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **)g_ptr_array_free (names, FALSE);
}

#else

char **
fast_point_list (void)
{
  return g_new0 (char *, 1);
}

#endif

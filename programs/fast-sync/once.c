/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <unistd.h>

#include "programs/fast-sync/verbs.h"
#include "record/model/nation.h"
#include "sync/link/lane.h"

#define TRIES 3
#define PROGRESS_US (G_USEC_PER_SEC / 5)

/* One lane in its thread. */
typedef struct {
  FastConfig *config;
  const char *nation;
  gint64 shown;
  gboolean terminal;
  GError *error;
} Run;

/* Only where a person watches, and not more often than can be read. */
static void
on_progress (gpointer data, const char *nation, const char *item, goffset position, goffset size)
{
  Run *run = data;
  gint64 now = g_get_monotonic_time ();

  if (!run->terminal || now - run->shown < PROGRESS_US)
    return;
  run->shown = now;
  fprintf (stderr, "\r%s %s %3d %%", nation, item, size == 0 ? 100 : (int)(position * 100 / size));
}

static gpointer
run_lane (gpointer data)
{
  Run *run = data;
  g_autoptr (FastLane) lane = fast_lane_open (run->config, run->nation, &run->error);

  if (lane == NULL)
    return NULL;
  fast_lane_set_progress (lane, on_progress, run);
  fast_lane_drain_patiently (lane, TRIES, NULL, &run->error);
  return NULL;
}

static gint64
count (JsonObject *packets, const char *state)
{
  return json_object_get_int_member (packets, state);
}

static void
say_lane (FastInvocation *invocation, const char *nation, JsonObject *status)
{
  JsonObject *packets = json_object_get_object_member (status, "packets");
  gint64 waiting =
      count (packets, "sealed") + count (packets, "created") + count (packets, "uploading");

  fast_invocation_say (invocation, "sync-lane",
                       "nation=%s, waiting=%" G_GINT64_FORMAT ", stored=%" G_GINT64_FORMAT
                       ", opened=%" G_GINT64_FORMAT ", refused=%" G_GINT64_FORMAT,
                       nation, waiting, count (packets, "stored"), count (packets, "opened"),
                       count (packets, "refused"));
}

static gboolean
report (FastInvocation *invocation, GError **error)
{
  g_autoptr (FastStore) store = fast_sync_open_store (invocation, error);
  JsonObject *object;
  g_autoptr (JsonNode) node = NULL;

  if (store == NULL)
    return FALSE;
  object = json_object_new ();
  node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    JsonObject *status = fast_lane_status (store, fast_nation_names[i], error);

    if (status == NULL)
      return FALSE;
    say_lane (invocation, fast_nation_names[i], status);
    json_object_set_object_member (object, fast_nation_names[i], status);
  }
  fast_invocation_print_json (invocation, node);
  return TRUE;
}

/* Each lane's failure is told; the last one is the verb's. */
static gboolean
tell_failures (FastInvocation *invocation, Run runs[FAST_NATION_COUNT], GError **error)
{
  GError *last = NULL;

  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    if (runs[i].error == NULL)
      continue;
    if (last != NULL) {
      g_autofree char *text = fast_error_format (last, invocation->language);
      fprintf (stderr, "%s: %s\n", invocation->program, text);
      g_error_free (last);
    }
    last = g_steal_pointer (&runs[i].error);
  }
  if (last == NULL)
    return TRUE;
  g_propagate_error (error, last);
  return FALSE;
}

/* once: both lanes at the same time, neither waits for the other. */
gboolean
fast_sync_verb_once (FastInvocation *invocation, GError **error)
{
  FastConfig *config = fast_invocation_parse (invocation, NULL, 0, 0, error)
                           ? fast_invocation_config (invocation, error)
                           : NULL;
  Run runs[FAST_NATION_COUNT] = {0};
  GThread *threads[FAST_NATION_COUNT];

  if (config == NULL)
    return FALSE;
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    runs[i] = (Run){.config = config,
                    .nation = fast_nation_names[i],
                    .terminal = isatty (STDERR_FILENO) && !invocation->json};
    threads[i] = g_thread_new (fast_nation_names[i], run_lane, &runs[i]);
  }
  for (guint i = 0; i < FAST_NATION_COUNT; i++)
    g_thread_join (threads[i]);
  if (runs[0].shown != 0 || runs[1].shown != 0)
    fprintf (stderr, "\n");
  if (!report (invocation, error))
    return FALSE;
  return tell_failures (invocation, runs, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <string.h>

#include "record/base/json.h"
#include "tests/support.h"
#include "tests/sync/intake/service.h"

/*
 * The service dies at the n-th pass of every failpoint, for every n; with a power cut, what it did
 * not sync is lost as well. It starts again, the client goes on, and in the end there is exactly
 * one packet with exactly one receipt of each kind, or exactly one refusal.
 */

typedef struct {
  const char *name;
  const char *const *points;
  gboolean garbage;
  gboolean power_cut;
} Loop;

static const char *const arrival[] = {"intake-commit-schema",
                                      "intake-commit-unit",
                                      "intake-commit-upload",
                                      "intake-commit-offset",
                                      "intake-commit-accept",
                                      "intake-sync-uploads",
                                      "intake-sync-part",
                                      "intake-rename-packet",
                                      "intake-answer",
                                      "intake-answered",
                                      NULL};
static const char *const refusal[] = {"intake-commit-refuse", "intake-rename-refused", NULL};

static guint
step (void)
{
  const char *text = g_getenv ("FAST_TEAR_STEP");

  return text == NULL ? 1 : MAX (1, (guint)g_ascii_strtoull (text, NULL, 10));
}

/* A nation that has received nothing yet. */
static void
forget_everything (Service *service)
{
  g_autofree char *place = fixture_path (&service->fixture, "CA");
  g_autoptr (GDir) folder = g_dir_open (place, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL) {
    char *path = g_build_filename (place, name, NULL);
    if (g_str_has_prefix (name, "intake.db"))
      fast_test_remove_folder (path);
    else
      g_free (path);
  }
}

static JsonNode *
list_packets (Service *service)
{
  const char *words[] = {"list", "--json", NULL};
  g_autofree char *out = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_assert_cmpint (service_verb (service, &out, words), ==, 0);
  bytes = g_bytes_new (out, strlen (out));
  node = fast_json_parse (bytes, "list", &error);
  g_assert_no_error (error);
  return node;
}

/* The one packet's receipts; NULL where there is no packet. */
static char *
receipts_of_only_packet (Service *service)
{
  g_autoptr (JsonNode) node = list_packets (service);
  JsonArray *packets = json_object_get_array_member (json_node_get_object (node), "packets");
  GString *text = g_string_new (NULL);
  JsonArray *kinds;

  g_assert_cmpuint (json_array_get_length (packets), <=, 1);
  if (json_array_get_length (packets) == 1) {
    kinds = json_object_get_array_member (json_array_get_object_element (packets, 0), "receipts");
    for (guint i = 0; i < json_array_get_length (kinds); i++)
      g_string_append_printf (text, "%s ", json_array_get_string_element (kinds, i));
  }
  return g_string_free (text, FALSE);
}

static void
check_arrived (Service *service, const Loop *loop, const char *packet, guint status)
{
  g_autofree char *path = g_strdup_printf ("/v1/packets/%s/receipts/stored", packet);
  g_auto (Answer) receipt = service_get (service, "unit/link", path);
  g_auto (Answer) news = service_get (service, "unit/link", "/v1/receipts?after=0");
  g_autofree char *kinds = receipts_of_only_packet (service);

  if (loop->garbage) {
    g_assert_cmpuint (status, ==, 422);
    g_assert_cmpuint (receipt.status, ==, 422);
    g_assert_cmpstr (kinds, ==, "");
    return;
  }
  g_assert_cmpuint (receipt.status, ==, 200);
  g_assert_cmpstr (kinds, ==, "stored ");
  g_assert_nonnull (strstr (news.body, packet));
  g_assert_null (strstr (strstr (news.body, packet) + 1, packet));
}

/* Returns whether the service lived through it: the point has no n-th pass. */
static gboolean
cut_once (Service *service, const Loop *loop, const FastPacket *packet, GBytes *bytes,
          const char *point, guint n)
{
  g_autofree char *order = g_strdup_printf ("%s:%u:kill", point, n);
  g_autofree char *id = fast_sha256_hex (bytes);
  guint status = 0;
  gboolean started, lived;

  forget_everything (service);
  service_begin_power_cut (service, loop->power_cut);
  started = service_start (service, order);
  if (started)
    service_send (service, id, bytes, &status);
  lived = started && service_alive (service);
  service_end (service);
  service_end_power_cut (service, !lived);
  g_assert_true (service_start (service, NULL));
  g_assert_true (service_send (service, id, bytes, &status));
  check_arrived (service, loop, id, status);
  g_assert_true (service_stop (service));
  g_assert_nonnull (packet);
  return lived;
}

static void
run_loop (gconstpointer data)
{
  const Loop *loop = data;
  Service service = {0};
  g_autoptr (FastPacket) packet = NULL;
  g_autoptr (GBytes) garbage = fixture_text ("this is not a packet");

  service_set_up (&service, NULL);
  packet = service_seal (&service, 1, "CA", 150000);
  for (guint i = 0; loop->points[i] != NULL; i++) {
    guint n = 1;

    while (!cut_once (&service, loop, packet, loop->garbage ? garbage : packet->bytes,
                      loop->points[i], n))
      n += step ();
    g_test_message ("%s: %u passes", loop->points[i], n - 1);
    g_assert_cmpuint (n, >, 1);
  }
  service_tear_down (&service, NULL);
}

/* Returns whether `open` lived. */
static gboolean
cut_opening (Service *service, const FastPacket *packet, const char *point, guint n)
{
  const char *words[] = {"open", NULL};
  g_autofree char *order = g_strdup_printf ("%s:%u:kill", point, n);
  g_autofree char *kinds = NULL;
  guint status = 0;
  int code;

  forget_everything (service);
  g_assert_true (service_start (service, NULL));
  g_assert_true (service_send (service, packet->id, packet->bytes, &status));
  g_setenv ("FAST_FAILPOINT", order, TRUE);
  code = service_verb (service, NULL, words);
  g_unsetenv ("FAST_FAILPOINT");
  g_assert_cmpint (service_verb (service, NULL, words), ==, 0);
  kinds = receipts_of_only_packet (service);
  g_assert_cmpstr (kinds, ==, "stored opened ");
  g_assert_true (service_stop (service));
  return code == 0;
}

static void
test_opening (void)
{
  Service service = {0};
  g_autoptr (FastPacket) packet = NULL;
  guint n = 1;

  service_set_up (&service, NULL);
  packet = service_seal (&service, 1, "CA", 1000);
  while (!cut_opening (&service, packet, "intake-commit-receipt", n))
    n++;
  g_assert_cmpuint (n, >, 1);
  service_tear_down (&service, NULL);
}

static const Loop loops[] = {
    {"/intake/tear/kill/arrival", arrival, FALSE, FALSE},
    {"/intake/tear/kill/refusal", refusal, TRUE, FALSE},
    {"/intake/tear/power-cut/arrival", arrival, FALSE, TRUE},
    {"/intake/tear/power-cut/refusal", refusal, TRUE, TRUE},
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (loops); i++)
    g_test_add_data_func (loops[i].name, &loops[i], run_loop);
  g_test_add_func ("/intake/tear/kill/opening", test_opening);
  return g_test_run ();
}

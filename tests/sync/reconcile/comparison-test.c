/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/reconcile/comparison.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/base/set-tree.h"
#include "tests/support.h"

/* Item n's packet for a nation; @other makes it another one. */
static char *
packet_id (guint n, const char *nation, gboolean other)
{
  g_autofree char *text = g_strdup_printf ("%u %s %d", n, nation, other);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* A view of items 1 to @n without item @without, with another packet for item @other. */
static FastView *
make_view (FastSide side, guint n, guint without, guint other)
{
  FastView *view = fast_view_new (side, "U1-b1");
  g_autoptr (GError) error = NULL;

  for (guint i = n; i >= 1; i--) {
    g_autofree char *item = g_strdup_printf ("U1-%u", i);
    g_autofree char *ca = packet_id (i, "CA", i == other);
    g_autofree char *us = packet_id (i, "US", i == other);
    if (i == without)
      continue;
    g_assert_true (fast_view_add (view, item, 1, i % 2 ? "enrolment" : "decision", ca, us, &error));
    g_assert_no_error (error);
  }
  return view;
}

static FastComparison *
compare (guint ca_without, guint ca_other, guint us_without, guint us_other)
{
  g_autoptr (FastView) unit = make_view (FAST_SIDE_UNIT, 40, 0, 0);
  g_autoptr (FastView) ca = make_view (FAST_SIDE_CA, 40, ca_without, ca_other);
  g_autoptr (FastView) us = make_view (FAST_SIDE_US, 40, us_without, us_other);
  g_autoptr (GError) error = NULL;
  FastComparison *comparison = fast_comparison_run (unit, ca, us, &error);

  g_assert_no_error (error);
  return comparison;
}

static void
test_equal (void)
{
  g_autoptr (FastComparison) comparison = compare (0, 0, 0, 0);
  g_autofree char *text = fast_comparison_to_text (comparison, "en");

  g_assert_true (fast_comparison_is_equal (comparison));
  g_assert_cmpstr (comparison->roots[FAST_SIDE_UNIT], ==, comparison->roots[FAST_SIDE_US]);
  g_assert_cmpstr (comparison->lanes[0][0], ==, comparison->lanes[0][1]);
  g_assert_cmpstr (comparison->lanes[0][0], !=, comparison->lanes[1][0]);
  g_assert_nonnull (strstr (text, "agree to the last record"));
}

static const FastDifference *
difference (const FastComparison *comparison, guint i)
{
  g_assert_cmpuint (i, <, comparison->differences->len);
  return comparison->differences->pdata[i];
}

static void
test_missing (void)
{
  g_autoptr (FastComparison) comparison = compare (0, 0, 7, 0);
  g_autofree char *english = fast_comparison_to_text (comparison, "en");
  g_autofree char *french = fast_comparison_to_text (comparison, "fr");

  g_assert_cmpuint (comparison->differences->len, ==, 2);
  g_assert_cmpint (difference (comparison, 0)->kind, ==, FAST_DIFFERENCE_MISSING);
  g_assert_cmpint (difference (comparison, 0)->has, ==, FAST_SIDE_UNIT);
  g_assert_cmpint (difference (comparison, 0)->lacks, ==, FAST_SIDE_US);
  g_assert_cmpint (difference (comparison, 1)->has, ==, FAST_SIDE_CA);
  g_assert_cmpstr (difference (comparison, 0)->item, ==, "U1-7");
  g_assert_nonnull (
      strstr (english, "U1-7 revision 1 (enrolment): unit has it, United States lacks it"));
  g_assert_nonnull (strstr (french, "absent côté États-Unis"));
}

static void
test_other_packet (void)
{
  g_autoptr (FastComparison) comparison = compare (0, 12, 0, 0);
  g_autofree char *ours = packet_id (12, "CA", FALSE);
  g_autofree char *theirs = packet_id (12, "CA", TRUE);

  g_assert_cmpuint (comparison->differences->len, ==, 1);
  g_assert_cmpint (difference (comparison, 0)->kind, ==, FAST_DIFFERENCE_PACKET);
  g_assert_cmpstr (difference (comparison, 0)->left, ==, ours);
  g_assert_cmpstr (difference (comparison, 0)->right, ==, theirs);
}

static void
test_order (void)
{
  g_autoptr (FastComparison) comparison = compare (10, 0, 9, 2);

  g_assert_cmpstr (difference (comparison, 0)->item, ==, "U1-2");
  g_assert_cmpstr (difference (comparison, 1)->item, ==, "U1-9");
  g_assert_cmpstr (difference (comparison, 3)->item, ==, "U1-10");
  g_assert_cmpuint (comparison->differences->len, ==, 5);
}

static void
test_json (void)
{
  g_autoptr (FastComparison) comparison = compare (3, 0, 0, 0);
  g_autoptr (JsonNode) node = fast_comparison_to_json (comparison);
  JsonObject *object = json_node_get_object (node);
  JsonObject *first =
      json_array_get_object_element (json_object_get_array_member (object, "differences"), 0);

  g_assert_false (json_object_get_boolean_member (object, "equal"));
  g_assert_cmpstr (json_object_get_string_member (first, "lacks"), ==, "CA");
  g_assert_cmpstr (json_object_get_string_member (first, "has"), ==, "unit");
}

/* An intake's answer about one item, with a root that is right or not. */
static GBytes *
answer (const char *nation, gboolean right)
{
  g_autoptr (FastView) view = fast_view_new (FAST_SIDE_CA, "U1-b1");
  g_autofree char *packet = packet_id (1, "CA", FALSE);
  g_autofree char *items = NULL, *lane = NULL, *text = NULL;

  g_assert_true (fast_view_add (view, "U1-1", 1, "enrolment", packet, NULL, NULL));
  items = fast_view_items_root (view);
  lane = fast_view_lane_root (view, FAST_SIDE_CA);
  if (!right)
    lane[0] = lane[0] == '0' ? '1' : '0';
  text = g_strdup_printf ("{\"batch\":\"U1-b1\",\"nation\":\"%s\",\"unit\":\"U1\","
                          "\"items\":{\"root\":\"%s\",\"leaves\":[[\"U1-1\",1,\"enrolment\"]]},"
                          "\"packets\":{\"root\":\"%s\",\"leaves\":[[\"U1-1\",1,\"%s\"]]}}",
                          nation, items, lane, packet);
  return g_bytes_new (text, strlen (text));
}

static void
test_parse (void)
{
  g_autoptr (GBytes) right = answer ("CA", TRUE), wrong = answer ("CA", FALSE),
                     other = answer ("US", TRUE), cut = g_bytes_new_from_bytes (right, 0, 90);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastView) view = NULL;
  GBytes *bad[] = {wrong, other, cut};

  view = fast_view_parse (FAST_SIDE_CA, right, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fast_view_count (view), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_assert_null (fast_view_parse (FAST_SIDE_CA, bad[i], &error));
    g_assert_nonnull (error);
    g_clear_error (&error);
  }
}

static void
test_other_batch (void)
{
  g_autoptr (FastView) unit = fast_view_new (FAST_SIDE_UNIT, "U1-b1");
  g_autoptr (FastView) ca = fast_view_new (FAST_SIDE_CA, "U1-b1");
  g_autoptr (FastView) us = fast_view_new (FAST_SIDE_US, "U1-b2");
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_comparison_run (unit, ca, us, &error));
  fast_test_assert_id (error, "reconcile-batches");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reconcile/equal", test_equal);
  g_test_add_func ("/reconcile/missing", test_missing);
  g_test_add_func ("/reconcile/other-packet", test_other_packet);
  g_test_add_func ("/reconcile/order", test_order);
  g_test_add_func ("/reconcile/json", test_json);
  g_test_add_func ("/reconcile/parse", test_parse);
  g_test_add_func ("/reconcile/other-batch", test_other_batch);
  return g_test_run ();
}

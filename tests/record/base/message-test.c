/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "tests/support.h"

static void
test_format (void)
{
  g_autoptr (FastMessage) message = fast_message_new (
      "truncated", "what=%s, wanted=%d, left=%u, offset=%u", "EF, x=1", 5, 3u, 9u);
  g_autofree char *english = fast_message_format (message, "en");
  g_autofree char *french = fast_message_format (message, "fr");

  g_assert_cmpstr (english, ==, "EF, x=1 ends too early: 5 bytes wanted at offset 9, 3 left");
  g_assert_true (g_str_has_prefix (french, "EF, x=1 finit"));
}

/* A value is somebody else's text and may hold anything. */
static void
test_separator_in_value (void)
{
  g_autoptr (FastMessage) message = fast_message_new ("truncated", "what=%s, wanted=%d",
                                                      "a\x1f\x1f\x1f\x1f"
                                                      "b, c=d\xff",
                                                      5);
  g_autoptr (FastMessage) first = fast_message_new ("cause", "text=%s", "\x1f\x1f");

  g_assert_cmpstr (fast_message_get_parameter (message, "what"), ==, "ab, c=d\xEF\xBF\xBD");
  g_assert_cmpstr (fast_message_get_parameter (message, "wanted"), ==, "5");
  g_assert_cmpstr (fast_message_get_parameter (first, "text"), ==, "");
}

static void
test_error_chain (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  g_autofree char *text = NULL;

  g_assert_false (fast_fail (&error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "file-unreadable",
                             "path=%s, why=%s", "a", "gone"));
  fast_error_prefix (&error, "tlv-value", "tag=%X", 0x61u);
  copy = g_error_copy (error);
  g_assert_error (copy, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING);
  fast_test_assert_id (copy, "file-unreadable");
  text = fast_error_format (copy, "en");
  g_assert_cmpstr (text, ==,
                   "the value of tag 61 is cut short: the file a cannot be read: gone: "
                   "check the path and its permissions");
}

/* An error that became somebody else's to solve still speaks the language that is asked for. */
static void
test_error_from_ours (void)
{
  GError *cause = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) copy = NULL;
  g_autofree char *text = NULL;

  fast_fail (&cause, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "file-unreadable",
             "path=%s, why=%s", "a", "gone");
  fast_error_prefix (&cause, "tlv-value", "tag=%X", 0x61u);
  g_assert_false (fast_fail_from (&error, cause, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED,
                                  "asset-missing", "name=%s", "b"));
  copy = g_error_copy (error);
  g_assert_error (copy, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED);
  fast_test_assert_id (copy, "asset-missing");
  text = fast_error_format (copy, "fr");
  g_assert_nonnull (strstr (text, "le fichier intégré b n’existe pas"));
  g_assert_nonnull (strstr (text, "le fichier a ne peut pas être lu"));
  g_assert_null (strstr (text, "cannot be read"));
}

static GHashTable *
places (const char *text)
{
  GHashTable *found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (const char *at = text; (at = strchr (at, '{')) != NULL; at++)
    g_hash_table_add (found, g_strndup (at, strcspn (at, "}")));
  return found;
}

static void
check_same_places (const char *id, const char *left, const char *right)
{
  const char *a = fast_message_lookup (id, left);
  const char *b = fast_message_lookup (id, right);
  g_autoptr (GHashTable) in_a = NULL;
  g_autoptr (GHashTable) in_b = NULL;
  GHashTableIter iter;
  gpointer name;

  if ((a == NULL) != (b == NULL))
    g_error ("%s has %s but not %s", id, a == NULL ? right : left, a == NULL ? left : right);
  if (a == NULL)
    return;
  in_a = places (a);
  in_b = places (b);
  g_hash_table_iter_init (&iter, in_a);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (!g_hash_table_contains (in_b, name))
      g_error ("%s: %s} is in %s but not in %s", id, (char *)name, left, right);
  g_assert_cmpuint (g_hash_table_size (in_a), ==, g_hash_table_size (in_b));
}

static void
test_catalogues_agree (void)
{
  const char *const *ids = fast_message_list_ids ();

  for (guint i = 0; ids[i] != NULL; i++) {
    check_same_places (ids[i], "en", "fr");
    check_same_places (ids[i], "do-en", "do-fr");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/message/format", test_format);
  g_test_add_func ("/base/message/separator-in-value", test_separator_in_value);
  g_test_add_func ("/base/error/chain", test_error_chain);
  g_test_add_func ("/base/error/from-ours", test_error_from_ours);
  g_test_add_func ("/base/message/catalogues-agree", test_catalogues_agree);
  return g_test_run ();
}

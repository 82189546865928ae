/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/json.h"
#include "record/base/message.h"
#include "sync/reconcile/comparison.h"

#define ROOT_SHOWN 16

static const char *const side_names[FAST_N_SIDES] = {"unit", "CA", "US"};
static const char *const kind_names[] = {"missing", "kind", "packet"};

static char *
side_text (FastSide side, const char *language)
{
  static const char *const ids[FAST_N_SIDES] = {"reconcile-side-unit", "reconcile-side-ca",
                                                "reconcile-side-us"};

  return fast_text (language, ids[side], NULL);
}

static char *
difference_text (const FastDifference *difference, const char *language)
{
  static const char *const ids[] = {"reconcile-missing", "reconcile-kind", "reconcile-packet"};
  g_autofree char *has = side_text (difference->has, language);
  g_autofree char *lacks = side_text (difference->lacks, language);

  return fast_text (language, ids[difference->kind],
                    "item=%s, revision=%" G_GINT64_FORMAT ", has=%s, lacks=%s, left=%s, right=%s",
                    difference->item, difference->revision, has, lacks, difference->left,
                    difference->right == NULL ? "" : difference->right);
}

/* Columns are counted in characters: French names have more bytes than letters. */
static void
append_cell (GString *text, const char *cell, glong width)
{
  g_string_append (text, cell);
  for (glong n = g_utf8_strlen (cell, -1); n < width; n++)
    g_string_append_c (text, ' ');
}

static void
append_row (GString *text, const char *first, const char *second, const char *third,
            const char *fourth)
{
  append_cell (text, first, 16);
  append_cell (text, second, 12);
  append_cell (text, third, ROOT_SHOWN + 3);
  g_string_append (text, fourth);
  g_string_append_c (text, '\n');
}

static void
append_head (GString *text, const char *language)
{
  g_autofree char *side = fast_text (language, "reconcile-column-side", NULL);
  g_autofree char *count = fast_text (language, "reconcile-column-count", NULL);
  g_autofree char *root = fast_text (language, "reconcile-column-root", NULL);
  g_autofree char *lane = fast_text (language, "reconcile-column-lane", NULL);

  append_row (text, side, count, root, lane);
}

static char *
shorten (const char *root)
{
  return g_strdup_printf ("%.*s…", ROOT_SHOWN, root);
}

static void
append_side (GString *text, const FastComparison *comparison, FastSide side, const char *language)
{
  g_autofree char *name = side_text (side, language);
  g_autofree char *count = g_strdup_printf ("%u", comparison->counts[side]);
  g_autofree char *root = shorten (comparison->roots[side]);
  g_autofree char *ca = shorten (comparison->lanes[0][side == FAST_SIDE_CA]);
  g_autofree char *us = shorten (comparison->lanes[1][side == FAST_SIDE_US]);
  g_autofree char *both = g_strdup_printf ("CA %s  US %s", ca, us);
  g_autofree char *one =
      g_strdup_printf ("%s %s", side_names[side], side == FAST_SIDE_CA ? ca : us);

  append_row (text, name, count, root, side == FAST_SIDE_UNIT ? both : one);
}

static void
append_line (GString *text, char *line)
{
  g_string_append (text, line);
  g_string_append_c (text, '\n');
  g_free (line);
}

/**
 * fast_comparison_to_text:
 * @comparison: a comparison
 * @language: `en` or `fr`
 *
 * Returns: (transfer full): a table of the three sides and a sentence for each difference
 */
char *
fast_comparison_to_text (const FastComparison *comparison, const char *language)
{
  GString *text = g_string_new (NULL);

  append_line (text, fast_text (language, "reconcile-title", "batch=%s", comparison->batch));
  g_string_append_c (text, '\n');
  append_head (text, language);
  for (guint side = 0; side < FAST_N_SIDES; side++)
    append_side (text, comparison, (FastSide)side, language);
  g_string_append_c (text, '\n');
  for (guint i = 0; i < comparison->differences->len; i++)
    append_line (text, difference_text (comparison->differences->pdata[i], language));
  if (fast_comparison_is_equal (comparison))
    append_line (text, fast_text (language, "reconcile-equal", NULL));
  else
    append_line (text, fast_text (language, "reconcile-different", "count=%u",
                                  comparison->differences->len));
  return g_string_free (text, FALSE);
}

static JsonObject *
difference_object (const FastDifference *difference)
{
  JsonObject *object = json_object_new ();
  const char *left = side_names[difference->has], *right = side_names[difference->lacks];

  json_object_set_string_member (object, "difference", kind_names[difference->kind]);
  json_object_set_string_member (object, "item", difference->item);
  json_object_set_int_member (object, "revision", difference->revision);
  if (difference->kind == FAST_DIFFERENCE_MISSING) {
    json_object_set_string_member (object, "has", left);
    json_object_set_string_member (object, "lacks", right);
    json_object_set_string_member (object, "kind", difference->left);
  } else {
    json_object_set_string_member (object, left, difference->left);
    json_object_set_string_member (object, right, difference->right);
  }
  return object;
}

static JsonObject *
side_object (const FastComparison *comparison, FastSide side)
{
  JsonObject *object = json_object_new ();
  JsonObject *lanes = json_object_new ();

  json_object_set_int_member (object, "count", comparison->counts[side]);
  json_object_set_string_member (object, "root", comparison->roots[side]);
  if (side != FAST_SIDE_US)
    json_object_set_string_member (lanes, "CA", comparison->lanes[0][side == FAST_SIDE_CA]);
  if (side != FAST_SIDE_CA)
    json_object_set_string_member (lanes, "US", comparison->lanes[1][side == FAST_SIDE_US]);
  json_object_set_object_member (object, "lanes", lanes);
  return object;
}

/**
 * fast_comparison_to_json:
 * @comparison: a comparison
 *
 * Returns: (transfer full): `batch`, `equal`, `sides` by name with `count`, `root` and `lanes`, and
 *   `differences`
 */
JsonNode *
fast_comparison_to_json (const FastComparison *comparison)
{
  JsonObject *object = json_object_new ();
  JsonObject *sides = json_object_new ();
  JsonArray *differences = json_array_new ();

  for (guint i = 0; i < FAST_N_SIDES; i++)
    json_object_set_object_member (sides, side_names[i], side_object (comparison, (FastSide)i));
  for (guint i = 0; i < comparison->differences->len; i++)
    json_array_add_object_element (differences,
                                   difference_object (comparison->differences->pdata[i]));
  json_object_set_string_member (object, "batch", comparison->batch);
  json_object_set_boolean_member (object, "equal", fast_comparison_is_equal (comparison));
  json_object_set_object_member (object, "sides", sides);
  json_object_set_array_member (object, "differences", differences);
  return fast_json_node_take (object);
}

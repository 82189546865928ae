/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/manifest.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/base/merkle-log.h"
#include "record/model/item.h"
#include "sync/packet/header.h"

struct _FastManifest {
  char *batch;
  char *unit;
  gint64 epoch;
  char *opened;
  char *closed;
  JsonObject *summary;
  GPtrArray *lines;
  gboolean sorted;
};

static void
line_free (gpointer data)
{
  FastManifestLine *line = data;

  g_free (line->item);
  g_free (line->kind);
  g_free (line->ca);
  g_free (line->us);
  g_free (line);
}

/**
 * fast_manifest_new:
 * @batch: the batch
 * @unit: the unit that closes it
 * @epoch: the unit's epoch
 * @opened: the day it was opened, `YYYY-MM-DD`
 * @closed: the day it was closed
 *
 * Returns: (transfer full): a manifest without lines
 */
FastManifest *
fast_manifest_new (const char *batch, const char *unit, gint64 epoch, const char *opened,
                   const char *closed)
{
  FastManifest *manifest = g_new0 (FastManifest, 1);

  manifest->batch = g_strdup (batch);
  manifest->unit = g_strdup (unit);
  manifest->epoch = epoch;
  manifest->opened = g_strdup (opened);
  manifest->closed = g_strdup (closed);
  manifest->summary = json_object_new ();
  manifest->lines = g_ptr_array_new_with_free_func (line_free);
  return manifest;
}

/**
 * fast_manifest_free:
 * @manifest: (transfer full): a manifest
 */
void
fast_manifest_free (FastManifest *manifest)
{
  g_free (manifest->batch);
  g_free (manifest->unit);
  g_free (manifest->opened);
  g_free (manifest->closed);
  json_object_unref (manifest->summary);
  g_ptr_array_unref (manifest->lines);
  g_free (manifest);
}

/**
 * fast_manifest_add:
 * @manifest: a manifest
 * @item: an item
 * @revision: its revision
 * @kind: its kind
 * @ca: the first packet for Canada
 * @us: the first packet for the United States
 *
 * Adds a line; the order of calls does not matter.
 */
void
fast_manifest_add (FastManifest *manifest, const char *item, gint64 revision, const char *kind,
                   const char *ca, const char *us)
{
  FastManifestLine *line = g_new0 (FastManifestLine, 1);

  line->item = g_strdup (item);
  line->revision = revision;
  line->kind = g_strdup (kind);
  line->ca = g_strdup (ca);
  line->us = g_strdup (us);
  g_ptr_array_add (manifest->lines, line);
  manifest->sorted = FALSE;
}

/**
 * fast_manifest_set_summary:
 * @manifest: a manifest
 * @summary: the day's cards, stock and fees, as the rooms that keep them count them
 */
void
fast_manifest_set_summary (FastManifest *manifest, JsonObject *summary)
{
  json_object_ref (summary);
  json_object_unref (manifest->summary);
  manifest->summary = summary;
}

static gint
compare_lines (gconstpointer left, gconstpointer right)
{
  const FastManifestLine *a = *(const FastManifestLine *const *)left;
  const FastManifestLine *b = *(const FastManifestLine *const *)right;
  int order = strcmp (a->item, b->item);

  if (order != 0)
    return order;
  return a->revision < b->revision ? -1 : a->revision > b->revision;
}

static void
sort_lines (FastManifest *manifest)
{
  if (!manifest->sorted)
    g_ptr_array_sort (manifest->lines, compare_lines);
  manifest->sorted = TRUE;
}

static JsonNode *
line_to_node (const FastManifestLine *line)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "item", line->item);
  json_object_set_int_member (object, "revision", line->revision);
  json_object_set_string_member (object, "kind", line->kind);
  json_object_set_string_member (object, "CA", line->ca);
  json_object_set_string_member (object, "US", line->us);
  return fast_json_node_take (object);
}

/**
 * fast_manifest_root:
 * @manifest: a manifest
 *
 * Returns: (transfer full): lowercase hex of the RFC 6962 root; its leaves are the lines' canonical
 *   JSON in their order
 */
char *
fast_manifest_root (FastManifest *manifest)
{
  g_autoptr (FastMerkleLog) log = fast_merkle_log_new ();
  guint8 root[FAST_SHA256_SIZE];

  sort_lines (manifest);
  for (guint i = 0; i < manifest->lines->len; i++) {
    g_autoptr (JsonNode) node = line_to_node (manifest->lines->pdata[i]);
    g_autofree char *text = fast_json_canonical (node);

    fast_merkle_log_append (log, text, strlen (text));
  }
  fast_merkle_log_root (log, root);
  return fast_hex_encode (root, sizeof root);
}

static JsonObject *
count_kinds (FastManifest *manifest)
{
  JsonObject *counts = json_object_new ();

  for (guint i = 0; i < manifest->lines->len; i++) {
    const FastManifestLine *line = manifest->lines->pdata[i];
    gint64 n = json_object_get_int_member_with_default (counts, line->kind, 0);

    json_object_set_int_member (counts, line->kind, n + 1);
  }
  return counts;
}

static JsonArray *
lines_to_array (FastManifest *manifest)
{
  JsonArray *array = json_array_new ();

  sort_lines (manifest);
  for (guint i = 0; i < manifest->lines->len; i++)
    json_array_add_element (array, line_to_node (manifest->lines->pdata[i]));
  return array;
}

/**
 * fast_manifest_to_bytes:
 * @manifest: a manifest
 *
 * Returns: (transfer full): canonical JSON
 */
GBytes *
fast_manifest_to_bytes (FastManifest *manifest)
{
  JsonObject *object = json_object_new ();
  g_autofree char *root = fast_manifest_root (manifest);
  g_autoptr (JsonNode) node = NULL;

  json_object_set_int_member (object, "format", FAST_MANIFEST_FORMAT);
  json_object_set_string_member (object, "batch", manifest->batch);
  json_object_set_string_member (object, "unit", manifest->unit);
  json_object_set_int_member (object, "epoch", manifest->epoch);
  json_object_set_string_member (object, "opened", manifest->opened);
  json_object_set_string_member (object, "closed", manifest->closed);
  json_object_set_array_member (object, "lines", lines_to_array (manifest));
  json_object_set_object_member (object, "counts", count_kinds (manifest));
  json_object_set_object_member (object, "summary", json_object_ref (manifest->summary));
  json_object_set_string_member (object, "root", root);
  node = fast_json_node_take (object);
  return fast_json_canonical_bytes (node);
}

static gboolean
read_line (FastManifest *manifest, JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *item, *kind, *ca, *us;
  gint64 revision;

  if (object == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-type", "member=%s",
                      "lines");
  item = fast_json_get_string (object, "item", error);
  kind = item == NULL ? NULL : fast_json_get_string (object, "kind", error);
  ca = kind == NULL ? NULL : fast_json_get_string (object, "CA", error);
  us = ca == NULL ? NULL : fast_json_get_string (object, "US", error);
  if (us == NULL || !fast_json_get_int (object, "revision", &revision, error))
    return FALSE;
  if (!fast_item_id_is_valid (item) || !g_strv_contains (fast_item_kind_names, kind) ||
      !fast_packet_id_is_valid (ca) || !fast_packet_id_is_valid (us) || revision < 1)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "manifest-line", "item=%s",
                      item);
  fast_manifest_add (manifest, item, revision, kind, ca, us);
  return TRUE;
}

static FastManifest *
read_head (JsonObject *object, GError **error)
{
  gint64 format, epoch;
  const char *batch, *unit, *opened, *closed;

  if (!fast_json_get_int (object, "format", &format, error) ||
      !fast_json_get_int (object, "epoch", &epoch, error))
    return NULL;
  batch = fast_json_get_string (object, "batch", error);
  unit = batch == NULL ? NULL : fast_json_get_string (object, "unit", error);
  opened = unit == NULL ? NULL : fast_json_get_string (object, "opened", error);
  closed = opened == NULL ? NULL : fast_json_get_string (object, "closed", error);
  if (closed == NULL)
    return NULL;
  if (format != FAST_MANIFEST_FORMAT || !fast_batch_id_is_valid (batch))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "manifest-format",
                           NULL);
  return fast_manifest_new (batch, unit, epoch, opened, closed);
}

static gboolean
read_body (FastManifest *manifest, JsonObject *object, GError **error)
{
  JsonArray *lines = fast_json_get_array (object, "lines", error);
  JsonObject *summary = lines == NULL ? NULL : fast_json_get_object (object, "summary", error);

  if (summary == NULL)
    return FALSE;
  for (guint i = 0; i < json_array_get_length (lines); i++)
    if (!read_line (manifest, json_array_get_element (lines, i), error))
      return FALSE;
  fast_manifest_set_summary (manifest, summary);
  return TRUE;
}

/**
 * fast_manifest_parse:
 * @json: canonical JSON
 * @error: return location for an error
 *
 * Root, counts and order must be those of the lines: what is read writes back to the same bytes.
 *
 * Returns: (transfer full): the manifest, or %NULL with FAST_INPUT_ERROR
 */
FastManifest *
fast_manifest_parse (GBytes *json, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse_canonical (json, "manifest", error);
  g_autoptr (FastManifest) manifest = NULL;
  g_autoptr (GBytes) again = NULL;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-type",
                           "member=%s", "manifest");
  manifest = read_head (json_node_get_object (node), error);
  if (manifest == NULL || !read_body (manifest, json_node_get_object (node), error))
    return NULL;
  again = fast_manifest_to_bytes (manifest);
  if (!g_bytes_equal (again, json))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "manifest-root",
                           "batch=%s", manifest->batch);
  return g_steal_pointer (&manifest);
}

/**
 * fast_manifest_get_batch:
 * @manifest: a manifest
 *
 * Returns: (transfer none): the batch
 */
const char *
fast_manifest_get_batch (const FastManifest *manifest)
{
  return manifest->batch;
}

/**
 * fast_manifest_get_unit:
 * @manifest: a manifest
 *
 * Returns: (transfer none): the unit that closed it
 */
const char *
fast_manifest_get_unit (const FastManifest *manifest)
{
  return manifest->unit;
}

/**
 * fast_manifest_get_epoch:
 * @manifest: a manifest
 *
 * Returns: the unit's epoch
 */
gint64
fast_manifest_get_epoch (const FastManifest *manifest)
{
  return manifest->epoch;
}

/**
 * fast_manifest_get_opened:
 * @manifest: a manifest
 *
 * Returns: (transfer none): the day it was opened
 */
const char *
fast_manifest_get_opened (const FastManifest *manifest)
{
  return manifest->opened;
}

/**
 * fast_manifest_get_closed:
 * @manifest: a manifest
 *
 * Returns: (transfer none): the day it was closed
 */
const char *
fast_manifest_get_closed (const FastManifest *manifest)
{
  return manifest->closed;
}

/**
 * fast_manifest_get_summary:
 * @manifest: a manifest
 *
 * Returns: (transfer none): cards, stock and fees
 */
JsonObject *
fast_manifest_get_summary (const FastManifest *manifest)
{
  return manifest->summary;
}

/**
 * fast_manifest_count:
 * @manifest: a manifest
 *
 * Returns: how many lines
 */
guint
fast_manifest_count (const FastManifest *manifest)
{
  return manifest->lines->len;
}

/**
 * fast_manifest_get_line:
 * @manifest: a manifest
 * @index: counted from 0, below fast_manifest_count()
 *
 * Returns: (transfer none): that line, in the manifest's order
 */
const FastManifestLine *
fast_manifest_get_line (FastManifest *manifest, guint index)
{
  sort_lines (manifest);
  return manifest->lines->pdata[index];
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/header.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/model/item.h"
#include "record/model/nation.h"

#define DIGEST_DIGITS 64
#define CENTRE_LIMIT 8
#define MAX_NUMBER G_GINT64_CONSTANT (9007199254740991)

static const char *const members[] = {
    "about", "audit",  "batch",       "centre",   "epoch",      "format", "item", "kind",
    "lane",  "nation", "predecessor", "revision", "supersedes", "unit",   NULL,
};

/**
 * fast_nation_is_known:
 * @nation: text
 *
 * Returns: whether it is `CA` or `US`
 */
gboolean
fast_nation_is_known (const char *nation)
{
  return g_strv_contains (fast_nation_names, nation);
}

/**
 * fast_unit_id_is_valid:
 * @text: text
 *
 * Returns: whether it is a unit's id
 */
gboolean
fast_unit_id_is_valid (const char *text)
{
  return fast_item_unit_is_valid (text);
}

/**
 * fast_item_id_is_valid:
 * @text: text
 *
 * Returns: whether it is `UNIT-SEQUENCE`
 */
gboolean
fast_item_id_is_valid (const char *text)
{
  return fast_item_id_parse (text, NULL, NULL, NULL);
}

/**
 * fast_batch_id_is_valid:
 * @text: text
 *
 * Returns: whether it is `UNIT-bSEQUENCE`, which no item id can be
 */
gboolean
fast_batch_id_is_valid (const char *text)
{
  const char *hyphen = strchr (text, '-');
  g_autofree char *as_item = NULL;

  if (hyphen == NULL || hyphen[1] != 'b')
    return FALSE;
  as_item = g_strdup_printf ("%.*s%s", (int)(hyphen - text) + 1, text, hyphen + 2);
  return fast_item_id_is_valid (as_item);
}

/**
 * fast_batch_id_new:
 * @unit: a unit
 * @sequence: counted from 1
 *
 * Returns: (transfer full): the batch's id
 */
char *
fast_batch_id_new (const char *unit, gint64 sequence)
{
  return g_strdup_printf ("%s-b%" G_GINT64_FORMAT, unit, sequence);
}

/**
 * fast_packet_id_is_valid:
 * @text: text
 *
 * Returns: whether it is the lowercase hex form of a SHA-256
 */
gboolean
fast_packet_id_is_valid (const char *text)
{
  return strspn (text, "0123456789abcdef") == DIGEST_DIGITS && text[DIGEST_DIGITS] == '\0';
}

/**
 * fast_header_new:
 *
 * Returns: (transfer full): an empty header of epoch 1, revision 1
 */
FastHeader *
fast_header_new (void)
{
  FastHeader *header = g_new0 (FastHeader, 1);

  header->epoch = 1;
  header->revision = 1;
  return header;
}

/**
 * fast_header_copy:
 * @header: a header
 *
 * Returns: (transfer full): a deep copy
 */
FastHeader *
fast_header_copy (const FastHeader *header)
{
  FastHeader *copy = g_new (FastHeader, 1);

  *copy = *header;
  copy->nation = g_strdup (header->nation);
  copy->unit = g_strdup (header->unit);
  copy->centre = g_strdup (header->centre);
  copy->item = g_strdup (header->item);
  copy->kind = g_strdup (header->kind);
  copy->predecessor = g_strdup (header->predecessor);
  copy->about = g_strdup (header->about);
  copy->batch = g_strdup (header->batch);
  copy->first = g_strdup (header->first);
  copy->superseded = g_strdup (header->superseded);
  copy->audit_root = g_strdup (header->audit_root);
  return copy;
}

/**
 * fast_header_free:
 * @header: (transfer full): a header
 */
void
fast_header_free (FastHeader *header)
{
  g_free (header->nation);
  g_free (header->unit);
  g_free (header->centre);
  g_free (header->item);
  g_free (header->kind);
  g_free (header->predecessor);
  g_free (header->about);
  g_free (header->batch);
  g_free (header->first);
  g_free (header->superseded);
  g_free (header->audit_root);
  g_free (header);
}

static gboolean
refuse (GError **error, const char *member)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "packet-header-value",
                    "member=%s", member);
}

static gboolean
is_centre (const char *text)
{
  gsize n = 0;

  while (g_ascii_isupper (text[n]) || g_ascii_isdigit (text[n]))
    n++;
  return n >= 1 && n <= CENTRE_LIMIT && text[n] == '\0';
}

static gboolean
check_names (const FastHeader *header, GError **error)
{
  if (header->nation == NULL || !fast_nation_is_known (header->nation))
    return refuse (error, "nation");
  if (header->unit == NULL || !fast_item_unit_is_valid (header->unit))
    return refuse (error, "unit");
  if (header->centre == NULL || !is_centre (header->centre))
    return refuse (error, "centre");
  if (header->item == NULL || !fast_item_id_is_valid (header->item))
    return refuse (error, "item");
  if (header->kind == NULL || !g_strv_contains (fast_item_kind_names, header->kind))
    return refuse (error, "kind");
  if (header->batch == NULL || !fast_batch_id_is_valid (header->batch))
    return refuse (error, "batch");
  if (header->about != NULL && !fast_item_id_is_valid (header->about))
    return refuse (error, "about");
  return TRUE;
}

static gboolean
is_count (gint64 value, gint64 least)
{
  return value >= least && value <= MAX_NUMBER;
}

static gboolean
check_supersedes (const FastHeader *header, GError **error)
{
  if (header->first == NULL && header->superseded == NULL)
    return header->superseded_lane == 0 ? TRUE : refuse (error, "supersedes");
  if (header->first == NULL || header->superseded == NULL ||
      !fast_packet_id_is_valid (header->first) || !fast_packet_id_is_valid (header->superseded))
    return refuse (error, "supersedes");
  if (!is_count (header->superseded_lane, 1) || header->superseded_lane >= header->lane)
    return refuse (error, "supersedes");
  return TRUE;
}

/**
 * fast_header_check:
 * @header: a header
 * @error: return location for an error
 *
 * Returns: whether every member has a value that may be sealed; FAST_INPUT_ERROR_INVALID with the
 *   member's name otherwise
 */
gboolean
fast_header_check (const FastHeader *header, GError **error)
{
  if (!check_names (header, error))
    return FALSE;
  if (!is_count (header->epoch, 1))
    return refuse (error, "epoch");
  if (!is_count (header->revision, 1))
    return refuse (error, "revision");
  if (!is_count (header->lane, 1))
    return refuse (error, "lane");
  if (header->predecessor == NULL ? header->predecessor_revision != 0
                                  : !fast_item_id_is_valid (header->predecessor) ||
                                        !is_count (header->predecessor_revision, 1))
    return refuse (error, "predecessor");
  if (header->audit_root == NULL || !fast_packet_id_is_valid (header->audit_root) ||
      !is_count (header->audit_size, 0))
    return refuse (error, "audit");
  return check_supersedes (header, error);
}

static gboolean
check_members (JsonObject *object, const char *const *known, const char *where, GError **error)
{
  g_autoptr (GList) names = json_object_get_members (object);

  for (GList *at = names; at != NULL; at = at->next)
    if (!g_strv_contains (known, at->data))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                        "packet-header-unknown", "member=%s, where=%s", (const char *)at->data,
                        where);
  return TRUE;
}

static gboolean
take_string (JsonObject *object, const char *member, char **value, GError **error)
{
  const char *text = fast_json_get_string (object, member, error);

  *value = g_strdup (text);
  return text != NULL;
}

/* Null is a value here, and a missing member an error. */
static gboolean
take_nullable (JsonObject *object, const char *member, char **value, GError **error)
{
  if (json_object_has_member (object, member) && json_object_get_null_member (object, member))
    return TRUE;
  return take_string (object, member, value, error);
}

static gboolean
take_predecessor (JsonObject *object, FastHeader *header, GError **error)
{
  static const char *const known[] = {"item", "revision", NULL};
  JsonObject *inner;

  if (json_object_has_member (object, "predecessor") &&
      json_object_get_null_member (object, "predecessor"))
    return TRUE;
  inner = fast_json_get_object (object, "predecessor", error);
  return inner != NULL && check_members (inner, known, "predecessor", error) &&
         take_string (inner, "item", &header->predecessor, error) &&
         fast_json_get_int (inner, "revision", &header->predecessor_revision, error);
}

static gboolean
take_supersedes (JsonObject *object, FastHeader *header, GError **error)
{
  static const char *const known[] = {"first", "lane", "packet", NULL};
  JsonObject *inner;

  if (json_object_has_member (object, "supersedes") &&
      json_object_get_null_member (object, "supersedes"))
    return TRUE;
  inner = fast_json_get_object (object, "supersedes", error);
  return inner != NULL && check_members (inner, known, "supersedes", error) &&
         take_string (inner, "first", &header->first, error) &&
         take_string (inner, "packet", &header->superseded, error) &&
         fast_json_get_int (inner, "lane", &header->superseded_lane, error);
}

static gboolean
take_audit (JsonObject *object, FastHeader *header, GError **error)
{
  static const char *const known[] = {"root", "size", NULL};
  JsonObject *inner = fast_json_get_object (object, "audit", error);

  return inner != NULL && check_members (inner, known, "audit", error) &&
         take_string (inner, "root", &header->audit_root, error) &&
         fast_json_get_int (inner, "size", &header->audit_size, error);
}

static gboolean
take_format (JsonObject *object, GError **error)
{
  gint64 format;

  if (!fast_json_get_int (object, "format", &format, error))
    return FALSE;
  if (format != FAST_HEADER_FORMAT)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "packet-header-format",
                      "found=%" G_GINT64_FORMAT ", wanted=%d", format, FAST_HEADER_FORMAT);
  return TRUE;
}

static gboolean
take_members (JsonObject *object, FastHeader *header, GError **error)
{
  return take_format (object, error) && check_members (object, members, "header", error) &&
         take_string (object, "nation", &header->nation, error) &&
         take_string (object, "unit", &header->unit, error) &&
         fast_json_get_int (object, "epoch", &header->epoch, error) &&
         take_string (object, "centre", &header->centre, error) &&
         take_string (object, "item", &header->item, error) &&
         take_string (object, "kind", &header->kind, error) &&
         fast_json_get_int (object, "revision", &header->revision, error) &&
         take_predecessor (object, header, error) &&
         take_nullable (object, "about", &header->about, error) &&
         take_string (object, "batch", &header->batch, error) &&
         fast_json_get_int (object, "lane", &header->lane, error) &&
         take_supersedes (object, header, error) && take_audit (object, header, error) &&
         fast_header_check (header, error);
}

/**
 * fast_header_parse:
 * @json: canonical JSON
 * @error: return location for an error
 *
 * Strict: every member must be there, and none that is not known.
 *
 * Returns: (transfer full): the header, or %NULL with FAST_INPUT_ERROR
 */
FastHeader *
fast_header_parse (GBytes *json, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse_canonical (json, "packet header", error);
  g_autoptr (FastHeader) header = fast_header_new ();

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-type",
                           "member=%s", "header");
  if (!take_members (json_node_get_object (node), header, error))
    return NULL;
  return g_steal_pointer (&header);
}

static void
set_nullable (JsonObject *object, const char *member, const char *value)
{
  if (value == NULL)
    json_object_set_null_member (object, member);
  else
    json_object_set_string_member (object, member, value);
}

static void
set_predecessor (JsonObject *object, const FastHeader *header)
{
  JsonObject *inner;

  if (header->predecessor == NULL) {
    json_object_set_null_member (object, "predecessor");
    return;
  }
  inner = json_object_new ();
  json_object_set_string_member (inner, "item", header->predecessor);
  json_object_set_int_member (inner, "revision", header->predecessor_revision);
  json_object_set_object_member (object, "predecessor", inner);
}

static void
set_supersedes (JsonObject *object, const FastHeader *header)
{
  JsonObject *inner;

  if (header->superseded == NULL) {
    json_object_set_null_member (object, "supersedes");
    return;
  }
  inner = json_object_new ();
  json_object_set_string_member (inner, "first", header->first);
  json_object_set_string_member (inner, "packet", header->superseded);
  json_object_set_int_member (inner, "lane", header->superseded_lane);
  json_object_set_object_member (object, "supersedes", inner);
}

static JsonNode *
to_node (const FastHeader *header)
{
  JsonObject *object = json_object_new ();
  JsonObject *audit = json_object_new ();

  json_object_set_int_member (object, "format", FAST_HEADER_FORMAT);
  json_object_set_string_member (object, "nation", header->nation);
  json_object_set_string_member (object, "unit", header->unit);
  json_object_set_int_member (object, "epoch", header->epoch);
  json_object_set_string_member (object, "centre", header->centre);
  json_object_set_string_member (object, "item", header->item);
  json_object_set_string_member (object, "kind", header->kind);
  json_object_set_int_member (object, "revision", header->revision);
  set_predecessor (object, header);
  set_nullable (object, "about", header->about);
  json_object_set_string_member (object, "batch", header->batch);
  json_object_set_int_member (object, "lane", header->lane);
  set_supersedes (object, header);
  json_object_set_int_member (audit, "size", header->audit_size);
  json_object_set_string_member (audit, "root", header->audit_root);
  json_object_set_object_member (object, "audit", audit);
  return fast_json_node_take (object);
}

/**
 * fast_header_to_text:
 * @header: a checked header
 *
 * Returns: (transfer full): canonical JSON: what the signed attribute holds
 */
char *
fast_header_to_text (const FastHeader *header)
{
  g_autoptr (JsonNode) node = to_node (header);

  return fast_json_canonical (node);
}

/**
 * fast_header_to_bytes:
 * @header: a checked header
 *
 * Returns: (transfer full): canonical JSON: what `item.json` holds
 */
GBytes *
fast_header_to_bytes (const FastHeader *header)
{
  char *text = fast_header_to_text (header);

  return g_bytes_new_take (text, strlen (text));
}

/**
 * fast_header_equal:
 * @left: a checked header
 * @right: another
 *
 * Returns: whether they say the same
 */
gboolean
fast_header_equal (const FastHeader *left, const FastHeader *right)
{
  g_autofree char *a = fast_header_to_text (left);
  g_autofree char *b = fast_header_to_text (right);

  return strcmp (a, b) == 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/revision.h"

#include <string.h>

#include "record/base/error.h"
#include "record/store/statement.h"

/**
 * fast_part_free:
 * @part: (type FastPart) (transfer full): a part
 */
void
fast_part_free (gpointer part)
{
  FastPart *self = part;

  g_free (self->name);
  g_free (self);
}

/**
 * fast_part_row:
 * @item: an item
 * @name: a part's name
 *
 * Returns: (transfer full): the row of the part's place
 */
char *
fast_part_row (const char *item, const char *name)
{
  return g_strdup_printf ("%s/%s", item, name);
}

/**
 * fast_part_place:
 * @row: as fast_part_row() makes it
 * @origin: the revision that holds the bytes
 *
 * Returns: where a part's sealed bytes lie
 */
FastPlace
fast_part_place (const char *row, gint64 origin)
{
  return (FastPlace){"part", row, "sealed", origin};
}

/**
 * fast_revision_free:
 * @revision: (transfer full): a revision
 */
void
fast_revision_free (FastRevision *revision)
{
  g_free (revision->item);
  g_free (revision->kind);
  g_free (revision->predecessor);
  g_free (revision->about);
  g_free (revision->record);
  g_clear_pointer (&revision->parts_json, g_bytes_unref);
  g_clear_pointer (&revision->parts, g_ptr_array_unref);
  g_free (revision);
}

static FastRevision *
read_revision (sqlite3_stmt *statement)
{
  FastRevision *revision = g_new0 (FastRevision, 1);

  revision->item = g_strdup (fast_statement_text (statement, 0));
  revision->kind = g_strdup (fast_statement_text (statement, 1));
  revision->about = g_strdup (fast_statement_text (statement, 2));
  revision->record = g_strdup (fast_statement_text (statement, 3));
  revision->revision = fast_statement_int (statement, 4);
  revision->predecessor = g_strdup (fast_statement_text (statement, 5));
  revision->predecessor_revision = fast_statement_int (statement, 6);
  revision->parts_json = fast_statement_bytes (statement, 7);
  revision->sequence = fast_statement_int (statement, 8);
  revision->clock = fast_statement_int (statement, 9);
  revision->parts = g_ptr_array_new_with_free_func (fast_part_free);
  return revision;
}

static FastPart *
read_part (sqlite3_stmt *statement, GError **error)
{
  FastPart *part = g_new0 (FastPart, 1);

  part->name = g_strdup (fast_statement_text (statement, 0));
  part->origin = fast_statement_int (statement, 4);
  if (fast_class_parse (fast_statement_text (statement, 1), &part->class, error) &&
      fast_statement_hash (statement, 2, part->salt, error) &&
      fast_statement_hash (statement, 3, part->digest, error))
    return part;
  fast_part_free (part);
  return NULL;
}

static gboolean
load_parts (FastStore *store, FastRevision *revision, GError **error)
{
  g_autoptr (sqlite3_stmt) statement =
      fast_statement_new (store, error,
                          "SELECT name, class, salt, digest, origin FROM part "
                          "WHERE item = ? AND revision = ? ORDER BY name",
                          "si", revision->item, revision->revision);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return FALSE;
  while (row) {
    FastPart *part = read_part (statement, error);

    if (part == NULL)
      return FALSE;
    g_ptr_array_add (revision->parts, part);
    if (!fast_statement_step (statement, &row, error))
      return FALSE;
  }
  return TRUE;
}

#define COLUMNS                                                                                    \
  "SELECT r.item, i.kind, i.about, i.record, r.revision, r.predecessor, r.predecessor_revision, "  \
  "r.parts, r.sequence, r.clock FROM revision AS r JOIN item AS i ON i.id = r.item "

/**
 * fast_revision_load:
 * @store: a store
 * @item: an item id
 * @revision: which; 0 for the latest
 * @error: return location for an error
 *
 * Returns: (transfer full): the frozen revision; %NULL with FAST_STORE_ERROR_ABSENT if there is
 *   none
 */
FastRevision *
fast_revision_load (FastStore *store, const char *item, gint64 revision, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      COLUMNS "WHERE r.item = ?1 AND (?2 = 0 OR r.revision = ?2) ORDER BY r.revision DESC LIMIT 1",
      "si", item, revision);
  g_autoptr (FastRevision) found = NULL;
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "revision-unknown",
                           "item=%s, revision=%" G_GINT64_FORMAT, item, revision);
  found = read_revision (statement);
  return load_parts (store, found, error) ? g_steal_pointer (&found) : NULL;
}

/**
 * fast_revision_find_part:
 * @revision: a revision
 * @name: a part's name
 *
 * Returns: (transfer none) (nullable): the part; %NULL if there is none of that name
 */
const FastPart *
fast_revision_find_part (const FastRevision *revision, const char *name)
{
  for (guint i = 0; i < revision->parts->len; i++) {
    const FastPart *part = revision->parts->pdata[i];

    if (strcmp (part->name, name) == 0)
      return part;
  }
  return NULL;
}

static GBytes *
load_sealed (FastStore *store, const char *item, const FastPart *part, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      "SELECT sealed FROM part WHERE item = ? AND revision = ? AND name = ? AND sealed IS NOT NULL",
      "sis", item, part->origin, part->name);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  if (!row)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "revision-no-part",
                           "item=%s, name=%s", item, part->name);
  return fast_statement_bytes (statement, 0);
}

/**
 * fast_revision_open_part:
 * @vault: an open vault
 * @revision: a revision
 * @name: a part's name
 * @error: return location for an error
 *
 * Returns: (transfer full): the part's bytes as they were frozen; %NULL with
 *   FAST_STORE_ERROR_ABSENT when the revision has no such part or the record's keys are destroyed
 */
FastSecret *
fast_revision_open_part (FastVault *vault, const FastRevision *revision, const char *name,
                         GError **error)
{
  const FastPart *part = fast_revision_find_part (revision, name);
  g_autofree char *row = fast_part_row (revision->item, name);
  g_autoptr (GBytes) sealed = NULL;
  FastPlace place;

  if (part == NULL)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "revision-no-part",
                           "item=%s, name=%s", revision->item, name);
  sealed = load_sealed (fast_vault_store (vault), revision->item, part, error);
  if (sealed == NULL)
    return NULL;
  place = fast_part_place (row, part->origin);
  return fast_record_open (vault, revision->record, part->class, &place, sealed, error);
}

static GPtrArray *
read_list (FastStore *store, sqlite3_stmt *statement, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_revision_free);
  gboolean row;

  if (statement == NULL || !fast_statement_step (statement, &row, error))
    return NULL;
  while (row) {
    FastRevision *revision = read_revision (statement);

    g_ptr_array_add (list, revision);
    if (!load_parts (store, revision, error) || !fast_statement_step (statement, &row, error))
      return NULL;
  }
  return g_steal_pointer (&list);
}

/**
 * fast_revision_list:
 * @store: a store
 * @enrolment: an enrolment's item id
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastRevision): every revision of the enrolment and of the
 *   items about it, in the order in which they were frozen
 */
GPtrArray *
fast_revision_list (FastStore *store, const char *enrolment, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error, COLUMNS "WHERE i.id = ?1 OR i.about = ?1 ORDER BY r.sequence", "s", enrolment);

  return read_list (store, statement, error);
}

/**
 * fast_revision_list_unsealed:
 * @store: a store
 * @enrolment: (nullable): an enrolment's item id; %NULL for the whole store
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastRevision): the revisions that lack a packet for one
 *   nation or both, in the order in which they were frozen
 */
GPtrArray *
fast_revision_list_unsealed (FastStore *store, const char *enrolment, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (
      store, error,
      COLUMNS
      "WHERE (?1 IS NULL OR i.id = ?1 OR i.about = ?1) AND (SELECT count(DISTINCT o.nation) "
      "FROM outbox AS o WHERE o.item = r.item AND o.revision = r.revision) < 2 "
      "ORDER BY r.sequence",
      "s", enrolment);

  return read_list (store, statement, error);
}

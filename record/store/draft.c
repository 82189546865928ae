/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/store/draft.h"

#include <string.h>

#include "record/base/autoptr.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/store/audit.h"
#include "record/store/sequence.h"
#include "record/store/statement.h"

#define NAME_LIMIT 64

typedef struct {
  char *name;
  FastClass class;
  FastSecret *bytes;
} Entry;

struct _FastDraft {
  char *kind;
  char *record;
  char *item;
  char *about;
  char *predecessor;
  gint64 predecessor_revision;
  gboolean keep_rest;
  GPtrArray *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->name);
  fast_secret_free (entry->bytes);
  g_free (entry);
}

/**
 * fast_draft_new:
 * @kind: as in `enrolment`
 * @record: whose keys will seal the parts
 *
 * Returns: (transfer full): a draft of a new item
 */
FastDraft *
fast_draft_new (const char *kind, const char *record)
{
  FastDraft *draft = g_new0 (FastDraft, 1);

  draft->kind = g_strdup (kind);
  draft->record = g_strdup (record);
  draft->entries = g_ptr_array_new_with_free_func (entry_free);
  return draft;
}

/**
 * fast_draft_free:
 * @draft: (transfer full): a draft; its parts are wiped
 */
void
fast_draft_free (FastDraft *draft)
{
  g_free (draft->kind);
  g_free (draft->record);
  g_free (draft->item);
  g_free (draft->about);
  g_free (draft->predecessor);
  g_ptr_array_unref (draft->entries);
  g_free (draft);
}

/**
 * fast_draft_set_item:
 * @draft: a draft
 * @item: the id of an item that has revisions, or one that fast_sequence_item_id() gave
 *
 * Without this the item is a new one with the next id.
 */
void
fast_draft_set_item (FastDraft *draft, const char *item)
{
  g_free (draft->item);
  draft->item = g_strdup (item);
}

/**
 * fast_draft_set_about:
 * @draft: a draft of a new item
 * @about: the item id of the enrolment concerned
 */
void
fast_draft_set_about (FastDraft *draft, const char *about)
{
  g_free (draft->about);
  draft->about = g_strdup (about);
}

/**
 * fast_draft_set_predecessor:
 * @draft: a draft
 * @item: the item that this revision goes on from
 * @revision: its revision
 */
void
fast_draft_set_predecessor (FastDraft *draft, const char *item, gint64 revision)
{
  g_free (draft->predecessor);
  draft->predecessor = g_strdup (item);
  draft->predecessor_revision = revision;
}

/**
 * fast_draft_add:
 * @draft: a draft
 * @name: the part's name
 * @class: what it is
 * @data: (nullable): its bytes; copied into secret memory
 * @size: how many
 */
void
fast_draft_add (FastDraft *draft, const char *name, FastClass class, gconstpointer data, gsize size)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->name = g_strdup (name);
  entry->class = class;
  entry->bytes = fast_secret_new_from (data, size);
  g_ptr_array_add (draft->entries, entry);
}

/**
 * fast_draft_add_bytes:
 * @draft: a draft
 * @name: the part's name
 * @class: what it is
 * @bytes: its bytes; copied into secret memory
 */
void
fast_draft_add_bytes (FastDraft *draft, const char *name, FastClass class, GBytes *bytes)
{
  fast_draft_add (draft, name, class, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/**
 * fast_draft_keep_rest:
 * @draft: a draft of a later revision
 *
 * Keeps the parts of the latest revision that are not added anew. Without this they are left out.
 */
void
fast_draft_keep_rest (FastDraft *draft)
{
  draft->keep_rest = TRUE;
}

static gboolean
name_is_valid (const char *name)
{
  static const char *const reserved[] = {"item.json", "parts.json", "salts.json", "audit.json",
                                         NULL};
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_";
  gsize size = strlen (name);

  return size >= 1 && size <= NAME_LIMIT && name[0] != '.' && strspn (name, allowed) == size &&
         !g_strv_contains (reserved, name);
}

static gboolean
check_names (FastDraft *draft, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < draft->entries->len; i++) {
    Entry *entry = draft->entries->pdata[i];

    if (!name_is_valid (entry->name) || !g_hash_table_add (seen, entry->name))
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "revision-part-name",
                        "name=%s", entry->name);
  }
  return TRUE;
}

static gboolean
digest_of (const guint8 salt[FAST_SALT_SIZE], FastSecret *bytes, guint8 digest[FAST_SHA256_SIZE],
           GError **error)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();

  if (context != NULL && EVP_DigestInit_ex (context, EVP_sha256 (), NULL) == 1 &&
      EVP_DigestUpdate (context, salt, FAST_SALT_SIZE) == 1 &&
      EVP_DigestUpdate (context, fast_secret_data (bytes), fast_secret_size (bytes)) == 1 &&
      EVP_DigestFinal_ex (context, digest, NULL) == 1)
    return TRUE;
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "vault-cipher", NULL);
}

static FastPart *
copy_part (const FastPart *part)
{
  FastPart *copy = g_new0 (FastPart, 1);

  *copy = *part;
  copy->name = g_strdup (part->name);
  return copy;
}

/* An unchanged part keeps its salt, and so its digest. */
static gboolean
is_unchanged (const FastPart *before, const Entry *entry, gboolean *unchanged, GError **error)
{
  guint8 digest[FAST_SHA256_SIZE];

  *unchanged = FALSE;
  if (before == NULL || before->class != entry->class)
    return TRUE;
  if (!digest_of (before->salt, entry->bytes, digest, error))
    return FALSE;
  *unchanged = fast_equal_secret (digest, before->digest, sizeof digest);
  return TRUE;
}

static FastPart *
make_part (const FastRevision *before, const Entry *entry, gint64 revision, GError **error)
{
  const FastPart *old = before == NULL ? NULL : fast_revision_find_part (before, entry->name);
  FastPart *part;
  gboolean unchanged;

  if (!is_unchanged (old, entry, &unchanged, error))
    return NULL;
  if (unchanged)
    return copy_part (old);
  part = g_new0 (FastPart, 1);
  part->name = g_strdup (entry->name);
  part->class = entry->class;
  part->origin = revision;
  if (fast_random (part->salt, sizeof part->salt, error) &&
      digest_of (part->salt, entry->bytes, part->digest, error))
    return part;
  fast_part_free (part);
  return NULL;
}

static void
keep_parts (const FastRevision *before, GPtrArray *parts)
{
  guint given = parts->len;

  for (guint i = 0; i < before->parts->len; i++) {
    const FastPart *old = before->parts->pdata[i];
    gboolean again = FALSE;

    for (guint j = 0; j < given && !again; j++)
      again = strcmp (((FastPart *)parts->pdata[j])->name, old->name) == 0;
    if (!again)
      g_ptr_array_add (parts, copy_part (old));
  }
}

static gint
compare_parts (gconstpointer left, gconstpointer right)
{
  const FastPart *const *a = left;
  const FastPart *const *b = right;

  return strcmp ((*a)->name, (*b)->name);
}

static GPtrArray *
make_parts (FastDraft *draft, const FastRevision *before, gint64 revision, GError **error)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (fast_part_free);

  for (guint i = 0; i < draft->entries->len; i++) {
    FastPart *part = make_part (before, draft->entries->pdata[i], revision, error);

    if (part == NULL)
      return NULL;
    g_ptr_array_add (parts, part);
  }
  if (draft->keep_rest && before != NULL)
    keep_parts (before, parts);
  g_ptr_array_sort (parts, compare_parts);
  return g_steal_pointer (&parts);
}

static GBytes *
make_parts_json (GPtrArray *parts)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);

  for (guint i = 0; i < parts->len; i++) {
    const FastPart *part = parts->pdata[i];
    g_autofree char *hex = fast_hex_encode (part->digest, sizeof part->digest);
    json_object_set_string_member (object, part->name, hex);
  }
  return fast_json_canonical_bytes (node);
}

static GBytes *
seal_entry (FastVault *vault, const FastRevision *revision, const Entry *entry, GError **error)
{
  g_autofree char *row = fast_part_row (revision->item, entry->name);
  FastPlace place = fast_part_place (row, revision->revision);

  return fast_record_seal (vault, revision->record, entry->class, &place,
                           fast_secret_data (entry->bytes), fast_secret_size (entry->bytes), error);
}

static const Entry *
find_entry (FastDraft *draft, const char *name)
{
  for (guint i = 0; i < draft->entries->len; i++) {
    const Entry *entry = draft->entries->pdata[i];

    if (strcmp (entry->name, name) == 0)
      return entry;
  }
  return NULL;
}

static gboolean
write_part (FastDraft *draft, FastVault *vault, const FastRevision *revision, const FastPart *part,
            GError **error)
{
  g_autoptr (GBytes) sealed = NULL;

  if (part->origin == revision->revision) {
    sealed = seal_entry (vault, revision, find_entry (draft, part->name), error);
    if (sealed == NULL)
      return FALSE;
  }
  return fast_statement_run (
      fast_vault_store (vault), error, "INSERT INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      "sisshhib", revision->item, revision->revision, part->name, fast_class_name (part->class),
      part->salt, part->digest, part->origin, sealed);
}

static gboolean
tell (FastTransaction *transaction, FastVault *vault, FastRevision *revision, GError **error)
{
  g_autoptr (JsonObject) details = json_object_new ();
  g_autofree char *digest = fast_sha256_hex (revision->parts_json);

  json_object_set_string_member (details, "kind", revision->kind);
  json_object_set_string_member (details, "parts", digest);
  json_object_set_int_member (details, "revision", revision->revision);
  return fast_audit_append (transaction, fast_vault_officer (vault), "revision-frozen",
                            revision->item, details, &revision->sequence, error);
}

static gboolean
write_revision (FastDraft *draft, FastTransaction *transaction, FastVault *vault,
                FastRevision *revision, GError **error)
{
  if (!tell (transaction, vault, revision, error) ||
      !fast_statement_run (fast_vault_store (vault), error,
                           "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?)", "sisibii",
                           revision->item, revision->revision, revision->predecessor,
                           revision->predecessor_revision, revision->parts_json, revision->sequence,
                           revision->clock))
    return FALSE;
  for (guint i = 0; i < revision->parts->len; i++)
    if (!write_part (draft, vault, revision, revision->parts->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* Which number an item id has among this unit's own; 0 for one that was never given out. */
static gboolean
allotted_number (FastStore *store, const char *item, gint64 *number, GError **error)
{
  g_autofree char *prefix = g_strconcat (fast_store_unit (store), "-", NULL);
  g_autofree char *again = NULL;
  gint64 last;

  if (!fast_sequence_last (store, FAST_SEQUENCE_ITEM, &last, error))
    return FALSE;
  *number =
      g_str_has_prefix (item, prefix) ? g_ascii_strtoll (item + strlen (prefix), NULL, 10) : 0;
  again = g_strdup_printf ("%s%" G_GINT64_FORMAT, prefix, *number);
  if (*number < 1 || *number > last || strcmp (again, item) != 0)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "item-unknown", "item=%s",
                      item);
  return TRUE;
}

static gboolean
insert_item (FastDraft *draft, FastStore *store, GError **error)
{
  gint64 number;

  return allotted_number (store, draft->item, &number, error) &&
         fast_statement_run (store, error, "INSERT INTO item VALUES (?, ?, ?, ?, ?)", "sisss",
                             draft->item, number, draft->kind, draft->about, draft->record);
}

static gboolean
check_same_item (FastDraft *draft, const FastRevision *before, GError **error)
{
  if (strcmp (before->kind, draft->kind) == 0 && strcmp (before->record, draft->record) == 0 &&
      (draft->about == NULL || g_strcmp0 (before->about, draft->about) == 0))
    return TRUE;
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "item-differs", "item=%s",
                    draft->item);
}

/* The latest revision of an item that is there, or the row of a new one. */
static gboolean
settle_item (FastDraft *draft, FastTransaction *transaction, FastRevision **before, GError **error)
{
  FastStore *store = fast_transaction_store (transaction);
  g_autoptr (GError) why = NULL;

  *before = NULL;
  if (draft->item == NULL) {
    draft->item = fast_sequence_item_id (transaction, error);
    return draft->item != NULL && insert_item (draft, store, error);
  }
  *before = fast_revision_load (store, draft->item, 0, &why);
  if (*before != NULL)
    return check_same_item (draft, *before, error);
  if (g_error_matches (why, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT))
    return insert_item (draft, store, error);
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

static FastRevision *
compose (FastDraft *draft, const FastRevision *before, GError **error)
{
  g_autoptr (FastRevision) revision = g_new0 (FastRevision, 1);

  revision->item = g_strdup (draft->item);
  revision->kind = g_strdup (draft->kind);
  revision->revision = before == NULL ? 1 : before->revision + 1;
  revision->predecessor = g_strdup (draft->predecessor);
  revision->predecessor_revision = draft->predecessor_revision;
  revision->about = g_strdup (before == NULL ? draft->about : before->about);
  revision->record = g_strdup (draft->record);
  revision->clock = fast_clock_now ();
  revision->parts = make_parts (draft, before, revision->revision, error);
  if (revision->parts == NULL)
    return NULL;
  revision->parts_json = make_parts_json (revision->parts);
  return g_steal_pointer (&revision);
}

/**
 * fast_draft_freeze:
 * @draft: a draft; not to be used again
 * @transaction: a transaction of the vault's store
 * @vault: an open vault
 * @error: return location for an error
 *
 * Freezes the next revision of the item: fixes salts and `parts.json`, seals the parts, audits it.
 *
 * Returns: (transfer full): the revision; it is there once @transaction is committed
 */
FastRevision *
fast_draft_freeze (FastDraft *draft, FastTransaction *transaction, FastVault *vault, GError **error)
{
  g_autoptr (FastRevision) before = NULL;
  g_autoptr (FastRevision) revision = NULL;

  if (!check_names (draft, error) || !settle_item (draft, transaction, &before, error))
    return NULL;
  revision = compose (draft, before, error);
  if (revision == NULL || !write_revision (draft, transaction, vault, revision, error))
    return NULL;
  return g_steal_pointer (&revision);
}

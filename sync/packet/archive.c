/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#include "record/base/error.h"

#define ENTRY_MODE 0600

typedef struct archive ArchiveReader;
typedef struct archive ArchiveWriter;
typedef struct archive_entry ArchiveEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveReader, archive_read_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveWriter, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ArchiveEntry, archive_entry_free)

/**
 * fast_archive_name_is_valid:
 * @name: text
 *
 * Returns: whether it may name a file of a packet: a letter or digit, then at most 63 letters,
 *   digits, hyphens and dots. So it is never a path, hidden, or mistaken for an option
 */
gboolean
fast_archive_name_is_valid (const char *name)
{
  gsize n = 0;

  if (!g_ascii_isalnum (name[0]))
    return FALSE;
  while (g_ascii_isalnum (name[n]) || name[n] == '-' || name[n] == '.')
    n++;
  return name[n] == '\0' && n <= FAST_ARCHIVE_NAME_LIMIT && strstr (name, "..") == NULL;
}

static la_ssize_t
append_to_secret (struct archive *archive G_GNUC_UNUSED, void *data, const void *buffer,
                  size_t size)
{
  fast_secret_append (data, buffer, size);
  return (la_ssize_t)size;
}

static gboolean
fail (GError **error, struct archive *archive)
{
  const char *why = archive_error_string (archive);

  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "archive-failed", "why=%s",
                    why == NULL ? "-" : why);
}

/* Times, owners and modes are fixed: the same parts give the same bytes. */
static ArchiveEntry *
describe (const FastArchiveEntry *entry)
{
  ArchiveEntry *header = archive_entry_new ();

  archive_entry_set_pathname (header, entry->name);
  archive_entry_set_size (header, (la_int64_t)entry->size);
  archive_entry_set_filetype (header, AE_IFREG);
  archive_entry_set_perm (header, ENTRY_MODE);
  archive_entry_set_uid (header, 0);
  archive_entry_set_gid (header, 0);
  archive_entry_set_mtime (header, 0, 0);
  return header;
}

static gboolean
write_entry (ArchiveWriter *archive, const FastArchiveEntry *entry, GError **error)
{
  g_autoptr (ArchiveEntry) header = describe (entry);

  if (!fast_archive_name_is_valid (entry->name))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "archive-name", NULL);
  if (archive_write_header (archive, header) != ARCHIVE_OK)
    return fail (error, archive);
  if (entry->size > 0 &&
      archive_write_data (archive, entry->data, entry->size) != (la_ssize_t)entry->size)
    return fail (error, archive);
  return archive_write_finish_entry (archive) == ARCHIVE_OK ? TRUE : fail (error, archive);
}

/**
 * fast_archive_write:
 * @entries: (array length=n_entries): the files, in the order in which they are written
 * @n_entries: how many
 * @error: return location for an error
 *
 * Writes a ustar (POSIX.1-1988) in locked memory; blocking is off, so that libarchive keeps no
 * copy of its own. The same input gives the same bytes.
 *
 * Returns: (transfer full): the tar
 */
FastSecret *
fast_archive_write (const FastArchiveEntry *entries, guint n_entries, GError **error)
{
  g_autoptr (FastSecret) out = fast_secret_new (0);
  g_autoptr (ArchiveWriter) archive = archive_write_new ();

  archive_write_set_format_ustar (archive);
  archive_write_set_bytes_per_block (archive, 0);
  if (archive_write_open (archive, out, NULL, append_to_secret, NULL) != ARCHIVE_OK) {
    fail (error, archive);
    return NULL;
  }
  for (guint i = 0; i < n_entries; i++)
    if (!write_entry (archive, &entries[i], error))
      return NULL;
  if (archive_write_close (archive) != ARCHIVE_OK) {
    fail (error, archive);
    return NULL;
  }
  return g_steal_pointer (&out);
}

static gboolean
refuse (GError **error, const char *id)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, "limit=%u",
                    FAST_ARCHIVE_LIMIT);
}

static gboolean
check_entry (struct archive_entry *entry, GHashTable *files, GError **error)
{
  const char *name = archive_entry_pathname (entry);

  if (name == NULL || !fast_archive_name_is_valid (name))
    return refuse (error, "archive-name");
  if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_hardlink (entry) != NULL ||
      archive_entry_symlink (entry) != NULL || archive_entry_sparse_count (entry) > 0)
    return refuse (error, "archive-entry-type");
  if (g_hash_table_contains (files, name))
    return refuse (error, "archive-duplicate");
  if (!archive_entry_size_is_set (entry) || archive_entry_size (entry) < 0 ||
      archive_entry_size (entry) > FAST_ARCHIVE_LIMIT)
    return refuse (error, "archive-too-large");
  return TRUE;
}

static gboolean
read_entry (ArchiveReader *archive, struct archive_entry *entry, GHashTable *files, gsize *total,
            GError **error)
{
  g_autoptr (FastSecret) content = NULL;
  gsize size;

  if (!check_entry (entry, files, error))
    return FALSE;
  size = (gsize)archive_entry_size (entry);
  *total += size;
  if (*total > FAST_ARCHIVE_LIMIT || g_hash_table_size (files) == FAST_ARCHIVE_MOST_ENTRIES)
    return refuse (error, "archive-too-large");
  content = fast_secret_new (size);
  if (size > 0 && archive_read_data (archive, fast_secret_data (content), size) != (la_ssize_t)size)
    return fail (error, archive);
  g_hash_table_insert (files, g_strdup (archive_entry_pathname (entry)),
                       g_steal_pointer (&content));
  return TRUE;
}

static gboolean
read_entries (ArchiveReader *archive, gsize left, GHashTable *files, GError **error)
{
  struct archive_entry *entry;
  gsize total = 0;
  int status;

  while ((status = archive_read_next_header (archive, &entry)) == ARCHIVE_OK) {
    int format = archive_format (archive);

    if (format != ARCHIVE_FORMAT_TAR_USTAR && format != ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE)
      return refuse (error, "archive-format");
    /* What an entry claims before it is allocated for: never more than is there. */
    if (archive_entry_size (entry) > (la_int64_t)left)
      return refuse (error, "archive-truncated");
    if (!read_entry (archive, entry, files, &total, error))
      return FALSE;
  }
  return status == ARCHIVE_EOF ? TRUE : fail (error, archive);
}

/**
 * fast_archive_read:
 * @tar: a ustar or pax archive
 * @size: how many bytes
 * @error: return location for an error
 *
 * Strict: regular files with plain names only, each name once, at most 128 files and 40 MiB. No
 * path ever reaches the file system.
 *
 * Returns: (transfer full) (element-type utf8 FastSecret): the contents by name, or %NULL with
 *   FAST_INPUT_ERROR
 */
GHashTable *
fast_archive_read (gconstpointer tar, gsize size, GError **error)
{
  g_autoptr (ArchiveReader) archive = archive_read_new ();
  g_autoptr (GHashTable) files =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)fast_secret_free);

  archive_read_support_format_tar (archive);
  if (archive_read_open_memory (archive, tar, size) != ARCHIVE_OK) {
    fail (error, archive);
    return NULL;
  }
  if (!read_entries (archive, size, files, error))
    return NULL;
  return g_steal_pointer (&files);
}

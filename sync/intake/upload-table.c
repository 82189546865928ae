/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/error.h"
#include "sync/intake/tables.h"

/**
 * fast_intake_database_begin_upload:
 * @database: the tables
 * @upload: a new upload, with nothing received
 * @error: return location for an error
 *
 * Returns: whether it is known now; an upload that is known already stays as it is
 */
gboolean
fast_intake_database_begin_upload (FastIntakeDatabase *database, const FastUpload *upload,
                                   GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database,
      fast_intake_tables_run (
          database,
          "INSERT INTO upload (unit, packet, length, received, expires)"
          " VALUES ($1, $2, $3, 0, $4) ON CONFLICT (unit, packet) DO NOTHING",
          g_variant_new ("(ssxx)", upload->unit, upload->packet, upload->length, upload->expires),
          error),
      FAST_POINT ("intake-commit-upload"), error);
}

static FastUpload *
read_upload (const FastColumn *columns)
{
  FastUpload *upload = g_new0 (FastUpload, 1);

  upload->unit = g_strdup (columns[0].text);
  upload->packet = g_strdup (columns[1].text);
  upload->length = columns[2].number;
  upload->received = columns[3].number;
  upload->expires = columns[4].number;
  return upload;
}

static void
take_upload (const FastColumn *columns, gpointer data)
{
  *(FastUpload **)data = read_upload (columns);
}

static void
add_upload (const FastColumn *columns, gpointer data)
{
  g_ptr_array_add (data, read_upload (columns));
}

/**
 * fast_intake_database_find_upload:
 * @database: the tables
 * @unit: who sends
 * @packet: what
 * @upload: (out) (transfer full) (nullable): the upload; %NULL where there is none
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_find_upload (FastIntakeDatabase *database, const char *unit,
                                  const char *packet, FastUpload **upload, GError **error)
{
  *upload = NULL;
  return fast_intake_tables_query (database,
                                   "SELECT unit, packet, length, received, expires FROM upload"
                                   " WHERE unit = $1 AND packet = $2",
                                   g_variant_new ("(ss)", unit, packet), take_upload, upload,
                                   error);
}

/**
 * fast_intake_database_list_uploads:
 * @database: the tables
 * @unit: (nullable): whose; %NULL for all
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastUpload): what is on its way
 */
GPtrArray *
fast_intake_database_list_uploads (FastIntakeDatabase *database, const char *unit, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_upload_free);

  if (!fast_intake_tables_query (database,
                                 "SELECT unit, packet, length, received, expires FROM upload"
                                 " WHERE $1 IS NULL OR unit = $1 ORDER BY unit, packet",
                                 g_variant_new ("(ms)", unit), add_upload, list, error))
    return NULL;
  return g_steal_pointer (&list);
}

static gboolean
advance (FastIntakeDatabase *database, const FastUpload *upload, gint64 received, gint64 expires,
         GError **error)
{
  guint changed = 0;
  GVariant *values =
      g_variant_new ("(xxssx)", received, expires, upload->unit, upload->packet, upload->received);

  if (!database->driver->run (database->driver,
                              "UPDATE upload SET received = $1, expires = $2"
                              " WHERE unit = $3 AND packet = $4 AND received = $5",
                              values, NULL, NULL, &changed, error))
    return FALSE;
  if (changed == 1)
    return TRUE;
  return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "intake-upload-moved",
                    "packet=%s", upload->packet);
}

/**
 * fast_intake_database_advance_upload:
 * @database: the tables
 * @upload: as it was read; its numbers follow
 * @received: how many bytes are on stable storage now
 * @expires: when it will be forgotten
 * @error: return location for an error
 *
 * Returns: whether it is noted; FAST_STORE_ERROR_CONFLICT when another connection moved it
 */
gboolean
fast_intake_database_advance_upload (FastIntakeDatabase *database, FastUpload *upload,
                                     gint64 received, gint64 expires, GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  if (!fast_intake_tables_finish (database, advance (database, upload, received, expires, error),
                                  FAST_POINT ("intake-commit-offset"), error))
    return FALSE;
  upload->received = received;
  upload->expires = expires;
  return TRUE;
}

gboolean
fast_intake_tables_forget_upload (FastIntakeDatabase *database, const char *unit,
                                  const char *packet, GError **error)
{
  return fast_intake_tables_run (database, "DELETE FROM upload WHERE unit = $1 AND packet = $2",
                                 g_variant_new ("(ss)", unit, packet), error);
}

/**
 * fast_intake_database_forget_upload:
 * @database: the tables
 * @unit: who sent
 * @packet: what
 * @error: return location for an error
 *
 * Returns: whether it is forgotten
 */
gboolean
fast_intake_database_forget_upload (FastIntakeDatabase *database, const char *unit,
                                    const char *packet, GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database, fast_intake_tables_forget_upload (database, unit, packet, error),
      FAST_POINT ("intake-commit-forget"), error);
}

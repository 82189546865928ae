/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/database.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "sync/intake/tables.h"

/**
 * fast_unit_certificate_free:
 * @certificate: (transfer full): a certificate
 */
void
fast_unit_certificate_free (FastUnitCertificate *certificate)
{
  g_free (certificate->digest);
  g_free (certificate->unit);
  g_free (certificate->use);
  g_clear_pointer (&certificate->certificate, g_bytes_unref);
  g_free (certificate);
}

/**
 * fast_upload_free:
 * @upload: (transfer full): an upload
 */
void
fast_upload_free (FastUpload *upload)
{
  g_free (upload->unit);
  g_free (upload->packet);
  g_free (upload);
}

/**
 * fast_stored_packet_free:
 * @packet: (transfer full): a packet
 */
void
fast_stored_packet_free (FastStoredPacket *packet)
{
  g_free (packet->packet);
  g_free (packet->unit);
  g_free (packet->centre);
  g_free (packet->item);
  g_free (packet->kind);
  g_free (packet->batch);
  g_free (packet->first);
  g_free (packet->header);
  g_free (packet->receipts);
  g_free (packet);
}

/**
 * fast_receipt_row_free:
 * @row: (transfer full): a row
 */
void
fast_receipt_row_free (FastReceiptRow *row)
{
  g_free (row->packet);
  g_free (row->kind);
  g_free (row);
}

gboolean
fast_intake_tables_run (FastIntakeDatabase *database, const char *sql, GVariant *values,
                        GError **error)
{
  return database->driver->run (database->driver, sql, values, NULL, NULL, NULL, error);
}

gboolean
fast_intake_tables_query (FastIntakeDatabase *database, const char *sql, GVariant *values,
                          FastRowFunc row, gpointer data, GError **error)
{
  return database->driver->run (database->driver, sql, values, row, data, NULL, error);
}

/* Ends a transaction whose statements went well or not. */
gboolean
fast_intake_tables_finish (FastIntakeDatabase *database, gboolean done, FastPoint *point,
                           GError **error)
{
  if (done)
    return database->driver->commit (database->driver, point, error);
  database->driver->rollback (database->driver);
  return FALSE;
}

gboolean
fast_intake_tables_begin (FastIntakeDatabase *database, GError **error)
{
  return database->driver->begin (database->driver, error);
}

static gboolean
apply_migrations (FastIntakeDatabase *database, GError **error)
{
  FastDriver *driver = database->driver;
  guint known = g_strv_length ((char **)driver->schema);
  guint version = 0;

  if (!driver->version (driver, &version, error))
    return FALSE;
  if (version > known)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_NEWER, "intake-database-newer",
                      "found=%u, known=%u", version, known);
  for (guint i = version; i < known; i++)
    if (!fast_intake_tables_run (database, driver->schema[i], NULL, error))
      return FALSE;
  return version == known || driver->set_version (driver, known, error);
}

/* Several processes may start at once: the version is read again under the lock. */
static gboolean
migrate (FastIntakeDatabase *database, GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (database, apply_migrations (database, error),
                                    FAST_POINT ("intake-commit-schema"), error);
}

/**
 * fast_intake_database_new:
 * @driver: (transfer full): an engine
 * @error: return location for an error
 *
 * Returns: (transfer full): the tables on that engine, migrated to this version in one transaction
 */
FastIntakeDatabase *
fast_intake_database_new (FastDriver *driver, GError **error)
{
  g_autoptr (FastIntakeDatabase) database = g_new0 (FastIntakeDatabase, 1);

  database->driver = driver;
  return migrate (database, error) ? g_steal_pointer (&database) : NULL;
}

/**
 * fast_intake_database_open:
 * @where: `sqlite:FILE` with an absolute path
 * @error: return location for an error
 *
 * Returns: (transfer full): the tables, made where there are none
 */
FastIntakeDatabase *
fast_intake_database_open (const char *where, GError **error)
{
  FastDriver *driver;

  if (!g_str_has_prefix (where, "sqlite:"))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG,
                           "intake-database-engine", "where=%s", where);
  driver = fast_driver_sqlite_open (where + strlen ("sqlite:"), error);
  return driver == NULL ? NULL : fast_intake_database_new (driver, error);
}

/**
 * fast_intake_database_close:
 * @database: (transfer full): the tables
 */
void
fast_intake_database_close (FastIntakeDatabase *database)
{
  database->driver->close (database->driver);
  g_free (database);
}

static gboolean
insert_certificate (FastIntakeDatabase *database, const FastUnitCertificate *certificate,
                    guint *changed, GError **error)
{
  GVariant *values =
      g_variant_new ("(sss@ayx)", certificate->digest, certificate->unit, certificate->use,
                     fast_intake_tables_bytes (certificate->certificate), fast_clock_now ());

  return database->driver->run (
      database->driver,
      "INSERT INTO unit_certificate (digest, unit, use, certificate, added)"
      " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (digest) DO NOTHING",
      values, NULL, NULL, changed, error);
}

/* What was refused may have been for want of this certificate: it may be sent again. */
static gboolean
pardon (FastIntakeDatabase *database, const char *unit, GError **error)
{
  return fast_intake_tables_run (database, "DELETE FROM refusal WHERE unit = $1",
                                 g_variant_new ("(s)", unit), error);
}

/**
 * fast_intake_database_add_certificate:
 * @database: the tables
 * @certificate: what a unit may use from now on; adding it twice changes nothing
 * @error: return location for an error
 *
 * A certificate that is new also ends the unit's refusals.
 *
 * Returns: whether it is registered
 */
gboolean
fast_intake_database_add_certificate (FastIntakeDatabase *database,
                                      const FastUnitCertificate *certificate, GError **error)
{
  guint changed = 0;

  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database,
      insert_certificate (database, certificate, &changed, error) &&
          (changed == 0 || pardon (database, certificate->unit, error)),
      FAST_POINT ("intake-commit-unit"), error);
}

static void
take_certificate (const FastColumn *columns, gpointer data)
{
  FastUnitCertificate *certificate = g_new0 (FastUnitCertificate, 1);

  certificate->digest = g_strdup (columns[0].text);
  certificate->unit = g_strdup (columns[1].text);
  certificate->use = g_strdup (columns[2].text);
  certificate->certificate = g_bytes_new (columns[3].data, columns[3].size);
  *(FastUnitCertificate **)data = certificate;
}

/**
 * fast_intake_database_find_certificate:
 * @database: the tables
 * @digest: lowercase hex SHA-256 of a certificate
 * @error: return location for an error
 *
 * Returns: (transfer full): what is registered, or %NULL with FAST_STORE_ERROR_ABSENT
 */
FastUnitCertificate *
fast_intake_database_find_certificate (FastIntakeDatabase *database, const char *digest,
                                       GError **error)
{
  FastUnitCertificate *found = NULL;

  if (!fast_intake_tables_query (
          database, "SELECT digest, unit, use, certificate FROM unit_certificate WHERE digest = $1",
          g_variant_new ("(s)", digest), take_certificate, &found, error))
    return NULL;
  if (found == NULL)
    fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "intake-unit-unknown", "digest=%s",
               digest);
  return found;
}

static void
take_number (const FastColumn *columns, gpointer data)
{
  *(guint *)data = (guint)columns[0].number;
}

/**
 * fast_intake_database_count:
 * @database: the tables
 * @table: one of this file's tables
 * @count: (out): its rows
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_count (FastIntakeDatabase *database, const char *table, guint *count,
                            GError **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM %s", table);

  return fast_intake_tables_query (database, sql, NULL, take_number, count, error);
}

/**
 * fast_intake_database_count_certificates:
 * @database: the tables
 * @count: (out): how many certificates are registered
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_count_certificates (FastIntakeDatabase *database, guint *count, GError **error)
{
  return fast_intake_database_count (database, "unit_certificate", count, error);
}

void
fast_intake_tables_take_text (const FastColumn *columns, gpointer data)
{
  *(char **)data = g_strdup (columns[0].text);
}

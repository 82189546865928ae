/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "sync/intake/tables.h"

#define PACKET_COLUMNS                                                                             \
  "packet, unit, size, epoch, centre, item, kind, revision, batch, lane, first, header, received"

static gboolean
insert_packet (FastIntakeDatabase *database, const FastStoredPacket *packet, GError **error)
{
  return fast_intake_tables_run (
      database,
      "INSERT INTO packet (" PACKET_COLUMNS ") VALUES"
      " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
      " ON CONFLICT (packet) DO NOTHING",
      g_variant_new ("(ssxxsssxsxssx)", packet->packet, packet->unit, packet->size, packet->epoch,
                     packet->centre, packet->item, packet->kind, packet->revision, packet->batch,
                     packet->lane, packet->first, packet->header, packet->received),
      error);
}

/**
 * fast_intake_database_accept:
 * @database: the tables
 * @packet: a packet whose file is in its final place
 * @stored: its *stored* receipt
 * @error: return location for an error
 *
 * In one transaction: the packet, its receipt, and the end of its upload.
 *
 * Returns: whether it is committed; see fast_intake_database_check_lane()
 */
gboolean
fast_intake_database_accept (FastIntakeDatabase *database, const FastStoredPacket *packet,
                             GBytes *stored, GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database,
      fast_intake_database_check_lane (database, packet, error) &&
          insert_packet (database, packet, error) &&
          fast_intake_tables_insert_receipt (database, packet->unit, packet->packet, "stored",
                                             stored, error) &&
          fast_intake_tables_forget_upload (database, packet->unit, packet->packet, error),
      FAST_POINT ("intake-commit-accept"), error);
}

/**
 * fast_intake_database_refuse:
 * @database: the tables
 * @unit: who sent
 * @packet: what
 * @reason: why, as JSON
 * @error: return location for an error
 *
 * In one transaction: the refusal and the end of the upload.
 *
 * Returns: whether it is committed
 */
gboolean
fast_intake_database_refuse (FastIntakeDatabase *database, const char *unit, const char *packet,
                             const char *reason, GError **error)
{
  if (!fast_intake_tables_begin (database, error))
    return FALSE;
  return fast_intake_tables_finish (
      database,
      fast_intake_tables_run (
          database,
          "INSERT INTO refusal (unit, packet, reason, refused) VALUES ($1, $2, $3, $4)"
          " ON CONFLICT (unit, packet) DO NOTHING",
          g_variant_new ("(sssx)", unit, packet, reason, fast_clock_now ()), error) &&
          fast_intake_tables_forget_upload (database, unit, packet, error),
      FAST_POINT ("intake-commit-refuse"), error);
}

/**
 * fast_intake_database_find_refusal:
 * @database: the tables
 * @unit: who sent
 * @packet: what
 * @reason: (out) (transfer full) (nullable): why it was refused; %NULL where it was not
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_find_refusal (FastIntakeDatabase *database, const char *unit,
                                   const char *packet, char **reason, GError **error)
{
  *reason = NULL;
  return fast_intake_tables_query (
      database, "SELECT reason FROM refusal WHERE unit = $1 AND packet = $2",
      g_variant_new ("(ss)", unit, packet), fast_intake_tables_take_text, reason, error);
}

static FastStoredPacket *
read_packet (const FastColumn *columns)
{
  FastStoredPacket *packet = g_new0 (FastStoredPacket, 1);

  packet->packet = g_strdup (columns[0].text);
  packet->unit = g_strdup (columns[1].text);
  packet->size = columns[2].number;
  packet->epoch = columns[3].number;
  packet->centre = g_strdup (columns[4].text);
  packet->item = g_strdup (columns[5].text);
  packet->kind = g_strdup (columns[6].text);
  packet->revision = columns[7].number;
  packet->batch = g_strdup (columns[8].text);
  packet->lane = columns[9].number;
  packet->first = g_strdup (columns[10].text);
  packet->header = g_strdup (columns[11].text);
  packet->received = columns[12].number;
  return packet;
}

static void
take_packet (const FastColumn *columns, gpointer data)
{
  *(FastStoredPacket **)data = read_packet (columns);
}

static void
add_packet (const FastColumn *columns, gpointer data)
{
  g_ptr_array_add (data, read_packet (columns));
}

/**
 * fast_intake_database_find_packet:
 * @database: the tables
 * @unit: who sealed it
 * @packet: its id
 * @found: (out) (transfer full) (nullable): the packet; %NULL where there is none of that unit
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_find_packet (FastIntakeDatabase *database, const char *unit,
                                  const char *packet, FastStoredPacket **found, GError **error)
{
  *found = NULL;
  return fast_intake_tables_query (
      database, "SELECT " PACKET_COLUMNS " FROM packet WHERE unit = $1 AND packet = $2",
      g_variant_new ("(ss)", unit, packet), take_packet, found, error);
}

static GPtrArray *
select_packets (FastIntakeDatabase *database, const char *sql, GVariant *values, GError **error)
{
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_stored_packet_free);

  return fast_intake_tables_query (database, sql, values, add_packet, list, error)
             ? g_steal_pointer (&list)
             : NULL;
}

static void
add_kind (const FastColumn *columns, gpointer data)
{
  FastStoredPacket *packet = g_hash_table_lookup (data, columns[0].text);
  char *joined;

  if (packet == NULL)
    return;
  joined = packet->receipts == NULL ? g_strdup (columns[1].text)
                                    : g_strconcat (packet->receipts, ",", columns[1].text, NULL);
  g_free (packet->receipts);
  packet->receipts = joined;
}

/**
 * fast_intake_database_list_packets:
 * @database: the tables
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastStoredPacket): all packets with the kinds of their
 *   receipts, a unit's in the order of its lane
 */
GPtrArray *
fast_intake_database_list_packets (FastIntakeDatabase *database, GError **error)
{
  g_autoptr (GPtrArray) list = select_packets (
      database, "SELECT " PACKET_COLUMNS " FROM packet ORDER BY unit, epoch, lane, packet", NULL,
      error);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; list != NULL && i < list->len; i++)
    g_hash_table_insert (by_id, ((FastStoredPacket *)list->pdata[i])->packet, list->pdata[i]);
  if (list == NULL ||
      !fast_intake_tables_query (database, "SELECT packet, kind FROM receipt ORDER BY cursor", NULL,
                                 add_kind, by_id, error))
    return NULL;
  return g_steal_pointer (&list);
}

/**
 * fast_intake_database_list_unopened:
 * @database: the tables
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastStoredPacket): packets that have neither an *opened*
 *   receipt nor a refusal by the back office, in the order in which they came
 */
GPtrArray *
fast_intake_database_list_unopened (FastIntakeDatabase *database, GError **error)
{
  return select_packets (database,
                         "SELECT " PACKET_COLUMNS " FROM packet WHERE packet NOT IN"
                         " (SELECT packet FROM receipt WHERE kind IN ('opened', 'refusal'))"
                         " ORDER BY unit, epoch, lane, packet",
                         NULL, error);
}

/**
 * fast_intake_database_list_batch:
 * @database: the tables
 * @unit: whose batch
 * @batch: its id
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastStoredPacket): the packets whose header names it
 */
GPtrArray *
fast_intake_database_list_batch (FastIntakeDatabase *database, const char *unit, const char *batch,
                                 GError **error)
{
  return select_packets (database,
                         "SELECT " PACKET_COLUMNS " FROM packet WHERE unit = $1 AND batch = $2"
                         " ORDER BY item, revision, epoch, lane, packet",
                         g_variant_new ("(ss)", unit, batch), error);
}

/**
 * fast_intake_database_find_lane:
 * @database: the tables
 * @unit: whose lane
 * @epoch: of the unit
 * @lane: a sequence in the lane
 * @found: (out) (transfer full) (nullable): the packet that has it; %NULL where none came
 * @error: return location for an error
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_database_find_lane (FastIntakeDatabase *database, const char *unit, gint64 epoch,
                                gint64 lane, FastStoredPacket **found, GError **error)
{
  *found = NULL;
  return fast_intake_tables_query (
      database,
      "SELECT " PACKET_COLUMNS " FROM packet WHERE unit = $1 AND epoch = $2 AND lane = $3 LIMIT 1",
      g_variant_new ("(sxx)", unit, epoch, lane), take_packet, found, error);
}

/**
 * fast_intake_database_check_lane:
 * @database: the tables
 * @packet: what wants to be accepted
 * @error: return location for an error
 *
 * A lane has no doubles: of two packets with one sequence one is not what the unit's store says it
 * sent, and the head that the next one goes on from would be either.
 *
 * Returns: whether its sequence is free, or its own; FAST_SYNC_ERROR_REFUSED when another packet of
 *   the unit has it
 */
gboolean
fast_intake_database_check_lane (FastIntakeDatabase *database, const FastStoredPacket *packet,
                                 GError **error)
{
  g_autoptr (FastStoredPacket) found = NULL;
  const gboolean read = fast_intake_database_find_lane (database, packet->unit, packet->epoch,
                                                        packet->lane, &found, error);

  if (!read || found == NULL || strcmp (found->packet, packet->packet) == 0)
    return read;
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED, "intake-lane-taken",
                    "unit=%s, lane=%" G_GINT64_FORMAT ", packet=%s", packet->unit, packet->lane,
                    found->packet);
}

/**
 * fast_intake_database_list_unclosed:
 * @database: the tables
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastStoredPacket): opened packets of the kind `batch` that
 *   have no *batch* receipt yet
 */
GPtrArray *
fast_intake_database_list_unclosed (FastIntakeDatabase *database, GError **error)
{
  return select_packets (database,
                         "SELECT " PACKET_COLUMNS " FROM packet WHERE kind = 'batch'"
                         " AND packet IN (SELECT packet FROM receipt WHERE kind = 'opened')"
                         " AND packet NOT IN (SELECT packet FROM receipt WHERE kind = 'batch')"
                         " ORDER BY unit, epoch, lane, packet",
                         NULL, error);
}

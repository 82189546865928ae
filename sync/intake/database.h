/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/intake/driver.h"

G_BEGIN_DECLS

/*
 * The intake's tables. Rows only: the bytes of packets are files next to the database (spool.h),
 * because an upload grows by appending and a packet is moved, not copied, once it is complete;
 * as blobs each byte would go through the write-ahead log twice.
 */

/**
 * FastUnitCertificate:
 * @digest: lowercase hex SHA-256 of the certificate
 * @unit: the unit's id
 * @use: `link` or `sign`
 * @certificate: DER
 *
 * A certificate that a unit may use here.
 */
typedef struct {
  char *digest;
  char *unit;
  char *use;
  GBytes *certificate;
} FastUnitCertificate;

/**
 * FastUpload:
 * @unit: who sends
 * @packet: the packet's id: the SHA-256 that it must have in the end
 * @length: how many bytes it will have
 * @received: how many of them are on stable storage
 * @expires: when it is forgotten, in seconds since 1970
 *
 * A packet that is on its way.
 */
typedef struct {
  char *unit;
  char *packet;
  gint64 length;
  gint64 received;
  gint64 expires;
} FastUpload;

/**
 * FastStoredPacket:
 * @packet: its id
 * @unit: who sealed it
 * @size: bytes
 * @epoch: of the unit
 * @centre: of the enrolment
 * @item: the item
 * @kind: its kind
 * @revision: its revision
 * @batch: the batch that its header names
 * @lane: its sequence in the lane
 * @first: the first packet ever sealed for this revision and nation
 * @header: the clear header, canonical JSON
 * @received: when it was complete, in seconds since 1970
 * @receipts: the kinds of its receipts, separated by commas
 *
 * A packet that was accepted.
 */
typedef struct {
  char *packet;
  char *unit;
  gint64 size;
  gint64 epoch;
  char *centre;
  char *item;
  char *kind;
  gint64 revision;
  char *batch;
  gint64 lane;
  char *first;
  char *header;
  gint64 received;
  char *receipts;
} FastStoredPacket;

/**
 * FastReceiptRow:
 * @cursor: grows with each receipt
 * @packet: the packet's id
 * @kind: `stored`, `opened`, `batch` or `refusal`
 *
 * News for a unit.
 */
typedef struct {
  gint64 cursor;
  char *packet;
  char *kind;
} FastReceiptRow;

typedef struct _FastIntakeDatabase FastIntakeDatabase;

void fast_unit_certificate_free (FastUnitCertificate *certificate);
void fast_upload_free (FastUpload *upload);
void fast_stored_packet_free (FastStoredPacket *packet);
void fast_receipt_row_free (FastReceiptRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastUnitCertificate, fast_unit_certificate_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastUpload, fast_upload_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastStoredPacket, fast_stored_packet_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastReceiptRow, fast_receipt_row_free)

FastIntakeDatabase *fast_intake_database_open (const char *where, GError **error);
FastIntakeDatabase *fast_intake_database_new (FastDriver *driver, GError **error);
void fast_intake_database_close (FastIntakeDatabase *database);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastIntakeDatabase, fast_intake_database_close)

gboolean fast_intake_database_add_certificate (FastIntakeDatabase *database,
                                               const FastUnitCertificate *certificate,
                                               GError **error);
FastUnitCertificate *fast_intake_database_find_certificate (FastIntakeDatabase *database,
                                                            const char *digest, GError **error);
gboolean fast_intake_database_count_certificates (FastIntakeDatabase *database, guint *count,
                                                  GError **error);

gboolean fast_intake_database_begin_upload (FastIntakeDatabase *database, const FastUpload *upload,
                                            GError **error);
gboolean fast_intake_database_find_upload (FastIntakeDatabase *database, const char *unit,
                                           const char *packet, FastUpload **upload, GError **error);
gboolean fast_intake_database_advance_upload (FastIntakeDatabase *database, FastUpload *upload,
                                              gint64 received, gint64 expires, GError **error);
gboolean fast_intake_database_forget_upload (FastIntakeDatabase *database, const char *unit,
                                             const char *packet, GError **error);
GPtrArray *fast_intake_database_list_uploads (FastIntakeDatabase *database, const char *unit,
                                              GError **error);

gboolean fast_intake_database_accept (FastIntakeDatabase *database, const FastStoredPacket *packet,
                                      GBytes *stored, GError **error);
gboolean fast_intake_database_refuse (FastIntakeDatabase *database, const char *unit,
                                      const char *packet, const char *reason, GError **error);
gboolean fast_intake_database_find_refusal (FastIntakeDatabase *database, const char *unit,
                                            const char *packet, char **reason, GError **error);
gboolean fast_intake_database_find_packet (FastIntakeDatabase *database, const char *unit,
                                           const char *packet, FastStoredPacket **found,
                                           GError **error);
gboolean fast_intake_database_find_lane (FastIntakeDatabase *database, const char *unit,
                                         gint64 epoch, gint64 lane, FastStoredPacket **found,
                                         GError **error);
gboolean fast_intake_database_check_lane (FastIntakeDatabase *database,
                                          const FastStoredPacket *packet, GError **error);
GPtrArray *fast_intake_database_list_unclosed (FastIntakeDatabase *database, GError **error);
GPtrArray *fast_intake_database_list_packets (FastIntakeDatabase *database, GError **error);
GPtrArray *fast_intake_database_list_unopened (FastIntakeDatabase *database, GError **error);
GPtrArray *fast_intake_database_list_batch (FastIntakeDatabase *database, const char *unit,
                                            const char *batch, GError **error);

gboolean fast_intake_database_add_receipt (FastIntakeDatabase *database, const char *unit,
                                           const char *packet, const char *kind, GBytes *token,
                                           GError **error);
gboolean fast_intake_database_add_batch (FastIntakeDatabase *database, const char *unit,
                                         const char *batch, const char *packet, const char *view,
                                         GBytes *token, GError **error);
gboolean fast_intake_database_find_batch (FastIntakeDatabase *database, const char *unit,
                                          const char *batch, char **packet, GError **error);
gboolean fast_intake_database_find_receipt (FastIntakeDatabase *database, const char *unit,
                                            const char *packet, const char *kind, GBytes **token,
                                            GError **error);
GPtrArray *fast_intake_database_list_receipts (FastIntakeDatabase *database, const char *unit,
                                               gint64 after, guint most, GError **error);
gboolean fast_intake_database_count (FastIntakeDatabase *database, const char *table, guint *count,
                                     GError **error);

G_END_DECLS

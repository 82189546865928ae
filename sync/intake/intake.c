/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/intake.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "sync/intake/tus.h"
#include "sync/packet/packet.h"
#include "sync/packet/receipt.h"

/* A unit may be without a network for days in the middle of an upload. */
#define UPLOAD_LIFE_S (14 * 24 * 3600)
#define MAX_UPLOADS 256

struct _FastIntake {
  char *nation;
  gboolean training;
  FastIntakeDatabase *database;
  FastSpool *spool;
  FastTrust *units;
  X509 *receipt;
  EVP_PKEY *receipt_key;
};

/**
 * fast_arrival_clear:
 * @arrival: what was found, or zeros
 */
void
fast_arrival_clear (FastArrival *arrival)
{
  g_clear_pointer (&arrival->upload, fast_upload_free);
  g_clear_pointer (&arrival->reason, g_free);
  arrival->state = FAST_ARRIVAL_UNKNOWN;
}

static gboolean
open_store (FastIntake *intake, FastConfig *config, const char *override, GError **error)
{
  g_autofree char *set = override != NULL
                             ? g_strdup (override)
                             : fast_config_string (config, "intake", "database", error);
  g_autofree char *path = NULL, *where = NULL, *folder = NULL;

  if (set == NULL)
    return FALSE;
  if (!g_str_has_prefix (set, "sqlite:"))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "intake-database-engine",
                      "where=%s", set);
  path = override != NULL ? g_canonicalize_filename (set + strlen ("sqlite:"), NULL)
                          : fast_config_resolve (config, set + strlen ("sqlite:"));
  where = g_strconcat ("sqlite:", path, NULL);
  folder = g_strconcat (path, ".files", NULL);
  intake->spool = fast_spool_open (folder, error);
  if (intake->spool == NULL)
    return FALSE;
  intake->database = fast_intake_database_open (where, error);
  return intake->database != NULL;
}

static gboolean
open_keys (FastIntake *intake, FastConfig *config, GError **error)
{
  g_auto (GStrv) anchors = fast_config_paths (config, "tls", "client-ca", error);
  g_autofree char *certificate = NULL, *key = NULL;

  if (anchors == NULL)
    return FALSE;
  certificate = fast_config_path (config, "receipt", "certificate", error);
  key = certificate == NULL ? NULL : fast_config_path (config, "receipt", "key", error);
  if (key == NULL)
    return FALSE;
  intake->units = fast_trust_load ((const char *const *)anchors,
                                   intake->training ? FAST_TRUST_TRAINING : FAST_TRUST_NONE, error);
  if (intake->units == NULL)
    return FALSE;
  intake->receipt = fast_certificate_load (certificate, error);
  intake->receipt_key = intake->receipt == NULL ? NULL : fast_key_load (key, error);
  return intake->receipt_key != NULL &&
         fast_certificate_check_key (intake->receipt, intake->receipt_key, error);
}

static gboolean
check_training (FastIntake *intake, GError **error)
{
  if (intake->training || !fast_certificate_is_training (intake->receipt))
    return TRUE;
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "intake-training", NULL);
}

/**
 * fast_intake_open:
 * @config: `[intake]`, `[tls] client-ca` and `[receipt]` are read
 * @database: (nullable): in place of the configuration's `database`
 * @error: return location for an error
 *
 * Returns: (transfer full): the intake with its database and files, made where there are none
 */
FastIntake *
fast_intake_open (FastConfig *config, const char *database, GError **error)
{
  g_autoptr (FastIntake) intake = g_new0 (FastIntake, 1);
  g_autofree char *training = fast_config_string_or (config, "intake", "training", "false");

  intake->training = strcmp (training, "true") == 0;
  intake->nation = fast_config_string (config, "intake", "nation", error);
  if (intake->nation == NULL)
    return NULL;
  if (!fast_nation_is_known (intake->nation))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "intake-nation",
                           "nation=%s", intake->nation);
  if (!open_keys (intake, config, error) || !check_training (intake, error) ||
      !open_store (intake, config, database, error))
    return NULL;
  return g_steal_pointer (&intake);
}

/**
 * fast_intake_close:
 * @intake: (transfer full): the intake
 */
void
fast_intake_close (FastIntake *intake)
{
  g_free (intake->nation);
  g_clear_pointer (&intake->database, fast_intake_database_close);
  g_clear_pointer (&intake->spool, fast_spool_free);
  g_clear_pointer (&intake->units, fast_trust_free);
  g_clear_pointer (&intake->receipt, X509_free);
  g_clear_pointer (&intake->receipt_key, EVP_PKEY_free);
  g_free (intake);
}

/**
 * fast_intake_get_nation:
 * @intake: the intake
 *
 * Returns: (transfer none): `CA` or `US`
 */
const char *
fast_intake_get_nation (FastIntake *intake)
{
  return intake->nation;
}

/**
 * fast_intake_get_database:
 * @intake: the intake
 *
 * Returns: (transfer none): its tables
 */
FastIntakeDatabase *
fast_intake_get_database (FastIntake *intake)
{
  return intake->database;
}

/**
 * fast_intake_get_spool:
 * @intake: the intake
 *
 * Returns: (transfer none): its files
 */
FastSpool *
fast_intake_get_spool (FastIntake *intake)
{
  return intake->spool;
}

/**
 * fast_intake_get_units:
 * @intake: the intake
 *
 * Returns: (transfer none): what units' certificates chain to
 */
FastTrust *
fast_intake_get_units (FastIntake *intake)
{
  return intake->units;
}

/**
 * fast_intake_get_receipt_certificate:
 * @intake: the intake
 *
 * Returns: (transfer none): what its *stored* receipts are signed with
 */
X509 *
fast_intake_get_receipt_certificate (FastIntake *intake)
{
  return intake->receipt;
}

/**
 * fast_intake_reason:
 * @error: why a packet is refused
 *
 * Returns: (transfer full): canonical JSON: the message's `id`, and the sentence in `en` and `fr`
 */
char *
fast_intake_reason (const GError *error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);
  const FastMessage *message = fast_error_get_message (error);
  g_autofree char *english = fast_error_format (error, "en");
  g_autofree char *french = fast_error_format (error, "fr");

  json_object_set_string_member (object, "id",
                                 message == NULL ? "cause" : fast_message_get_id (message));
  json_object_set_string_member (object, "en", english);
  json_object_set_string_member (object, "fr", french);
  return fast_json_canonical (node);
}

static gboolean
find_settled (FastIntake *intake, const char *unit, const char *packet, FastArrival *arrival,
              GError **error)
{
  g_autoptr (FastStoredPacket) stored = NULL;

  if (!fast_intake_database_find_packet (intake->database, unit, packet, &stored, error))
    return FALSE;
  if (stored != NULL) {
    arrival->state = FAST_ARRIVAL_STORED;
    arrival->length = stored->size;
    return TRUE;
  }
  if (!fast_intake_database_find_refusal (intake->database, unit, packet, &arrival->reason, error))
    return FALSE;
  if (arrival->reason != NULL)
    arrival->state = FAST_ARRIVAL_REFUSED;
  return TRUE;
}

static gboolean
forget (FastIntake *intake, const FastUpload *upload, GError **error)
{
  return fast_intake_database_forget_upload (intake->database, upload->unit, upload->packet,
                                             error) &&
         fast_spool_drop (intake->spool, upload->unit, upload->packet, error);
}

static gboolean
find_any (FastIntake *intake, const char *unit, const char *packet, FastArrival *arrival,
          GError **error)
{
  if (!find_settled (intake, unit, packet, arrival, error))
    return FALSE;
  if (arrival->state != FAST_ARRIVAL_UNKNOWN)
    return TRUE;
  if (!fast_intake_database_find_upload (intake->database, unit, packet, &arrival->upload, error))
    return FALSE;
  if (arrival->upload != NULL) {
    arrival->state = FAST_ARRIVAL_RECEIVING;
    arrival->length = arrival->upload->length;
  }
  return TRUE;
}

/**
 * fast_intake_find:
 * @intake: the intake
 * @unit: who asks
 * @packet: a packet's id
 * @arrival: (out caller-allocates): zeros before; what is known of it
 * @error: return location for an error
 *
 * An upload that has expired is forgotten here; one whose bytes are all there is completed.
 *
 * Returns: whether it could be read
 */
gboolean
fast_intake_find (FastIntake *intake, const char *unit, const char *packet, FastArrival *arrival,
                  GError **error)
{
  g_autofree char *reason = NULL;

  if (!find_any (intake, unit, packet, arrival, error))
    return FALSE;
  if (arrival->upload == NULL)
    return TRUE;
  if (arrival->upload->expires <= fast_clock_now ()) {
    gboolean forgotten = forget (intake, arrival->upload, error);
    fast_arrival_clear (arrival);
    return forgotten;
  }
  if (arrival->upload->received < arrival->length)
    return TRUE;
  if (!fast_intake_complete (intake, arrival->upload, &reason, error))
    return FALSE;
  fast_arrival_clear (arrival);
  return find_any (intake, unit, packet, arrival, error);
}

static gboolean
check_room (FastIntake *intake, const char *unit, GError **error)
{
  g_autoptr (GPtrArray) uploads = fast_intake_database_list_uploads (intake->database, unit, error);

  if (uploads == NULL)
    return FALSE;
  if (uploads->len < MAX_UPLOADS)
    return TRUE;
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_BUSY, "intake-uploads", "limit=%d",
                    MAX_UPLOADS);
}

static gboolean
make_upload (FastIntake *intake, const char *unit, const char *packet, gint64 length,
             GError **error)
{
  FastUpload upload = {.unit = (char *)unit,
                       .packet = (char *)packet,
                       .length = length,
                       .expires = fast_clock_now () + UPLOAD_LIFE_S};
  g_autofd int fd = fast_spool_append (intake->spool, unit, packet, 0, error);

  return fd >= 0 && fast_intake_database_begin_upload (intake->database, &upload, error);
}

/**
 * fast_intake_create:
 * @intake: the intake
 * @unit: who sends
 * @packet: the id of what it sends
 * @length: how long that is
 * @arrival: (out caller-allocates): zeros before; the new upload, or what is known already
 * @error: return location for an error
 *
 * Returns: whether the upload can go on from what @arrival says
 */
gboolean
fast_intake_create (FastIntake *intake, const char *unit, const char *packet, gint64 length,
                    FastArrival *arrival, GError **error)
{
  if (length <= 0 || length > FAST_TUS_MAX_SIZE)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "intake-length",
                      "length=%" G_GINT64_FORMAT ", limit=%d", length, FAST_TUS_MAX_SIZE);
  if (!fast_intake_find (intake, unit, packet, arrival, error))
    return FALSE;
  if (arrival->upload != NULL && arrival->length != length)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CONFLICT, "intake-length-changed",
                      "packet=%s", packet);
  if (arrival->state != FAST_ARRIVAL_UNKNOWN)
    return TRUE;
  return check_room (intake, unit, error) && make_upload (intake, unit, packet, length, error) &&
         find_any (intake, unit, packet, arrival, error);
}

/**
 * fast_intake_advance:
 * @intake: the intake
 * @upload: the upload; its numbers follow
 * @fd: its file
 * @received: how many bytes the file has
 * @error: return location for an error
 *
 * Returns: whether they are on stable storage and the row says so
 */
gboolean
fast_intake_advance (FastIntake *intake, FastUpload *upload, int fd, gint64 received,
                     GError **error)
{
  return fast_spool_sync (intake->spool, fd, error) &&
         fast_intake_database_advance_upload (intake->database, upload, received,
                                              fast_clock_now () + UPLOAD_LIFE_S, error);
}

static FastStoredPacket *
describe_packet (const FastPacket *packet)
{
  FastStoredPacket *stored = g_new0 (FastStoredPacket, 1);
  const FastHeader *header = packet->header;

  stored->packet = g_strdup (packet->id);
  stored->unit = g_strdup (header->unit);
  stored->size = (gint64)g_bytes_get_size (packet->bytes);
  stored->epoch = header->epoch;
  stored->centre = g_strdup (header->centre);
  stored->item = g_strdup (header->item);
  stored->kind = g_strdup (header->kind);
  stored->revision = header->revision;
  stored->batch = g_strdup (header->batch);
  stored->lane = header->lane;
  stored->first = g_strdup (header->first != NULL ? header->first : packet->id);
  stored->header = fast_header_to_text (header);
  stored->received = fast_clock_now ();
  return stored;
}

/* The header's unit is the signer (fast_packet_verify()); here: who signed is who sent, with a
 * certificate that this nation registered. */
static gboolean
check_sender (FastIntake *intake, const FastPacket *packet, const char *unit, GError **error)
{
  g_autofree char *digest = fast_certificate_digest (packet->signer);
  g_autoptr (FastUnitCertificate) registered = NULL;

  if (strcmp (packet->header->unit, unit) != 0)
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED, "intake-sender",
                      "sender=%s, unit=%s", unit, packet->header->unit);
  registered = fast_intake_database_find_certificate (intake->database, digest, error);
  if (registered == NULL)
    return FALSE;
  if (strcmp (registered->use, "sign") != 0 || strcmp (registered->unit, unit) != 0)
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED, "intake-sender",
                      "sender=%s, unit=%s", unit, registered->unit);
  return TRUE;
}

/* The lane is looked at before the file is moved, and again with the row: another process may have
 * accepted a packet in between. */
static gboolean
accept_packet (FastIntake *intake, const FastPacket *packet, const FastUpload *upload,
               GError **error)
{
  g_autoptr (FastStoredPacket) stored = describe_packet (packet);
  g_autoptr (GBytes) receipt = NULL;

  if (!fast_intake_database_check_lane (intake->database, stored, error) ||
      !fast_spool_keep (intake->spool, upload->unit, upload->packet, error))
    return FALSE;
  receipt = fast_receipt_issue (FAST_RECEIPT_STORED, packet->id, NULL, intake->receipt,
                                intake->receipt_key, error);
  return receipt != NULL && fast_intake_database_accept (intake->database, stored, receipt, error);
}

/* Whether an error says something about the packet, and not about this machine. */
static gboolean
blames_packet (const GError *error)
{
  if (g_error_matches (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT))
    return TRUE;
  return error->domain != FAST_STORE_ERROR &&
         !g_error_matches (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO);
}

static gboolean
refuse (FastIntake *intake, const FastUpload *upload, GError *cause, char **reason, GError **error)
{
  g_autoptr (GError) owned = cause;
  g_autofree char *text = NULL;

  if (!blames_packet (owned)) {
    g_propagate_error (error, g_steal_pointer (&owned));
    return FALSE;
  }
  text = fast_intake_reason (owned);
  if (!fast_spool_set_aside (intake->spool, upload->unit, upload->packet, error) ||
      !fast_intake_database_refuse (intake->database, upload->unit, upload->packet, text, error))
    return FALSE;
  *reason = g_steal_pointer (&text);
  return TRUE;
}

/* What was accepted but for its lane may be in its final place already. */
static gboolean
refuse_lane (FastIntake *intake, const FastUpload *upload, GError *cause, char **reason,
             GError **error)
{
  if (!g_error_matches (cause, FAST_SYNC_ERROR, FAST_SYNC_ERROR_REFUSED)) {
    g_propagate_error (error, cause);
    return FALSE;
  }
  if (fast_spool_take_back (intake->spool, upload->unit, upload->packet, error))
    return refuse (intake, upload, cause, reason, error);
  g_error_free (cause);
  return FALSE;
}

static GBytes *
load_complete (FastIntake *intake, const FastUpload *upload, GError **error)
{
  g_autoptr (GBytes) bytes = fast_spool_load (intake->spool, upload->unit, upload->packet, error);
  g_autofree char *digest = bytes == NULL ? NULL : fast_sha256_hex (bytes);

  if (bytes == NULL && !g_error_matches (*error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING))
    return NULL;
  g_clear_error (error);
  if (bytes != NULL && strcmp (digest, upload->packet) == 0)
    return g_steal_pointer (&bytes);
  if (!forget (intake, upload, error))
    return NULL;
  return fast_fail_null (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE, "intake-digest",
                         "packet=%s, found=%s", upload->packet, digest == NULL ? "-" : digest);
}

/**
 * fast_intake_complete:
 * @intake: the intake
 * @upload: an upload whose bytes are all there
 * @reason: (out) (transfer full) (nullable): why the packet is refused, as of fast_intake_reason();
 *   %NULL when it is accepted
 * @error: return location for an error
 *
 * May be called again after a crash anywhere inside. A packet whose digest is not its id was
 * damaged on the way: the upload is forgotten (FAST_SYNC_ERROR_GARBAGE) so that it can be sent
 * again.
 *
 * Returns: whether it was judged and the judgement is on stable storage
 */
gboolean
fast_intake_complete (FastIntake *intake, const FastUpload *upload, char **reason, GError **error)
{
  g_autoptr (GBytes) bytes = load_complete (intake, upload, error);
  g_autoptr (FastPacket) packet = NULL;
  GError *cause = NULL;

  *reason = NULL;
  if (bytes == NULL)
    return FALSE;
  packet = fast_packet_verify (bytes, intake->units, intake->nation, &cause);
  if (packet == NULL || !check_sender (intake, packet, upload->unit, &cause))
    return refuse (intake, upload, cause, reason, error);
  if (accept_packet (intake, packet, upload, &cause))
    return TRUE;
  return refuse_lane (intake, upload, cause, reason, error);
}

static gboolean
recover_upload (FastIntake *intake, const FastUpload *upload, GError **error)
{
  g_autofree char *reason = NULL;
  g_autoptr (GError) cause = NULL;

  if (upload->expires <= fast_clock_now ())
    return forget (intake, upload, error);
  if (upload->received < upload->length || fast_intake_complete (intake, upload, &reason, &cause))
    return TRUE;
  if (g_error_matches (cause, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

/**
 * fast_intake_recover:
 * @intake: the intake
 * @error: return location for an error
 *
 * What a start does first: completes uploads whose bytes are all there, forgets expired ones.
 *
 * Returns: whether all of that is done
 */
gboolean
fast_intake_recover (FastIntake *intake, GError **error)
{
  g_autoptr (GPtrArray) uploads = fast_intake_database_list_uploads (intake->database, NULL, error);

  for (guint i = 0; uploads != NULL && i < uploads->len; i++)
    if (!recover_upload (intake, uploads->pdata[i], error))
      return FALSE;
  return uploads != NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/opening.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "record/base/set-tree.h"
#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "sync/intake/batch-view.h"
#include "sync/packet/manifest.h"
#include "sync/packet/opening.h"
#include "sync/packet/receipt.h"
#include "sync/packet/refusal.h"

#define GROUP "back-office"
#define MANIFEST "manifest.json"

struct _FastOpening {
  FastIntake *intake;
  X509 *recipient;
  EVP_PKEY *recipient_key;
  X509 *certificate;
  EVP_PKEY *key;
  FastTrust *officers;
};

static gboolean
load_pair (FastConfig *config, const char *certificate_name, const char *key_name,
           X509 **certificate, EVP_PKEY **key, GError **error)
{
  g_autofree char *certificate_path = fast_config_path (config, GROUP, certificate_name, error);
  g_autofree char *key_path =
      certificate_path == NULL ? NULL : fast_config_path (config, GROUP, key_name, error);

  if (key_path == NULL)
    return FALSE;
  *certificate = fast_certificate_load (certificate_path, error);
  *key = *certificate == NULL ? NULL : fast_key_load (key_path, error);
  return *key != NULL && fast_certificate_check_key (*certificate, *key, error);
}

static gboolean
load_officers (FastOpening *opening, FastConfig *config, GError **error)
{
  g_auto (GStrv) paths = fast_config_paths (config, GROUP, "officers-ca", error);

  if (paths == NULL)
    return FALSE;
  opening->officers =
      fast_trust_load ((const char *const *)paths,
                       fast_trust_get_flags (fast_intake_get_units (opening->intake)), error);
  return opening->officers != NULL;
}

/**
 * fast_opening_new:
 * @intake: the intake; must outlive this
 * @config: `[back-office]`
 * @error: return location for an error
 *
 * Returns: (transfer full): the back office with its keys
 */
FastOpening *
fast_opening_new (FastIntake *intake, FastConfig *config, GError **error)
{
  g_autoptr (FastOpening) opening = g_new0 (FastOpening, 1);

  opening->intake = intake;
  if (!load_pair (config, "certificate", "key", &opening->recipient, &opening->recipient_key,
                  error) ||
      !load_pair (config, "opened-certificate", "opened-key", &opening->certificate, &opening->key,
                  error) ||
      !load_officers (opening, config, error))
    return NULL;
  return g_steal_pointer (&opening);
}

/**
 * fast_opening_free:
 * @opening: (transfer full): the back office
 */
void
fast_opening_free (FastOpening *opening)
{
  g_clear_pointer (&opening->recipient, X509_free);
  g_clear_pointer (&opening->recipient_key, EVP_PKEY_free);
  g_clear_pointer (&opening->certificate, X509_free);
  g_clear_pointer (&opening->key, EVP_PKEY_free);
  g_clear_pointer (&opening->officers, fast_trust_free);
  g_free (opening);
}

/**
 * fast_opening_report_free:
 * @report: (transfer full): what a run did
 */
void
fast_opening_report_free (FastOpeningReport *report)
{
  g_ptr_array_unref (report->notes);
  g_free (report);
}

static void
note (FastOpeningReport *report, FastMessage *message)
{
  g_ptr_array_add (report->notes, message);
}

/* The header of the lane's previous sequence, once it has come. */
static FastHeader *
find_previous (FastOpening *opening, const FastHeader *header, GError **error)
{
  g_autoptr (FastStoredPacket) found = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (!fast_intake_database_find_lane (fast_intake_get_database (opening->intake), header->unit,
                                       header->epoch, header->lane - 1, &found, error) ||
      found == NULL)
    return NULL;
  bytes = g_bytes_new (found->header, strlen (found->header));
  return fast_header_parse (bytes, error);
}

/* When the packet came, by its *stored* receipt: what was sealed with a certificate that held then
 * stays good, however long it waited here. */
static gboolean
find_time (FastOpening *opening, const FastStoredPacket *stored, gint64 *at, GError **error)
{
  const FastReceiptSigners signers = {fast_intake_get_receipt_certificate (opening->intake),
                                      opening->certificate, opening->officers};
  g_autoptr (GBytes) token = NULL;
  g_autoptr (FastTimestamp) receipt = NULL;

  if (!fast_intake_database_find_receipt (fast_intake_get_database (opening->intake), stored->unit,
                                          stored->packet, "stored", &token, error))
    return FALSE;
  if (token != NULL)
    receipt = fast_receipt_verify (token, FAST_RECEIPT_STORED, stored->packet, &signers, NULL);
  if (receipt == NULL)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "intake-receipt-broken",
                      "packet=%s", stored->packet);
  *at = receipt->time;
  return TRUE;
}

static FastPacket *
load (FastOpening *opening, const FastStoredPacket *stored, gint64 at, GError **error)
{
  g_autoptr (GBytes) bytes =
      fast_spool_load_packet (fast_intake_get_spool (opening->intake), stored->packet, error);
  g_autoptr (FastPacket) packet = NULL;

  if (bytes == NULL) {
    g_clear_error (error);
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "intake-packet-lost",
                           "packet=%s", stored->packet);
  }
  packet = fast_packet_verify_at (bytes, fast_intake_get_units (opening->intake),
                                  fast_intake_get_nation (opening->intake), at, error);
  if (packet != NULL && strcmp (packet->id, stored->packet) != 0)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "intake-file-changed",
                           "packet=%s", stored->packet);
  return g_steal_pointer (&packet);
}

static FastOpened *
open_packet (FastOpening *opening, const FastPacket *packet, gint64 at, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (FastHeader) previous = find_previous (opening, packet->header, &local);
  const FastOpeningKeys keys = {opening->recipient, opening->recipient_key, opening->officers,
                                previous, at};

  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  return fast_packet_open (packet, &keys, error);
}

static FastOpened *
load_and_open (FastOpening *opening, const FastStoredPacket *stored, GError **error)
{
  gint64 at = 0;
  g_autoptr (FastPacket) packet = NULL;

  if (!find_time (opening, stored, &at, error))
    return NULL;
  packet = load (opening, stored, at, error);
  return packet == NULL ? NULL : open_packet (opening, packet, at, error);
}

/* Whether it is the packet that does not open, and not this machine that fails. */
static gboolean
blames_packet (const GError *error)
{
  return error->domain != FAST_STORE_ERROR &&
         !g_error_matches (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO) &&
         !g_error_matches (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT);
}

static gboolean
refuse (FastOpening *opening, const FastStoredPacket *stored, GError *cause,
        FastOpeningReport *report, GError **error)
{
  g_autoptr (GError) owned = cause;
  const char *reason = fast_refusal_reason_for (cause);
  g_autoptr (GBytes) refusal = NULL;

  if (!blames_packet (owned)) {
    g_propagate_error (error, g_steal_pointer (&owned));
    return FALSE;
  }
  refusal = fast_refusal_issue (stored->packet, reason, opening->certificate, opening->key, error);
  if (refusal == NULL ||
      !fast_intake_database_add_receipt (fast_intake_get_database (opening->intake), stored->unit,
                                         stored->packet, "refusal", refusal, error))
    return FALSE;
  report->refused++;
  note (report, fast_message_new ("intake-opening-refused", "item=%s, packet=%s, reason=%s",
                                  stored->item, stored->packet, reason));
  return TRUE;
}

static gboolean
confirm (FastOpening *opening, const FastStoredPacket *stored, FastOpeningReport *report,
         GError **error)
{
  g_autoptr (GBytes) receipt = fast_receipt_issue (FAST_RECEIPT_OPENED, stored->packet, NULL,
                                                   opening->certificate, opening->key, error);

  if (receipt == NULL ||
      !fast_intake_database_add_receipt (fast_intake_get_database (opening->intake), stored->unit,
                                         stored->packet, "opened", receipt, error))
    return FALSE;
  report->opened++;
  return TRUE;
}

static gboolean check_manifest (const FastOpened *opened, const FastStoredPacket *stored,
                                GError **error);

static gboolean
open_one (FastOpening *opening, const FastStoredPacket *stored, FastOpeningReport *report,
          GError **error)
{
  GError *cause = NULL;
  g_autoptr (FastOpened) opened = load_and_open (opening, stored, &cause);

  if (opened == NULL || !check_manifest (opened, stored, &cause))
    return refuse (opening, stored, cause, report, error);
  return confirm (opening, stored, report, error);
}

static FastManifest *
read_manifest (const FastOpened *opened, GError **error)
{
  FastSecret *part = fast_opened_get_part ((FastOpened *)opened, MANIFEST);
  g_autoptr (GBytes) bytes = NULL;

  if (part == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING,
                           "intake-manifest-missing", NULL);
  bytes = g_bytes_new (fast_secret_data (part), fast_secret_size (part));
  return fast_manifest_parse (bytes, error);
}

/* A batch packet without a manifest, or with another unit's, does not count as opened. */
static gboolean
check_manifest (const FastOpened *opened, const FastStoredPacket *stored, GError **error)
{
  g_autoptr (FastManifest) manifest = NULL;

  if (strcmp (stored->kind, "batch") != 0)
    return TRUE;
  manifest = read_manifest (opened, error);
  if (manifest == NULL)
    return FALSE;
  if (strcmp (fast_manifest_get_unit (manifest), stored->unit) == 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "intake-manifest-unit",
                    "found=%s, wanted=%s", fast_manifest_get_unit (manifest), stored->unit);
}

static void
add_line (FastSetTree *tree, const FastManifestLine *line, const char *last)
{
  JsonArray *array = json_array_new ();
  g_autoptr (JsonNode) node = json_node_init_array (json_node_alloc (), array);

  json_array_unref (array);
  json_array_add_string_element (array, line->item);
  json_array_add_int_element (array, line->revision);
  json_array_add_string_element (array, last);
  fast_set_tree_add_json (tree, node, NULL);
}

static gboolean
has_root (JsonNode *view, const char *side, FastSetTree *wanted)
{
  JsonObject *object = json_object_get_object_member (json_node_get_object (view), side);
  g_autofree char *root = fast_set_tree_root (wanted);

  return strcmp (json_object_get_string_member (object, "root"), root) == 0;
}

/* Whether this nation has just what the unit says it sent. */
static gboolean
agrees (FastOpening *opening, FastManifest *manifest, JsonNode *view)
{
  gboolean ca = strcmp (fast_intake_get_nation (opening->intake), "CA") == 0;
  g_autoptr (FastSetTree) items = fast_set_tree_new ();
  g_autoptr (FastSetTree) packets = fast_set_tree_new ();

  for (guint i = 0; i < fast_manifest_count (manifest); i++) {
    const FastManifestLine *line = fast_manifest_get_line (manifest, i);
    add_line (items, line, line->kind);
    add_line (packets, line, ca ? line->ca : line->us);
  }
  return has_root (view, "items", items) && has_root (view, "packets", packets);
}

static gboolean
issue_batch (FastOpening *opening, const FastStoredPacket *stored, const char *batch,
             JsonNode *view, GError **error)
{
  g_autoptr (JsonNode) summary = fast_batch_view_summary (view);
  g_autofree char *text = fast_json_canonical (summary);
  g_autoptr (GBytes) extension = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) receipt = fast_receipt_issue (FAST_RECEIPT_BATCH, stored->packet, extension,
                                                   opening->certificate, opening->key, error);

  return receipt != NULL &&
         fast_intake_database_add_batch (fast_intake_get_database (opening->intake), stored->unit,
                                         batch, stored->packet, text, receipt, error);
}

static gboolean
close_batch (FastOpening *opening, const FastStoredPacket *stored, FastManifest *manifest,
             FastOpeningReport *report, GError **error)
{
  const char *batch = fast_manifest_get_batch (manifest);
  g_autoptr (JsonNode) view = fast_batch_view (opening->intake, stored->unit, batch, error);

  if (view == NULL)
    return FALSE;
  if (!agrees (opening, manifest, view)) {
    note (report, fast_message_new ("intake-batch-open", "batch=%s, lines=%u", batch,
                                    fast_manifest_count (manifest)));
    return TRUE;
  }
  if (!issue_batch (opening, stored, batch, view, error))
    return FALSE;
  report->closed++;
  return TRUE;
}

static gboolean
close_one (FastOpening *opening, const FastStoredPacket *stored, FastOpeningReport *report,
           GError **error)
{
  g_autoptr (FastOpened) opened = load_and_open (opening, stored, error);
  g_autoptr (FastManifest) manifest = opened == NULL ? NULL : read_manifest (opened, error);

  return manifest != NULL && close_batch (opening, stored, manifest, report, error);
}

typedef gboolean (*EachFunc) (FastOpening *opening, const FastStoredPacket *stored,
                              FastOpeningReport *report, GError **error);

/* One packet whose file or receipt is gone does not keep the others waiting; it is told. */
static gboolean
leave (FastOpeningReport *report, const GError *cause)
{
  const FastMessage *message = fast_error_get_message (cause);

  if (message == NULL || !g_error_matches (cause, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT))
    return FALSE;
  note (report, fast_message_ref ((FastMessage *)message));
  report->left++;
  return TRUE;
}

static gboolean
for_each (FastOpening *opening, GPtrArray *packets, EachFunc each, FastOpeningReport *report,
          GError **error)
{
  g_autoptr (GPtrArray) owned = packets;

  for (guint i = 0; owned != NULL && i < owned->len; i++) {
    g_autoptr (GError) cause = NULL;

    if (each (opening, owned->pdata[i], report, &cause) || leave (report, cause))
      continue;
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  return owned != NULL;
}

/**
 * fast_opening_run:
 * @opening: the back office
 * @error: return location for an error
 *
 * Opens everything that waits, in the order of each unit's lane. What was done before an error
 * stays done; another run goes on from there. A packet whose file or receipt is not there, or not
 * what it was, is left for another run.
 *
 * Returns: (transfer full): what was done
 */
FastOpeningReport *
fast_opening_run (FastOpening *opening, GError **error)
{
  FastIntakeDatabase *database = fast_intake_get_database (opening->intake);
  g_autoptr (FastOpeningReport) report = g_new0 (FastOpeningReport, 1);

  report->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_message_unref);
  if (!for_each (opening, fast_intake_database_list_unopened (database, error), open_one, report,
                 error) ||
      !for_each (opening, fast_intake_database_list_unclosed (database, error), close_one, report,
                 error))
    return NULL;
  return g_steal_pointer (&report);
}

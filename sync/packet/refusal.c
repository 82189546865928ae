/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/refusal.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"

#define REASON_OTHER "content-malformed"

typedef struct {
  const char *prefix;
  const char *reason;
} Reason;

/* What an error of fast_packet_open() is called to the unit; by the beginning of its message id. */
static const Reason table[] = {
    {"packet-inner-differs", "inner-header-differs"},
    {"packet-part-", "part-digest"},
    {"packet-file-", "part-missing"},
    {"packet-decision-", "decision-not-signed"},
    {"audit-proof-", "audit-proof"},
    {"merkle-", "audit-proof"},
    {"archive-", REASON_OTHER},
};

/**
 * fast_refusal_free:
 * @refusal: (transfer full): a refusal
 */
void
fast_refusal_free (FastRefusal *refusal)
{
  g_free (refusal->packet);
  g_free (refusal->reason);
  g_free (refusal);
}

/**
 * fast_refusal_reasons:
 *
 * Returns: (transfer none) (array zero-terminated=1): all reason codes
 */
const char *const *
fast_refusal_reasons (void)
{
  static const char *const reasons[] = {
      "not-decryptable",     "inner-header-differs", "part-digest", "part-missing",
      "decision-not-signed", "audit-proof",          REASON_OTHER,  NULL};

  return reasons;
}

/**
 * fast_refusal_reason_for:
 * @error: an error of fast_packet_open()
 *
 * Returns: (transfer none): its reason code
 */
const char *
fast_refusal_reason_for (const GError *error)
{
  const FastMessage *message = fast_error_get_message (error);

  if (g_error_matches (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT))
    return "not-decryptable";
  if (error->domain == FAST_KEY_ERROR)
    return "decision-not-signed";
  for (guint i = 0; message != NULL && i < G_N_ELEMENTS (table); i++)
    if (g_str_has_prefix (fast_message_get_id (message), table[i].prefix))
      return table[i].reason;
  return REASON_OTHER;
}

/**
 * fast_refusal_file_name:
 * @packet_id: a packet
 *
 * Returns: (transfer full): `ID.refusal.p7m`
 */
char *
fast_refusal_file_name (const char *packet_id)
{
  return g_strconcat (packet_id, ".refusal.p7m", NULL);
}

/**
 * fast_refusal_issue:
 * @packet_id: the packet that did not open
 * @reason: a code of fast_refusal_reasons()
 * @opened: the nation's *opened* certificate
 * @key: its key
 * @error: return location for an error
 *
 * Returns: (transfer full): CMS SignedData over `{"packet":…,"reason":…}`
 */
GBytes *
fast_refusal_issue (const char *packet_id, const char *reason, X509 *opened, EVP_PKEY *key,
                    GError **error)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);
  g_autoptr (GBytes) content = NULL;
  const FastCmsOptions options = {0};

  json_object_set_string_member (object, "packet", packet_id);
  json_object_set_string_member (object, "reason", reason);
  content = fast_json_canonical_bytes (node);
  return fast_cms_sign (content, opened, key, &options, error);
}

static FastRefusal *
read_refusal (GBytes *json, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse_canonical (json, "refusal", error);
  JsonObject *object;
  const char *packet, *reason;
  FastRefusal *refusal;

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-type",
                           "member=%s", "refusal");
  object = json_node_get_object (node);
  packet = fast_json_get_string (object, "packet", error);
  reason = packet == NULL ? NULL : fast_json_get_string (object, "reason", error);
  if (reason == NULL)
    return NULL;
  refusal = g_new0 (FastRefusal, 1);
  refusal->packet = g_strdup (packet);
  refusal->reason = g_strdup (reason);
  return refusal;
}

/**
 * fast_refusal_verify:
 * @cms: what came
 * @packet_id: the packet it must be about
 * @opened: the nation's *opened* certificate
 * @flags: whether training certificates pass
 * @error: return location for an error
 *
 * Returns: (transfer full): the refusal, when it is the nation's and about this packet
 */
FastRefusal *
fast_refusal_verify (GBytes *cms, const char *packet_id, X509 *opened, FastTrustFlags flags,
                     GError **error)
{
  g_autoptr (FastTrust) trust = fast_trust_new_pinned (opened, flags);
  g_autoptr (FastCmsContent) content = fast_cms_verify (cms, NULL, trust, NULL, error);
  g_autoptr (FastRefusal) refusal = content == NULL ? NULL : read_refusal (content->content, error);

  if (refusal == NULL)
    return NULL;
  if (strcmp (refusal->packet, packet_id) != 0 ||
      !g_strv_contains (fast_refusal_reasons (), refusal->reason))
    return fast_fail_null (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_RECEIPT, "refusal-other-packet",
                           "packet=%s", packet_id);
  return g_steal_pointer (&refusal);
}

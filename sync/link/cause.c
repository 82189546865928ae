/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/cause.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/x509_vfy.h>
#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"

#define REASON_LIMIT 64

typedef struct {
  long key;
  FastSyncError code;
  const char *id;
} Row;

static const Row by_errno[] = {
    {ECONNREFUSED, FAST_SYNC_ERROR_UNREACHABLE, "link-connection-refused"},
    {ENETUNREACH, FAST_SYNC_ERROR_UNREACHABLE, "link-no-network"},
    {EHOSTUNREACH, FAST_SYNC_ERROR_UNREACHABLE, "link-no-network"},
    {ENETDOWN, FAST_SYNC_ERROR_UNREACHABLE, "link-no-network"},
};

static const Row by_verdict[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, FAST_SYNC_ERROR_TLS, "link-tls-expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, FAST_SYNC_ERROR_TLS, "link-tls-not-yet-valid"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, FAST_SYNC_ERROR_TLS, "link-tls-unknown-issuer"},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, FAST_SYNC_ERROR_TLS, "link-tls-unknown-issuer"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, FAST_SYNC_ERROR_TLS, "link-tls-unknown-issuer"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, FAST_SYNC_ERROR_TLS, "link-tls-unknown-issuer"},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, FAST_SYNC_ERROR_TLS, "link-tls-unknown-issuer"},
    {X509_V_ERR_CERT_REVOKED, FAST_SYNC_ERROR_TLS, "link-tls-revoked"},
    {X509_V_ERR_APPLICATION_VERIFICATION, FAST_SYNC_ERROR_TLS, "link-tls-training"},
    {X509_V_ERR_HOSTNAME_MISMATCH, FAST_SYNC_ERROR_TLS, "link-tls-other-host"},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, FAST_SYNC_ERROR_TLS, "link-tls-other-host"},
    {X509_V_OK, FAST_SYNC_ERROR_TLS, "link-tls-other-host"},
};

static const Row by_code[] = {
    {CURLE_COULDNT_RESOLVE_HOST, FAST_SYNC_ERROR_UNREACHABLE, "link-name-unresolved"},
    {CURLE_COULDNT_CONNECT, FAST_SYNC_ERROR_UNREACHABLE, "link-unreachable"},
    {CURLE_OPERATION_TIMEDOUT, FAST_SYNC_ERROR_UNREACHABLE, "link-timeout"},
    {CURLE_SEND_ERROR, FAST_SYNC_ERROR_UNREACHABLE, "link-cut"},
    {CURLE_RECV_ERROR, FAST_SYNC_ERROR_UNREACHABLE, "link-cut"},
    {CURLE_GOT_NOTHING, FAST_SYNC_ERROR_UNREACHABLE, "link-cut"},
    {CURLE_PARTIAL_FILE, FAST_SYNC_ERROR_UNREACHABLE, "link-cut"},
    {CURLE_SSL_CERTPROBLEM, FAST_SYNC_ERROR_TLS, "link-tls-own"},
    {CURLE_SSL_CACERT_BADFILE, FAST_SYNC_ERROR_TLS, "link-tls-ca-file"},
};

/* A server that refuses our certificate says so in an alert; of TLS 1.3 it comes with the first
 * read. libcurl hands on OpenSSL's words for it only. */
static const char *const alerts[] = {"alert bad certificate",     "alert certificate expired",
                                     "alert certificate revoked", "alert certificate unknown",
                                     "alert unknown ca",          "alert unsupported certificate",
                                     "certificate required",      "alert access denied",
                                     "alert handshake failure",   "alert no certificate"};

static gboolean
fail (const FastCause *cause, FastSyncError code, const char *id, GError **error)
{
  return fast_fail (error, FAST_SYNC_ERROR, (int)code, id, "nation=%s, host=%s", cause->nation,
                    cause->host);
}

/**
 * fast_cause_fail_garbage:
 * @nation: whose service
 * @what: what was wrong with its answer, in the protocol's words
 * @error: return location for an error
 *
 * Returns: %FALSE always, with FAST_SYNC_ERROR_GARBAGE
 */
gboolean
fast_cause_fail_garbage (const char *nation, const char *what, GError **error)
{
  return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE, "link-garbage",
                    "nation=%s, what=%s", nation, what);
}

static const Row *
find (const Row *rows, gsize n, long key)
{
  for (gsize i = 0; i < n; i++)
    if (rows[i].key == key)
      return &rows[i];
  return NULL;
}

static gboolean
is_own_refused (const char *detail)
{
  for (guint i = 0; i < G_N_ELEMENTS (alerts); i++)
    if (strstr (detail, alerts[i]) != NULL)
      return TRUE;
  return FALSE;
}

static const Row *
find_row (const FastCause *cause)
{
  const Row *row = NULL;

  if (cause->code == CURLE_PEER_FAILED_VERIFICATION)
    return find (by_verdict, G_N_ELEMENTS (by_verdict), cause->verify);
  if (cause->code == CURLE_COULDNT_CONNECT)
    row = find (by_errno, G_N_ELEMENTS (by_errno), cause->os_error);
  return row != NULL ? row : find (by_code, G_N_ELEMENTS (by_code), cause->code);
}

/* A handshake that ends without a verdict: cut by the network, or the other side is no TLS. */
static gboolean
fail_handshake (const FastCause *cause, GError **error)
{
  if (strstr (cause->detail, "wrong version number") != NULL ||
      strstr (cause->detail, "unknown protocol") != NULL ||
      strstr (cause->detail, "packet length too long") != NULL)
    return fail (cause, FAST_SYNC_ERROR_GARBAGE, "link-no-tls", error);
  return fail (cause, FAST_SYNC_ERROR_UNREACHABLE, "link-cut", error);
}

/**
 * fast_cause_fail:
 * @cause: how an exchange failed
 * @error: return location for an error
 *
 * Returns: %FALSE always, with FAST_SYNC_ERROR and a message id of its own for each cause
 */
gboolean
fast_cause_fail (const FastCause *cause, GError **error)
{
  const Row *row = find_row (cause);

  if (cause->body_too_large)
    return fast_cause_fail_garbage (cause->nation, "body too large", error);
  if (is_own_refused (cause->detail))
    return fail (cause, FAST_SYNC_ERROR_TLS, "link-tls-refused-us", error);
  if (cause->code == CURLE_SSL_CONNECT_ERROR)
    return fail_handshake (cause, error);
  if (row != NULL)
    return fail (cause, row->code, row->id, error);
  if (cause->code == CURLE_PEER_FAILED_VERIFICATION)
    return fail (cause, FAST_SYNC_ERROR_TLS, "link-tls-server", error);
  return fast_cause_fail_garbage (cause->nation, curl_easy_strerror ((CURLcode)cause->code), error);
}

static const Row by_status[] = {
    {401, FAST_SYNC_ERROR_TLS, "link-tls-refused-us"},
    {403, FAST_SYNC_ERROR_TLS, "link-unit-refused"},
    {404, FAST_SYNC_ERROR_GARBAGE, "link-not-there"},
    {410, FAST_SYNC_ERROR_GARBAGE, "link-not-there"},
    {413, FAST_SYNC_ERROR_REFUSED, "link-packet-refused"},
    {422, FAST_SYNC_ERROR_REFUSED, "link-packet-refused"},
    {429, FAST_SYNC_ERROR_BUSY, "link-busy"},
    {423, FAST_SYNC_ERROR_BUSY, "link-busy"},
    {502, FAST_SYNC_ERROR_BUSY, "link-busy"},
    {503, FAST_SYNC_ERROR_BUSY, "link-busy"},
    {504, FAST_SYNC_ERROR_BUSY, "link-busy"},
    {507, FAST_SYNC_ERROR_BUSY, "link-full"},
};

/* The reason code of an answer: its member `id`; only what looks like a code is handed on. */
static char *
read_reason (GBytes *body)
{
  g_autoptr (JsonNode) node =
      g_bytes_get_size (body) > 4096 ? NULL : fast_json_parse (body, "answer", NULL);
  const char *reason = NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    reason = fast_json_get_string (json_node_get_object (node), "id", NULL);
  if (reason == NULL || strlen (reason) > REASON_LIMIT ||
      strspn (reason, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen (reason))
    return g_strdup ("-");
  return g_strdup (reason);
}

/**
 * fast_cause_fail_status:
 * @nation: whose service
 * @status: an HTTP status that was not asked for
 * @body: the answer's body
 * @error: return location for an error
 *
 * Returns: %FALSE always; FAST_SYNC_ERROR_REFUSED with the reason where the packet is what is wrong
 */
gboolean
fast_cause_fail_status (const char *nation, guint status, GBytes *body, GError **error)
{
  const Row *row = find (by_status, G_N_ELEMENTS (by_status), status);
  g_autofree char *reason = read_reason (body);
  g_autofree char *what = NULL;

  if (row != NULL)
    return fast_fail (error, FAST_SYNC_ERROR, (int)row->code, row->id,
                      "nation=%s, status=%u, reason=%s", nation, status, reason);
  if (status >= 500)
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_BUSY, "link-server-failed",
                      "nation=%s, status=%u, reason=%s", nation, status, reason);
  if (status >= 400)
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE, "link-request-refused",
                      "nation=%s, status=%u, reason=%s", nation, status, reason);
  what = g_strdup_printf ("status %u", status);
  return fast_cause_fail_garbage (nation, what, error);
}

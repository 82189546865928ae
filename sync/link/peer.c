/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/peer.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <string.h>
#include <unistd.h>

#include "record/base/error.h"
#include "record/base/failpoint.h"
#include "record/base/number.h"
#include "record/keys/certificate.h"
#include "sync/link/cause.h"

#define CONNECT_SECONDS 10L
#define STALL_SECONDS 30L
#define BODY_LIMIT (8u << 20)

typedef CURL CurlHandle;
typedef struct curl_slist CurlList;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlHandle, curl_easy_cleanup)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CurlList, curl_slist_free_all)

struct _FastPeer {
  char *nation;
  char *url;
  char *host;
  char *ca;
  X509 *certificate;
  EVP_PKEY *key;
  gboolean training;
  CURL *curl;
  char detail[CURL_ERROR_SIZE];
};

/* One exchange, while libcurl calls back. */
typedef struct {
  const FastRequest *request;
  GCancellable *cancellable;
  goffset sent;
  GHashTable *headers;
  GByteArray *body;
  gboolean answered;
  gboolean too_large;
  GError *error;
} Exchange;

static CURL *
new_handle (void)
{
  static gsize once;

  if (g_once_init_enter (&once)) {
    curl_global_init (CURL_GLOBAL_DEFAULT);
    g_once_init_leave (&once, 1);
  }
  return curl_easy_init ();
}

static int
refuse_training (int ok, X509_STORE_CTX *context)
{
  X509 *certificate = X509_STORE_CTX_get_current_cert (context);

  if (ok && certificate != NULL && fast_certificate_is_training (certificate)) {
    X509_STORE_CTX_set_error (context, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
  }
  return ok;
}

/* Certificate and key go in as objects: a key URI need not be a file. */
static CURLcode
prepare_tls (CURL *curl G_GNUC_UNUSED, void *context, void *data)
{
  FastPeer *peer = data;

  if (SSL_CTX_use_certificate (context, peer->certificate) != 1 ||
      SSL_CTX_use_PrivateKey (context, peer->key) != 1)
    return CURLE_SSL_CERTPROBLEM;
  if (!peer->training)
    SSL_CTX_set_verify (context, SSL_VERIFY_PEER, refuse_training);
  return CURLE_OK;
}

/* Without TLS nobody knows who answers; that will do for training only. */
static gboolean
is_taken (GUri *uri, gboolean training)
{
  const char *scheme = g_uri_get_scheme (uri);

  return strcmp (scheme, "https") == 0 || (training && strcmp (scheme, "http") == 0);
}

/**
 * fast_peer_new:
 * @settings: where and with which keys
 * @error: return location for an error
 *
 * Connects only when something is sent.
 *
 * Returns: (transfer full): the peer, or %NULL with FAST_INPUT_ERROR_CONFIG when the URL is none
 */
FastPeer *
fast_peer_new (const FastPeerSettings *settings, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (settings->url, G_URI_FLAGS_NONE, NULL);
  FastPeer *peer;

  if (uri == NULL || g_uri_get_host (uri) == NULL || !is_taken (uri, settings->training))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "link-url",
                           "nation=%s", settings->nation);
  peer = g_new0 (FastPeer, 1);
  peer->nation = g_strdup (settings->nation);
  peer->url = g_strdup (settings->url);
  peer->host = g_strdup (g_uri_get_host (uri));
  peer->ca = g_strdup (settings->ca);
  peer->certificate = settings->certificate;
  peer->key = settings->key;
  if (peer->certificate != NULL)
    X509_up_ref (peer->certificate);
  if (peer->key != NULL)
    EVP_PKEY_up_ref (peer->key);
  peer->training = settings->training;
  peer->curl = new_handle ();
  return peer;
}

/**
 * fast_peer_free:
 * @peer: (transfer full): a peer; its connection is closed
 */
void
fast_peer_free (FastPeer *peer)
{
  curl_easy_cleanup (peer->curl);
  X509_free (peer->certificate);
  EVP_PKEY_free (peer->key);
  g_free (peer->nation);
  g_free (peer->url);
  g_free (peer->host);
  g_free (peer->ca);
  g_free (peer);
}

/**
 * fast_peer_get_nation:
 * @peer: a peer
 *
 * Returns: (transfer none): whose service it is
 */
const char *
fast_peer_get_nation (const FastPeer *peer)
{
  return peer->nation;
}

static gboolean
is_same_origin (GUri *left, GUri *right)
{
  return g_strcmp0 (g_uri_get_scheme (left), g_uri_get_scheme (right)) == 0 &&
         g_strcmp0 (g_uri_get_host (left), g_uri_get_host (right)) == 0 &&
         g_uri_get_port (left) == g_uri_get_port (right);
}

/**
 * fast_peer_resolve:
 * @peer: a peer
 * @location: a path, or a URL that the peer gave
 * @error: return location for an error
 *
 * Our certificate goes to the service that the configuration names and to no other, wherever its
 * `Location` points.
 *
 * Returns: (transfer full): the URL, or %NULL with FAST_SYNC_ERROR_GARBAGE
 */
char *
fast_peer_resolve (const FastPeer *peer, const char *location, GError **error)
{
  g_autoptr (GUri) base = g_uri_parse (peer->url, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GUri) uri = g_uri_parse_relative (base, location, G_URI_FLAGS_ENCODED, NULL);

  if (uri == NULL || !is_same_origin (base, uri))
    return fast_fail_null (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_GARBAGE, "link-location",
                           "nation=%s", peer->nation);
  return g_uri_to_string (uri);
}

static size_t
on_read (char *buffer, size_t size, size_t count, void *data)
{
  Exchange *exchange = data;
  gsize want = (gsize)MIN ((goffset)(size * count), exchange->request->size - exchange->sent);
  gssize n;

  if (!fast_point_pass (FAST_POINT ("link-send-body"), &exchange->error))
    return CURL_READFUNC_ABORT;
  n = pread (exchange->request->fd, buffer, want, exchange->request->offset + exchange->sent);
  if (n < 0 || (n == 0 && want > 0)) {
    fast_fail (&exchange->error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "link-file", NULL);
    return CURL_READFUNC_ABORT;
  }
  exchange->sent += n;
  if (exchange->request->progress != NULL)
    exchange->request->progress (exchange->request->data, exchange->sent);
  return (size_t)n;
}

/* libcurl rewinds when a kept connection turns out to be dead. */
static int
on_seek (void *data, curl_off_t offset, int origin)
{
  Exchange *exchange = data;

  if (origin != SEEK_SET || offset < 0 || offset > exchange->request->size)
    return CURL_SEEKFUNC_FAIL;
  exchange->sent = offset;
  return CURL_SEEKFUNC_OK;
}

static size_t
on_body (char *data, size_t size, size_t count, void *user)
{
  Exchange *exchange = user;

  if (exchange->body->len + size * count > BODY_LIMIT) {
    exchange->too_large = TRUE;
    return 0;
  }
  g_byte_array_append (exchange->body, (const guint8 *)data, (guint)(size * count));
  return size * count;
}

/* A status line begins a reply anew: what came before it was a 1xx. */
static size_t
on_header (char *data, size_t size, size_t count, void *user)
{
  Exchange *exchange = user;
  g_autofree char *line = g_strndup (data, size * count);
  char *colon = strchr (line, ':');

  exchange->answered = TRUE;
  if (g_str_has_prefix (line, "HTTP/")) {
    g_hash_table_remove_all (exchange->headers);
  } else if (colon != NULL && g_hash_table_size (exchange->headers) < 64) {
    *colon = '\0';
    g_hash_table_insert (exchange->headers, g_ascii_strdown (line, -1),
                         g_strdup (g_strstrip (colon + 1)));
  }
  return size * count;
}

static int
on_progress (void *data, curl_off_t down_total G_GNUC_UNUSED, curl_off_t down G_GNUC_UNUSED,
             curl_off_t up_total G_GNUC_UNUSED, curl_off_t up G_GNUC_UNUSED)
{
  return g_cancellable_is_cancelled (((Exchange *)data)->cancellable);
}

static void
set_connection (FastPeer *peer, Exchange *exchange)
{
  CURL *curl = peer->curl;

  curl_easy_reset (curl);
  curl_easy_setopt (curl, CURLOPT_ERRORBUFFER, peer->detail);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (curl, CURLOPT_PROXY, "");
  curl_easy_setopt (curl, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt (curl, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS);
  curl_easy_setopt (curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt (curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt (curl, CURLOPT_XFERINFODATA, exchange);
  curl_easy_setopt (curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (curl, CURLOPT_CAPATH, NULL);
  if (peer->ca != NULL)
    curl_easy_setopt (curl, CURLOPT_CAINFO, peer->ca);
  if (peer->certificate != NULL && peer->key != NULL) {
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_FUNCTION, prepare_tls);
    curl_easy_setopt (curl, CURLOPT_SSL_CTX_DATA, peer);
  }
}

static void
set_request (FastPeer *peer, Exchange *exchange, CurlList *headers)
{
  const FastRequest *request = exchange->request;
  CURL *curl = peer->curl;

  curl_easy_setopt (curl, CURLOPT_URL, request->url);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt (curl, CURLOPT_WRITEDATA, exchange);
  curl_easy_setopt (curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt (curl, CURLOPT_HEADERDATA, exchange);
  if (request->fd >= 0) {
    curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt (curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)request->size);
    curl_easy_setopt (curl, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt (curl, CURLOPT_READDATA, exchange);
    curl_easy_setopt (curl, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt (curl, CURLOPT_SEEKDATA, exchange);
  } else if (strcmp (request->method, "HEAD") == 0) {
    curl_easy_setopt (curl, CURLOPT_NOBODY, 1L);
  }
  curl_easy_setopt (curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static CurlList *
list_headers (const FastRequest *request)
{
  CurlList *list = curl_slist_append (NULL, "Expect:");

  if (request->fd < 0 && strcmp (request->method, "POST") == 0)
    list = curl_slist_append (list, "Content-Length: 0");
  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
    list = curl_slist_append (list, request->headers[i]);
  return list;
}

static gboolean
explain (FastPeer *peer, Exchange *exchange, CURLcode code, GError **error)
{
  FastCause cause = {.nation = peer->nation,
                     .host = peer->host,
                     .code = (int)code,
                     .detail = peer->detail,
                     .body_too_large = exchange->too_large};

  if (exchange->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&exchange->error));
    return FALSE;
  }
  if (g_cancellable_is_cancelled (exchange->cancellable))
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_UNREACHABLE, "link-cancelled", NULL);
  curl_easy_getinfo (peer->curl, CURLINFO_OS_ERRNO, &cause.os_error);
  curl_easy_getinfo (peer->curl, CURLINFO_SSL_VERIFYRESULT, &cause.verify);
  return fast_cause_fail (&cause, error);
}

static FastReply *
take_reply (FastPeer *peer, Exchange *exchange)
{
  FastReply *reply = g_new0 (FastReply, 1);
  long status = 0;

  curl_easy_getinfo (peer->curl, CURLINFO_RESPONSE_CODE, &status);
  reply->status = (guint)status;
  reply->headers = g_steal_pointer (&exchange->headers);
  reply->body = g_byte_array_free_to_bytes (g_steal_pointer (&exchange->body));
  return reply;
}

/* A service may close a kept connection at the moment that the next request goes out on it. libcurl
 * notices when it reads, not when it writes a body. */
static gboolean
was_dead_already (FastPeer *peer, const Exchange *exchange, CURLcode code)
{
  long made = 0;

  if (exchange->answered || exchange->error != NULL ||
      (code != CURLE_SEND_ERROR && code != CURLE_RECV_ERROR && code != CURLE_GOT_NOTHING))
    return FALSE;
  return curl_easy_getinfo (peer->curl, CURLINFO_NUM_CONNECTS, &made) == CURLE_OK && made == 0;
}

/* On a new connection a request goes out once more: the offset that it names makes a repeated PATCH
 * harmless, and a repeated POST is answered with what is there (RFC 9110, 9.2.2). */
static CURLcode
perform_once_more (FastPeer *peer, Exchange *exchange)
{
  CURLcode code;

  exchange->sent = 0;
  curl_easy_setopt (peer->curl, CURLOPT_FRESH_CONNECT, 1L);
  code = curl_easy_perform (peer->curl);
  curl_easy_setopt (peer->curl, CURLOPT_FRESH_CONNECT, 0L);
  return code;
}

static FastReply *
perform (FastPeer *peer, Exchange *exchange, GError **error)
{
  g_autoptr (CurlList) headers = list_headers (exchange->request);
  CURLcode code;

  peer->detail[0] = '\0';
  set_connection (peer, exchange);
  set_request (peer, exchange, headers);
  if (!fast_point_pass (FAST_POINT ("link-send"), error))
    return NULL;
  code = curl_easy_perform (peer->curl);
  if (was_dead_already (peer, exchange, code))
    code = perform_once_more (peer, exchange);
  if (code != CURLE_OK) {
    explain (peer, exchange, code, error);
    return NULL;
  }
  if (!fast_point_pass (FAST_POINT ("link-send"), error))
    return NULL;
  return take_reply (peer, exchange);
}

/**
 * fast_peer_send:
 * @peer: a peer
 * @request: what to send
 * @cancellable: (nullable): ends it within a second
 * @error: return location for an error
 *
 * One exchange, whatever its status.
 *
 * Returns: (transfer full): the reply, or %NULL with FAST_SYNC_ERROR and the cause
 */
FastReply *
fast_peer_send (FastPeer *peer, const FastRequest *request, GCancellable *cancellable,
                GError **error)
{
  Exchange exchange = {.request = request, .cancellable = cancellable};
  FastReply *reply;

  exchange.headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  exchange.body = g_byte_array_new ();
  reply = perform (peer, &exchange, error);
  g_clear_pointer (&exchange.headers, g_hash_table_unref);
  g_clear_pointer (&exchange.body, g_byte_array_unref);
  g_clear_error (&exchange.error);
  return reply;
}

/**
 * fast_reply_free:
 * @reply: (transfer full): a reply
 */
void
fast_reply_free (FastReply *reply)
{
  g_hash_table_unref (reply->headers);
  g_bytes_unref (reply->body);
  g_free (reply);
}

/**
 * fast_reply_header:
 * @reply: a reply
 * @name: a header's name in lowercase
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
fast_reply_header (const FastReply *reply, const char *name)
{
  return g_hash_table_lookup (reply->headers, name);
}

/**
 * fast_reply_offset:
 * @reply: a reply
 * @name: `upload-offset` or `upload-length`
 * @value: (out): its number
 *
 * Returns: whether the header is there and a number
 */
gboolean
fast_reply_offset (const FastReply *reply, const char *name, goffset *value)
{
  const char *text = fast_reply_header (reply, name);
  guint64 number;

  if (text == NULL || !fast_number_parse (text, 10, 0, G_MAXINT64, &number))
    return FALSE;
  *value = (goffset)number;
  return TRUE;
}

/**
 * fast_reply_refuse:
 * @peer: a peer
 * @reply: a reply whose status is not what was asked for
 * @error: return location for an error
 *
 * Returns: %FALSE always, with what the status and the reason in the body mean
 */
gboolean
fast_reply_refuse (const FastPeer *peer, const FastReply *reply, GError **error)
{
  return fast_cause_fail_status (peer->nation, reply->status, reply->body, error);
}

/**
 * fast_peer_get:
 * @peer: a peer
 * @path: as in `/healthz`
 * @cancellable: (nullable): ends it within a second
 * @error: return location for an error
 *
 * Returns: (transfer full): the body of a reply with status 200
 */
GBytes *
fast_peer_get (FastPeer *peer, const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = fast_peer_resolve (peer, path, error);
  const FastRequest request = {.method = "GET", .url = url, .fd = -1};
  g_autoptr (FastReply) reply = NULL;

  reply = url == NULL ? NULL : fast_peer_send (peer, &request, cancellable, error);
  if (reply == NULL)
    return NULL;
  if (reply->status != 200) {
    fast_reply_refuse (peer, reply, error);
    return NULL;
  }
  return g_bytes_ref (reply->body);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/*
 * What a failed request means is said here, once, for all that talk to a national service. A person
 * in a trailer must be able to tell: is it our network, their server, or a key? So every way in
 * which libcurl or an HTTP status can fail has a message id of its own (link-*), and the domain
 * tells who must act: UNREACHABLE and BUSY pass by themselves, TLS, REFUSED and GARBAGE do not.
 */

/**
 * FastPeerSettings:
 * @nation: whose service it is, for messages
 * @url: where, as in `https://localhost:8441`
 * @ca: path of the certificates that the server's must chain to
 * @certificate: our certificate for TLS
 * @key: its key
 * @training: whether certificates for training are taken
 *
 * Borrowed while fast_peer_new() runs.
 */
typedef struct {
  const char *nation;
  const char *url;
  const char *ca;
  X509 *certificate;
  EVP_PKEY *key;
  gboolean training;
} FastPeerSettings;

/**
 * FastPeer:
 *
 * A national service as its client sees it: HTTP/1.1 over mutual TLS with libcurl; one connection,
 * kept open. Blocks; one thread at a time.
 */
typedef struct _FastPeer FastPeer;

FastPeer *fast_peer_new (const FastPeerSettings *settings, GError **error);
void fast_peer_free (FastPeer *peer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPeer, fast_peer_free)

const char *fast_peer_get_nation (const FastPeer *peer);
char *fast_peer_resolve (const FastPeer *peer, const char *location, GError **error);

/**
 * FastRequest:
 * @method: as in `PATCH`
 * @url: from fast_peer_resolve()
 * @headers: (nullable) (array zero-terminated=1): lines as in `Upload-Offset: 0`
 * @fd: the file that the body is read from, or -1 for none
 * @offset: where in it the body begins
 * @size: how many bytes; never held in memory as a whole
 * @progress: (nullable): told how many bytes of the body are sent
 * @data: for @progress
 */
typedef struct {
  const char *method;
  const char *url;
  const char *const *headers;
  int fd;
  goffset offset;
  goffset size;
  void (*progress) (gpointer data, goffset sent);
  gpointer data;
} FastRequest;

/**
 * FastReply:
 * @status: the HTTP status
 * @headers: (element-type utf8 utf8): values by lowercase name
 * @body: at most 8 MiB
 */
typedef struct {
  guint status;
  GHashTable *headers;
  GBytes *body;
} FastReply;

void fast_reply_free (FastReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastReply, fast_reply_free)

FastReply *fast_peer_send (FastPeer *peer, const FastRequest *request, GCancellable *cancellable,
                           GError **error);
GBytes *fast_peer_get (FastPeer *peer, const char *path, GCancellable *cancellable, GError **error);
const char *fast_reply_header (const FastReply *reply, const char *name);
gboolean fast_reply_offset (const FastReply *reply, const char *name, goffset *value);
gboolean fast_reply_refuse (const FastPeer *peer, const FastReply *reply, GError **error);

G_END_DECLS

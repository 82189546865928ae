/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "sync/link/cause.h"
#include "sync/packet/packet.h"

#define COLLECTION "/v1/packets"
#define FIRST_PIECE (256 * 1024)
#define MOST_FRUITLESS 3
#define MOST_RESTARTS 3
#define OFFSET_STREAM "Content-Type: application/offset+octet-stream"
#define VERSION "Tus-Resumable: 1.0.0"

/* One upload under way. */
typedef struct {
  FastPeer *peer;
  const FastUploadJob *job;
  GCancellable *cancellable;
  int fd;
  goffset size;
  goffset offset;
  goffset piece_start;
  char *url;
  gboolean checksums;
  guint fruitless;
  guint restarts;
} Upload;

static gboolean
garbage (Upload *upload, const char *what, GError **error)
{
  return fast_cause_fail_garbage (fast_peer_get_nation (upload->peer), what, error);
}

static void
on_sent (gpointer data, goffset sent)
{
  Upload *upload = data;

  if (upload->job->progress != NULL)
    upload->job->progress (upload->job->data, upload->piece_start + sent, upload->size);
}

static gboolean
tell_moved (Upload *upload, GError **error)
{
  return upload->job->moved == NULL ||
         upload->job->moved (upload->job->data, upload->url, upload->offset, error);
}

/* What the peer says of itself, once for an upload that a checksum could serve. */
static gboolean
ask_options (Upload *upload, GError **error)
{
  static const char *const headers[] = {VERSION, NULL};
  g_autofree char *url = fast_peer_resolve (upload->peer, COLLECTION, error);
  const FastRequest request = {.method = "OPTIONS", .url = url, .headers = headers, .fd = -1};
  g_autoptr (FastReply) reply = NULL;
  const char *extensions, *algorithms;

  if (upload->size > FAST_UPLOAD_CHECKSUM_LIMIT)
    return TRUE;
  reply = url == NULL ? NULL : fast_peer_send (upload->peer, &request, upload->cancellable, error);
  if (reply == NULL)
    return FALSE;
  extensions = fast_reply_header (reply, "tus-extension");
  algorithms = fast_reply_header (reply, "tus-checksum-algorithm");
  upload->checksums = extensions != NULL && algorithms != NULL &&
                      strstr (extensions, "checksum") != NULL &&
                      strstr (algorithms, "sha256") != NULL;
  return TRUE;
}

/* `Upload-Checksum: sha256 …` of the piece that follows. An interrupted PATCH with a checksum must
 * be thrown away by the peer, so only small pieces carry one; the packet's id checks the whole. */
static char *
compose_checksum (Upload *upload, goffset size, GError **error)
{
  g_autofree guint8 *piece = NULL;
  g_autofree char *text = NULL;
  guint8 digest[FAST_SHA256_SIZE];

  if (!upload->checksums || size > FAST_UPLOAD_CHECKSUM_LIMIT)
    return g_strdup ("");
  piece = g_malloc ((gsize)MAX (size, 1));
  if (pread (upload->fd, piece, (gsize)size, upload->offset) != (gssize)size)
    return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_IO, "link-file", NULL);
  fast_sha256 (piece, (gsize)size, digest);
  text = g_base64_encode (digest, sizeof digest);
  return g_strconcat ("Upload-Checksum: sha256 ", text, NULL);
}

static FastReply *
send_piece (Upload *upload, const char *method, const char *url, const char *const *extra,
            goffset size, GError **error)
{
  g_autofree char *checksum = compose_checksum (upload, size, error);
  g_autoptr (GPtrArray) headers = g_ptr_array_new ();
  FastRequest request = {.method = method,
                         .url = url,
                         .fd = upload->fd,
                         .offset = upload->offset,
                         .size = size,
                         .progress = on_sent,
                         .data = upload};

  g_ptr_array_add (headers, (gpointer)VERSION);
  g_ptr_array_add (headers, (gpointer)OFFSET_STREAM);
  for (guint i = 0; extra[i] != NULL; i++)
    g_ptr_array_add (headers, (gpointer)extra[i]);
  if (checksum != NULL && checksum[0] != '\0')
    g_ptr_array_add (headers, checksum);
  g_ptr_array_add (headers, NULL);
  request.headers = (const char *const *)headers->pdata;
  upload->piece_start = upload->offset;
  return checksum == NULL ? NULL
                          : fast_peer_send (upload->peer, &request, upload->cancellable, error);
}

static gboolean
take_offset (Upload *upload, const FastReply *reply, GError **error)
{
  goffset offset;

  if (!fast_reply_offset (reply, "upload-offset", &offset) || offset > upload->size)
    return garbage (upload, "Upload-Offset absent or beyond the end", error);
  if (offset > upload->offset)
    upload->fruitless = 0;
  upload->offset = offset;
  return tell_moved (upload, error);
}

/* tus 1.0.0, creation-with-upload. A peer that has the packet already answers with what it has. */
static gboolean
take_created (Upload *upload, const FastReply *reply, GError **error)
{
  const char *location = fast_reply_header (reply, "location");
  g_autofree char *url = NULL;

  if (location == NULL)
    return garbage (upload, "Location absent", error);
  url = fast_peer_resolve (upload->peer, location, error);
  if (url == NULL)
    return FALSE;
  g_free (upload->url);
  upload->url = g_steal_pointer (&url);
  if (fast_reply_header (reply, "upload-offset") != NULL)
    return take_offset (upload, reply, error);
  upload->offset = 0;
  return tell_moved (upload, error);
}

static gboolean
create (Upload *upload, GError **error)
{
  g_autofree char *id =
      g_base64_encode ((const guint8 *)upload->job->packet, strlen (upload->job->packet));
  g_autofree char *metadata = g_strconcat ("Upload-Metadata: packet ", id, NULL);
  g_autofree char *length =
      g_strdup_printf ("Upload-Length: %" G_GINT64_FORMAT, (gint64)upload->size);
  const char *extra[] = {length, metadata, NULL};
  g_autofree char *url = fast_peer_resolve (upload->peer, COLLECTION, error);
  g_autoptr (FastReply) reply = NULL;

  upload->offset = 0;
  if (url != NULL)
    reply = send_piece (upload, "POST", url, extra, MIN (upload->size, FIRST_PIECE), error);
  if (reply == NULL)
    return FALSE;
  if (reply->status == 460) {
    upload->fruitless++;
    return TRUE;
  }
  if (reply->status != 200 && reply->status != 201)
    return fast_reply_refuse (upload->peer, reply, error);
  return take_created (upload, reply, error);
}

static gboolean
is_gone (const FastReply *reply)
{
  return reply->status == 404 || reply->status == 410;
}

static void
forget_location (Upload *upload)
{
  g_clear_pointer (&upload->url, g_free);
  upload->offset = 0;
  upload->fruitless++;
  upload->restarts++;
}

/* Where to go on: the peer's word, whatever we remember. */
static gboolean
ask_offset (Upload *upload, GError **error)
{
  static const char *const headers[] = {VERSION, NULL};
  const FastRequest request = {.method = "HEAD", .url = upload->url, .headers = headers, .fd = -1};
  g_autoptr (FastReply) reply = fast_peer_send (upload->peer, &request, upload->cancellable, error);

  if (reply == NULL)
    return FALSE;
  if (is_gone (reply)) {
    forget_location (upload);
    return TRUE;
  }
  if (reply->status != 200 && reply->status != 204)
    return fast_reply_refuse (upload->peer, reply, error);
  return take_offset (upload, reply, error);
}

static gboolean
send_rest (Upload *upload, GError **error)
{
  g_autofree char *position =
      g_strdup_printf ("Upload-Offset: %" G_GINT64_FORMAT, (gint64)upload->offset);
  const char *extra[] = {position, NULL};
  g_autoptr (FastReply) reply =
      send_piece (upload, "PATCH", upload->url, extra, upload->size - upload->offset, error);

  if (reply == NULL)
    return FALSE;
  if (is_gone (reply)) {
    forget_location (upload);
    return TRUE;
  }
  if (reply->status == 409 || reply->status == 460) {
    upload->fruitless++;
    return ask_offset (upload, error);
  }
  if (reply->status != 204 && reply->status != 200)
    return fast_reply_refuse (upload->peer, reply, error);
  upload->fruitless++;
  return take_offset (upload, reply, error);
}

/* A cut connection is asked after at once: what arrived before it need not be sent again. */
static gboolean
go_on_after (Upload *upload, GError *cause, GError **error)
{
  const FastMessage *message = fast_error_get_message (cause);
  g_autoptr (GError) owned = cause;

  upload->fruitless++;
  if (upload->url == NULL || upload->fruitless > MOST_FRUITLESS || message == NULL ||
      strcmp (fast_message_get_id (message), "link-cut") != 0) {
    g_propagate_error (error, g_steal_pointer (&owned));
    return FALSE;
  }
  return ask_offset (upload, error);
}

static gboolean
advance (Upload *upload, GError **error)
{
  GError *cause = NULL;

  if (upload->fruitless > MOST_FRUITLESS || upload->restarts > MOST_RESTARTS)
    return garbage (upload, "the upload gets no further", error);
  if (upload->url == NULL)
    return create (upload, error);
  if (send_rest (upload, &cause))
    return TRUE;
  return go_on_after (upload, cause, error);
}

static gboolean
run (Upload *upload, GError **error)
{
  if (!ask_options (upload, error))
    return FALSE;
  if (upload->url != NULL && !ask_offset (upload, error))
    return FALSE;
  while (upload->url == NULL || upload->offset < upload->size)
    if (!advance (upload, error))
      return FALSE;
  return TRUE;
}

/* A file that is not what was sealed would be thrown away at its end, and sent again for ever. */
static gboolean
check_file (Upload *upload, GError **error)
{
  g_autoptr (GBytes) bytes = fast_bytes_read_file (upload->job->path, FAST_PACKET_LIMIT, error);
  g_autofree char *digest = bytes == NULL ? NULL : fast_sha256_hex (bytes);

  if (digest == NULL)
    return FALSE;
  return strcmp (digest, upload->job->packet) == 0 ||
         fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "link-file-altered",
                    "path=%s", upload->job->path);
}

static gboolean
open_file (Upload *upload, GError **error)
{
  struct stat info;

  upload->fd = open (upload->job->path, O_RDONLY | O_CLOEXEC);
  if (upload->fd < 0 || fstat (upload->fd, &info) != 0)
    return fast_fail (error, FAST_STORE_ERROR, FAST_STORE_ERROR_CORRUPT, "link-file-missing",
                      "path=%s, why=%s", upload->job->path, g_strerror (errno));
  upload->size = info.st_size;
  return check_file (upload, error);
}

/**
 * fast_upload_run:
 * @peer: where to
 * @job: what
 * @cancellable: (nullable): ends it within a second; what arrived stays
 * @error: return location for an error
 *
 * tus 1.0.0 (core, creation, creation-with-upload, checksum). Goes on from where the peer is: HEAD
 * first where a location is known, create again on 404 or 410, and on an offset that differs the
 * peer is believed. The file is streamed. Blocks.
 *
 * Returns: whether the peer has all of it; FAST_SYNC_ERROR with the cause otherwise
 */
gboolean
fast_upload_run (FastPeer *peer, const FastUploadJob *job, GCancellable *cancellable,
                 GError **error)
{
  Upload upload = {.peer = peer, .job = job, .cancellable = cancellable, .fd = -1};
  gboolean done;

  upload.url = g_strdup (job->location);
  done = open_file (&upload, error) && run (&upload, error);
  if (upload.fd >= 0)
    close (upload.fd);
  g_free (upload.url);
  return done;
}

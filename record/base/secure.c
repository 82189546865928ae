/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/secure.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

#define PAGE 4096
#define LINE_LIMIT 4096

struct _FastSecret {
  guint8 *data;
  gsize size;
  gsize capacity;
};

static gsize
round_up (gsize size)
{
  return (MAX (size, 1) + PAGE - 1) / PAGE * PAGE;
}

/* Pages of their own, so that locking and wiping them touches nothing else. Where the kernel's
 * limit on locked memory is too low the data is still kept from core files and wiped; that is said
 * once, without naming what it is. */
static guint8 *
map_locked (gsize capacity)
{
  static gsize warned;
  gpointer data = mmap (NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (data == MAP_FAILED)
    g_error ("out of memory for %" G_GSIZE_FORMAT " secret bytes", capacity);
  madvise (data, capacity, MADV_DONTDUMP);
  if (mlock (data, capacity) != 0 && g_once_init_enter (&warned)) {
    g_message ("memory cannot be locked (%s): raise the limit 'memlock' of this user",
               g_strerror (errno));
    g_once_init_leave (&warned, 1);
  }
  return data;
}

static void
unmap_locked (guint8 *data, gsize capacity)
{
  OPENSSL_cleanse (data, capacity);
  munmap (data, capacity);
}

/**
 * fast_secret_new:
 * @size: how many bytes, zeroed
 *
 * Returns: (transfer full): secret memory
 */
FastSecret *
fast_secret_new (gsize size)
{
  FastSecret *secret = g_new0 (FastSecret, 1);

  secret->capacity = round_up (size);
  secret->data = map_locked (secret->capacity);
  secret->size = size;
  return secret;
}

/**
 * fast_secret_new_from:
 * @data: bytes; the caller wipes its own copy
 * @size: how many
 *
 * Returns: (transfer full): a copy in secret memory
 */
FastSecret *
fast_secret_new_from (gconstpointer data, gsize size)
{
  FastSecret *secret = fast_secret_new (size);

  fast_copy (secret->data, secret->capacity, data, size);
  return secret;
}

/**
 * fast_secret_free:
 * @secret: (transfer full): secret memory; is wiped
 */
void
fast_secret_free (FastSecret *secret)
{
  unmap_locked (secret->data, secret->capacity);
  g_free (secret);
}

/**
 * fast_secret_data:
 * @secret: secret memory
 *
 * Returns: (transfer none): its bytes; moves when it is appended to
 */
guint8 *
fast_secret_data (FastSecret *secret)
{
  return secret->data;
}

/**
 * fast_secret_size:
 * @secret: secret memory
 *
 * Returns: how many bytes
 */
gsize
fast_secret_size (const FastSecret *secret)
{
  return secret->size;
}

static void
reserve (FastSecret *secret, gsize size)
{
  gsize capacity = round_up (MAX (size, secret->capacity * 2));
  guint8 *data;

  if (size <= secret->capacity)
    return;
  data = map_locked (capacity);
  fast_copy (data, capacity, secret->data, secret->size);
  unmap_locked (secret->data, secret->capacity);
  secret->data = data;
  secret->capacity = capacity;
}

/**
 * fast_secret_append:
 * @secret: secret memory
 * @data: bytes
 * @size: how many
 */
void
fast_secret_append (FastSecret *secret, gconstpointer data, gsize size)
{
  reserve (secret, secret->size + size);
  fast_copy (secret->data + secret->size, secret->capacity - secret->size, data, size);
  secret->size += size;
}

/**
 * fast_secret_truncate:
 * @secret: secret memory
 * @size: at most its size
 */
void
fast_secret_truncate (FastSecret *secret, gsize size)
{
  g_assert (size <= secret->size);
  OPENSSL_cleanse (secret->data + size, secret->size - size);
  secret->size = size;
}

/**
 * fast_secret_read_fd:
 * @fd: a file descriptor
 * @error: return location for an error
 *
 * Reads one line, at most 4096 bytes; the line's end is dropped. Reads byte by byte, so that
 * further lines stay for the next reader.
 *
 * Returns: (transfer full): the line
 */
FastSecret *
fast_secret_read_fd (int fd, GError **error)
{
  g_autoptr (FastSecret) secret = fast_secret_new (0);
  char c = '\0';
  gssize n;

  while ((n = read (fd, &c, 1)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "secret-unreadable",
                             "fd=%d, why=%s", fd, g_strerror (errno));
    if (c == '\n')
      break;
    if (secret->size == LINE_LIMIT)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "secret-too-long",
                             "limit=%d", LINE_LIMIT);
    fast_secret_append (secret, &c, 1);
  }
  fast_wipe (&c, 1);
  if (secret->size == 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "secret-empty",
                           "fd=%d", fd);
  return g_steal_pointer (&secret);
}

/**
 * fast_secret_read_argument:
 * @argument: the secret itself, `@FILE` (its first line) or `-` (a line of standard input)
 * @error: return location for an error
 *
 * Returns: (transfer full): the secret
 */
FastSecret *
fast_secret_read_argument (const char *argument, GError **error)
{
  g_autofd int fd = -1;

  if (strcmp (argument, "-") == 0)
    return fast_secret_read_fd (STDIN_FILENO, error);
  if (argument[0] != '@')
    return fast_secret_new_from (argument, strlen (argument));
  fd = open (argument + 1, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "file-unreadable",
                           "path=%s, why=%s", argument + 1, g_strerror (errno));
  return fast_secret_read_fd (fd, error);
}

/**
 * fast_wipe:
 * @data: memory
 * @size: how many bytes
 *
 * Overwrites memory in a way that the compiler does not remove.
 */
void
fast_wipe (gpointer data, gsize size)
{
  OPENSSL_cleanse (data, size);
}

/**
 * fast_random:
 * @data: (out): where to
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: whether the generator gave them; FAST_KEY_ERROR_CRYPTO otherwise
 */
gboolean
fast_random (gpointer data, gsize size, GError **error)
{
  if (size <= G_MAXINT && RAND_bytes (data, (int)size) == 1)
    return TRUE;
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "random-failed", NULL);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"

/**
 * fast_reader_new:
 * @data: the bytes; must outlive the reader
 * @size: how many
 * @what: (not nullable): what they are, for errors, as in `EF.SOD`; must outlive the reader
 *
 * Returns: a reader at the start
 */
FastReader
fast_reader_new (gconstpointer data, gsize size, const char *what)
{
  return (FastReader){.data = data, .size = size, .offset = 0, .what = what};
}

/**
 * fast_reader_from_bytes:
 * @bytes: the bytes; must outlive the reader
 * @what: what they are, for errors
 *
 * Returns: a reader at the start
 */
FastReader
fast_reader_from_bytes (GBytes *bytes, const char *what)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return fast_reader_new (data, size, what);
}

/**
 * fast_reader_left:
 * @reader: a reader
 *
 * Returns: how many bytes are left
 */
gsize
fast_reader_left (const FastReader *reader)
{
  return reader->size - reader->offset;
}

/**
 * fast_reader_take:
 * @reader: a reader
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: (nullable): the next @size bytes (never %NULL for a size of 0 that fits), or %NULL with
 *   FAST_INPUT_ERROR_TRUNCATED
 */
const guint8 *
fast_reader_take (FastReader *reader, gsize size, GError **error)
{
  const guint8 *at;

  if (size > fast_reader_left (reader))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED, "truncated",
                           "what=%s, wanted=%" G_GSIZE_FORMAT ", left=%" G_GSIZE_FORMAT
                           ", offset=%" G_GSIZE_FORMAT,
                           reader->what, size, fast_reader_left (reader), reader->offset);
  at = reader->data == NULL ? (const guint8 *)"" : reader->data + reader->offset;
  reader->offset += size;
  return at;
}

/**
 * fast_reader_u8:
 * @reader: a reader
 * @value: (out): the next byte
 * @error: return location for an error
 *
 * Returns: whether there was one
 */
gboolean
fast_reader_u8 (FastReader *reader, guint8 *value, GError **error)
{
  const guint8 *at = fast_reader_take (reader, 1, error);

  if (at != NULL)
    *value = at[0];
  return at != NULL;
}

/**
 * fast_reader_u16:
 * @reader: a reader
 * @value: (out): the next two bytes, big-endian
 * @error: return location for an error
 *
 * Returns: whether there were two
 */
gboolean
fast_reader_u16 (FastReader *reader, guint16 *value, GError **error)
{
  const guint8 *at = fast_reader_take (reader, 2, error);

  if (at != NULL)
    *value = (guint16)(at[0] << 8 | at[1]);
  return at != NULL;
}

/**
 * fast_reader_u32:
 * @reader: a reader
 * @value: (out): the next four bytes, big-endian
 * @error: return location for an error
 *
 * Returns: whether there were four
 */
gboolean
fast_reader_u32 (FastReader *reader, guint32 *value, GError **error)
{
  const guint8 *at = fast_reader_take (reader, 4, error);

  if (at != NULL)
    *value = (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
  return at != NULL;
}

/**
 * fast_reader_sub:
 * @reader: a reader; moves past the part
 * @size: the part's size in bytes
 * @inner: (out caller-allocates): a reader of just that part
 * @error: return location for an error
 *
 * Returns: whether the part was there
 */
gboolean
fast_reader_sub (FastReader *reader, gsize size, FastReader *inner, GError **error)
{
  const guint8 *at = fast_reader_take (reader, size, error);

  if (at != NULL)
    *inner = fast_reader_new (at, size, reader->what);
  return at != NULL;
}

/**
 * fast_reader_end:
 * @reader: a reader
 * @error: return location for an error
 *
 * Returns: %TRUE when nothing is left; else %FALSE with FAST_INPUT_ERROR_MALFORMED
 */
gboolean
fast_reader_end (const FastReader *reader, GError **error)
{
  if (fast_reader_left (reader) == 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "trailing-bytes",
                    "what=%s, left=%" G_GSIZE_FORMAT, reader->what, fast_reader_left (reader));
}

/**
 * fast_append_u8:
 * @out: where to append
 * @value: one byte
 */
void
fast_append_u8 (GByteArray *out, guint8 value)
{
  g_byte_array_append (out, &value, 1);
}

/**
 * fast_append_u16:
 * @out: where to append
 * @value: two bytes, big-endian
 */
void
fast_append_u16 (GByteArray *out, guint16 value)
{
  const guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};

  g_byte_array_append (out, bytes, sizeof bytes);
}

/**
 * fast_append_u32:
 * @out: where to append
 * @value: four bytes, big-endian
 */
void
fast_append_u32 (GByteArray *out, guint32 value)
{
  fast_append_u16 (out, (guint16)(value >> 16));
  fast_append_u16 (out, (guint16)value);
}

/**
 * fast_append:
 * @out: where to append
 * @data: (nullable): the bytes
 * @size: how many, at most %G_MAXUINT
 */
void
fast_append (GByteArray *out, gconstpointer data, gsize size)
{
  g_assert (size <= G_MAXUINT - out->len);
  if (size > 0)
    g_byte_array_append (out, data, (guint)size);
}

/**
 * fast_append_bytes:
 * @out: where to append
 * @bytes: what
 */
void
fast_append_bytes (GByteArray *out, GBytes *bytes)
{
  fast_append (out, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/**
 * fast_copy:
 * @to: where to
 * @capacity: how many bytes fit there
 * @from: (nullable): where from
 * @size: how many bytes
 *
 * The only raw copy of the suite: it refuses what does not fit.
 *
 * Returns: whether it fitted; nothing is copied otherwise
 */
gboolean
fast_copy (gpointer to, gsize capacity, gconstpointer from, gsize size)
{
  if (size > capacity)
    return FALSE;
  if (size > 0)
    memcpy (to, from, size);
  return TRUE;
}

/**
 * fast_equal_secret:
 * @left: bytes
 * @right: bytes
 * @size: how many
 *
 * Compares in constant time; for MACs, keys and digests that an attacker may vary.
 *
 * Returns: whether they are equal
 */
gboolean
fast_equal_secret (gconstpointer left, gconstpointer right, gsize size)
{
  return CRYPTO_memcmp (left, right, size) == 0;
}

/**
 * fast_hex_encode:
 * @data: bytes
 * @size: how many
 *
 * Returns: (transfer full): lowercase hexadecimal
 */
char *
fast_hex_encode (gconstpointer data, gsize size)
{
  static const char digits[] = "0123456789abcdef";
  const guint8 *bytes = data;
  char *text = g_malloc (2 * size + 1);

  for (gsize i = 0; i < size; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 15];
  }
  text[2 * size] = '\0';
  return text;
}

/**
 * fast_hex_decode:
 * @text: hexadecimal, either case, white space between digits allowed
 * @error: return location for an error
 *
 * Returns: (transfer full): the bytes, or %NULL with FAST_INPUT_ERROR_MALFORMED
 */
GBytes *
fast_hex_decode (const char *text, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  int high = -1;

  for (const char *at = text; *at != '\0'; at++) {
    int digit = g_ascii_xdigit_value (*at);

    if (g_ascii_isspace (*at))
      continue;
    if (digit < 0)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "hex-malformed",
                             "offset=%" G_GSIZE_FORMAT, (gsize)(at - text));
    if (high >= 0)
      fast_append_u8 (out, (guint8)(high << 4 | digit));
    high = high >= 0 ? -1 : digit;
  }
  if (high >= 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED, "hex-malformed",
                           "offset=%" G_GSIZE_FORMAT, strlen (text));
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * fast_sha256:
 * @data: (nullable): bytes
 * @size: how many
 * @digest: (out): SHA-256 (FIPS 180-4)
 */
void
fast_sha256 (gconstpointer data, gsize size, guint8 digest[FAST_SHA256_SIZE])
{
  SHA256 (data != NULL ? data : "", size, digest);
}

/**
 * fast_sha256_bytes:
 * @bytes: bytes
 *
 * Returns: (transfer full): their SHA-256
 */
GBytes *
fast_sha256_bytes (GBytes *bytes)
{
  guint8 digest[FAST_SHA256_SIZE];

  fast_sha256 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), digest);
  return g_bytes_new (digest, sizeof digest);
}

/**
 * fast_sha256_hex:
 * @bytes: bytes
 *
 * Returns: (transfer full): their SHA-256 in lowercase hexadecimal
 */
char *
fast_sha256_hex (GBytes *bytes)
{
  guint8 digest[FAST_SHA256_SIZE];

  fast_sha256 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), digest);
  return fast_hex_encode (digest, sizeof digest);
}

static GBytes *
read_all (int fd, const char *path, gsize limit, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 piece[16384];
  gssize n;

  while ((n = read (fd, piece, sizeof piece)) != 0) {
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "file-unreadable",
                             "path=%s, why=%s", path, g_strerror (errno));
    if ((gsize)n > limit - out->len)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "file-too-large",
                             "path=%s, limit=%" G_GSIZE_FORMAT, path, limit);
    fast_append (out, piece, (gsize)n);
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/**
 * fast_bytes_read_file:
 * @path: a file
 * @limit: how many bytes are accepted
 * @error: return location for an error
 *
 * Returns: (transfer full): the file's bytes, or %NULL with FAST_INPUT_ERROR_MISSING (cannot be
 *   read) or FAST_INPUT_ERROR_INVALID (over the limit)
 */
GBytes *
fast_bytes_read_file (const char *path, gsize limit, GError **error)
{
  g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "file-unreadable",
                           "path=%s, why=%s", path, g_strerror (errno));
  return read_all (fd, path, limit, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/tus.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/number.h"
#include "sync/packet/header.h"

#define MAX_NUMBER 999999999999999
#define MAX_METADATA 4096

/**
 * fast_tus_parse_number:
 * @text: (nullable): the value of Upload-Length or Upload-Offset
 * @number: (out): the number
 * @error: return location for an error
 *
 * tus 1.0.0, Headers: a non-negative integer, so no sign, no space, no other base.
 *
 * Returns: %FALSE with FAST_INPUT_ERROR_MALFORMED when it is not one
 */
gboolean
fast_tus_parse_number (const char *text, gint64 *number, GError **error)
{
  guint64 value;

  if (!fast_number_parse (text, 10, 0, MAX_NUMBER, &value))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "intake-tus-number",
                      NULL);
  *number = (gint64)value;
  return TRUE;
}

/* g_base64_decode() skips what it does not know; here nothing may be skipped. */
static guint8 *
decode_base64 (const char *text, gsize *size)
{
  gsize length = strlen (text);
  gsize body = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize padding = length - body;

  if (length == 0 || length % 4 != 0 || padding > 2 || strspn (text + body, "=") != padding)
    return NULL;
  return g_base64_decode (text, size);
}

static char *
decode_packet (const char *text)
{
  gsize size = 0;
  g_autofree guint8 *decoded = decode_base64 (text, &size);
  g_autofree char *packet = NULL;

  if (decoded == NULL || memchr (decoded, 0, size) != NULL)
    return NULL;
  packet = g_strndup ((const char *)decoded, size);
  return fast_packet_id_is_valid (packet) ? g_steal_pointer (&packet) : NULL;
}

/**
 * fast_tus_parse_packet:
 * @metadata: (nullable): the value of Upload-Metadata
 * @error: return location for an error
 *
 * tus 1.0.0, Creation: pairs of a key and a Base64 value, separated by commas; keys must be unique.
 * Other keys than `packet` are none of our business.
 *
 * Returns: (transfer full): the packet's id, or %NULL with FAST_INPUT_ERROR
 */
char *
fast_tus_parse_packet (const char *metadata, GError **error)
{
  g_auto (GStrv) pairs = NULL;
  g_autofree char *packet = NULL;

  if (metadata == NULL || strlen (metadata) > MAX_METADATA)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "intake-tus-metadata",
                           NULL);
  pairs = g_strsplit (metadata, ",", -1);
  for (guint i = 0; pairs[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (g_strstrip (pairs[i]), " ", 2);
    if (g_strcmp0 (words[0], "packet") != 0)
      continue;
    if (packet != NULL || words[1] == NULL || (packet = decode_packet (words[1])) == NULL)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                             "intake-tus-metadata", NULL);
  }
  if (packet == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "intake-tus-metadata",
                           NULL);
  return g_steal_pointer (&packet);
}

/**
 * fast_tus_parse_checksum:
 * @text: the value of Upload-Checksum
 * @checksum: (out caller-allocates): what it says; clear with fast_tus_checksum_clear()
 * @error: return location for an error
 *
 * tus 1.0.0, Checksum: the algorithm's name, a space, the Base64 digest.
 *
 * Returns: %FALSE with FAST_INPUT_ERROR when it is broken or of another algorithm
 */
gboolean
fast_tus_parse_checksum (const char *text, FastTusChecksum *checksum, GError **error)
{
  static const struct {
    const char *name;
    GChecksumType type;
  } algorithms[] = {{"sha1", G_CHECKSUM_SHA1}, {"sha256", G_CHECKSUM_SHA256}};
  g_auto (GStrv) words = g_strsplit (text, " ", 2);
  gsize size = 0;
  guint8 *digest = words[0] != NULL && words[1] != NULL ? decode_base64 (words[1], &size) : NULL;

  checksum->digest = NULL;
  if (digest == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "intake-tus-checksum",
                      NULL);
  checksum->digest = g_bytes_new_take (digest, size);
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++) {
    checksum->type = algorithms[i].type;
    if (strcmp (words[0], algorithms[i].name) == 0 &&
        size == (gsize)g_checksum_type_get_length (checksum->type))
      return TRUE;
  }
  fast_tus_checksum_clear (checksum);
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "intake-tus-checksum",
                    NULL);
}

/**
 * fast_tus_checksum_clear:
 * @checksum: what was parsed, or zeros
 */
void
fast_tus_checksum_clear (FastTusChecksum *checksum)
{
  g_clear_pointer (&checksum->digest, g_bytes_unref);
}

/**
 * fast_tus_format_date:
 * @seconds: since 1970
 *
 * Returns: (transfer full): the value of Upload-Expires: an RFC 9110 HTTP date
 */
char *
fast_tus_format_date (gint64 seconds)
{
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);

  return g_strdup_printf (
      "%s, %02d %s %04d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week (date) - 1],
      g_date_time_get_day_of_month (date), months[g_date_time_get_month (date) - 1],
      g_date_time_get_year (date), g_date_time_get_hour (date), g_date_time_get_minute (date),
      g_date_time_get_second (date));
}

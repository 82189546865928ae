/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/trust-points.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "EF.CVCA"
#define TAG_REFERENCE 0x42

enum {
  STATE_SIZE = 2,
  SEQUENCE_SIZE = 5,
  REFERENCE_SIZE_MAX = 16,
};

/**
 * fast_trust_points_free:
 * @points: (transfer full): as parsed
 */
void
fast_trust_points_free (FastTrustPoints *points)
{
  g_free (points->current);
  g_free (points->previous);
  g_free (points);
}

static gboolean
fail_reference (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "trust-points-reference",
                    NULL);
}

/* Two capitals, then printable characters of ISO/IEC 8859-1, the last five of them digits and
 * letters (TR-03110-3, A.6.1). */
static gboolean
check_reference (const guint8 *text, gsize size, GError **error)
{
  if (size <= STATE_SIZE + SEQUENCE_SIZE || size > REFERENCE_SIZE_MAX ||
      !g_ascii_isupper (text[0]) || !g_ascii_isupper (text[1]))
    return fail_reference (error);
  for (gsize i = STATE_SIZE; i < size; i++) {
    const gboolean printable = (text[i] >= 0x20 && text[i] <= 0x7E) || text[i] >= 0xA0;

    if (i < size - SEQUENCE_SIZE ? !printable : !g_ascii_isalnum (text[i]))
      return fail_reference (error);
  }
  return TRUE;
}

static gboolean
append_reference (GByteArray *out, const char *reference, GError **error)
{
  if (reference == NULL)
    return TRUE;
  if (!check_reference ((const guint8 *)reference, strlen (reference), error))
    return FALSE;
  fast_tlv_append (out, TAG_REFERENCE, reference, strlen (reference));
  return TRUE;
}

/**
 * fast_trust_points_make:
 * @points: whom the chip trusts
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.CVCA
 */
GBytes *
fast_trust_points_make (const FastTrustPoints *points, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (points->current == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING,
                           "trust-points-reference", NULL);
  if (!append_reference (out, points->current, error) ||
      !append_reference (out, points->previous, error))
    return NULL;
  while (out->len < FAST_TRUST_POINTS_SIZE)
    fast_append_u8 (out, 0);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static char *
read_reference (FastReader *reader, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_REFERENCE, &tlv, error) ||
      !check_reference (tlv.value, tlv.size, error))
    return NULL;
  return g_strndup ((const char *)tlv.value, tlv.size);
}

static gboolean
check_filler (FastReader *reader, GError **error)
{
  guint8 byte;

  while (fast_reader_left (reader) > 0) {
    if (!fast_reader_u8 (reader, &byte, error))
      return FALSE;
    if (byte != 0)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "trust-points-filler",
                        NULL);
  }
  return TRUE;
}

/**
 * fast_trust_points_parse:
 * @encoded: EF.CVCA
 * @error: return location for an error
 *
 * Strict: 36 bytes, one or two references, then nothing but zeros (3.2:LDS_F_1).
 *
 * Returns: (transfer full): whom the chip trusts
 */
FastTrustPoints *
fast_trust_points_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastTrustPoints) points = g_new0 (FastTrustPoints, 1);

  if (reader.size != FAST_TRUST_POINTS_SIZE)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "trust-points-size",
                           "size=%" G_GSIZE_FORMAT ", wanted=%d", reader.size,
                           FAST_TRUST_POINTS_SIZE);
  points->current = read_reference (&reader, error);
  if (points->current == NULL)
    return NULL;
  if (fast_reader_left (&reader) > 0 && reader.data[reader.offset] == TAG_REFERENCE &&
      (points->previous = read_reference (&reader, error)) == NULL)
    return NULL;
  return check_filler (&reader, error) ? g_steal_pointer (&points) : NULL;
}

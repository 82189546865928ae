/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/atr-info.h"

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "EF.ATR/INFO"

enum {
  TAG_SERVICE = 0x43,
  TAG_CAPABILITIES = 0x47,
  TAG_LENGTHS = 0x7F66,
  TAG_INTEGER = 0x02,
};

/* Card service data: applications are selected by their full name, this file holds data objects
 * and is read by READ BINARY, there is a master file. */
#define SERVICE 0x98

/* The first table of card capabilities: selection by full name and by file identifier, short file
 * identifiers. The second: a data unit is one byte. */
#define SELECTION 0x94
#define DATA_CODING 0x01

/* The third. */
enum {
  CHAINING = 0x80,
  EXTENDED = 0x40,
  LENGTHS_TOLD = 0x20,
};

static void
append_number (GByteArray *out, guint32 number)
{
  const guint8 bytes[] = {0, (guint8)(number >> 24), (guint8)(number >> 16), (guint8)(number >> 8),
                          (guint8)number};
  guint first = 1;

  while (first < 4 && bytes[first] == 0)
    first++;
  first -= bytes[first] > 0x7F;
  fast_tlv_append (out, TAG_INTEGER, bytes + first, sizeof bytes - first);
}

static gboolean
tells_lengths (const FastAtrInfo *info)
{
  return info->extended && info->command_max > 0 && info->response_max > 0;
}

/**
 * fast_atr_info_make:
 * @info: what the chip can do; lengths are told only with @extended
 *
 * Returns: (transfer full): EF.ATR/INFO
 */
GBytes *
fast_atr_info_make (const FastAtrInfo *info)
{
  const guint8 service = SERVICE;
  const guint8 capabilities[] = {SELECTION, DATA_CODING,
                                 (guint8)((info->chaining ? CHAINING : 0) |
                                          (info->extended ? EXTENDED : 0) |
                                          (tells_lengths (info) ? LENGTHS_TOLD : 0))};
  g_autoptr (GByteArray) lengths = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  fast_tlv_append (out, TAG_SERVICE, &service, sizeof service);
  fast_tlv_append (out, TAG_CAPABILITIES, capabilities, sizeof capabilities);
  if (tells_lengths (info)) {
    append_number (lengths, info->command_max);
    append_number (lengths, info->response_max);
    fast_tlv_append_array (out, TAG_LENGTHS, lengths);
  }
  return g_byte_array_free_to_bytes (out);
}

/* A positive INTEGER of two or three bytes is usual; leading zeros do no harm. */
static gboolean
read_number (FastReader *reader, guint32 *number, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_INTEGER, &tlv, error))
    return FALSE;
  *number = 0;
  if (tlv.size >= 1 && tlv.size <= 5 && tlv.value[0] < 0x80 && (tlv.size < 5 || tlv.value[0] == 0))
    for (gsize i = 0; i < tlv.size; i++)
      *number = *number << 8 | tlv.value[i];
  if (*number > 0)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "atr-info-length", NULL);
}

static gboolean
take_lengths (const FastTlv *tlv, FastAtrInfo *info, GError **error)
{
  FastReader reader = fast_tlv_open (tlv, WHAT);

  return read_number (&reader, &info->command_max, error) &&
         read_number (&reader, &info->response_max, error) && fast_reader_end (&reader, error);
}

/* One to three tables; the third alone matters here. */
static gboolean
take_capabilities (const FastTlv *tlv, FastAtrInfo *info, GError **error)
{
  if (tlv->size < 1 || tlv->size > 3)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "atr-info-capabilities",
                      NULL);
  info->chaining = tlv->size == 3 && (tlv->value[2] & CHAINING) != 0;
  info->extended = tlv->size == 3 && (tlv->value[2] & EXTENDED) != 0;
  return TRUE;
}

/**
 * fast_atr_info_parse:
 * @encoded: EF.ATR/INFO
 * @info: (out caller-allocates): what it tells
 * @error: return location for an error
 *
 * Objects that are not needed are passed over; those that are must be sound (5.1:LDS_K_01 to 04).
 * Without them the chip takes short lengths.
 *
 * Returns: whether it is a series of data objects, those needed among them sound
 */
gboolean
fast_atr_info_parse (GBytes *encoded, FastAtrInfo *info, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  FastTlv tlv;

  *info = (FastAtrInfo){.chaining = FALSE};
  while (fast_reader_left (&reader) > 0) {
    if (!fast_tlv_read (&reader, &tlv, error) ||
        (tlv.tag == TAG_CAPABILITIES && !take_capabilities (&tlv, info, error)) ||
        (tlv.tag == TAG_LENGTHS && !take_lengths (&tlv, info, error)))
      return FALSE;
  }
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-record.h"

#include <string.h>

#include "record/base/error.h"

#define WHAT "finger record"
#define IDENTIFIER "FIR"
#define VERSION "010"
#define HEADER_SIZE 32
#define FINGER_SIZE 14

/* ISO/IEC 19794-4:2005, tables 1 to 6. */
#define LEVEL_500 31
#define LEVEL_1000 41
#define UNIT_INCH 1
#define UNIT_CENTIMETRE 2
#define DEPTH 8
#define QUALITY_BEST 100
#define QUALITY_FAILED 255
#define IMPRESSION_LAST 29

/* Where nothing is measured finer than whole dots a centimetre: 196 and 197 are 500 dpi. */
#define TOLERANCE_PERCENT 1

/* How each coding's data begin; raw data have no such mark. */
typedef struct {
  FastFingerCoding coding;
  const char *name;
  gsize size;
  guint8 magic[4];
} Coding;

static const Coding CODINGS[] = {
    {FAST_FINGER_RAW, "raw", 0, {0}},
    {FAST_FINGER_PACKED, "raw", 0, {0}},
    {FAST_FINGER_WSQ, "WSQ", 2, {0xFF, 0xA0}},
    {FAST_FINGER_JPEG, "JPEG", 3, {0xFF, 0xD8, 0xFF}},
    {FAST_FINGER_JPEG2000, "JPEG 2000", 0, {0}},
    {FAST_FINGER_PNG, "PNG", 4, {0x89, 'P', 'N', 'G'}},
    {FAST_FINGER_BLOCK, "ISO/IEC 39794-4", 0, {0}},
};

/* ICAO 9303-10, 4.7.3 (ISO/IEC 7816-11, table C.2): two bits for the hand, above them the finger.
 */
static const guint8 SUBTYPES[] = {0x00, 0x05, 0x09, 0x0D, 0x11, 0x15, 0x06, 0x0A, 0x0E, 0x12, 0x16};

static const char *const NAMES[] = {
    [FAST_FINGER_RIGHT_THUMB] = "right-thumb",   [FAST_FINGER_RIGHT_INDEX] = "right-index",
    [FAST_FINGER_RIGHT_MIDDLE] = "right-middle", [FAST_FINGER_RIGHT_RING] = "right-ring",
    [FAST_FINGER_RIGHT_LITTLE] = "right-little", [FAST_FINGER_LEFT_THUMB] = "left-thumb",
    [FAST_FINGER_LEFT_INDEX] = "left-index",     [FAST_FINGER_LEFT_MIDDLE] = "left-middle",
    [FAST_FINGER_LEFT_RING] = "left-ring",       [FAST_FINGER_LEFT_LITTLE] = "left-little",
};
#define NAME_PREFIX "finger-"

/**
 * fast_finger_record_free:
 * @record: (transfer full): a finger record
 */
void
fast_finger_record_free (FastFingerRecord *record)
{
  g_clear_pointer (&record->image, g_bytes_unref);
  g_free (record);
}

/**
 * fast_finger_from_name:
 * @name: as in `right-ring`, or as a sample is named, `finger-right-ring`
 * @finger: (out): the finger that it names
 *
 * Returns: whether it names one
 */
gboolean
fast_finger_from_name (const char *name, FastFinger *finger)
{
  if (g_str_has_prefix (name, NAME_PREFIX))
    name += strlen (NAME_PREFIX);
  *finger = FAST_FINGER_UNKNOWN;
  for (guint i = FAST_FINGER_RIGHT_THUMB; i < G_N_ELEMENTS (NAMES); i++)
    if (strcmp (NAMES[i], name) == 0)
      *finger = i;
  return *finger != FAST_FINGER_UNKNOWN;
}

/**
 * fast_finger_subtype:
 * @finger: a finger
 *
 * Returns: the biometric subtype (tag 82) of its template: 05 for the right thumb; 00 when unknown
 */
guint
fast_finger_subtype (FastFinger finger)
{
  return SUBTYPES[finger];
}

/**
 * fast_finger_from_subtype:
 * @subtype: a biometric subtype
 * @finger: (out): the finger that it names; a hand alone is none
 *
 * Returns: whether the subtype is registered for fingers
 */
gboolean
fast_finger_from_subtype (guint subtype, FastFinger *finger)
{
  *finger = FAST_FINGER_UNKNOWN;
  for (guint i = 0; i < G_N_ELEMENTS (SUBTYPES); i++) {
    if (SUBTYPES[i] != subtype)
      continue;
    *finger = i;
    return TRUE;
  }
  return subtype == 0x01 || subtype == 0x02;
}

static gboolean
fail (GError **error, const char *field, guint value)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-record-field",
                    "field=%s, value=%u", field, value);
}

static const Coding *
find_coding (guint coding)
{
  for (gsize i = 0; i < G_N_ELEMENTS (CODINGS); i++)
    if (CODINGS[i].coding == coding)
      return &CODINGS[i];
  return NULL;
}

/* The declared coding must be what the data begin with; raw data must be of the declared size. */
static gboolean
check_image (const FastFingerRecord *record, GError **error)
{
  const Coding *coding = find_coding (record->coding);
  gsize size = g_bytes_get_size (record->image);
  FastImageFormat format;

  if (coding == NULL || coding->coding == FAST_FINGER_BLOCK)
    return fail (error, "compression algorithm", record->coding);
  if (record->coding <= FAST_FINGER_PACKED)
    return size == (gsize)record->width * record->height || fail (error, "image size", (guint)size);
  if (record->coding == FAST_FINGER_JPEG2000)
    return fast_image_sniff (record->image, WHAT, &format, error) &&
           (format == FAST_IMAGE_JPEG2000 || fail (error, "compression algorithm", record->coding));
  return (size > coding->size &&
          memcmp (g_bytes_get_data (record->image, NULL), coding->magic, coding->size) == 0) ||
         fail (error, "compression algorithm", record->coding);
}

static gboolean
check_finger (const FastFingerRecord *record, GError **error)
{
  if (record->finger > FAST_FINGER_LEFT_LITTLE)
    return fail (error, "finger position", record->finger);
  if (record->quality > QUALITY_BEST && record->quality != FAST_FINGER_QUALITY_NONE &&
      record->quality != QUALITY_FAILED)
    return fail (error, "quality", record->quality);
  if (record->impression > IMPRESSION_LAST)
    return fail (error, "impression type", record->impression);
  if (record->width == 0 || record->width > FAST_IMAGE_SIDE_LIMIT)
    return fail (error, "width", record->width);
  if (record->height == 0 || record->height > FAST_IMAGE_SIDE_LIMIT)
    return fail (error, "height", record->height);
  return check_image (record, error);
}

/* 7.1: identifier, version, length in six bytes, device, capture level, one finger, scale, depth.
 */
static void
append_header (GByteArray *out, const FastFingerRecord *record, gsize total)
{
  fast_append (out, IDENTIFIER, sizeof IDENTIFIER);
  fast_append (out, VERSION, sizeof VERSION);
  fast_append_u16 (out, 0);
  fast_append_u32 (out, (guint32)total);
  fast_append_u16 (out, 0);
  fast_append_u16 (out, record->dpi == 1000 ? LEVEL_1000 : LEVEL_500);
  fast_append_u8 (out, 1);
  fast_append_u8 (out, UNIT_INCH);
  for (guint i = 0; i < 4; i++)
    fast_append_u16 (out, (guint16)record->dpi);
  fast_append_u8 (out, DEPTH);
  fast_append_u8 (out, (guint8)record->coding);
  fast_append_u16 (out, 0);
}

/* 7.2: length of header and picture, position, one view of one, quality, impression, size. */
static void
append_finger (GByteArray *out, const FastFingerRecord *record)
{
  fast_append_u32 (out, (guint32)(FINGER_SIZE + g_bytes_get_size (record->image)));
  fast_append_u8 (out, (guint8)record->finger);
  fast_append_u8 (out, 1);
  fast_append_u8 (out, 1);
  fast_append_u8 (out, (guint8)record->quality);
  fast_append_u8 (out, (guint8)record->impression);
  fast_append_u16 (out, (guint16)record->width);
  fast_append_u16 (out, (guint16)record->height);
  fast_append_u8 (out, 0);
}

/**
 * fast_finger_record_make:
 * @record: what to encode
 * @error: return location for an error
 *
 * Returns: (transfer full): the record of ISO/IEC 19794-4:2005, clause 7 (TR-03121, COD-FP-CHIP)
 */
GBytes *
fast_finger_record_make (const FastFingerRecord *record, GError **error)
{
  GByteArray *out;

  if (record->dpi != 500 && record->dpi != 1000) {
    fail (error, "resolution", record->dpi);
    return NULL;
  }
  if (!check_finger (record, error))
    return NULL;
  out = g_byte_array_new ();
  append_header (out, record, FAST_FINGER_RECORD_OVERHEAD + g_bytes_get_size (record->image));
  append_finger (out, record);
  fast_append_bytes (out, record->image);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
parse_identifier (FastReader *reader, GError **error)
{
  const guint8 *identifier = fast_reader_take (reader, 4, error);
  const guint8 *version = identifier != NULL ? fast_reader_take (reader, 4, error) : NULL;

  if (version == NULL)
    return FALSE;
  if (memcmp (identifier, IDENTIFIER, sizeof IDENTIFIER) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED,
                      "finger-record-identifier", NULL);
  if (memcmp (version, VERSION, sizeof VERSION) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                      "finger-record-version", "version=%02X%02X%02X%02X", version[0], version[1],
                      version[2], version[3]);
  return TRUE;
}

static gboolean
parse_length (FastReader *reader, GError **error)
{
  guint16 high;
  guint32 low;

  if (!fast_reader_u16 (reader, &high, error) || !fast_reader_u32 (reader, &low, error))
    return FALSE;
  return (high == 0 && low == reader->size) || fail (error, "record length", low);
}

static gboolean
is_near (guint value, guint wanted)
{
  return value * 100 >= wanted * (100 - TOLERANCE_PERCENT) &&
         value * 100 <= wanted * (100 + TOLERANCE_PERCENT);
}

/* Scan and picture, across and down: the picture's two must be equal and one that we know. */
static gboolean
parse_resolution (FastReader *reader, guint unit, FastFingerRecord *record, GError **error)
{
  guint16 scan[2], image[2];
  guint dpi;

  for (guint i = 0; i < 4; i++)
    if (!fast_reader_u16 (reader, i < 2 ? &scan[i] : &image[i - 2], error))
      return FALSE;
  if (unit != UNIT_INCH && unit != UNIT_CENTIMETRE)
    return fail (error, "scale units", unit);
  dpi = unit == UNIT_INCH ? image[0] : image[0] * 254u / 100;
  if (image[0] != image[1] || (!is_near (dpi, 500) && !is_near (dpi, 1000)))
    return fail (error, "resolution", image[0]);
  record->dpi = is_near (dpi, 500) ? 500 : 1000;
  return TRUE;
}

static gboolean
parse_header (FastReader *reader, FastFingerRecord *record, GError **error)
{
  guint16 device, level, reserved;
  guint8 fingers, unit, depth, coding;

  if (!parse_identifier (reader, error) || !parse_length (reader, error) ||
      !fast_reader_u16 (reader, &device, error) || !fast_reader_u16 (reader, &level, error) ||
      !fast_reader_u8 (reader, &fingers, error) || !fast_reader_u8 (reader, &unit, error) ||
      !parse_resolution (reader, unit, record, error) || !fast_reader_u8 (reader, &depth, error) ||
      !fast_reader_u8 (reader, &coding, error) || !fast_reader_u16 (reader, &reserved, error))
    return FALSE;
  if (fingers != 1)
    return fail (error, "number of fingers", fingers);
  if (depth != DEPTH)
    return fail (error, "pixel depth", depth);
  record->coding = coding;
  return TRUE;
}

static gboolean
parse_views (FastReader *reader, FastFingerRecord *record, GError **error)
{
  gsize left = fast_reader_left (reader);
  guint32 length;
  guint8 position, views, view;

  if (!fast_reader_u32 (reader, &length, error) || !fast_reader_u8 (reader, &position, error) ||
      !fast_reader_u8 (reader, &views, error) || !fast_reader_u8 (reader, &view, error))
    return FALSE;
  if (length != left)
    return fail (error, "finger data length", length);
  if (views != 1)
    return fail (error, "number of views", views);
  record->finger = position;
  return view == 1 || fail (error, "view number", view);
}

static gboolean
parse_finger (FastReader *reader, FastFingerRecord *record, GError **error)
{
  guint8 quality, impression, reserved;
  guint16 width, height;

  if (!parse_views (reader, record, error) || !fast_reader_u8 (reader, &quality, error) ||
      !fast_reader_u8 (reader, &impression, error) || !fast_reader_u16 (reader, &width, error) ||
      !fast_reader_u16 (reader, &height, error) || !fast_reader_u8 (reader, &reserved, error))
    return FALSE;
  record->quality = quality;
  record->impression = impression;
  record->width = width;
  record->height = height;
  return TRUE;
}

/**
 * fast_finger_record_parse:
 * @encoded: a finger image record
 * @error: return location for an error
 *
 * Lengths, ranges and the picture's first bytes are checked; the picture is not decoded. Capture
 * level, device and reserved bytes may be anything. Other editions are refused by their version.
 *
 * Returns: (transfer full): the record of ISO/IEC 19794-4:2005 with one view of one finger
 */
FastFingerRecord *
fast_finger_record_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastFingerRecord) record = g_new0 (FastFingerRecord, 1);
  gsize left;

  if (!parse_header (&reader, record, error) || !parse_finger (&reader, record, error))
    return NULL;
  left = fast_reader_left (&reader);
  record->image = g_bytes_new_from_bytes (encoded, reader.offset, left);
  return check_finger (record, error) ? g_steal_pointer (&record) : NULL;
}

static FastImage *
from_raw (const FastFingerRecord *record)
{
  FastImage *image = fast_image_new (record->width, record->height, 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (record->image, &size);

  fast_copy (image->pixels, size, data, size);
  return image;
}

static FastImage *
from_encoded (const FastFingerRecord *record, GError **error)
{
  g_autoptr (FastImage) image = fast_image_decode (record->image, WHAT, error);

  if (image == NULL)
    return NULL;
  if (image->width != record->width)
    return fail (error, "width", record->width), NULL;
  if (image->height != record->height)
    return fail (error, "height", record->height), NULL;
  return image->channels == 1 ? g_steal_pointer (&image) : fast_image_grey (image);
}

/**
 * fast_finger_record_decode:
 * @record: a finger record
 * @error: return location for an error; FAST_INPUT_ERROR_UNSUPPORTED for WSQ and for an
 *   ISO/IEC 39794-4 block
 *
 * Returns: (transfer full): its picture, grey, with its resolution
 */
FastImage *
fast_finger_record_decode (const FastFingerRecord *record, GError **error)
{
  FastImage *image;

  if (record->coding == FAST_FINGER_WSQ || record->coding == FAST_FINGER_BLOCK)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                           "finger-record-coding", "coding=%s", find_coding (record->coding)->name);
  image = record->coding <= FAST_FINGER_PACKED ? from_raw (record) : from_encoded (record, error);
  if (image != NULL)
    image->pixels_per_metre = record->dpi == 1000 ? 2 * FAST_IMAGE_500_DPI : FAST_IMAGE_500_DPI;
  return image;
}

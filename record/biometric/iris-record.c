/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/iris-record.h"

#include <string.h>

#include "record/base/error.h"

#define WHAT "iris record"
#define IDENTIFIER "IIR"
#define VERSION "010"
#define HEADER_SIZE 45
#define DEVICE_ID_SIZE 16

/* ISO/IEC 19794-6:2005, tables 2 to 4. */
#define DEPTH 8
#define DEPTH_RGB 24
#define TRANSFORMATION_LAST 1
#define ANGLE_UNKNOWN 0xFFFF
#define QUALITY_BEST 100

/* @magic: how the data begin; @channels: bytes a pixel when raw, else 0 */
typedef struct {
  FastIrisCoding coding;
  const char *name;
  guint channels;
  gboolean decoded;
  FastImageFormat format;
} Coding;

static const Coding CODINGS[] = {
    {FAST_IRIS_RAW_GREY, "raw", 1, TRUE, 0},
    {FAST_IRIS_RAW_RGB, "raw", 3, TRUE, 0},
    {FAST_IRIS_JPEG_GREY, "JPEG", 0, TRUE, FAST_IMAGE_JPEG},
    {FAST_IRIS_JPEG_RGB, "JPEG", 0, TRUE, FAST_IMAGE_JPEG},
    {FAST_IRIS_LS_GREY, "JPEG-LS", 0, FALSE, 0},
    {FAST_IRIS_LS_RGB, "JPEG-LS", 0, FALSE, 0},
    {FAST_IRIS_JPEG2000_GREY, "JPEG 2000", 0, TRUE, FAST_IMAGE_JPEG2000},
    {FAST_IRIS_JPEG2000_RGB, "JPEG 2000", 0, TRUE, FAST_IMAGE_JPEG2000},
    {FAST_IRIS_BLOCK, "ISO/IEC 39794-6", 0, FALSE, 0},
};

/**
 * fast_iris_record_free:
 * @record: (transfer full): an iris record
 */
void
fast_iris_record_free (FastIrisRecord *record)
{
  g_clear_pointer (&record->image, g_bytes_unref);
  g_free (record);
}

static gboolean
fail (GError **error, const char *field, guint value)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "iris-record-field",
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

/* The declared format must be what the data begin with; raw data must be of the declared size. */
static gboolean
check_image (const FastIrisRecord *record, GError **error)
{
  const Coding *coding = find_coding (record->coding);
  gsize size = g_bytes_get_size (record->image);
  FastImageFormat format;

  if (coding == NULL || coding->coding == FAST_IRIS_BLOCK)
    return fail (error, "image format", record->coding);
  if (coding->channels != 0)
    return size == (gsize)record->width * record->height * coding->channels ||
           fail (error, "image length", (guint)size);
  if (!coding->decoded)
    return size > 0 || fail (error, "image length", 0);
  return fast_image_sniff (record->image, WHAT, &format, error) &&
         (format == coding->format || fail (error, "image format", record->coding));
}

static gboolean
check_record (const FastIrisRecord *record, GError **error)
{
  if (record->eye > FAST_EYE_LEFT)
    return fail (error, "eye", record->eye);
  if (record->width == 0 || record->width > FAST_IMAGE_SIDE_LIMIT)
    return fail (error, "image width", record->width);
  if (record->height == 0 || record->height > FAST_IMAGE_SIDE_LIMIT)
    return fail (error, "image height", record->height);
  if (record->diameter > G_MAXUINT16)
    return fail (error, "iris diameter", record->diameter);
  if (record->quality > QUALITY_BEST && record->quality != FAST_IRIS_QUALITY_NONE)
    return fail (error, "quality", record->quality);
  return check_image (record, error);
}

/* 6.5.1: one eye; orientation, scan and device are left undefined. */
static void
append_header (GByteArray *out, const FastIrisRecord *record, gsize total)
{
  static const guint8 NO_DEVICE[DEVICE_ID_SIZE] = {0};

  fast_append (out, IDENTIFIER, sizeof IDENTIFIER);
  fast_append (out, VERSION, sizeof VERSION);
  fast_append_u32 (out, (guint32)total);
  fast_append_u16 (out, 0);
  fast_append_u8 (out, 1);
  fast_append_u16 (out, HEADER_SIZE);
  fast_append_u16 (out, 0);
  fast_append_u16 (out, (guint16)record->diameter);
  fast_append_u16 (out, (guint16)record->coding);
  fast_append_u16 (out, (guint16)record->width);
  fast_append_u16 (out, (guint16)record->height);
  fast_append_u8 (out, DEPTH);
  fast_append_u8 (out, record->polar ? 1 : 0);
  fast_append (out, NO_DEVICE, sizeof NO_DEVICE);
}

/* 6.5.2, 6.5.3: the eye, its number of pictures; number, quality, rotation, length of the one. */
static void
append_image (GByteArray *out, const FastIrisRecord *record)
{
  fast_append_u8 (out, (guint8)record->eye);
  fast_append_u16 (out, 1);
  fast_append_u16 (out, 1);
  fast_append_u8 (out, (guint8)record->quality);
  fast_append_u16 (out, ANGLE_UNKNOWN);
  fast_append_u16 (out, ANGLE_UNKNOWN);
  fast_append_u32 (out, (guint32)g_bytes_get_size (record->image));
  fast_append_bytes (out, record->image);
}

/**
 * fast_iris_record_make:
 * @record: what to encode
 * @error: return location for an error
 *
 * Returns: (transfer full): the record of ISO/IEC 19794-6:2005, 6.5
 */
GBytes *
fast_iris_record_make (const FastIrisRecord *record, GError **error)
{
  GByteArray *out;

  if (!check_record (record, error))
    return NULL;
  out = g_byte_array_new ();
  append_header (out, record, FAST_IRIS_RECORD_OVERHEAD + g_bytes_get_size (record->image));
  append_image (out, record);
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
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "iris-record-identifier",
                      NULL);
  if (memcmp (version, VERSION, sizeof VERSION) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "iris-record-version",
                      "version=%02X%02X%02X%02X", version[0], version[1], version[2], version[3]);
  return TRUE;
}

static gboolean
parse_extent (FastReader *reader, GError **error)
{
  guint32 total;
  guint16 device, size;
  guint8 eyes;

  if (!fast_reader_u32 (reader, &total, error) || !fast_reader_u16 (reader, &device, error) ||
      !fast_reader_u8 (reader, &eyes, error) || !fast_reader_u16 (reader, &size, error))
    return FALSE;
  if (total != reader->size)
    return fail (error, "record length", total);
  if (eyes != 1)
    return fail (error, "number of eyes", eyes);
  return size == HEADER_SIZE || fail (error, "header length", size);
}

static gboolean
parse_format (FastReader *reader, FastIrisRecord *record, GError **error)
{
  guint16 properties, diameter, coding, width, height;

  if (!fast_reader_u16 (reader, &properties, error) ||
      !fast_reader_u16 (reader, &diameter, error) || !fast_reader_u16 (reader, &coding, error) ||
      !fast_reader_u16 (reader, &width, error) || !fast_reader_u16 (reader, &height, error))
    return FALSE;
  record->diameter = diameter;
  record->coding = coding;
  record->width = width;
  record->height = height;
  return TRUE;
}

/* Some write the bits of a pixel, some those of a colour; nothing else is read. */
static gboolean
parse_depth (FastReader *reader, FastIrisRecord *record, GError **error)
{
  guint8 depth, transformation;

  if (!fast_reader_u8 (reader, &depth, error) || !fast_reader_u8 (reader, &transformation, error) ||
      fast_reader_take (reader, DEVICE_ID_SIZE, error) == NULL)
    return FALSE;
  if (depth != DEPTH && depth != DEPTH_RGB)
    return fail (error, "intensity depth", depth);
  record->polar = transformation != 0;
  return transformation <= TRANSFORMATION_LAST ||
         fail (error, "image transformation", transformation);
}

static gboolean
parse_eye (FastReader *reader, FastIrisRecord *record, GError **error)
{
  guint8 eye;
  guint16 images;

  if (!fast_reader_u8 (reader, &eye, error) || !fast_reader_u16 (reader, &images, error))
    return FALSE;
  record->eye = eye;
  return images == 1 || fail (error, "number of images", images);
}

static gboolean
parse_image (FastReader *reader, FastIrisRecord *record, GError **error)
{
  guint16 number, angle, uncertainty;
  guint8 quality;
  guint32 length;

  if (!fast_reader_u16 (reader, &number, error) || !fast_reader_u8 (reader, &quality, error) ||
      !fast_reader_u16 (reader, &angle, error) || !fast_reader_u16 (reader, &uncertainty, error) ||
      !fast_reader_u32 (reader, &length, error))
    return FALSE;
  record->quality = quality;
  return length == fast_reader_left (reader) || fail (error, "image length", length);
}

/**
 * fast_iris_record_parse:
 * @encoded: an iris image record
 * @error: return location for an error
 *
 * Lengths, ranges and the picture's first bytes are checked; the picture is not decoded. Device,
 * orientation and rotation may be anything. Other editions are refused by their version.
 *
 * Returns: (transfer full): the record of ISO/IEC 19794-6:2005 with one picture of one eye
 */
FastIrisRecord *
fast_iris_record_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastIrisRecord) record = g_new0 (FastIrisRecord, 1);
  gsize left;

  if (!parse_identifier (&reader, error) || !parse_extent (&reader, error) ||
      !parse_format (&reader, record, error) || !parse_depth (&reader, record, error) ||
      !parse_eye (&reader, record, error) || !parse_image (&reader, record, error))
    return NULL;
  left = fast_reader_left (&reader);
  record->image = g_bytes_new_from_bytes (encoded, reader.offset, left);
  return check_record (record, error) ? g_steal_pointer (&record) : NULL;
}

static FastImage *
from_raw (const FastIrisRecord *record, guint channels)
{
  FastImage *image = fast_image_new (record->width, record->height, channels);
  gsize size;
  const guint8 *data = g_bytes_get_data (record->image, &size);

  fast_copy (image->pixels, size, data, size);
  return image;
}

/**
 * fast_iris_record_decode:
 * @record: an iris record
 * @error: return location for an error; FAST_INPUT_ERROR_UNSUPPORTED for JPEG-LS and for an
 *   ISO/IEC 39794-6 block
 *
 * Returns: (transfer full): its picture
 */
FastImage *
fast_iris_record_decode (const FastIrisRecord *record, GError **error)
{
  const Coding *coding = find_coding (record->coding);
  g_autoptr (FastImage) image = NULL;

  if (!coding->decoded)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                           "iris-record-coding", "coding=%s", coding->name);
  if (coding->channels != 0)
    return from_raw (record, coding->channels);
  image = fast_image_decode (record->image, WHAT, error);
  if (image == NULL)
    return NULL;
  if (image->width != record->width)
    return fail (error, "image width", record->width), NULL;
  if (image->height != record->height)
    return fail (error, "image height", record->height), NULL;
  return g_steal_pointer (&image);
}

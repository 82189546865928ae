/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-record.h"

#include <string.h>

#include "record/base/error.h"

#define WHAT "facial record"
#define IDENTIFIER "FAC"
#define VERSION "010"
#define HEADER_SIZE 14
#define POINT_SIZE 8

/* ISO/IEC 19794-5:2005, tables of 5.5 to 5.7: the largest assigned value of each field. */
#define HAIR_LAST 7
#define EXPRESSION_LAST 7
#define ANGLE_LAST 181
#define COLOUR_SPACE_LAST 3
#define SOURCE_LAST 6
#define UNKNOWN 255
#define COLOUR_SRGB 1
#define EXPRESSION_VENDOR 0x8000
#define VENDOR 128

/**
 * fast_face_record_free:
 * @record: (transfer full): a facial record
 */
void
fast_face_record_free (FastFaceRecord *record)
{
  g_clear_pointer (&record->image, g_bytes_unref);
  g_free (record);
}

static gboolean
fail (GError **error, const char *field, guint value)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-record-field",
                    "field=%s, value=%u", field, value);
}

static gboolean
check_size (const FastFaceRecord *record, GError **error)
{
  if (record->width == 0 || record->width > G_MAXUINT16)
    return fail (error, "image width", record->width);
  if (record->height == 0 || record->height > G_MAXUINT16)
    return fail (error, "image height", record->height);
  return TRUE;
}

/* The declared data type must be what the data begin with. */
static gboolean
check_format (const FastFaceRecord *record, GError **error)
{
  FastImageFormat format;

  if (!fast_image_sniff (record->image, WHAT, &format, error))
    return FALSE;
  if (format != record->format || format == FAST_IMAGE_PNG)
    return fail (error, "image data type", (guint)record->format);
  return TRUE;
}

static void
append_header (GByteArray *out, gsize total)
{
  fast_append (out, IDENTIFIER, sizeof IDENTIFIER);
  fast_append (out, VERSION, sizeof VERSION);
  fast_append_u32 (out, (guint32)total);
  fast_append_u16 (out, 1);
}

static void
append_zeros (GByteArray *out, guint count)
{
  while (count-- > 0)
    fast_append_u8 (out, 0);
}

/* 5.5: no feature points; hair, features, expression and pose are left unspecified. */
static void
append_information (GByteArray *out, const FastFaceRecord *record, gsize total)
{
  fast_append_u32 (out, (guint32)(total - HEADER_SIZE));
  fast_append_u16 (out, 0);
  fast_append_u8 (out, (guint8)record->sex);
  fast_append_u8 (out, (guint8)record->eyes);
  append_zeros (out, 1 + 3 + 2 + 3 + 3);
}

static void
append_image_information (GByteArray *out, const FastFaceRecord *record)
{
  fast_append_u8 (out, (guint8)record->kind);
  fast_append_u8 (out, record->format == FAST_IMAGE_JPEG2000);
  fast_append_u16 (out, (guint16)record->width);
  fast_append_u16 (out, (guint16)record->height);
  fast_append_u8 (out, COLOUR_SRGB);
  fast_append_u8 (out, (guint8)record->source);
  fast_append_u16 (out, 0);
  fast_append_u16 (out, (guint16)record->quality);
}

/**
 * fast_face_record_make:
 * @record: what to encode; @feature_points must be 0
 * @error: return location for an error
 *
 * Returns: (transfer full): the record of ISO/IEC 19794-5:2005, clause 5
 */
GBytes *
fast_face_record_make (const FastFaceRecord *record, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize total = FAST_FACE_RECORD_OVERHEAD + g_bytes_get_size (record->image);

  if (!check_size (record, error) || !check_format (record, error))
    return NULL;
  append_header (out, total);
  append_information (out, record, total);
  append_image_information (out, record);
  fast_append_bytes (out, record->image);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* 5.4: identifier, version, length of the whole record, number of faces. */
static gboolean
parse_header (FastReader *reader, GError **error)
{
  guint32 total;
  guint16 faces;
  const guint8 *identifier = fast_reader_take (reader, 4, error);
  const guint8 *version = identifier != NULL ? fast_reader_take (reader, 4, error) : NULL;

  if (version == NULL || !fast_reader_u32 (reader, &total, error) ||
      !fast_reader_u16 (reader, &faces, error))
    return FALSE;
  if (memcmp (identifier, IDENTIFIER, sizeof IDENTIFIER) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "face-record-identifier",
                      NULL);
  if (memcmp (version, VERSION, sizeof VERSION) != 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "face-record-version",
                      "version=%.3s", (const char *)version);
  if (total != reader->size)
    return fail (error, "record length", total);
  return faces == 1 || fail (error, "number of faces", faces);
}

static gboolean
parse_traits (FastReader *reader, FastFaceRecord *record, GError **error)
{
  guint8 sex, eyes, hair;

  if (!fast_reader_u8 (reader, &sex, error) || !fast_reader_u8 (reader, &eyes, error) ||
      !fast_reader_u8 (reader, &hair, error))
    return FALSE;
  if (sex > FAST_FACE_SEX_FEMALE && sex != UNKNOWN)
    return fail (error, "gender", sex);
  if (eyes > FAST_FACE_EYES_PINK && eyes != UNKNOWN)
    return fail (error, "eye colour", eyes);
  if (hair > HAIR_LAST && hair != UNKNOWN)
    return fail (error, "hair colour", hair);
  record->sex = sex;
  record->eyes = eyes;
  return TRUE;
}

/* 5.5.6 to 5.5.9: property mask, expression, pose angles and their uncertainties. */
static gboolean
parse_pose (FastReader *reader, GError **error)
{
  guint16 expression;

  if (fast_reader_take (reader, 3, error) == NULL || !fast_reader_u16 (reader, &expression, error))
    return FALSE;
  if (expression > EXPRESSION_LAST && expression < EXPRESSION_VENDOR)
    return fail (error, "expression", expression);
  for (guint i = 0; i < 6; i++) {
    guint8 angle;

    if (!fast_reader_u8 (reader, &angle, error))
      return FALSE;
    if (angle > ANGLE_LAST)
      return fail (error, i < 3 ? "pose angle" : "pose angle uncertainty", angle);
  }
  return TRUE;
}

static gboolean
parse_information (FastReader *reader, FastFaceRecord *record, GError **error)
{
  gsize left = fast_reader_left (reader);
  guint32 length;
  guint16 points;

  if (!fast_reader_u32 (reader, &length, error) || !fast_reader_u16 (reader, &points, error) ||
      !parse_traits (reader, record, error) || !parse_pose (reader, error))
    return FALSE;
  if (length != left)
    return fail (error, "facial data length", length);
  record->feature_points = points;
  return fast_reader_take (reader, (gsize)points * POINT_SIZE, error) != NULL;
}

static gboolean
parse_kind (FastReader *reader, FastFaceRecord *record, GError **error)
{
  guint8 kind, type;

  if (!fast_reader_u8 (reader, &kind, error) || !fast_reader_u8 (reader, &type, error))
    return FALSE;
  if (kind > FAST_FACE_TOKEN)
    return fail (error, "face image type", kind);
  if (type > 1)
    return fail (error, "image data type", type);
  record->kind = kind;
  record->format = type == 0 ? FAST_IMAGE_JPEG : FAST_IMAGE_JPEG2000;
  return TRUE;
}

static gboolean
parse_size (FastReader *reader, FastFaceRecord *record, GError **error)
{
  guint16 width, height;

  if (!fast_reader_u16 (reader, &width, error) || !fast_reader_u16 (reader, &height, error))
    return FALSE;
  record->width = width;
  record->height = height;
  return check_size (record, error);
}

static gboolean
parse_origin (FastReader *reader, FastFaceRecord *record, GError **error)
{
  guint8 space, source;
  guint16 device, quality;

  if (!fast_reader_u8 (reader, &space, error) || !fast_reader_u8 (reader, &source, error) ||
      !fast_reader_u16 (reader, &device, error) || !fast_reader_u16 (reader, &quality, error))
    return FALSE;
  if (space > COLOUR_SPACE_LAST && space < VENDOR)
    return fail (error, "colour space", space);
  if (source > SOURCE_LAST && source < VENDOR)
    return fail (error, "source type", source);
  record->source = source;
  record->quality = quality;
  return TRUE;
}

static gboolean
parse_image (FastReader *reader, FastFaceRecord *record, GError **error)
{
  gsize size = fast_reader_left (reader);
  const guint8 *data = fast_reader_take (reader, size, error);

  if (data == NULL)
    return FALSE;
  record->image = g_bytes_new (data, size);
  return check_format (record, error);
}

/**
 * fast_face_record_parse:
 * @encoded: a facial record
 * @error: return location for an error
 *
 * Strict: every length, range and the picture's first bytes are checked; the picture is not
 * decoded. Other editions of the standard are refused by their version.
 *
 * Returns: (transfer full): the record of ISO/IEC 19794-5:2005 with one face
 */
FastFaceRecord *
fast_face_record_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastFaceRecord) record = g_new0 (FastFaceRecord, 1);

  if (!parse_header (&reader, error) || !parse_information (&reader, record, error) ||
      !parse_kind (&reader, record, error) || !parse_size (&reader, record, error) ||
      !parse_origin (&reader, record, error) || !parse_image (&reader, record, error))
    return NULL;
  return g_steal_pointer (&record);
}

/**
 * fast_face_record_decode:
 * @record: a facial record
 * @error: return location for an error
 *
 * The declared size is not compared with the picture's: chips in the field misstate it, the 2008
 * specimen of the Bundesdruckerei among them.
 *
 * Returns: (transfer full): its picture
 */
FastImage *
fast_face_record_decode (const FastFaceRecord *record, GError **error)
{
  return fast_image_decode (record->image, WHAT, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-block.h"

#include "record/base/error.h"
#include "record/biometric/context-block.h"

#define WHAT "face image block"
#define TAG_STANDARD_FORM 0xA1
#define TAG_BLOCK 0x65
#define TAG_SEQUENCE 0x30
#define CONTEXT(number) (0x80u + (number))
#define CONTEXT_SEQUENCE(number) (0xA0u + (number))

/* ISO/IEC 39794-1, VersionBlock: the first edition. */
#define GENERATION_LEAST 3
#define GENERATION_MOST 65535
#define YEAR_LEAST 2019
#define YEAR_MOST 9999

enum { BLOCK_VERSION, BLOCK_REPRESENTATIONS };
enum { VERSION_GENERATION, VERSION_YEAR };
enum {
  REPRESENTATION_ID,
  REPRESENTATION_IMAGE,
  REPRESENTATION_QUALITIES = 3,
  REPRESENTATION_IDENTITY = 8,
  REPRESENTATION_LANDMARKS = 9,
};
enum { IMAGE_DATA, IMAGE_INFORMATION, IMAGE_DEVICE };
enum {
  INFORMATION_FORMAT,
  INFORMATION_KIND,
  INFORMATION_SIZE = 7,
  INFORMATION_COLOUR_SPACE = 9,
};
enum { DEVICE_TECHNOLOGY = 1 };
enum { IDENTITY_SEX, IDENTITY_EYES, IDENTITY_HAIR, IDENTITY_POSE = 6 };

/* The greatest code of each list in ISO/IEC 39794-5. */
#define SEX_LAST 3
#define EYES_LAST 9
#define HAIR_LAST 9
#define KIND_LAST 1
#define TECHNOLOGY_LAST 6
#define COLOUR_SPACE_LAST 6
#define FORMAT_LAST 4

enum { FORMAT_JPEG = 2, FORMAT_JPEG2000_LOSSY = 3 };
enum { SEX_MALE = 2, SEX_FEMALE = 3 };
#define KIND_MRTD 0
#define COLOUR_SPACE_RGB 2

/* Index: code here; value: code of ISO/IEC 19794-5:2005, the nearest where it has none. */
static const FastFaceSex SEXES[] = {FAST_FACE_SEX_UNKNOWN, FAST_FACE_SEX_UNSPECIFIED,
                                    FAST_FACE_SEX_MALE, FAST_FACE_SEX_FEMALE};
static const FastFaceEyes EYES[] = {
    FAST_FACE_EYES_UNKNOWN, FAST_FACE_EYES_UNSPECIFIED, FAST_FACE_EYES_BLACK, FAST_FACE_EYES_BLUE,
    FAST_FACE_EYES_BROWN,   FAST_FACE_EYES_GREY,        FAST_FACE_EYES_GREEN, FAST_FACE_EYES_MULTI,
    FAST_FACE_EYES_MULTI,   FAST_FACE_EYES_PINK};

static gboolean
fail (GError **error, const char *field, guint value)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "face-record-field",
                    "field=%s, value=%u", field, value);
}

static gboolean
parse_version (const FastContextBlock *block, GError **error)
{
  FastContextBlock version;
  gint generation, year;

  return fast_context_block_open (block, BLOCK_VERSION, "version block", &version, error) &&
         fast_context_block_integer (&version, VERSION_GENERATION, GENERATION_LEAST,
                                     GENERATION_MOST, &generation, error) &&
         fast_context_block_integer (&version, VERSION_YEAR, YEAR_LEAST, YEAR_MOST, &year, error);
}

/* The profile allows exactly one. */
static gboolean
open_representation (const FastContextBlock *block, FastContextBlock *representation,
                     GError **error)
{
  FastReader reader;
  FastTlv tlv;

  if (!fast_context_block_enter (block, BLOCK_REPRESENTATIONS, "face representations", &reader,
                                 error) ||
      !fast_tlv_expect (&reader, TAG_SEQUENCE, &tlv, error))
    return FALSE;
  if (fast_reader_left (&reader) > 0)
    return fail (error, "number of representations", 2);
  return fast_context_block_read (fast_tlv_open (&tlv, "face representation"), representation,
                                  error);
}

static gboolean
parse_size (const FastContextBlock *information, FastFaceRecord *record, GError **error)
{
  FastContextBlock size;
  gint width, height;

  if (!fast_context_block_has (information, INFORMATION_SIZE))
    return TRUE;
  if (!fast_context_block_open (information, INFORMATION_SIZE, "image size block", &size, error) ||
      !fast_context_block_integer (&size, 0, 1, G_MAXUINT16, &width, error) ||
      !fast_context_block_integer (&size, 1, 1, G_MAXUINT16, &height, error))
    return FALSE;
  record->width = (guint)width;
  record->height = (guint)height;
  return TRUE;
}

static gboolean
parse_information (const FastContextBlock *image, FastFaceRecord *record, GError **error)
{
  FastContextBlock information;
  gint format, kind = KIND_LAST, space;

  if (!fast_context_block_open (image, IMAGE_INFORMATION, "image information", &information,
                                error) ||
      !fast_context_block_code (&information, INFORMATION_FORMAT, FORMAT_LAST, &format, error))
    return FALSE;
  if (format < FORMAT_JPEG)
    return fail (error, "image data format", (guint)format);
  if (fast_context_block_has (&information, INFORMATION_KIND) &&
      !fast_context_block_code (&information, INFORMATION_KIND, KIND_LAST, &kind, error))
    return FALSE;
  if (fast_context_block_has (&information, INFORMATION_COLOUR_SPACE) &&
      !fast_context_block_code (&information, INFORMATION_COLOUR_SPACE, COLOUR_SPACE_LAST, &space,
                                error))
    return FALSE;
  record->format = format == FORMAT_JPEG ? FAST_IMAGE_JPEG : FAST_IMAGE_JPEG2000;
  record->kind = kind == KIND_MRTD ? FAST_FACE_FULL_FRONTAL : FAST_FACE_BASIC;
  return parse_size (&information, record, error);
}

static gboolean
parse_device (const FastContextBlock *image, FastFaceRecord *record, GError **error)
{
  FastContextBlock device;
  gint technology = 0;

  if (!fast_context_block_has (image, IMAGE_DEVICE))
    return TRUE;
  if (!fast_context_block_open (image, IMAGE_DEVICE, "capture device", &device, error))
    return FALSE;
  if (fast_context_block_has (&device, DEVICE_TECHNOLOGY) &&
      !fast_context_block_code (&device, DEVICE_TECHNOLOGY, TECHNOLOGY_LAST, &technology, error))
    return FALSE;
  record->source = (FastFaceSource)technology;
  return TRUE;
}

/* Choice in choice: the base of an image representation, of which the picture in two dimensions. */
static gboolean
open_image (const FastContextBlock *representation, FastContextBlock *image, GError **error)
{
  FastContextBlock choice, base;

  return fast_context_block_open (representation, REPRESENTATION_IMAGE, "image representation",
                                  &choice, error) &&
         fast_context_block_open (&choice, 0, "image representation", &base, error) &&
         fast_context_block_open (&base, 0, "2D image representation", image, error);
}

static gboolean
parse_image (const FastContextBlock *representation, FastFaceRecord *record, GError **error)
{
  FastContextBlock image;
  FastImageFormat format;

  if (!open_image (representation, &image, error))
    return FALSE;
  record->image = fast_context_block_bytes (&image, IMAGE_DATA, error);
  if (record->image == NULL || !parse_information (&image, record, error) ||
      !parse_device (&image, record, error) ||
      !fast_image_sniff (record->image, WHAT, &format, error))
    return FALSE;
  return format == record->format || fail (error, "image data format", (guint)record->format);
}

static gboolean
parse_angle (const FastContextBlock *pose, guint number, GError **error)
{
  FastContextBlock angle;
  gint value;

  if (!fast_context_block_has (pose, number))
    return TRUE;
  if (!fast_context_block_open (pose, number, "pose angle", &angle, error) ||
      !fast_context_block_integer (&angle, 0, -180, 180, &value, error))
    return FALSE;
  return !fast_context_block_has (&angle, 1) ||
         fast_context_block_integer (&angle, 1, 0, 180, &value, error);
}

static gboolean
parse_pose (const FastContextBlock *identity, GError **error)
{
  FastContextBlock pose;

  if (!fast_context_block_has (identity, IDENTITY_POSE))
    return TRUE;
  return fast_context_block_open (identity, IDENTITY_POSE, "pose angles", &pose, error) &&
         parse_angle (&pose, 0, error) && parse_angle (&pose, 1, error) &&
         parse_angle (&pose, 2, error);
}

static gboolean
parse_identity (const FastContextBlock *representation, FastFaceRecord *record, GError **error)
{
  FastContextBlock identity;
  gint sex = 1, eyes = 1, hair;

  if (!fast_context_block_has (representation, REPRESENTATION_IDENTITY))
    return TRUE;
  if (!fast_context_block_open (representation, REPRESENTATION_IDENTITY, "identity metadata",
                                &identity, error))
    return FALSE;
  if (fast_context_block_has (&identity, IDENTITY_SEX) &&
      !fast_context_block_code (&identity, IDENTITY_SEX, SEX_LAST, &sex, error))
    return FALSE;
  if (fast_context_block_has (&identity, IDENTITY_EYES) &&
      !fast_context_block_code (&identity, IDENTITY_EYES, EYES_LAST, &eyes, error))
    return FALSE;
  if (fast_context_block_has (&identity, IDENTITY_HAIR) &&
      !fast_context_block_code (&identity, IDENTITY_HAIR, HAIR_LAST, &hair, error))
    return FALSE;
  record->sex = SEXES[sex];
  record->eyes = EYES[eyes];
  return parse_pose (&identity, error);
}

/* The first score that was measured; a failure to measure is no score. */
static gboolean
parse_qualities (const FastContextBlock *representation, FastFaceRecord *record, GError **error)
{
  FastContextBlock quality, choice;
  FastReader reader;
  FastTlv tlv;
  gint score = 0;

  if (!fast_context_block_has (representation, REPRESENTATION_QUALITIES))
    return TRUE;
  if (!fast_context_block_enter (representation, REPRESENTATION_QUALITIES, "quality blocks",
                                 &reader, error))
    return FALSE;
  while (score == 0 && fast_reader_left (&reader) > 0) {
    if (!fast_tlv_expect (&reader, TAG_SEQUENCE, &tlv, error) ||
        !fast_context_block_read (fast_tlv_open (&tlv, "quality block"), &quality, error) ||
        !fast_context_block_open (&quality, 1, "quality score", &choice, error))
      return FALSE;
    if (fast_context_block_has (&choice, 0) &&
        !fast_context_block_integer (&choice, 0, 0, 100, &score, error))
      return FALSE;
  }
  record->quality = (guint)score;
  return TRUE;
}

static gboolean
count_landmarks (const FastContextBlock *representation, FastFaceRecord *record, GError **error)
{
  FastReader reader;
  FastTlv tlv;

  if (!fast_context_block_has (representation, REPRESENTATION_LANDMARKS))
    return TRUE;
  if (!fast_context_block_enter (representation, REPRESENTATION_LANDMARKS, WHAT, &reader, error))
    return FALSE;
  while (fast_reader_left (&reader) > 0) {
    if (!fast_tlv_expect (&reader, TAG_SEQUENCE, &tlv, error))
      return FALSE;
    record->feature_points++;
  }
  return TRUE;
}

static gboolean
parse_representation (const FastContextBlock *block, FastFaceRecord *record, GError **error)
{
  FastContextBlock representation;
  gint id;

  return open_representation (block, &representation, error) &&
         fast_context_block_integer (&representation, REPRESENTATION_ID, 0, G_MAXINT, &id, error) &&
         parse_image (&representation, record, error) &&
         parse_identity (&representation, record, error) &&
         parse_qualities (&representation, record, error) &&
         count_landmarks (&representation, record, error);
}

/**
 * fast_face_block_parse:
 * @encoded: the content of a biometric data block 7F2E
 * @error: return location for an error
 *
 * Members that a face on a chip may have and that we do not use are passed over; those in use are
 * checked for their range. The picture is not decoded. @width and @height are 0 when the block does
 * not tell them.
 *
 * Returns: (transfer full): the one face of an ISO/IEC 39794-5 block
 */
FastFaceRecord *
fast_face_block_parse (GBytes *encoded, GError **error)
{
  g_autoptr (FastFaceRecord) record = g_new0 (FastFaceRecord, 1);
  FastContextBlock block = {.what = WHAT};

  record->edition = FAST_FACE_39794;
  if (!fast_context_block_unwrap (encoded, TAG_BLOCK, &block, error) ||
      !parse_version (&block, error) || !parse_representation (&block, record, error))
    return NULL;
  return g_steal_pointer (&record);
}

static void
append_integer (GByteArray *out, guint number, guint value)
{
  const guint8 bytes[3] = {(guint8)(value >> 16), (guint8)(value >> 8), (guint8)value};
  guint skip = 0;

  while (skip < 2 && bytes[skip] == 0 && (bytes[skip + 1] & 0x80) == 0)
    skip++;
  fast_tlv_append (out, CONTEXT (number), bytes + skip, sizeof bytes - skip);
}

/* Takes @content. */
static void
append_sequence (GByteArray *out, guint number, GByteArray *content)
{
  fast_tlv_append_array (out, CONTEXT_SEQUENCE (number), content);
  g_byte_array_unref (content);
}

/* The profile's form of a code: [n] { [1] { [0] code } }. */
static void
append_code (GByteArray *out, guint number, guint code)
{
  GByteArray *extension = g_byte_array_new ();
  GByteArray *choice = g_byte_array_new ();

  append_integer (extension, 0, code);
  append_sequence (choice, 1, extension);
  append_sequence (out, number, choice);
}

static guint
look_up (const FastFaceEyes *table, guint count, FastFaceEyes wanted)
{
  guint i = 0;

  while (i < count - 1 && table[i] != wanted)
    i++;
  return i;
}

static void
append_identity (GByteArray *out, const FastFaceRecord *record)
{
  g_autoptr (GByteArray) identity = g_byte_array_new ();

  if (record->sex == FAST_FACE_SEX_MALE)
    append_code (identity, IDENTITY_SEX, SEX_MALE);
  else if (record->sex == FAST_FACE_SEX_FEMALE)
    append_code (identity, IDENTITY_SEX, SEX_FEMALE);
  if (record->eyes != FAST_FACE_EYES_UNSPECIFIED)
    append_code (identity, IDENTITY_EYES, look_up (EYES, G_N_ELEMENTS (EYES), record->eyes));
  if (identity->len > 0)
    append_sequence (out, REPRESENTATION_IDENTITY, g_steal_pointer (&identity));
}

/* The format's own list does not grow by fallbacks, so its code stands directly. */
static GByteArray *
make_information (const FastFaceRecord *record)
{
  GByteArray *information = g_byte_array_new ();
  GByteArray *format = g_byte_array_new ();
  GByteArray *size = g_byte_array_new ();

  append_integer (format, 0,
                  record->format == FAST_IMAGE_JPEG ? FORMAT_JPEG : FORMAT_JPEG2000_LOSSY);
  append_sequence (information, INFORMATION_FORMAT, format);
  append_code (information, INFORMATION_KIND, KIND_MRTD);
  append_integer (size, 0, record->width);
  append_integer (size, 1, record->height);
  append_sequence (information, INFORMATION_SIZE, size);
  append_code (information, INFORMATION_COLOUR_SPACE, COLOUR_SPACE_RGB);
  return information;
}

static GByteArray *
make_image (const FastFaceRecord *record)
{
  GByteArray *image = g_byte_array_new ();
  GByteArray *device = g_byte_array_new ();
  GByteArray *base = g_byte_array_new ();
  GByteArray *choice = g_byte_array_new ();

  fast_tlv_append_bytes (image, CONTEXT (IMAGE_DATA), record->image);
  append_sequence (image, IMAGE_INFORMATION, make_information (record));
  append_code (device, DEVICE_TECHNOLOGY, record->source);
  append_sequence (image, IMAGE_DEVICE, device);
  append_sequence (base, 0, image);
  append_sequence (choice, 0, base);
  return choice;
}

static void
append_version (GByteArray *out)
{
  GByteArray *version = g_byte_array_new ();

  append_integer (version, VERSION_GENERATION, GENERATION_LEAST);
  append_integer (version, VERSION_YEAR, YEAR_LEAST);
  append_sequence (out, BLOCK_VERSION, version);
}

static void
append_representations (GByteArray *out, const FastFaceRecord *record)
{
  g_autoptr (GByteArray) representation = g_byte_array_new ();
  GByteArray *list = g_byte_array_new ();

  append_integer (representation, REPRESENTATION_ID, 0);
  append_sequence (representation, REPRESENTATION_IMAGE, make_image (record));
  append_identity (representation, record);
  fast_tlv_append_array (list, TAG_SEQUENCE, representation);
  append_sequence (out, BLOCK_REPRESENTATIONS, list);
}

static gboolean
check_record (const FastFaceRecord *record, GError **error)
{
  FastImageFormat format;

  if (record->kind != FAST_FACE_FULL_FRONTAL)
    return fail (error, "face image type", record->kind);
  if (record->width == 0 || record->width > G_MAXUINT16)
    return fail (error, "image width", record->width);
  if (record->height == 0 || record->height > G_MAXUINT16)
    return fail (error, "image height", record->height);
  if ((guint)record->source > TECHNOLOGY_LAST)
    return fail (error, "source type", record->source);
  if (!fast_image_sniff (record->image, WHAT, &format, error))
    return FALSE;
  return (format == record->format && format != FAST_IMAGE_PNG) ||
         fail (error, "image data format", (guint)record->format);
}

/**
 * fast_face_block_make:
 * @record: what to encode: a full frontal face without feature points; its quality is left out,
 *   because a score there needs a registered algorithm
 * @error: return location for an error
 *
 * Returns: (transfer full): the content of a biometric data block 7F2E in the form of ICAO's
 *   application profile of ISO/IEC 39794-5, DER
 */
GBytes *
fast_face_block_make (const FastFaceRecord *record, GError **error)
{
  g_autoptr (GByteArray) content = NULL;
  g_autoptr (GByteArray) block = NULL;
  GByteArray *out;

  if (!check_record (record, error))
    return NULL;
  content = g_byte_array_new ();
  block = g_byte_array_new ();
  append_version (content);
  append_representations (content, record);
  fast_tlv_append_array (block, TAG_BLOCK, content);
  out = g_byte_array_new ();
  fast_tlv_append_array (out, TAG_STANDARD_FORM, block);
  return g_byte_array_free_to_bytes (out);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-record.h"

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/biometric/cbeff.h"
#include "record/biometric/face-token.h"
#include "tests/support.h"

static FastImage *
portrait (guint width, guint height)
{
  FastImage *image = fast_image_new (width, height, 3);
  guint32 noise = 1;
  gsize size = (gsize)width * height * 3;

  for (gsize i = 0; i < size; i++) {
    noise = noise * 1664525 + 1013904223;
    image->pixels[i] = (guint8)((i / 3 % width) * 255 / width / 2 + (noise >> 26));
  }
  return image;
}

static FastFaceToken *
token (FastImageFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = portrait (640, 480);
  FastFaceToken *made = fast_face_token_make (image, format, FAST_FACE_TOKEN_BUDGET, &error);

  g_assert_no_error (error);
  return made;
}

static GBytes *
record_of (const FastFaceToken *face)
{
  g_autoptr (GError) error = NULL;
  const FastFaceRecord record = {.kind = FAST_FACE_FULL_FRONTAL,
                                 .sex = FAST_FACE_SEX_FEMALE,
                                 .eyes = FAST_FACE_EYES_BROWN,
                                 .source = FAST_FACE_SOURCE_DIGITAL_CAMERA,
                                 .format = face->format,
                                 .width = face->width,
                                 .height = face->height,
                                 .image = face->image};
  GBytes *encoded = fast_face_record_make (&record, &error);

  g_assert_no_error (error);
  return encoded;
}

static void
check_round_trip (FastImageFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastFaceToken) face = token (format);
  g_autoptr (GBytes) encoded = record_of (face);
  g_autoptr (FastFaceRecord) record = fast_face_record_parse (encoded, &error);
  g_autoptr (FastImage) image = NULL;

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (record->image, face->image));
  g_assert_cmpint (record->sex, ==, FAST_FACE_SEX_FEMALE);
  g_assert_cmpint (record->eyes, ==, FAST_FACE_EYES_BROWN);
  g_assert_cmpint (record->format, ==, format);
  image = fast_face_record_decode (record, &error);
  g_assert_no_error (error);
  /* 7:9 of 480 rows, never scaled up. */
  g_assert_cmpuint (image->width, ==, 373);
  g_assert_cmpuint (image->height, ==, 480);
}

static void
test_round_trips (void)
{
  check_round_trip (FAST_IMAGE_JPEG);
  check_round_trip (FAST_IMAGE_JPEG2000);
}

/* COM-FI-CHIP: what is used of the budget lies between 95 % and all of it (JPEG 2000 here). */
static void
test_budget (void)
{
  const FastImageFormat formats[] = {FAST_IMAGE_JPEG, FAST_IMAGE_JPEG2000};

  for (guint i = 0; i < 2; i++) {
    g_autoptr (FastFaceToken) face = token (formats[i]);
    gsize total = 4 + FAST_BIOMETRIC_GROUP_OVERHEAD + FAST_FACE_RECORD_OVERHEAD +
                  g_bytes_get_size (face->image);

    g_assert_cmpuint (total, <=, FAST_FACE_TOKEN_BUDGET);
    g_assert_cmpuint (total, >=, FAST_FACE_TOKEN_BUDGET * (i == 0 ? 90u : 95u) / 100);
  }
}

static void
test_budget_too_small (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = portrait (640, 480);

  g_assert_null (fast_face_token_make (image, FAST_IMAGE_JPEG, 2000, &error));
  fast_test_assert_id (error, "face-budget");
  g_clear_error (&error);
  g_assert_null (fast_face_token_make (image, FAST_IMAGE_JPEG2000, 60, &error));
  fast_test_assert_id (error, "face-budget");
}

static void
test_large_is_scaled_down (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = portrait (1244, 1600);
  g_autoptr (FastFaceToken) face =
      fast_face_token_make (image, FAST_IMAGE_JPEG2000, FAST_FACE_TOKEN_BUDGET, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (face->width, ==, 622);
  g_assert_cmpuint (face->height, ==, 800);
}

/* Each field of the headers with a value that ISO/IEC 19794-5:2005 does not assign. */
static void
test_bad_fields (void)
{
  static const struct {
    guint offset;
    guint8 value;
    const char *name;
  } FAULTS[] = {
      {0, 'X', "P3:LDS_C_10 identifier"},
      {5, '3', "P3:LDS_C_10 version"},
      {11, 9, "record length"},
      {13, 2, "number of faces"},
      {17, 1, "facial data length"},
      {18, 0xFF, "P3:LDS_C_12 points"},
      {20, 3, "P3:LDS_C_11 gender"},
      {21, 8, "P3:LDS_C_11 eye colour"},
      {22, 9, "P3:LDS_C_11 hair"},
      {27, 9, "P3:LDS_C_11 expression"},
      {28, 182, "P3:LDS_C_11 pose"},
      {31, 200, "P3:LDS_C_11 uncertainty"},
      {34, 3, "P3:LDS_C_13 face type"},
      {35, 2, "P3:LDS_C_13 data type"},
      {35, 1, "P3:LDS_C_13 other type"},
      {40, 9, "colour space"},
      {41, 9, "source"},
  };
  g_autoptr (FastFaceToken) face = token (FAST_IMAGE_JPEG);
  g_autoptr (GBytes) encoded = record_of (face);
  gsize size;
  const guint8 *data = g_bytes_get_data (encoded, &size);

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) changed = NULL;

    copy[FAULTS[i].offset] = FAULTS[i].value;
    changed = g_bytes_new (copy, size);
    if (fast_face_record_parse (changed, NULL) != NULL)
      g_error ("%s: not refused", FAULTS[i].name);
  }
}

static void
test_every_cut (void)
{
  g_autoptr (FastFaceToken) face = token (FAST_IMAGE_JPEG);
  g_autoptr (GBytes) encoded = record_of (face);

  for (gsize size = 0; size < 60; size++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (encoded, 0, size);

    g_assert_null (fast_face_record_parse (part, NULL));
  }
}

static void
test_specimen_chip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup2.bin");
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) group = NULL;
  g_autoptr (GPtrArray) templates = NULL;
  g_autoptr (FastFaceRecord) record = NULL;
  g_autoptr (FastImage) image = NULL;
  const FastBiometricTemplate *first;

  if (path == NULL)
    return;
  file = fast_bytes_read_file (path, 100000, &error);
  group = g_bytes_new_from_bytes (file, 4, g_bytes_get_size (file) - 4);
  templates = fast_biometric_group_parse (group, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (templates->len, ==, 1);
  first = templates->pdata[0];
  g_assert_cmpuint (first->type, ==, FAST_BIOMETRIC_FACE);
  g_assert_cmpuint (first->owner, ==, FAST_BIOMETRIC_OWNER_JTC1_SC37);
  g_assert_cmpuint (first->format, ==, FAST_BIOMETRIC_FORMAT_FACE);
  record = fast_face_record_parse (first->data, &error);
  g_assert_no_error (error);
  g_assert_cmpint (record->format, ==, FAST_IMAGE_JPEG2000);
  g_assert_cmpuint (record->width, ==, 337);
  image = fast_face_record_decode (record, &error);
  g_assert_no_error (error);
  /* What the record says is not what the picture is. */
  g_assert_cmpuint (record->height, ==, 449);
  g_assert_cmpuint (image->height, ==, 531);
}

static void
test_other_edition (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("iso/mosip_mds/Registration_Face.iso");
  g_autoptr (GBytes) file = NULL;

  if (path == NULL)
    return;
  file = fast_bytes_read_file (path, 10000000, &error);
  g_assert_null (fast_face_record_parse (file, &error));
  fast_test_assert_id (error, "face-record-version");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/face-record/round-trips", test_round_trips);
  g_test_add_func ("/biometric/face-record/bad-fields", test_bad_fields);
  g_test_add_func ("/biometric/face-record/every-cut", test_every_cut);
  g_test_add_func ("/biometric/face-record/specimen-chip", test_specimen_chip);
  g_test_add_func ("/biometric/face-record/other-edition", test_other_edition);
  g_test_add_func ("/biometric/face-token/budget", test_budget);
  g_test_add_func ("/biometric/face-token/budget-too-small", test_budget_too_small);
  g_test_add_func ("/biometric/face-token/large-is-scaled-down", test_large_is_scaled_down);
  return g_test_run ();
}

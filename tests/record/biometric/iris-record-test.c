/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/iris-record.h"

#include "record/base/error.h"
#include "tests/support.h"
#include "tests/tlv-text.h"

/* ISO/IEC 19794-6:2005, 6.5, laid out by hand: a raw grey eye of 2 × 3 pixels. */
#define HEADER                                                                                     \
  "49495200"                                                                                       \
  "30313000"                                                                                       \
  "00000041"                                                                                       \
  "0000"                                                                                           \
  "01"                                                                                             \
  "002d"                                                                                           \
  "0000"                                                                                           \
  "0001"                                                                                           \
  "0002"                                                                                           \
  "0002"                                                                                           \
  "0003"                                                                                           \
  "08"                                                                                             \
  "00"                                                                                             \
  "00000000000000000000000000000000"
#define IMAGE                                                                                      \
  "01"                                                                                             \
  "0001"                                                                                           \
  "0001"                                                                                           \
  "fe"                                                                                             \
  "ffff"                                                                                           \
  "ffff"                                                                                           \
  "00000006"
#define PIXELS "00ff807f0102"

static void
test_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pixels = fast_tlv_text_bytes (PIXELS);
  const FastIrisRecord record = {.eye = FAST_EYE_RIGHT,
                                 .coding = FAST_IRIS_RAW_GREY,
                                 .width = 2,
                                 .height = 3,
                                 .diameter = 1,
                                 .quality = FAST_IRIS_QUALITY_NONE,
                                 .image = pixels};
  g_autoptr (GBytes) made = fast_iris_record_make (&record, &error);
  g_autoptr (FastIrisRecord) back = NULL;
  g_autoptr (FastImage) image = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = fast_hex_encode (g_bytes_get_data (made, NULL), g_bytes_get_size (made));
  g_assert_cmpstr (text, ==, HEADER IMAGE PIXELS);
  back = fast_iris_record_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->eye, ==, FAST_EYE_RIGHT);
  image = fast_iris_record_decode (back, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (image->pixels, 6, g_bytes_get_data (pixels, NULL), 6);
}

/* One byte of the record above changed. */
static const struct {
  const char *name;
  guint offset;
  guint8 value;
  const char *id;
} FAULTS[] = {
    {"identifier", 0, 'F', "iris-record-identifier"},
    {"edition of 2011", 5, '2', "iris-record-version"},
    {"length too small", 11, 0x40, "iris-record-field"},
    {"length too large", 11, 0x42, "iris-record-field"},
    {"no eye", 14, 0, "iris-record-field"},
    {"two eyes", 14, 2, "iris-record-field"},
    {"header length", 16, 0x2E, "iris-record-field"},
    {"RGB of grey's size", 22, 4, "iris-record-field"},
    {"JPEG that is none", 22, 6, "image-unknown"},
    {"JPEG 2000 that is none", 22, 14, "image-unknown"},
    {"no such format", 22, 3, "iris-record-field"},
    {"width 0", 24, 0, "iris-record-field"},
    {"height 2", 26, 2, "iris-record-field"},
    {"depth", 27, 16, "iris-record-field"},
    {"transformation", 28, 2, "iris-record-field"},
    {"third eye", 45, 3, "iris-record-field"},
    {"two images", 47, 2, "iris-record-field"},
    {"quality 101", 50, 101, "iris-record-field"},
    {"image length", 58, 5, "iris-record-field"},
};

static void
test_refuse (void)
{
  g_autoptr (GBytes) good = fast_tlv_text_bytes (HEADER IMAGE PIXELS);
  gsize size = g_bytes_get_size (good);

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), size);
    g_autoptr (GBytes) bad = NULL;

    bytes[FAULTS[i].offset] = FAULTS[i].value;
    bad = g_bytes_new_take (g_steal_pointer (&bytes), size);
    if (fast_iris_record_parse (bad, &error) != NULL)
      g_error ("not refused: %s", FAULTS[i].name);
    g_test_message ("%s", FAULTS[i].name);
    fast_test_assert_id (error, FAULTS[i].id);
  }
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) good = fast_tlv_text_bytes (HEADER IMAGE PIXELS);

  for (gsize size = 0; size < g_bytes_get_size (good); size++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bad = g_bytes_new_from_bytes (good, 0, size);

    g_assert_null (fast_iris_record_parse (bad, &error));
    g_assert_cmpint (error->domain, ==, FAST_INPUT_ERROR);
  }
}

/* JPEG and JPEG 2000 come back as they went in; a declared size that is not the picture's is told.
 */
static void
check_coding (FastIrisCoding coding, GBytes *encoded)
{
  g_autoptr (GError) error = NULL;
  FastIrisRecord record = {.eye = FAST_EYE_LEFT,
                           .coding = coding,
                           .width = 64,
                           .height = 48,
                           .quality = 80,
                           .image = encoded};
  g_autoptr (GBytes) made = fast_iris_record_make (&record, &error);
  g_autoptr (FastIrisRecord) back = NULL;
  g_autoptr (FastImage) image = NULL;

  g_assert_no_error (error);
  back = fast_iris_record_parse (made, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back->image, encoded));
  image = fast_iris_record_decode (back, &error);
  g_assert_no_error (error);
  back->width = 65;
  g_assert_null (fast_iris_record_decode (back, &error));
  fast_test_assert_id (error, "iris-record-field");
}

static void
test_codings (void)
{
  g_autoptr (FastImage) image = fast_image_new (64, 48, 1);
  g_autoptr (GBytes) jpeg = fast_image_encode_jpeg (image, 90, NULL);
  g_autoptr (GBytes) jpeg2000 = fast_image_encode_jpeg2000 (image, 2000, NULL);
  g_autoptr (GError) error = NULL;
  const FastIrisRecord unread = {.coding = FAST_IRIS_LS_GREY, .image = jpeg};

  check_coding (FAST_IRIS_JPEG_GREY, jpeg);
  check_coding (FAST_IRIS_JPEG2000_GREY, jpeg2000);
  g_assert_null (fast_iris_record_decode (&unread, &error));
  fast_test_assert_id (error, "iris-record-coding");
}

static void
test_other_edition (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("iso/mosip_mds/Auth_Left_Iris.iso");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 1000000, &error);

  if (path == NULL)
    return;
  g_assert_null (fast_iris_record_parse (file, &error));
  fast_test_assert_id (error, "iris-record-version");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/iris-record/bytes", test_bytes);
  g_test_add_func ("/biometric/iris-record/refuse", test_refuse);
  g_test_add_func ("/biometric/iris-record/truncated", test_truncated);
  g_test_add_func ("/biometric/iris-record/codings", test_codings);
  g_test_add_func ("/biometric/iris-record/other-edition", test_other_edition);
  return g_test_run ();
}

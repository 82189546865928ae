/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/finger-record.h"

#include <string.h>

#include "record/base/error.h"
#include "tests/support.h"
#include "tests/tlv-text.h"

/* ISO/IEC 19794-4:2005, clause 7, laid out by hand: a raw print of 2 × 2 pixels. */
#define HEADER                                                                                     \
  "46495200"                                                                                       \
  "30313000"                                                                                       \
  "000000000032"                                                                                   \
  "0000"                                                                                           \
  "001f"                                                                                           \
  "01"                                                                                             \
  "01"                                                                                             \
  "01f401f401f401f4"                                                                               \
  "08"                                                                                             \
  "00"                                                                                             \
  "0000"
#define FINGER                                                                                     \
  "00000012"                                                                                       \
  "02"                                                                                             \
  "01"                                                                                             \
  "01"                                                                                             \
  "fe"                                                                                             \
  "00"                                                                                             \
  "0002"                                                                                           \
  "0002"                                                                                           \
  "00"
#define PIXELS "00ff807f"

static void
test_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pixels = fast_tlv_text_bytes (PIXELS);
  const FastFingerRecord record = {.finger = FAST_FINGER_RIGHT_INDEX,
                                   .coding = FAST_FINGER_RAW,
                                   .dpi = 500,
                                   .width = 2,
                                   .height = 2,
                                   .quality = FAST_FINGER_QUALITY_NONE,
                                   .image = pixels};
  g_autoptr (GBytes) made = fast_finger_record_make (&record, &error);
  g_autoptr (FastFingerRecord) back = NULL;
  g_autoptr (FastImage) image = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = fast_hex_encode (g_bytes_get_data (made, NULL), g_bytes_get_size (made));
  g_assert_cmpstr (text, ==, HEADER FINGER PIXELS);
  back = fast_finger_record_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpint (back->finger, ==, FAST_FINGER_RIGHT_INDEX);
  image = fast_finger_record_decode (back, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (image->pixels, 4, g_bytes_get_data (pixels, NULL), 4);
  g_assert_cmpuint (image->pixels_per_metre, ==, FAST_IMAGE_500_DPI);
}

/* One byte of the record above changed. */
static const struct {
  const char *name;
  guint offset;
  guint8 value;
  const char *id;
} FAULTS[] = {
    {"identifier", 0, 'P', "finger-record-identifier"},
    {"identifier's end", 3, ' ', "finger-record-identifier"},
    {"edition of 2011", 5, '2', "finger-record-version"},
    {"length in its high bytes", 8, 1, "finger-record-field"},
    {"length too small", 13, 0x31, "finger-record-field"},
    {"length too large", 13, 0x33, "finger-record-field"},
    {"no finger", 18, 0, "finger-record-field"},
    {"two fingers", 18, 2, "finger-record-field"},
    {"no such unit", 19, 3, "finger-record-field"},
    {"500 dots a centimetre", 19, 2, "finger-record-field"},
    {"250 dpi across", 25, 0xFA, "finger-record-field"},
    {"unequal across and down", 27, 0xF5, "finger-record-field"},
    {"16 bits", 28, 16, "finger-record-field"},
    {"WSQ that is none", 29, 2, "finger-record-field"},
    {"JPEG that is none", 29, 3, "finger-record-field"},
    {"JPEG 2000 that is none", 29, 4, "image-unknown"},
    {"PNG that is none", 29, 5, "finger-record-field"},
    {"no such coding", 29, 6, "finger-record-field"},
    {"finger length too small", 35, 0x11, "finger-record-field"},
    {"finger length too large", 35, 0x13, "finger-record-field"},
    {"a slap", 36, 13, "finger-record-field"},
    {"two views", 37, 2, "finger-record-field"},
    {"view 2 of 1", 38, 2, "finger-record-field"},
    {"quality 101", 39, 101, "finger-record-field"},
    {"no such impression", 40, 30, "finger-record-field"},
    {"width 0", 42, 0, "finger-record-field"},
    {"width 3", 42, 3, "finger-record-field"},
    {"height 0", 44, 0, "finger-record-field"},
};

static void
test_refuse (void)
{
  g_autoptr (GBytes) good = fast_tlv_text_bytes (HEADER FINGER PIXELS);
  gsize size = g_bytes_get_size (good);

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (good, NULL), size);
    g_autoptr (GBytes) bad = NULL;

    bytes[FAULTS[i].offset] = FAULTS[i].value;
    bad = g_bytes_new_take (g_steal_pointer (&bytes), size);
    if (fast_finger_record_parse (bad, &error) != NULL)
      g_error ("not refused: %s", FAULTS[i].name);
    g_test_message ("%s", FAULTS[i].name);
    fast_test_assert_id (error, FAULTS[i].id);
  }
}

static void
test_truncated (void)
{
  g_autoptr (GBytes) good = fast_tlv_text_bytes (HEADER FINGER PIXELS);

  for (gsize size = 0; size < g_bytes_get_size (good); size++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bad = g_bytes_new_from_bytes (good, 0, size);

    g_assert_null (fast_finger_record_parse (bad, &error));
    g_assert_cmpint (error->domain, ==, FAST_INPUT_ERROR);
  }
}

/* 9303-10, 4.7.3: right 01, left 10; thumb to little 001 to 101 above. */
static void
test_subtypes (void)
{
  FastFinger finger;
  guint registered = 0;

  for (guint f = FAST_FINGER_RIGHT_THUMB; f <= FAST_FINGER_LEFT_LITTLE; f++) {
    guint hand = f <= FAST_FINGER_RIGHT_LITTLE ? 1 : 2;

    g_assert_cmphex (fast_finger_subtype (f), ==, ((f - 1) % 5 + 1) << 2 | hand);
    g_assert_true (fast_finger_from_subtype (fast_finger_subtype (f), &finger));
    g_assert_cmpint (finger, ==, f);
  }
  for (guint subtype = 0; subtype < 256; subtype++)
    registered += fast_finger_from_subtype (subtype, &finger) ? 1 : 0;
  g_assert_cmpuint (registered, ==, 10 + 3);
}

static void
test_names (void)
{
  FastFinger finger;

  g_assert_true (fast_finger_from_name ("finger-right-thumb", &finger));
  g_assert_cmpint (finger, ==, FAST_FINGER_RIGHT_THUMB);
  g_assert_true (fast_finger_from_name ("left-little", &finger));
  g_assert_cmpint (finger, ==, FAST_FINGER_LEFT_LITTLE);
  g_assert_false (fast_finger_from_name ("finger-left", &finger));
  g_assert_false (fast_finger_from_name ("", &finger));
}

static void
test_wsq_is_carried (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      fast_test_data ("fingerprint/mosip_rc/UserOnboard_rightHand_rightIndex_WSQImage.wsq");
  FastFingerRecord record = {.finger = FAST_FINGER_RIGHT_INDEX,
                             .coding = FAST_FINGER_WSQ,
                             .dpi = 500,
                             .width = 316,
                             .height = 354,
                             .quality = 60};
  g_autoptr (GBytes) wsq = path == NULL ? NULL : fast_bytes_read_file (path, 100000, &error);
  g_autoptr (GBytes) made = NULL;
  g_autoptr (FastFingerRecord) back = NULL;

  if (path == NULL)
    return;
  record.image = wsq;
  made = fast_finger_record_make (&record, &error);
  g_assert_no_error (error);
  back = fast_finger_record_parse (made, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back->image, wsq));
  g_assert_null (fast_finger_record_decode (back, &error));
  fast_test_assert_id (error, "finger-record-coding");
  g_assert_cmpint (error->code, ==, FAST_INPUT_ERROR_UNSUPPORTED);
}

static void
check_real (const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data (name);
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 1000000, &error);
  g_autoptr (FastFingerRecord) record = NULL;
  g_autoptr (FastImage) image = NULL;

  if (path == NULL)
    return;
  record = fast_finger_record_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (record->coding, ==, FAST_FINGER_RAW);
  image = fast_finger_record_decode (record, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->width, ==, 316);
  g_assert_cmpuint (image->height, ==, 354);
}

static void
test_real_records (void)
{
  check_real ("fingerprint/mosip_rc/UserOnboard_leftHand_leftIndex_ISOImage.iso");
  check_real ("fingerprint/mosip_rc/fingerprints_lefthand_leftIndex_ISOImage.iso");
  check_real ("fingerprint/mosip_rc/fingerprints_righthand_rightIndex_ISOImage.iso");
}

/* Records of 2011 have another layout behind another version: refused by it, not misread. */
static void
test_other_edition (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("iso/mosip_mds/Auth_Left_Index.iso");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 1000000, &error);

  if (path == NULL)
    return;
  g_assert_null (fast_finger_record_parse (file, &error));
  fast_test_assert_id (error, "finger-record-version");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/finger-record/bytes", test_bytes);
  g_test_add_func ("/biometric/finger-record/refuse", test_refuse);
  g_test_add_func ("/biometric/finger-record/truncated", test_truncated);
  g_test_add_func ("/biometric/finger-record/subtypes", test_subtypes);
  g_test_add_func ("/biometric/finger-record/names", test_names);
  g_test_add_func ("/biometric/finger-record/wsq-is-carried", test_wsq_is_carried);
  g_test_add_func ("/biometric/finger-record/real-records", test_real_records);
  g_test_add_func ("/biometric/finger-record/other-edition", test_other_edition);
  return g_test_run ();
}

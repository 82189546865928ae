/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-block.h"

#include "record/base/error.h"
#include "tests/support.h"
#include "tests/tlv-text.h"

/* ISO/IEC 39794-5, laid out by hand. A picture is only sniffed here: the first bytes of a JPEG. */
#define PICTURE "ffd8ffe000104a464946"
#define VERSION                                                                                    \
  "8001038102"                                                                                     \
  "07e3"
#define CODE(code) "a1038001" code
#define BASE_CODE(code) "8001" code

#define TLV(tag, ...) fast_tlv_text (tag, __VA_ARGS__, NULL)

/* The parts of a block; a test replaces one of them. */
typedef struct {
  const char *version;
  const char *id;
  const char *picture;
  const char *information;
  const char *device;
  const char *rest;
} Parts;

/* What the application profile for travel documents writes. */
static Parts
profile_parts (void)
{
  return (Parts){
      .version = VERSION,
      .id = "800100",
      .picture = PICTURE,
      .information = TLV ("", TLV ("a0", BASE_CODE ("02")), TLV ("a1", CODE ("00")),
                          TLV ("a7", "80010a81010c"), TLV ("a9", CODE ("02"))),
      .device = TLV ("a2", TLV ("a1", CODE ("02"))),
      .rest = TLV ("a8", TLV ("a0", CODE ("03")), TLV ("a1", CODE ("04"))),
  };
}

static const char *
representation (const Parts *parts)
{
  const char *image =
      TLV ("a0", TLV ("80", parts->picture), TLV ("a1", parts->information), parts->device);

  return TLV ("30", parts->id, TLV ("a1", TLV ("a0", image)), parts->rest);
}

static const char *
block (const Parts *parts)
{
  return TLV ("65", TLV ("a0", parts->version), TLV ("a1", representation (parts)));
}

static FastFaceRecord *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = fast_tlv_text_bytes (text);

  return fast_face_block_parse (bytes, error);
}

static void
check_face (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastFaceRecord) face = parse (text, &error);

  g_assert_no_error (error);
  g_assert_cmpint (face->edition, ==, FAST_FACE_39794);
  g_assert_cmpint (face->kind, ==, FAST_FACE_FULL_FRONTAL);
  g_assert_cmpint (face->sex, ==, FAST_FACE_SEX_FEMALE);
  g_assert_cmpint (face->eyes, ==, FAST_FACE_EYES_BROWN);
  g_assert_cmpint (face->source, ==, FAST_FACE_SOURCE_DIGITAL_CAMERA);
  g_assert_cmpint (face->format, ==, FAST_IMAGE_JPEG);
  g_assert_cmpuint (face->width, ==, 10);
  g_assert_cmpuint (face->height, ==, 12);
  g_assert_cmpuint (g_bytes_get_size (face->image), ==, 10);
}

/* The profile's form in A1 and without it, and the base standard's form of codes. */
static void
test_accept (void)
{
  Parts parts = profile_parts ();

  check_face (TLV ("a1", block (&parts)));
  check_face (block (&parts));
  parts.information = TLV ("", TLV ("a0", BASE_CODE ("02")), TLV ("a1", BASE_CODE ("00")),
                           TLV ("a7", "80010a81010c"));
  parts.device = TLV ("a2", TLV ("a1", BASE_CODE ("02")));
  parts.rest = TLV ("a8", TLV ("a0", BASE_CODE ("03")), TLV ("a1", BASE_CODE ("04")));
  check_face (TLV ("a1", block (&parts)));
}

/* Everything that ICAO's profile allows beside it, and a member of an edition to come. */
static void
test_all_members (void)
{
  g_autoptr (GError) error = NULL;
  Parts parts = profile_parts ();
  g_autoptr (FastFaceRecord) face = NULL;

  parts.rest = TLV (
      "",
      TLV ("a2", "800207e9"
                 "810101"
                 "82011f"),
      TLV ("a3", TLV ("30", TLV ("a0", "800200fe810101"), TLV ("a1", "800155"))),
      TLV ("a4", TLV ("a0", CODE ("00"))), "850101", "860100",
      TLV ("a7", TLV ("a0", "800101810101")),
      TLV ("a8", TLV ("a0", CODE ("02")), TLV ("a1", CODE ("07")), TLV ("a2", CODE ("05")),
           "830200b4", TLV ("a4", "8001ff"), TLV ("a5", "8001ff"),
           TLV ("a6", TLV ("a0", "8001fb810105"), TLV ("a1", "8002ff4c"), TLV ("a2", "800200b4"))),
      TLV ("a9", TLV ("30", "a000"), TLV ("30", "a000")), "8a0101", "bf2000");
  face = parse (TLV ("a1", block (&parts)), &error);
  g_assert_no_error (error);
  g_assert_cmpint (face->sex, ==, FAST_FACE_SEX_MALE);
  g_assert_cmpint (face->eyes, ==, FAST_FACE_EYES_MULTI);
  g_assert_cmpuint (face->quality, ==, 85);
  g_assert_cmpuint (face->feature_points, ==, 2);
}

/* Only what must be there. */
static void
test_least (void)
{
  g_autoptr (GError) error = NULL;
  Parts parts = profile_parts ();
  g_autoptr (FastFaceRecord) face = NULL;

  parts.information = TLV ("a0", BASE_CODE ("02"));
  parts.device = "";
  parts.rest = "";
  face = parse (TLV ("a1", block (&parts)), &error);
  g_assert_no_error (error);
  g_assert_cmpint (face->sex, ==, FAST_FACE_SEX_UNSPECIFIED);
  g_assert_cmpuint (face->width, ==, 0);
}

typedef struct {
  const char *name;
  const char *text;
  const char *id;
} Fault;

static void
check_fault (const Fault *fault)
{
  g_autoptr (GError) error = NULL;

  if (parse (fault->text, &error) != NULL)
    g_error ("not refused: %s", fault->name);
  g_test_message ("%s", fault->name);
  fast_test_assert_id (error, fault->id);
}

/* The profile's block with one part replaced. */
static const char *
with_part (gsize offset, const char *value)
{
  Parts parts = profile_parts ();

  G_STRUCT_MEMBER (const char *, &parts, offset) = value;
  return TLV ("a1", block (&parts));
}

#define WITH(member, value) with_part (offsetof (Parts, member), value)

static void
test_refuse_frame (void)
{
  Parts good = profile_parts ();
  const char *twice = TLV ("", representation (&good), representation (&good));
  const Fault FAULTS[] = {
      {"P3:LDS_C_16 tag", TLV ("a2", block (&good)), "tlv-unexpected"},
      {"P3:LDS_C_17 block", TLV ("a1", TLV ("64", "a000")), "tlv-unexpected"},
      {"P3:LDS_C_17 two blocks", TLV ("a1", block (&good), block (&good)), "trailing-bytes"},
      {"P3:LDS_C_18 none", TLV ("a1", TLV ("65", TLV ("a1", representation (&good)))),
       "context-block-member"},
      {"P3:LDS_C_18 generation", WITH (version, "800102810207e3"), "context-block-value"},
      {"P3:LDS_C_18 year", WITH (version, "800103810207e2"), "context-block-value"},
      {"P3:LDS_C_18 no year", WITH (version, "800103"), "context-block-member"},
      {"P3:LDS_C_19 none", TLV ("a1", TLV ("65", TLV ("a0", VERSION))), "context-block-member"},
      {"P3:LDS_C_19 empty", TLV ("a1", TLV ("65", TLV ("a0", VERSION), "a100")), "truncated"},
      {"P3:LDS_C_20 two", TLV ("a1", TLV ("65", TLV ("a0", VERSION), TLV ("a1", twice))),
       "face-record-field"},
      {"P3:LDS_C_20 no number", WITH (id, ""), "context-block-member"},
      {"P3:LDS_C_20 negative", WITH (id, "8001ff"), "context-block-value"},
      {"P3:LDS_C_20 number of no bytes", WITH (id, "8000"), "context-block-member"},
      {"order",
       WITH (rest, "8601008501"
                   "01"),
       "context-block-member"},
      {"twice", WITH (rest, "850101850101"), "context-block-member"},
      {"universal tag", WITH (rest, "020101"), "context-block-member"},
      {"cut short", WITH (rest, "8503"), "truncated"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

static void
test_refuse_members (void)
{
  const Fault FAULTS[] = {
      {"P3:LDS_C_21", WITH (rest, TLV ("a8", TLV ("a0", CODE ("04")))), "context-block-value"},
      {"P3:LDS_C_21 no code", WITH (rest, TLV ("a8", "a000")), "context-block-member"},
      {"eyes", WITH (rest, TLV ("a8", TLV ("a1", CODE ("0a")))), "context-block-value"},
      {"hair", WITH (rest, TLV ("a8", TLV ("a2", CODE ("0a")))), "context-block-value"},
      {"pose", WITH (rest, TLV ("a8", TLV ("a6", TLV ("a0", "800200b5")))), "context-block-value"},
      {"pose uncertainty", WITH (rest, TLV ("a8", TLV ("a6", TLV ("a2", "8001008101ff")))),
       "context-block-value"},
      {"P3:LDS_C_22 other picture", WITH (picture, "89504e470d0a1a0a"), "face-record-field"},
      {"P3:LDS_C_22 none", WITH (picture, ""), "image-unknown"},
      {"P3:LDS_C_24 none", WITH (information, TLV ("a1", CODE ("00"))), "context-block-member"},
      {"P3:LDS_C_24 PNG", WITH (information, TLV ("a0", BASE_CODE ("05"))), "context-block-value"},
      {"P3:LDS_C_24 raw", WITH (information, TLV ("a0", BASE_CODE ("00"))), "face-record-field"},
      {"P3:LDS_C_24 JPEG 2000 that is none", WITH (information, TLV ("a0", BASE_CODE ("03"))),
       "face-record-field"},
      {"P3:LDS_C_25",
       WITH (information, TLV ("", TLV ("a0", BASE_CODE ("02")), TLV ("a1", CODE ("02")))),
       "context-block-value"},
      {"width 0",
       WITH (information, TLV ("", TLV ("a0", BASE_CODE ("02")), TLV ("a7", "80010081010c"))),
       "context-block-value"},
      {"device", WITH (device, TLV ("a2", TLV ("a1", CODE ("07")))), "context-block-value"},
      {"quality 101", WITH (rest, TLV ("a3", TLV ("30", "a000", TLV ("a1", "800165")))),
       "context-block-value"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* P3:LDS_C_23: a shape in three dimensions, or a representation of an edition to come. */
static void
test_refuse_other_representations (void)
{
  const Fault FAULTS[] = {
      {"3D",
       TLV ("a1", TLV ("65", TLV ("a0", VERSION),
                       TLV ("a1", TLV ("30", "800100", TLV ("a1", TLV ("a0", "a100")))))),
       "context-block-member"},
      {"extension",
       TLV ("a1",
            TLV ("65", TLV ("a0", VERSION), TLV ("a1", TLV ("30", "800100", TLV ("a1", "a100"))))),
       "context-block-member"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* What we write is what the profile's example above looks like, byte for byte. */
static void
test_bytes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) picture = fast_tlv_text_bytes (PICTURE);
  const FastFaceRecord record = {.edition = FAST_FACE_39794,
                                 .kind = FAST_FACE_FULL_FRONTAL,
                                 .sex = FAST_FACE_SEX_FEMALE,
                                 .eyes = FAST_FACE_EYES_BROWN,
                                 .source = FAST_FACE_SOURCE_DIGITAL_CAMERA,
                                 .format = FAST_IMAGE_JPEG,
                                 .width = 10,
                                 .height = 12,
                                 .image = picture};
  g_autoptr (GBytes) made = fast_face_block_make (&record, &error);
  g_autofree char *text = NULL;
  Parts parts = profile_parts ();

  g_assert_no_error (error);
  text = fast_hex_encode (g_bytes_get_data (made, NULL), g_bytes_get_size (made));
  g_assert_cmpstr (text, ==, TLV ("a1", block (&parts)));
}

/* The promise on which the search for the chip's face relies. */
static void
test_overhead (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = fast_image_new (622, 800, 3);
  g_autoptr (GBytes) encoded = fast_image_encode_jpeg (image, 90, &error);
  const FastFaceRecord record = {.edition = FAST_FACE_39794,
                                 .kind = FAST_FACE_FULL_FRONTAL,
                                 .sex = FAST_FACE_SEX_MALE,
                                 .eyes = FAST_FACE_EYES_UNKNOWN,
                                 .source = FAST_FACE_SOURCE_SCANNER,
                                 .format = FAST_IMAGE_JPEG,
                                 .width = 622,
                                 .height = 800,
                                 .image = encoded};
  g_autoptr (GBytes) made = fast_face_block_make (&record, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (made) - g_bytes_get_size (encoded), <=,
                    FAST_FACE_BLOCK_OVERHEAD_MOST);
}

static void
test_make_refuse (void)
{
  g_autoptr (GBytes) picture = fast_tlv_text_bytes (PICTURE);
  FastFaceRecord bad[5];

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    bad[i] = (FastFaceRecord){.kind = FAST_FACE_FULL_FRONTAL,
                              .format = FAST_IMAGE_JPEG,
                              .width = 10,
                              .height = 12,
                              .image = picture};
  bad[0].width = 0;
  bad[1].height = 65536;
  bad[2].kind = FAST_FACE_TOKEN;
  bad[3].source = 7;
  bad[4].format = FAST_IMAGE_JPEG2000;
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_face_block_make (&bad[i], &error));
    fast_test_assert_id (error, "face-record-field");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/face-block/accept", test_accept);
  g_test_add_func ("/biometric/face-block/all-members", test_all_members);
  g_test_add_func ("/biometric/face-block/least", test_least);
  g_test_add_func ("/biometric/face-block/refuse-frame", test_refuse_frame);
  g_test_add_func ("/biometric/face-block/refuse-members", test_refuse_members);
  g_test_add_func ("/biometric/face-block/refuse-other-representations",
                   test_refuse_other_representations);
  g_test_add_func ("/biometric/face-block/bytes", test_bytes);
  g_test_add_func ("/biometric/face-block/overhead", test_overhead);
  g_test_add_func ("/biometric/face-block/make-refuse", test_make_refuse);
  return g_test_run ();
}

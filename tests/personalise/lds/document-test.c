/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/atr-info.h"
#include "personalise/lds/document-details.h"
#include "personalise/lds/personal-details.h"
#include "personalise/lds/signature-group.h"
#include "personalise/lds/trust-points.h"
#include "record/base/error.h"
#include "record/biometric/image.h"
#include "tests/support.h"

static char *
to_hex (GBytes *bytes)
{
  return fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
assert_hex (GBytes *bytes, const char *wanted)
{
  g_autofree char *text = bytes == NULL ? NULL : to_hex (bytes);

  g_assert_cmpstr (text, ==, wanted);
}

typedef struct {
  const char *hex;
  const char *id; /* of the message that refuses it */
} Bad;

/* --- EF.DG12 --- */

static void
test_details (void)
{
  g_autoptr (GError) error = NULL;
  char *persons[] = {"Smith<<Brenda", "Smith<<Tom", NULL};
  g_autoptr (GBytes) front = g_bytes_new_static ("\xFF\xD8\xFF", 3);
  const FastDocumentDetails details = {"Agence des services frontaliers du Canada",
                                       "2026-11-24",
                                       persons,
                                       "hazardous-goods",
                                       "none",
                                       front,
                                       front,
                                       "20261124135901",
                                       "BWB-1"};
  g_autoptr (GBytes) made = fast_document_details_make (&details, &error);
  g_autoptr (FastDocumentDetails) back = NULL;

  g_assert_no_error (error);
  back = fast_document_details_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->authority, ==, details.authority);
  g_assert_cmpstr (back->issued, ==, details.issued);
  g_assert_cmpstrv (back->other_persons, persons);
  g_assert_cmpstr (back->endorsements, ==, details.endorsements);
  g_assert_cmpstr (back->tax, ==, details.tax);
  g_assert_true (g_bytes_equal (back->front, front));
  g_assert_true (g_bytes_equal (back->rear, front));
  g_assert_cmpstr (back->personalised, ==, details.personalised);
  g_assert_cmpstr (back->system, ==, details.system);
}

/* ICAO 9303-10, 4.7.12: laid out by hand. */
static void
test_details_bytes (void)
{
  const FastDocumentDetails details = {
      .authority = "CBSA", .issued = "2002-05-31", .personalised = "20020531235959"};
  g_autoptr (GBytes) made = fast_document_details_make (&details, NULL);

  assert_hex (made, "6c2b"
                    "5c065f195f265f55"
                    "5f190443425341"
                    "5f26083230303230353331"
                    "5f550e3230303230353331323335393539");
}

/* Seven bytes and four, as older chips have them. */
static void
test_details_packed (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = fast_hex_decode ("6c175c045f265f55"
                                             "5f260420020531"
                                             "5f550720020531235959",
                                             NULL);
  g_autoptr (FastDocumentDetails) details = fast_document_details_parse (file, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (details->issued, ==, "2002-05-31");
  g_assert_cmpstr (details->personalised, ==, "20020531235959");
}

static const Bad BAD_DETAILS[] = {
    {"6b00", "tlv-unexpected"},                                       /* tag */
    {"6c055c025f1900", "truncated"},                                  /* P3:LDS_O_2 */
    {"6c035f190043", "trailing-bytes"},                               /* P3:LDS_O_2 */
    {"6c045f190143", "tlv-unexpected"},                               /* P3:LDS_O_3 no list */
    {"6c085c025f265f190143", "tag-list"},                             /* P3:LDS_O_3 */
    {"6c0a5c045f195f265f190143", "truncated"},                        /* P3:LDS_O_3 one missing */
    {"6c0c5c025f195f1901435f1b0143", "trailing-bytes"},               /* P3:LDS_O_3 one too many */
    {"6c0e5c045f195f195f1901435f190143", "tag-list"},                 /* P3:LDS_O_3 twice */
    {"6c075c025f195f1900", "document-details-value"},                 /* P3:LDS_O_4 void */
    {"6c085c025f195f1901ff", "document-details-value"},               /* P3:LDS_O_4 no UTF-8 */
    {"6c0f5c025f265f26083230303230333331", NULL},                     /* P3:LDS_O_5, see below */
    {"6c0f5c025f265f26083230303231333331", "lds-date"},               /* P3:LDS_O_5 month */
    {"6c0f5c025f265f2608323030322d30313a", "lds-date"},               /* P3:LDS_O_5 form */
    {"6c0b5c025f265f260420023031", "lds-date"},                       /* P3:LDS_O_5 packed month */
    {"6c0b5c01a0a0060201015f1a05", "truncated"},                      /* P3:LDS_O_6 */
    {"6c0b5c01a0a0065f1a03414243", "tlv-unexpected"},                 /* P3:LDS_O_6 no count */
    {"6c0c5c01a0a0070201025f1a0141", "truncated"},                    /* P3:LDS_O_6 fewer */
    {"6c0c5c01a0a0070201005f1a0141", "document-details-value"},       /* P3:LDS_O_6 none */
    {"6c075c025f1b5f1b00", "document-details-value"},                 /* P3:LDS_O_7 */
    {"6c075c025f1c5f1c00", "document-details-value"},                 /* P3:LDS_O_8 */
    {"6c075c025f1d5f1d00", "document-details-value"},                 /* P3:LDS_O_9 */
    {"6c075c025f1e5f1e00", "document-details-value"},                 /* P3:LDS_O_10 */
    {"6c0f5c025f555f55083230303230353331", "document-details-value"}, /* P3:LDS_O_11 */
    {"6c0e5c025f555f550720020531245959", "document-details-value"},   /* P3:LDS_O_11 hour */
    {"6c075c025f565f5600", "document-details-value"},                 /* P3:LDS_O_12 */
    {"6c085c025f205f200141", "tag-list"},                             /* not of this group */
};

static void
test_details_refuse (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (BAD_DETAILS); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = fast_hex_decode (BAD_DETAILS[i].hex, NULL);
    g_autoptr (FastDocumentDetails) details = fast_document_details_parse (bytes, &error);

    g_test_message ("%s", BAD_DETAILS[i].hex);
    if (BAD_DETAILS[i].id == NULL)
      g_assert_no_error (error);
    else
      fast_test_assert_id (error, BAD_DETAILS[i].id);
  }
}

static void
test_details_not_made (void)
{
  const FastDocumentDetails BAD[] = {
      {.authority = ""},
      {.authority = "\xFF"},
      {.issued = "2026-02-29"},
      {.personalised = "20261124"},
      {.personalised = "20261124246000"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    g_assert_null (fast_document_details_make (&BAD[i], NULL));
}

/* EF.DG11 of a State that packs the date of birth. */
static void
test_packed_birth (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = fast_hex_decode ("6b0b5c025f2b5f2b0419700131", NULL);
  g_autoptr (FastPersonalDetails) details = fast_personal_details_parse (file, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (details->birth, ==, "1970-01-31");
}

/* --- EF.DG7 --- */

static GBytes *
sample (guint width, guint height)
{
  g_autoptr (FastImage) image = fast_image_new (width, height, 3);
  guint32 state = 1;

  for (gsize i = 0; i < (gsize)3 * width * height; i++) {
    state = state * 1664525 + 1013904223;
    image->pixels[i] = (guint8)(state >> 24);
  }
  return fast_image_encode_png (image, NULL);
}

static void
test_signature (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = sample (1200, 200);
  g_autoptr (GBytes) made = fast_signature_group_from_sample (png, "signature.png", 65000, &error);
  g_autoptr (GPtrArray) images = NULL;
  g_autoptr (FastImage) image = NULL;

  g_assert_no_error (error);
  images = fast_signature_group_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (images->len, ==, 1);
  image = fast_image_decode (images->pdata[0], "EF.DG7", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->width, ==, 600);
  g_assert_cmpuint (image->height, ==, 100);
  g_assert_cmpuint (image->channels, ==, 1);
}

/* Noise does not compress: it is refused rather than cut. */
static void
test_signature_budget (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = sample (600, 240);

  g_assert_null (fast_signature_group_from_sample (png, "signature.png", 0, &error));
  fast_test_assert_id (error, "signature-group-large");
}

static void
test_signature_kinds (void)
{
  static const Bad KINDS[] = {
      {"670a0201015f4304ffd8ffe0", NULL},                             /* JPEG */
      {"67120201015f430c0000000c6a5020200d0a870a", NULL},             /* JPEG 2000 */
      {"67110201025f4304ffd8ffe05f4304ffd8ffe0", NULL},               /* two */
      {"670e0201015f430889504e470d0a1a0a", "signature-group-format"}, /* PNG */
      {"670a0201025f4304ffd8ffe0", "truncated"},                      /* one less than announced */
      {"67100201015f4304ffd8ffe05f4303ffd8ff", "trailing-bytes"},
      {"670a0201005f4304ffd8ffe0", "signature-group-count"},
      {"67075f4304ffd8ffe0", "tlv-unexpected"},
      {"670a0201015f2e04ffd8ffe0", "tlv-unexpected"},
      {"680a0201015f4304ffd8ffe0", "tlv-unexpected"},
      {"670a0201015f4304ffd8ffe000", "trailing-bytes"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (KINDS); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = fast_hex_decode (KINDS[i].hex, NULL);
    g_autoptr (GPtrArray) images = fast_signature_group_parse (bytes, &error);

    g_test_message ("%s", KINDS[i].hex);
    if (KINDS[i].id == NULL)
      g_assert_no_error (error);
    else
      fast_test_assert_id (error, KINDS[i].id);
  }
}

/* --- EF.CVCA --- */

#define ZEROS "00000000000000000000000000000000000000000000"

static void
test_trust_points (void)
{
  g_autoptr (GError) error = NULL;
  const FastTrustPoints points = {"CAFASTCVCA00002", "CAFASTCVCA00001"};
  g_autoptr (GBytes) made = fast_trust_points_make (&points, &error);
  g_autoptr (FastTrustPoints) back = NULL;

  g_assert_no_error (error);
  assert_hex (made, "420f434146415354435643413030303032"
                    "420f434146415354435643413030303031"
                    "0000");
  back = fast_trust_points_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->current, ==, points.current);
  g_assert_cmpstr (back->previous, ==, points.previous);
}

static void
test_one_trust_point (void)
{
  g_autoptr (GError) error = NULL;
  const FastTrustPoints points = {.current = "DECVCAAT00001"};
  g_autoptr (GBytes) made = fast_trust_points_make (&points, &error);
  g_autoptr (FastTrustPoints) back = NULL;

  g_assert_no_error (error);
  assert_hex (made, "420d44454356434141543030303031"
                    "000000000000000000000000000000000000000000");
  back = fast_trust_points_parse (made, &error);
  g_assert_no_error (error);
  g_assert_null (back->previous);
}

/* 3.2:LDS_F_1, each way to fail it */
static void
test_bad_trust_points (void)
{
  static const Bad BAD[] = {
      {"420d44454356434141543030303031", "trust-points-size"},
      {"420d44454356434141543030303031" ZEROS, "trust-points-size"},
      {"430d44454356434141543030303031000000000000000000000000000000000000000000",
       "tlv-unexpected"},
      {"000000000000000000000000000000000000000000000000000000000000000000000000",
       "tlv-unexpected"},
      {"421144454356434141543030303031303030303030000000000000000000000000000000",
       "trust-points-reference"},
      {"420d64454356434141543030303031000000000000000000000000000000000000000000",
       "trust-points-reference"},
      {"42074445303030303100000000000000000000000000000000000000000000000000 0000",
       "trust-points-reference"},
      {"420d44454356434141543030302d31000000000000000000000000000000000000000000",
       "trust-points-reference"},
      {"420d44454356434141543030303031000000000000000000000000000000000000000001",
       "trust-points-filler"},
      {"420d44454356434141543030303031420d44454356434141543030303031420444453031",
       "trust-points-filler"},
      {"420d44454356434141543030303031421544454356434141543030303031000000000000", "truncated"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = fast_hex_decode (BAD[i].hex, NULL);

    g_test_message ("%s", BAD[i].hex);
    g_assert_null (fast_trust_points_parse (bytes, &error));
    fast_test_assert_id (error, BAD[i].id);
  }
}

static void
test_trust_points_not_made (void)
{
  const FastTrustPoints BAD[] = {
      {NULL, NULL},
      {NULL, "CAFASTCVCA00001"},
      {"CAFASTCVCALONG00001", NULL},
      {"cafastcvca00001", NULL},
      {"CAFASTCVCA00002", "00001"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++)
    g_assert_null (fast_trust_points_make (&BAD[i], NULL));
}

/* --- EF.ATR/INFO --- */

static void
test_atr_info (void)
{
  const FastAtrInfo info = {TRUE, TRUE, 1025, 65538};
  g_autoptr (GBytes) made = fast_atr_info_make (&info);
  FastAtrInfo back;

  assert_hex (made, "430198"
                    "47039401e0"
                    "7f6609020204010203010002");
  g_assert_true (fast_atr_info_parse (made, &back, NULL));
  g_assert_true (back.chaining);
  g_assert_true (back.extended);
  g_assert_cmpuint (back.command_max, ==, 1025);
  g_assert_cmpuint (back.response_max, ==, 65538);
}

static void
test_short_atr_info (void)
{
  const FastAtrInfo info = {TRUE, FALSE, 0, 0};
  g_autoptr (GBytes) made = fast_atr_info_make (&info);
  FastAtrInfo back;

  assert_hex (made, "430198"
                    "4703"
                    "940180");
  g_assert_true (fast_atr_info_parse (made, &back, NULL));
  g_assert_true (back.chaining);
  g_assert_false (back.extended);
  g_assert_cmpuint (back.command_max, ==, 0);
}

typedef struct {
  const char *hex;
  const char *id;
  guint32 command_max;
  guint32 response_max;
} AtrRow;

/* What readers meet: 5.1:LDS_K_01 (two bytes), 5.1:LDS_K_02 (three), 5.1:LDS_K_03 (one value),
 * 5.1:LDS_K_04 (wrong tag); the first row is a chip seen in the field. */
static const AtrRow ATR_ROWS[] = {
    {"4301f84703f741e07f6608020205f0020205f0", NULL, 1520, 1520},
    {"4703f741e07f660802020400020203e8", NULL, 1024, 1000},       /* 5.1:LDS_K_01 */
    {"4703f741e07f660a0203010000020300ffff", NULL, 65536, 65535}, /* 5.1:LDS_K_02 */
    {"4703f741e07f66040202 0400", "truncated", 0, 0},             /* 5.1:LDS_K_03 */
    {"4703f741e07f660804020400020203e8", "tlv-unexpected", 0, 0}, /* 5.1:LDS_K_04 */
    {"4703f741e07f660802020400040203e8", "tlv-unexpected", 0, 0}, /* 5.1:LDS_K_04 */
    {"7f660802028400020203e8", "atr-info-length", 0, 0},          /* 3.2:LDS_L_3 negative */
    {"7f660602000202 03e8", "atr-info-length", 0, 0},             /* 3.2:LDS_L_3 void */
    {"7f66070201000202 03e8", "atr-info-length", 0, 0},           /* 3.2:LDS_L_3 zero */
    {"7f660b02020400020203e8020101", "trailing-bytes", 0, 0},     /* 3.2:LDS_L_3 three */
    {"4703f741", "truncated", 0, 0},                              /* 3.2:LDS_L_1 */
    {"4704f741e000", "atr-info-capabilities", 0, 0},
    {"4700", "atr-info-capabilities", 0, 0},
    {"4701f7", NULL, 0, 0},
    {"", NULL, 0, 0},
};

static void
test_atr_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ATR_ROWS); i++) {
    const AtrRow *row = &ATR_ROWS[i];
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = fast_hex_decode (row->hex, NULL);
    FastAtrInfo info;

    g_test_message ("%s", row->hex);
    g_assert_cmpint (fast_atr_info_parse (bytes, &info, &error), ==, row->id == NULL);
    if (row->id != NULL) {
      fast_test_assert_id (error, row->id);
      continue;
    }
    g_assert_cmpuint (info.command_max, ==, row->command_max);
    g_assert_cmpuint (info.response_max, ==, row->response_max);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lds/document-details/round-trip", test_details);
  g_test_add_func ("/lds/document-details/bytes", test_details_bytes);
  g_test_add_func ("/lds/document-details/packed", test_details_packed);
  g_test_add_func ("/lds/document-details/refuse", test_details_refuse);
  g_test_add_func ("/lds/document-details/not-made", test_details_not_made);
  g_test_add_func ("/lds/personal-details/packed-birth", test_packed_birth);
  g_test_add_func ("/lds/signature-group/sample", test_signature);
  g_test_add_func ("/lds/signature-group/budget", test_signature_budget);
  g_test_add_func ("/lds/signature-group/kinds", test_signature_kinds);
  g_test_add_func ("/lds/trust-points/two", test_trust_points);
  g_test_add_func ("/lds/trust-points/one", test_one_trust_point);
  g_test_add_func ("/lds/trust-points/bad/3.2:LDS_F_1", test_bad_trust_points);
  g_test_add_func ("/lds/trust-points/not-made", test_trust_points_not_made);
  g_test_add_func ("/lds/atr-info/extended", test_atr_info);
  g_test_add_func ("/lds/atr-info/short", test_short_atr_info);
  g_test_add_func ("/lds/atr-info/5.1:LDS_K_01,02,03,04", test_atr_rows);
  return g_test_run ();
}

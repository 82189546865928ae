/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-certificate.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/cv-request.h"
#include "record/keys/ec-point.h"
#include "tests/record/keys/cv-fixture.h"
#include "tests/support.h"

/* A sample that parsers of ASN.1 use: an inspection CVCA on brainpoolP224r1, whose point does not
 * lie on its curve. */
#define CVCA_224                                                                                   \
  "7F218201897F4E8201495F290100420E44454356434145504153533030317F49"                               \
  "81FD060A04007F00070202020202811CD7C134AA264366862A18302575D1D787"                               \
  "B09F075797DA89F57EC8C0FF821C68A5E62CA9CE6C1C299803A6C1530B514E18"                               \
  "2AD8B0042A59CAD29F43831C2580F63CCFE44138870713B1A92369E33E2135D2"                               \
  "66DBB372386C400B8439040D9029AD2C7E5CF4340823B2A87DC68C9E4CE3174C"                               \
  "1E6EFDEE12C07D58AA56F772C0726F24C6B89E4ECDAC24354B9E99CAA3F6D376"                               \
  "1402CD851CD7C134AA264366862A18302575D0FB98D116BC4B6DDEBCA3A5A793"                               \
  "9F863904393EE8E06DB6C7F528F8B4260B49AA93309824D92CDB1807E5437EE2"                               \
  "E26E29B73A7111530FA86B350037CB9415E153704394463797139E148701015F"                               \
  "200E44454356434145504153533030317F4C0E060904007F0007030102015301"                               \
  "C15F25060007000400015F24060009000400015F37384CCF25C59F3612EEE188"                               \
  "75F6C5F2E2D21F0395683B532A26E4C189B71EFE659C3F26E0EB9AEAE9986310"                               \
  "7F9B0DADA16414FFA204516AEE2B"

/* A hierarchy in the field, of smart cards with a role of their own: the authority (from the tests
 * of EJBCA's cert-cvc), the maker, one device, and a key of it on secp256k1 whose request the
 * device signed (read from a Nitrokey HSM 2). */
#define AUTHORITY                                                                                  \
  "7F218201B47F4E82016C5F290100420E44455352434143433130303030317F4982"                             \
  "011D060A04007F000702020202038120A9FB57DBA1EEA9BC3E660A909D838D72"                               \
  "6E3BF623D52620282013481D1F6E537782207D5A0975FC2C3057EEF67530417A"                               \
  "FFE7FB8055C126DC5C6CE94A4B44F330B5D9832026DC5C6CE94A4B44F330B5D9"                               \
  "BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B68441048BD2AEB9CB7E57CB2C"                               \
  "4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262547EF835C3DAC4FD97"                               \
  "F8461A14611DC9C27745132DED8E545C1D54C72F0469978520A9FB57DBA1EEA9"                               \
  "BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A78641046D025A80"                               \
  "26CDBA245F10DF1B72E9880FFF746DAB40A43A3D5C6BEBF27707C30F6DEA7243"                               \
  "0EE3287B0665C1EAA6EAA4FA26C46303001983F82BD1AA31E03DA0628701015F"                               \
  "200E44455352434143433130303030317F4C10060B2B0601040181C31F030101"                               \
  "5301C05F25060102010100095F24060302010100085F37409DBB382B1711D2BA"                               \
  "ACB0C623D40C6267D0B52BA455C01F56333DC9554810B9B2878DAF9EC3ADA19C"                               \
  "7B065D780D6C9C3C2ECEDFD78DEB18AF40778ADF89E861CA"
#define MAKER                                                                                      \
  "7F2181E47F4E819D5F290100420E44455352434143433130303030317F494F060A04007F00070202"               \
  "02020386410441BEF11216285DE54D35BAE22FC4953E99EDD7D0294B45CF578AA8545E5F5BBB8F8A"               \
  "F9150E936F7F77777B1EECC58F2D823FE520EBC430964889A4463A7EB2425F200D444544494E4B30"               \
  "3430303030317F4C10060B2B0601040181C31F0301015301805F25060204010003005F2406030201"               \
  "00020965005F3740039567AA4930C8327D651E45B133B71E90F2C134EB385162B96913C0AB3AC265"               \
  "110860CDAD312F970C2A652DA8B31BE8A8FAEA5B87CD146D517937D8B8771122"
#define DEVICE                                                                                     \
  "7F2181E47F4E819D5F290100420D444544494E4B303430303030317F494F060A04007F0007020202"               \
  "0203864104854A608E6F7B27D4B990C0EEA68F6C1D738E0E38CC9C6D1CEEDE55C0583F0B7B373635"               \
  "51A876B8EC2B0DB88545ADFE418ABECD555C128BE81A5C6A0361FCA1DF5F201044454E4B30343034"               \
  "31343430303030307F4C10060B2B0601040181C31F0301015301005F25060206000502085F240603"               \
  "01000502075F3740A4D5D47D41451FCFAC7C8766EEBA2871CAA8086C6E789AF752A7968CF3310852"               \
  "962F428EEE0F209FBB6EB928E6DEFF8AA3CC97F4B8EDC000131683AAF291968F"
#define DEVICE_REQUEST                                                                             \
  "678201E67F2182018C7F4E8201445F29010042095554434130303030317F4982011D060A04007F00"               \
  "0702020202038120FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFC2F"               \
  "82200000000000000000000000000000000000000000000000000000000000000000832000000000"               \
  "0000000000000000000000000000000000000000000000000000000784410479BE667EF9DCBBAC55"               \
  "A06295CE870B07029BFCDB2DCE28D959F2815B16F81798483ADA7726A3C4655DA4FBFC0E1108A8FD"               \
  "17B448A68554199C47D08FFB10D4B88520FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A0"               \
  "3BBFD25E8CD0364141864104C5007688149BB767A91E1716B3EFC4E80B4408B1BA8A3B83712BBBF9"               \
  "63E150BDD7E039AF0165E4229CAD670398161AE8456FF6B78C2F770A6DC0CF8F6723D34F8701015F"               \
  "201044454E4B3034303431343430303030315F3740FDC6DEC3D283E27EF40A9BDD1141A3B86E5E7D"               \
  "D57CFD93F08E8EE93937AA83F1D65078067FD049A0CAD2F67A62D25B5663BB23E0030977BFAFA790"               \
  "C17796A2F9421044454E4B3034303431343430303030305F3740236FD005C7C1E36142BE72B2CB75"               \
  "3B3250A338C3E7081251531F6C120114837B3A641C03B01A9BAA58766216EE399613006AC1B33A51"               \
  "891FFC38FF12BB830811"

static FastCvCertificate *
parse (const char *hex)
{
  g_autoptr (GError) error = NULL;
  FastCvCertificate *certificate = cv_fixture_parse (hex, &error);

  g_assert_no_error (error);
  return certificate;
}

static void
assert_date (const GDate *date, const char *wanted)
{
  g_autofree char *text = fast_date_format (date);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_off_the_curve (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) certificate = cv_fixture_parse (CVCA_224, &error);

  g_assert_null (certificate);
  fast_test_assert_id (error, "ec-point");
}

static void
test_chain_of_others (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) authority = parse (AUTHORITY);
  g_autoptr (FastCvCertificate) maker = parse (MAKER);
  g_autoptr (FastCvCertificate) device = parse (DEVICE);
  FastCvKey *top = fast_cv_certificate_get_body (authority)->key;
  FastCvKey *bare = fast_cv_certificate_get_body (maker)->key;
  g_autoptr (FastCvKey) middle = fast_cv_key_inherit (bare, top, &error);

  g_assert_no_error (error);
  assert_date (&fast_cv_certificate_get_body (authority)->effective, "2012-11-09");
  assert_date (&fast_cv_certificate_get_body (authority)->expiry, "2032-11-08");
  g_assert_cmpint (fast_cv_certificate_get_body (authority)->role, ==, FAST_CV_ROLE_CVCA);
  g_assert_false (fast_cv_certificate_get_body (device)->inspection);
  g_assert_null (fast_cv_key_get_public (bare));
  g_assert_cmpstr (fast_cv_key_get_curve (middle), ==, "brainpoolP256r1");
  g_assert_true (fast_cv_certificate_verify (authority, top, &error));
  g_assert_true (fast_cv_certificate_verify (maker, top, &error));
  g_assert_true (fast_cv_certificate_verify (device, middle, &error));
  g_assert_no_error (error);
  g_assert_false (fast_cv_certificate_verify (device, top, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE);
  fast_test_assert_id (error, "cv-signature");
  g_clear_error (&error);
  g_assert_false (fast_cv_certificate_verify (device, bare, &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING);
}

static void
test_request_of_others (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_hex_decode (DEVICE_REQUEST, NULL);
  g_autoptr (FastCvRequest) request =
      fast_cv_request_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_autoptr (FastCvCertificate) authority = parse (AUTHORITY);
  g_autoptr (FastCvCertificate) device = parse (DEVICE);
  g_autoptr (FastCvKey) signer = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (fast_cv_request_get_signer (request), ==, "DENK040414400000");
  g_assert_cmpstr (fast_cv_request_get_body (request)->authority, ==, "UTCA00001");
  g_assert_cmpstr (fast_cv_request_get_body (request)->holder, ==, "DENK040414400001");
  signer = fast_cv_key_inherit (fast_cv_certificate_get_body (device)->key,
                                fast_cv_certificate_get_body (authority)->key, &error);
  g_assert_true (fast_cv_request_verify_outer (request, signer, &error));
  g_assert_no_error (error);
}

/* Every byte of body and signature is under the signature: no flip goes unseen. */
static void
test_flips (void)
{
  g_autoptr (FastCvCertificate) certificate = parse (AUTHORITY);
  FastCvKey *key = fast_cv_certificate_get_body (certificate)->key;
  GBytes *bytes = fast_cv_certificate_get_bytes (certificate);
  const gsize size = g_bytes_get_size (bytes);

  for (gsize at = 0; at < size; at++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (FastCvCertificate) altered = NULL;

    copy[at] ^= 1;
    altered = fast_cv_certificate_parse (copy, size, NULL);
    g_assert_true (altered == NULL || !fast_cv_certificate_verify (altered, key, NULL));
    g_assert_null (fast_cv_certificate_parse (copy, at, NULL));
  }
}

#define OID_256 "060A04007F00070202020203"
#define POINT                                                                                      \
  "86410460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E9" \
  "5628BC64F2F1B20C2D7E9F5177A3C294D4462299"
#define SIGNATURE                                                                                  \
  "0102030405060708010203040506070801020304050607080102030405060708"                               \
  "0102030405060708010203040506070801020304050607080102030405060708"

/* The objects of a DV's certificate; SIGNATURE_AT is outside the body. */
enum {
  PROFILE_AT,
  AUTHORITY_AT,
  KEY_AT,
  HOLDER_AT,
  CHAT_AT,
  EFFECTIVE_AT,
  EXPIRY_AT,
  SIGNATURE_AT
};

static const struct {
  guint32 tag;
  const char *hex;
} objects[] = {
    {0x5F29, "00"},
    {0x42, "444554455354435643413030303031"},
    {0x7F49, OID_256 POINT},
    {0x5F20, "44455445535444564445303031"},
    {0x7F4C, "060904007F000703010201530183"},
    {0x5F25, "020600010001"},
    {0x5F24, "020600020001"},
    {0x5F37, SIGNATURE},
};

static GBytes *
build (guint at, guint32 tag, const char *hex)
{
  g_autoptr (GByteArray) body = g_byte_array_new ();
  g_autoptr (GByteArray) parts = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++) {
    const guint32 own = i == at ? tag : objects[i].tag;
    g_autoptr (GBytes) value = fast_hex_decode (i == at ? hex : objects[i].hex, NULL);

    if (i == SIGNATURE_AT)
      fast_tlv_append_array (parts, 0x7F4E, body);
    if (own != 0)
      fast_tlv_append_bytes (i == SIGNATURE_AT ? parts : body, own, value);
  }
  fast_tlv_append_array (out, 0x7F21, parts);
  return g_byte_array_free_to_bytes (out);
}

static const struct {
  const char *name;
  guint at;
  guint32 tag;
  const char *hex;
  const char *id;
} refused[] = {
    {"no-profile", PROFILE_AT, 0, "", "tlv-unexpected"},
    {"profile-1", PROFILE_AT, 0x5F29, "01", "cv-profile"},
    {"profile-long", PROFILE_AT, 0x5F29, "0000", "cv-profile"},
    {"no-authority", AUTHORITY_AT, 0, "", "tlv-unexpected"},
    {"authority-country", AUTHORITY_AT, 0x42, "646554455354435643413030303031", "cv-reference"},
    {"authority-long", AUTHORITY_AT, 0x42, "4445544553544344434441424130303031", "cv-reference"},
    {"authority-short", AUTHORITY_AT, 0x42, "444530303031", "cv-reference"},
    {"authority-unassigned", AUTHORITY_AT, 0x42, "44450954455354303030303031", "cv-reference"},
    {"holder-sequence", HOLDER_AT, 0x5F20, "4445544553544456646530303161", "cv-reference"},
    {"no-key", KEY_AT, 0, "", "tlv-unexpected"},
    {"3.2:ISO7816_J_24", KEY_AT, 0x7F49, "060A04007F00070202020209" POINT, "cv-key-algorithm"},
    {"3.2:ISO7816_J_36", KEY_AT, 0x7F49, "060A04007F00070202030202" POINT, "cv-key-algorithm"},
    {"rsa", KEY_AT, 0x7F49, "060A04007F00070202020102" POINT, "cv-key-algorithm"},
    {"sha-1", KEY_AT, 0x7F49, "060A04007F00070202020201" POINT, "cv-key-algorithm"},
    {"3.2:ISO7816_J_37", KEY_AT, 0x7F49, POINT, "tlv-unexpected"},
    {"3.2:ISO7816_J_38", KEY_AT, 0x7F49, OID_256, "truncated"},
    {"3.2:ISO7816_J_41", KEY_AT, 0x7F49, OID_256 POINT "770100", "trailing-bytes"},
    {"cofactor-alone", KEY_AT, 0x7F49, OID_256 POINT "870101", "trailing-bytes"},
    {"parameters-in-part", KEY_AT, 0x7F49, OID_256 "8101078201018301018403040101" POINT,
     "tlv-unexpected"},
    {"parameters-unknown", KEY_AT, 0x7F49, OID_256 "8101078201018301018403040101850105" POINT,
     "cv-key-curve"},
    {"no-holder", HOLDER_AT, 0, "", "tlv-unexpected"},
    {"3.2:ISO7816_J_6", CHAT_AT, 0, "", "tlv-unexpected"},
    {"chat-two-bytes", CHAT_AT, 0x7F4C, "060904007F00070301020153028300", "cv-authorization"},
    {"chat-empty", CHAT_AT, 0x7F4C, "060904007F0007030102015300", "cv-authorization"},
    {"chat-more", CHAT_AT, 0x7F4C, "060904007F000703010201530183530183", "trailing-bytes"},
    {"3.2:ISO7816_J_7", EFFECTIVE_AT, 0, "", "tlv-unexpected"},
    {"3.2:ISO7816_J_8", EXPIRY_AT, 0, "", "truncated"},
    {"3.2:ISO7816_J_9", EFFECTIVE_AT, 0x5F25, "0A0B0C0D0E0F", "cv-date"},
    {"3.2:ISO7816_J_10", EXPIRY_AT, 0x5F24, "0A0B0C0D0E0F", "cv-date"},
    {"date-packed", EFFECTIVE_AT, 0x5F25, "260101", "cv-date"},
    {"date-month-13", EFFECTIVE_AT, 0x5F25, "020601030001", "cv-date"},
    {"date-30-february", EXPIRY_AT, 0x5F24, "020600020300", "cv-date"},
    {"date-day-0", EXPIRY_AT, 0x5F24, "020600020000", "cv-date"},
    {"expires-before-effect", EXPIRY_AT, 0x5F24, "020501020301", "cv-period"},
    {"3.2:ISO7816_J_27", SIGNATURE_AT, 0x5F38, SIGNATURE, "tlv-unexpected"},
    {"3.2:ISO7816_J_4", SIGNATURE_AT, 0, "", "truncated"},
};

static void
test_refused (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = build (refused[i].at, refused[i].tag, refused[i].hex);
  g_autoptr (FastCvCertificate) certificate =
      fast_cv_certificate_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);

  g_assert_null (certificate);
  fast_test_assert_id (error, refused[i].id);
}

/* What the table alters is accepted as it stands. */
static void
test_accepted (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = build (G_MAXUINT, 0, NULL);
  g_autoptr (FastCvCertificate) certificate =
      fast_cv_certificate_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_autoptr (GBytes) parts = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (fast_cv_certificate_get_body (certificate)->role, ==, FAST_CV_ROLE_DV_DOMESTIC);
  g_assert_true (g_bytes_equal (fast_cv_certificate_get_bytes (certificate), bytes));
  parts = fast_cv_certificate_dup_parts (certificate);
  g_assert_cmpmem (g_bytes_get_data (parts, NULL), g_bytes_get_size (parts),
                   (const guint8 *)g_bytes_get_data (bytes, NULL) + 4,
                   g_bytes_get_size (bytes) - 4);
}

/* Lengths that lie, and lengths that are not in their shortest form. */
static void
test_lengths (void)
{
  static const struct {
    const char *hex;
    const char *id;
  } rows[] = {
      {"7F2103"
       "7F4E00",
       "truncated"},
      {"7F21", "truncated"},
      {"7F21035F3700", "tlv-unexpected"},
      {"7F2183000001"
       "00",
       "tlv-not-der"},
      {"7F218105"
       "7F4E025F29",
       "tlv-not-der"},
      {"7F2106"
       "7F4F03"
       "5F2900",
       "tlv-unexpected"},
      {"7F2106"
       "7F4E04"
       "5F2900",
       "truncated"},
      {"7F21847FFFFFFF"
       "7F4E",
       "truncated"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastCvCertificate) certificate = cv_fixture_parse (rows[i].hex, &error);

    g_assert_null (certificate);
    fast_test_assert_id (error, rows[i].id);
  }
}

/* What we issue reads back, on each curve and with each hash. */
static void
test_issue (void)
{
  static const struct {
    const char *curve;
    FastCvAlgorithm algorithm;
  } rows[] = {
      {"P-256", FAST_CV_ECDSA_SHA_256},           {"brainpoolP256r1", FAST_CV_ECDSA_SHA_256},
      {"brainpoolP224r1", FAST_CV_ECDSA_SHA_224}, {"brainpoolP384r1", FAST_CV_ECDSA_SHA_384},
      {"P-384", FAST_CV_ECDSA_SHA_384},           {"brainpoolP512r1", FAST_CV_ECDSA_SHA_512},
      {"P-521", FAST_CV_ECDSA_SHA_512},
  };
  const CvTerms terms = {"CATEST00001", "CATEST00001", FAST_CV_ROLE_CVCA, 3, 20260101, 20281231};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (EVP_PKEY) key = cv_fixture_key (rows[i].curve);
    g_autoptr (FastCvCertificate) certificate =
        cv_fixture_issue_with (&terms, rows[i].algorithm, TRUE, key, key);
    const FastCvBody *body = fast_cv_certificate_get_body (certificate);

    g_assert_true (fast_cv_certificate_verify (certificate, body->key, &error));
    g_assert_no_error (error);
    g_assert_true (EVP_PKEY_eq (fast_cv_key_get_public (body->key), key) == 1);
    g_assert_cmpuint (body->rights, ==, FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4);
    assert_date (&body->expiry, "2028-12-31");
  }
}

/* A key whose curve is written out is the same as one that names it. */
static void
test_reference (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = cv_fixture_key ("P-256");
  g_autoptr (FastCvKey) public = fast_cv_key_new (key, FAST_CV_ECDSA_SHA_256, &error);
  const FastCvBody latin = {.authority = "CAQUÉBEC00001", .key = public, .holder = "CA00001"};
  const FastCvBody wide = {.authority = "CA\xE2\x82\xAC"
                                        "00001",
                           .key = public,
                           .holder = "CA00001"};
  g_autoptr (GBytes) bytes = fast_cv_body_build (&latin, FAST_CV_BODY_REQUEST, TRUE, &error);
  FastReader reader = fast_reader_from_bytes (bytes, "body");
  g_autoptr (FastCvBody) body = NULL;
  FastTlv object;

  g_assert_no_error (error);
  g_assert_true (fast_tlv_read (&reader, &object, NULL));
  body = fast_cv_body_parse (&object, FAST_CV_BODY_REQUEST, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (body->authority, ==, "CAQUÉBEC00001");
  g_assert_null (fast_cv_body_build (&wide, FAST_CV_BODY_REQUEST, TRUE, &error));
  fast_test_assert_id (error, "cv-reference");
}

static void
test_request (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = cv_fixture_key ("brainpoolP256r1");
  g_autoptr (EVP_PKEY) cvca = cv_fixture_key ("P-256");
  g_autoptr (FastCvKey) known = fast_cv_key_new (cvca, FAST_CV_ECDSA_SHA_256, NULL);
  g_autoptr (FastCvRequest) first =
      fast_cv_request_new (NULL, "CATESTDV00001", key, FAST_CV_ECDSA_SHA_256, &error);
  g_autoptr (FastCvRequest) next =
      fast_cv_request_authenticate (first, "CATESTCVCA00001", cvca, FAST_CV_ECDSA_SHA_256, &error);

  g_assert_no_error (error);
  g_assert_null (fast_cv_request_get_body (first)->authority);
  g_assert_null (fast_cv_request_get_signer (first));
  g_assert_cmpstr (fast_cv_request_get_signer (next), ==, "CATESTCVCA00001");
  g_assert_true (fast_cv_request_verify_outer (next, known, &error));
  g_assert_false (fast_cv_request_verify_outer (first, known, &error));
  fast_test_assert_id (error, "cv-request-no-outer");
  g_clear_error (&error);
  g_assert_false (
      fast_cv_request_verify_outer (next, fast_cv_request_get_body (next)->key, &error));
  fast_test_assert_id (error, "cv-request-outer");
}

/* No byte of a request changes unseen by the inner or the outer signature. */
static void
test_request_flips (void)
{
  g_autoptr (EVP_PKEY) key = cv_fixture_key ("P-256");
  g_autoptr (FastCvKey) known = fast_cv_key_new (key, FAST_CV_ECDSA_SHA_256, NULL);
  g_autoptr (FastCvRequest) first =
      fast_cv_request_new ("CATEST00001", "CATESTDV00001", key, FAST_CV_ECDSA_SHA_256, NULL);
  g_autoptr (FastCvRequest) request =
      fast_cv_request_authenticate (first, "CATEST00001", key, FAST_CV_ECDSA_SHA_256, NULL);
  GBytes *bytes = fast_cv_request_get_bytes (request);
  const gsize size = g_bytes_get_size (bytes);

  for (gsize at = 0; at < size; at++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (FastCvRequest) altered = NULL;

    copy[at] ^= 0x20;
    altered = fast_cv_request_parse (copy, size, NULL);
    g_assert_true (altered == NULL || !fast_cv_request_verify_outer (altered, known, NULL));
  }
}

static void
test_request_inner (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = cv_fixture_key ("P-256");
  g_autoptr (FastCvRequest) request =
      fast_cv_request_new (NULL, "CATESTDV00001", key, FAST_CV_ECDSA_SHA_256, NULL);
  GBytes *bytes = fast_cv_request_get_bytes (request);
  const gsize size = g_bytes_get_size (bytes);
  g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);

  copy[size - 1] ^= 1;
  g_assert_null (fast_cv_request_parse (copy, size, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE);
  fast_test_assert_id (error, "cv-request-inner");
}

static void
test_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastCvCertificate) certificate = parse (AUTHORITY);
  g_autoptr (FastCvCertificate) again = NULL;
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "a.cvcert", NULL);

  g_assert_true (fast_cv_certificate_save (certificate, path, &error));
  again = fast_cv_certificate_load (path, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (fast_cv_certificate_get_bytes (certificate),
                                fast_cv_certificate_get_bytes (again)));
  g_assert_true (g_file_set_contents (path, "7F21", 4, NULL));
  g_assert_null (fast_cv_certificate_load (path, &error));
  fast_test_assert_id (error, "truncated");
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/cv-certificate/off-the-curve", test_off_the_curve);
  g_test_add_func ("/keys/cv-certificate/chain-of-others", test_chain_of_others);
  g_test_add_func ("/keys/cv-certificate/request-of-others", test_request_of_others);
  g_test_add_func ("/keys/cv-certificate/flips", test_flips);
  g_test_add_func ("/keys/cv-certificate/accepted", test_accepted);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *path = g_strconcat ("/keys/cv-certificate/refused/", refused[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refused);
  }
  g_test_add_func ("/keys/cv-certificate/lengths/3.2:ISO7816_J_5,26,28,29", test_lengths);
  g_test_add_func ("/keys/cv-certificate/issue", test_issue);
  g_test_add_func ("/keys/cv-certificate/reference", test_reference);
  g_test_add_func ("/keys/cv-certificate/request", test_request);
  g_test_add_func ("/keys/cv-certificate/request-flips", test_request_flips);
  g_test_add_func ("/keys/cv-certificate/request-inner", test_request_inner);
  g_test_add_func ("/keys/cv-certificate/file", test_file);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/chip-authentication.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <string.h>

#include "personalise/apdu/status-word.h"
#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/ec-point.h"
#include "record/keys/key.h"
#include "tests/support.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)

/* Parameters of brainpoolP256r1 and P-256, written out as EF.DG14 has them. */
#define BRAINPOOL                                                                                  \
  "308201333081EC06072A8648CE3D02013081E0020101302C06072A8648CE3D0101022100A9FB57DBA1EEA9BC3E660A" \
  "909D838D726E3BF623D52620282013481D1F6E5377304404207D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC" \
  "5C6CE94A4B44F330B5D9042026DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6044104" \
  "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262547EF835C3DAC4FD97F8461A14611D" \
  "C9C27745132DED8E545C1D54C72F046997022100A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E" \
  "82974856A7020101034200"
#define NIST                                                                                       \
  "308201333081EC06072A8648CE3D02013081E0020101302C06072A8648CE3D0101022100FFFFFFFF00000001000000" \
  "000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF30440420FFFFFFFF00000001000000000000000000000000FFFF" \
  "FFFFFFFFFFFFFFFFFFFC04205AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B044104" \
  "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F9E" \
  "162BCE33576B315ECECBB6406837BF51F5022100FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CA" \
  "C2FC632551020101034200"

/* One recorded run: the session before, the reader's ephemeral key, what went over the line. The
 * recordings are those of gmrtd's tests (chipauth/chip_auth_test.go), of passports in the field. */
typedef struct {
  const char *name;
  FastCipher before;
  const char *enc;
  const char *mac;
  const char *counter;
  FastCipher cipher;
  const char *chip_key;
  gint64 key_id;
  const char *curve;
  const char *ephemeral;
  const char *exchange[2][2];
  const char *select[2];
} Recording;

static const Recording recordings[] = {
    {"AT",
     FAST_CIPHER_AES_128,
     "524170DE3419B7AF2F23E45AD6EF9595",
     "97893F5FDC29A5C13A924FE7D8ED44FD",
     "000000000000000000000000000000F0",
     FAST_CIPHER_AES_128,
     BRAINPOOL "041983917269AC877C0B61544C2C022000D2A5ABA723E2D80141E648B40911DC3459761F27480E4B57"
               "181A53D8FE1190EA86C939AC14363178CAFFC621F0F905C3",
     FAST_CHIP_KEY_UNNUMBERED,
     "brainpoolP256r1",
     "80EBAFC8A51BECD4D90BB640EE38C9FD5C12748D28AAA37096B98C4533C4F5F5"
     "044827C781BE1AC7A00B351214FD783AC76D99E831A6316C8FD6DE7BD96CFA31DA"
     "06B6B57BA380789729F4A028212A768C49BF5F97D98B1DB12BEEC1A1CD324FB2",
     {{"0C2241A41D8711015D8F69B1EA365CCE4304970DB12421F38E085340D338128085E700",
       "990290008E083F5136E82A6C34779000"},
      {"0C860000608751019E18F1BA79D805379752BB560EB70AAC3CE3BC5AFE2FDD4AEB325CA8B578B4A93B9F66A5DF"
       "40005F8E878535251D33DD974AAF77FB858773E5799FA9DC1034E89B1150EC7F0BB3DB4BF37A1B9EA4458A9701"
       "008E089D204D950C0B95DB00",
       "8711010B0A5DFFC7432DE4DEB604291377A05B990290008E08B3384A1F5D1579739000"}},
     {"0CA4020C1D8711011B2EE500E84960DF7F37AFE7ADFF53838E084500F3B43E192A5700",
      "990290008E0803C4B125B4218CEF9000"}},
    {"DE",
     FAST_CIPHER_AES_128,
     "CC86415F2ED7E8FD663B754265695AE1",
     "581E84B8EE06C4D3EEE30461498D7FB3",
     "000000000000000000000000000000BA",
     FAST_CIPHER_AES_128,
     BRAINPOOL "047036BC5D0BCF31913B59103BB6F2C0C98C99EF4C19B9517340B76BFE4EE2194C76C3F3314E021D4B"
               "092DB5A32AB7D6E297F2FBEAE45AA28DEFC4DA750FEAD54E",
     0xC3,
     "brainpoolP256r1",
     "84A5145885678EE9307C28C52736896267511203B7B8009C5FE27ABCBAECDCAA"
     "04897FA47C895D35949A8DB8F776A62D775BDF764A1AA1BDC2D8FC96CD5C2E80E3"
     "9F631C67E84364DCF85F5C9F8CE79A752071896819A0D510CF9701652486817C",
     {{"0C2241A41D871101980953D37F67558690045D78A853B18A8E08929767A2CEF172E200",
       "990290008E08FC873EBB62219C8A9000"},
      {"0C8600006087510161912C367A6322D24AA1D4522DC47A7345369257672DF1D1163D506EB6489395D8083FAD39"
       "3A394297CE8703C42F22C864C1F4C8E70EE1CF9B497ACF6579190D90F36CF9E16FE2149FF57247285D9E1E9701"
       "008E08A1D7A16EFBFD932C00",
       "87110123E7159AC9B0EF92CE1F6755B89697E3990290008E088972F1595E1508C29000"}},
     {"0CA4020C1D871101FAD37EADBCDE7E6A0833035A9FFF5B708E0836560BBCE1FECD5F00",
      "990290008E0829D0E1EBBB61BE7A9000"}},
    {"FR",
     FAST_CIPHER_AES_256,
     "17da5d46e356f5b31c3d65b1369ef531ca811effc76967d2b62335e1ad9fe5cb",
     "5cb99a25e6081581fac80c8da621087939b6bde273f2f7c65693b3a0ea3051ed",
     "000000000000000000000000000000c6",
     FAST_CIPHER_TDES,
     NIST "048367FC170D90AD53A28C6526A9C7EC4F5C59C4F7F5D992583F951A1654B4D1D6332163A33D82CBF245154"
          "887A8812ED9A55C15AD9D5C5C463851875BBA9AEABD",
     FAST_CHIP_KEY_UNNUMBERED,
     "P-256",
     "d9c3b06a4dcb735351429403fcb56db520dc882512d775971f724d6112f96586"
     "04334f809c8842a4c9316c19e52a0d6ea0285996c40ff6db303cef72099198c8ad"
     "5d6b46e93482de899533d06eac54c289df5aa1436a846fb9154100c5322439ea",
     {{"0c2241a65d8751013ae386873df68bd7e9f8d7ab2e696ced29eeb8da78d502645b5e97d566361341e2eaa56318"
       "f6d84bf0bc44f7808afaf14798d16048aab03545f017f557d2cce9dee724f099e3d643abd0fb03e567d9b18e08"
       "f2d238dede5abbf100",
       "990290008e089666ac14d11e8c2c9000"},
      {NULL, NULL}},
     {"0ca4020c15870901db66e918fe3525f98e08d870008cea2ba80000",
      "990290008e08420dea0a913418ae9000"}},
};

static GBytes *
hex (const char *text)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (text, &error);

  g_assert_no_error (error);
  return bytes;
}

static EVP_PKEY *
public_key (const char *text)
{
  g_autoptr (GBytes) bytes = hex (text);
  const guint8 *at = g_bytes_get_data (bytes, NULL);
  EVP_PKEY *key = d2i_PUBKEY (NULL, &at, (long)g_bytes_get_size (bytes));

  g_assert_nonnull (key);
  return key;
}

/* A private key and its point, of 32 and 65 bytes, as EVP_PKEY. */
static EVP_PKEY *
key_pair (const char *curve, const char *text)
{
  g_autoptr (GBytes) bytes = hex (text);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  g_autoptr (OSSL_PARAM_BLD) build = OSSL_PARAM_BLD_new ();
  g_autoptr (BIGNUM) number = BN_bin2bn (data, 32, NULL);
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  g_autoptr (OSSL_PARAM) parameters = NULL;
  EVP_PKEY *key = NULL;

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 32 + 65);
  OSSL_PARAM_BLD_push_utf8_string (build, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0);
  OSSL_PARAM_BLD_push_octet_string (build, OSSL_PKEY_PARAM_PUB_KEY, data + 32, 65);
  OSSL_PARAM_BLD_push_BN (build, OSSL_PKEY_PARAM_PRIV_KEY, number);
  parameters = OSSL_PARAM_BLD_to_param (build);
  g_assert_cmpint (EVP_PKEY_fromdata_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_fromdata (context, &key, EVP_PKEY_KEYPAIR, parameters), ==, 1);
  return key;
}

static FastSecureMessaging *
session_of (const Recording *recording)
{
  g_autoptr (GBytes) enc = hex (recording->enc);
  g_autoptr (GBytes) mac = hex (recording->mac);
  g_autoptr (GBytes) counter = hex (recording->counter);

  return fast_secure_messaging_new (recording->before, g_bytes_get_data (enc, NULL),
                                    g_bytes_get_data (mac, NULL), g_bytes_get_data (counter, NULL));
}

/* The command becomes the recorded one, and the recorded answer is accepted. */
static GBytes *
exchange (FastSecureMessaging *session, const FastCommand *command, const char *const line[2])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) wrapped = fast_secure_messaging_wrap_command (session, command, &error);
  g_autoptr (GBytes) wanted = hex (line[0]);
  g_autoptr (GBytes) answer = hex (line[1]);
  GBytes *plain;

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped),
                   g_bytes_get_data (wanted, NULL), g_bytes_get_size (wanted));
  plain = fast_secure_messaging_unwrap_response (session, answer, &error);
  g_assert_no_error (error);
  return plain;
}

static void
test_recording (gconstpointer data)
{
  static const guint8 dg14[] = {0x01, 0x0E};
  const Recording *recording = data;
  const FastCommand select = {.ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = dg14, .size = 2};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) before = session_of (recording);
  g_autoptr (FastSecureMessaging) after = NULL;
  g_autoptr (EVP_PKEY) chip = public_key (recording->chip_key);
  g_autoptr (EVP_PKEY) ephemeral = key_pair (recording->curve, recording->ephemeral);
  g_autoptr (FastChipAuthentication) reader = fast_chip_authentication_new_reader_with (
      recording->cipher, chip, recording->key_id, ephemeral, &error);
  g_autoptr (GBytes) last = NULL;
  guint count = 0;

  g_assert_no_error (error);
  for (; !fast_chip_authentication_is_done (reader); count++) {
    g_autoptr (GBytes) answer = NULL;
    FastResponse response;
    FastCommand command;

    g_assert_true (fast_chip_authentication_reader_ask (reader, &command, &error));
    g_assert_nonnull (recording->exchange[count][0]);
    answer = exchange (before, &command, recording->exchange[count]);
    g_assert_true (fast_response_parse (&response, answer, &error));
    g_assert_cmpuint (response.status, ==, FAST_SW_OK);
    fast_chip_authentication_reader_take (reader, response.data, response.size, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (count, ==, recording->exchange[1][0] == NULL ? 1 : 2);
  after = fast_chip_authentication_finish (reader, &error);
  g_assert_no_error (error);
  last = exchange (after, &select, recording->select);
  g_assert_null (fast_chip_authentication_finish (reader, &error));
  fast_test_assert_id (error, "ca-order");
}

/* Both sides, on a curve with a cipher. */
static const struct {
  const char *name;
  const char *curve;
  FastKeyParameters parameters;
  FastCipher cipher;
  gint64 key_id;
} runs[] = {
    {"aes-128", "P-256", FAST_KEY_PARAMETERS_NAMED, FAST_CIPHER_AES_128, FAST_CHIP_KEY_UNNUMBERED},
    {"aes-192", "brainpoolP256r1", FAST_KEY_PARAMETERS_EXPLICIT, FAST_CIPHER_AES_192, 0},
    {"aes-256", "brainpoolP384r1", FAST_KEY_PARAMETERS_NAMED, FAST_CIPHER_AES_256, 300},
    {"3des", "P-256", FAST_KEY_PARAMETERS_EXPLICIT, FAST_CIPHER_TDES, 1},
};

static guint16
tell (FastChipAuthentication *chip, const FastCommand *command, GByteArray *out)
{
  g_autoptr (GError) why = NULL;
  const guint16 status = fast_chip_authentication_chip_answer (chip, command, out, &why);

  g_assert_true ((status == FAST_SW_OK) == (why == NULL));
  return status;
}

static void
test_both (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  static const FastCommand challenge = {.ins = 0x84, .le = 8};
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate (runs[i].curve, runs[i].parameters, &error);
  g_autoptr (FastChipAuthentication) chip = fast_chip_authentication_new_chip (key, runs[i].key_id);
  g_autoptr (FastChipAuthentication) reader =
      fast_chip_authentication_new_reader (runs[i].cipher, key, runs[i].key_id, &error);
  g_autoptr (FastSecureMessaging) reader_session = NULL;
  g_autoptr (FastSecureMessaging) chip_session = NULL;
  g_autoptr (GBytes) wrapped = NULL;
  g_autoptr (GBytes) plain = NULL;
  FastCommand command;

  g_assert_null (fast_chip_authentication_get_terminal_key (chip));
  while (!fast_chip_authentication_is_done (reader)) {
    g_autoptr (GByteArray) out = g_byte_array_new ();

    g_assert_true (fast_chip_authentication_reader_ask (reader, &command, &error));
    g_assert_cmphex (tell (chip, &command, out), ==, FAST_SW_OK);
    g_assert_true (fast_chip_authentication_reader_take (reader, out->data, out->len, &error));
  }
  g_assert_true (g_bytes_equal (fast_chip_authentication_get_terminal_key (chip),
                                fast_chip_authentication_get_terminal_key (reader)));
  reader_session = fast_chip_authentication_finish (reader, &error);
  chip_session = fast_chip_authentication_finish (chip, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fast_secure_messaging_get_cipher (chip_session), ==, runs[i].cipher);
  wrapped = fast_secure_messaging_wrap_command (reader_session, &challenge, &error);
  g_assert_true (fast_command_parse (&command, g_bytes_get_data (wrapped, NULL),
                                     g_bytes_get_size (wrapped), &error));
  plain = fast_secure_messaging_unwrap_command (chip_session, &command, &error);
  g_assert_no_error (error);
}

/* A copy that has EF.DG14 but not its key derives other session keys: its answers fail. */
static void
test_copied_chip (void)
{
  static const FastCommand challenge = {.ins = 0x84, .le = 8};
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (EVP_PKEY) other = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (FastChipAuthentication) chip =
      fast_chip_authentication_new_chip (other, FAST_CHIP_KEY_UNNUMBERED);
  g_autoptr (FastChipAuthentication) reader =
      fast_chip_authentication_new_reader (FAST_CIPHER_TDES, key, FAST_CHIP_KEY_UNNUMBERED, &error);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (FastSecureMessaging) one = NULL;
  g_autoptr (FastSecureMessaging) two = NULL;
  g_autoptr (GBytes) wrapped = NULL;
  FastCommand command;

  g_assert_true (fast_chip_authentication_reader_ask (reader, &command, &error));
  g_assert_cmphex (tell (chip, &command, out), ==, FAST_SW_OK);
  g_assert_true (fast_chip_authentication_reader_take (reader, NULL, 0, &error));
  one = fast_chip_authentication_finish (reader, &error);
  two = fast_chip_authentication_finish (chip, &error);
  wrapped = fast_secure_messaging_wrap_command (one, &challenge, &error);
  g_assert_true (fast_command_parse (&command, g_bytes_get_data (wrapped, NULL),
                                     g_bytes_get_size (wrapped), &error));
  g_assert_null (fast_secure_messaging_unwrap_command (two, &command, &error));
  g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC);
}

#define OID_AES "800A04007F00070202030202"
#define GENERATOR                                                                                  \
  "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F" \
  "9E162BCE33576B315ECECBB6406837BF51F5"
#define OFF_CURVE                                                                                  \
  "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2964FE342E2FE1A7F9B8EE7EB4A7C0F" \
  "9E162BCE33576B315ECECBB6406837BF51F6"

/* What the chip refuses; first an MSE:Set AT where @selected says so. The chip's key is number 5.
 */
static const struct {
  const char *name;
  gboolean selected;
  guint8 ins;
  guint8 p2;
  const char *data;
  guint16 status;
  const char *id;
} refused[] = {
    {"kat-empty", FALSE, 0x22, 0xA6, "", FAST_SW_DATA, "ca-data"},
    {"kat-with-protocol", FALSE, 0x22, 0xA6, OID_AES "9141" GENERATOR, FAST_SW_DATA, "ca-data"},
    {"kat-twice", FALSE, 0x22, 0xA6, "9141" GENERATOR "9141" GENERATOR, FAST_SW_DATA, "ca-data"},
    {"kat-off-curve", FALSE, 0x22, 0xA6, "9141" OFF_CURVE, FAST_SW_DATA, "ec-point"},
    {"kat-infinity", FALSE, 0x22, 0xA6, "910100", FAST_SW_DATA, "ec-point"},
    {"kat-compressed", FALSE, 0x22, 0xA6,
     "9121036B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296", FAST_SW_DATA,
     "ec-point"},
    {"kat-other-key", FALSE, 0x22, 0xA6, "9141" GENERATOR "840106", FAST_SW_DATA_ABSENT, "ca-key"},
    {"kat-key-empty", FALSE, 0x22, 0xA6, "9141" GENERATOR "8400", FAST_SW_DATA_ABSENT, "ca-key"},
    {"kat-key-huge", FALSE, 0x22, 0xA6, "9141" GENERATOR "8409000000000000000005",
     FAST_SW_DATA_ABSENT, "ca-key"},
    {"at-empty", FALSE, 0x22, 0xA4, "", FAST_SW_DATA, "ca-data"},
    {"at-with-key", FALSE, 0x22, 0xA4, OID_AES "9141" GENERATOR, FAST_SW_DATA, "ca-data"},
    {"at-dh", FALSE, 0x22, 0xA4, "800A04007F00070202030102", FAST_SW_DATA, "ca-protocol"},
    {"at-cipher-5", FALSE, 0x22, 0xA4, "800A04007F00070202030205", FAST_SW_DATA, "ca-protocol"},
    {"at-short-oid", FALSE, 0x22, 0xA4, "800904007F000702020302", FAST_SW_DATA, "ca-protocol"},
    {"at-password", FALSE, 0x22, 0xA4, OID_AES "830101", FAST_SW_DATA, "ca-data"},
    {"at-cut", FALSE, 0x22, 0xA4, "800A04007F", FAST_SW_DATA, "truncated"},
    {"agree-unselected", FALSE, 0x86, 0, "7C438041" GENERATOR, FAST_SW_CONDITIONS, "ca-order"},
    {"agree-empty", TRUE, 0x86, 0, "", FAST_SW_DATA, "truncated"},
    {"agree-nothing", TRUE, 0x86, 0, "7C00", FAST_SW_DATA, "truncated"},
    {"agree-other-tag", TRUE, 0x86, 0, "7C438141" GENERATOR, FAST_SW_DATA, "tlv-unexpected"},
    {"agree-off-curve", TRUE, 0x86, 0, "7C438041" OFF_CURVE, FAST_SW_DATA, "ec-point"},
    {"agree-more", TRUE, 0x86, 0, "7C438041" GENERATOR "00", FAST_SW_DATA, "trailing-bytes"},
    {"other-command", FALSE, 0xB0, 0, "", FAST_SW_CONDITIONS, "ca-order"},
};

static FastCommand
command_of (guint8 ins, guint8 p2, GBytes *data)
{
  return (FastCommand){.ins = ins,
                       .p1 = ins == 0x22 ? 0x41 : 0,
                       .p2 = p2,
                       .data = g_bytes_get_data (data, NULL),
                       .size = g_bytes_get_size (data)};
}

static void
test_refused (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, NULL);
  g_autoptr (FastChipAuthentication) chip = fast_chip_authentication_new_chip (key, 5);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) first = hex (OID_AES "840105");
  g_autoptr (GBytes) bytes = hex (refused[i].data);
  const FastCommand select = command_of (0x22, 0xA4, first);
  const FastCommand command = command_of (refused[i].ins, refused[i].p2, bytes);

  if (refused[i].selected)
    g_assert_cmphex (tell (chip, &select, out), ==, FAST_SW_OK);
  g_assert_cmphex (fast_chip_authentication_chip_answer (chip, &command, out, &error), ==,
                   refused[i].status);
  fast_test_assert_id (error, refused[i].id);
  g_assert_false (fast_chip_authentication_is_done (chip));
  g_assert_cmpuint (out->len, ==, 0);
}

/* What the reader refuses of a chip. */
static void
test_reader_refuses (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, NULL);
  g_autoptr (EVP_PKEY) other =
      fast_key_generate ("brainpoolP256r1", FAST_KEY_PARAMETERS_NAMED, NULL);
  g_autoptr (FastChipAuthentication) reader = fast_chip_authentication_new_reader (
      FAST_CIPHER_AES_128, key, FAST_CHIP_KEY_UNNUMBERED, NULL);
  g_autoptr (FastChipAuthentication) mixed = fast_chip_authentication_new_reader_with (
      FAST_CIPHER_TDES, key, FAST_CHIP_KEY_UNNUMBERED, other, NULL);
  FastCommand command;

  g_assert_false (fast_chip_authentication_reader_take (reader, NULL, 0, &error));
  fast_test_assert_id (error, "ca-order");
  g_clear_error (&error);
  g_assert_true (fast_chip_authentication_reader_ask (reader, &command, NULL));
  g_assert_false (fast_chip_authentication_reader_take (reader, "\x7C\x02\x82", 3, &error));
  fast_test_assert_id (error, "ca-answer");
  g_clear_error (&error);
  g_assert_true (fast_chip_authentication_reader_ask (mixed, &command, NULL));
  g_assert_false (fast_chip_authentication_reader_take (mixed, NULL, 0, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO);
}

static void
test_protocols (void)
{
  static const char *const good[] = {"0.4.0.127.0.7.2.2.3.2.1", "0.4.0.127.0.7.2.2.3.2.2",
                                     "0.4.0.127.0.7.2.2.3.2.3", "0.4.0.127.0.7.2.2.3.2.4"};
  static const char *const bad[] = {"0.4.0.127.0.7.2.2.3.2.5", "0.4.0.127.0.7.2.2.3.2.",
                                    "0.4.0.127.0.7.2.2.3.2.22", "0.4.0.127.0.7.2.2.3.1.2", ""};
  FastCipher cipher;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_assert_true (fast_chip_authentication_cipher (good[i], &cipher, NULL));
    g_assert_cmpint (cipher, ==, FAST_CIPHER_TDES + (int)i);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (fast_chip_authentication_cipher (bad[i], &cipher, &error));
    fast_test_assert_id (error, "ca-protocol");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (recordings); i++) {
    g_autofree char *path = g_strconcat ("/apdu/ca/recording/", recordings[i].name, NULL);
    g_test_add_data_func (path, &recordings[i], test_recording);
  }
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autofree char *path = g_strconcat ("/apdu/ca/both/", runs[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_both);
  }
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autofree char *path = g_strconcat ("/apdu/ca/refused/", refused[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_refused);
  }
  g_test_add_func ("/apdu/ca/copied-chip", test_copied_chip);
  g_test_add_func ("/apdu/ca/reader-refuses", test_reader_refuses);
  g_test_add_func ("/apdu/ca/protocols", test_protocols);
  return g_test_run ();
}

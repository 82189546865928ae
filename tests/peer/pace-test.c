/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace.h"

#include "personalise/apdu/mrz-information.h"
#include "personalise/apdu/pace-data.h"
#include "personalise/apdu/padding.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"
#include "tests/support.h"

#ifdef FAST_HAVE_LIBEAC
#include <eac/eac.h>
#include <eac/pace.h>
#include <openssl/objects.h>

/* PACE and the session after it against OpenPACE's libeac, in either role. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EAC_CTX, EAC_CTX_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PACE_SEC, PACE_SEC_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BUF_MEM, BUF_MEM_free)

/* ICAO 9303-11, appendix D.2. */
#define MRZ                                                                                        \
  "I<UTOL898902C<3<<<<<<<<<<<<<<<6908061F9406236UTO<<<<<<<<<<<2ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

static const struct {
  FastCipher cipher;
  guint parameters;
} rows[] = {
    {FAST_CIPHER_AES_128, 12}, {FAST_CIPHER_AES_128, 13}, {FAST_CIPHER_AES_192, 12},
    {FAST_CIPHER_AES_256, 12}, {FAST_CIPHER_AES_256, 13}, {FAST_CIPHER_AES_256, 16},
};

static const FastPacePassword passwords[] = {FAST_PACE_PASSWORD_MRZ, FAST_PACE_PASSWORD_CAN};

static GBytes *
take (BUF_MEM *buffer)
{
  GBytes *bytes;

  g_assert_nonnull (buffer);
  bytes = g_bytes_new (buffer->data, buffer->length);
  BUF_MEM_free (buffer);
  return bytes;
}

static BUF_MEM *
give (GBytes *bytes)
{
  BUF_MEM *buffer = BUF_MEM_new ();
  const gsize size = g_bytes_get_size (bytes);

  g_assert_nonnull (buffer);
  g_assert_cmpuint (BUF_MEM_grow (buffer, size), ==, size);
  fast_copy (buffer->data, size, g_bytes_get_data (bytes, NULL), size);
  return buffer;
}

static GBytes *
value_of (GBytes *data, guint32 tag)
{
  g_autoptr (GError) error = NULL;
  GBytes *value = NULL;

  fast_pace_data_parse (g_bytes_get_data (data, NULL), g_bytes_get_size (data), tag, &value,
                        &error);
  g_assert_no_error (error);
  return value;
}

static EAC_CTX *
start_peer (const FastPaceSelection *selection)
{
  g_autofree char *oid = fast_pace_protocol_format (&selection->protocol);
  EAC_CTX *peer = EAC_CTX_new ();

  g_assert_cmpint (EAC_CTX_init_pace (peer, OBJ_txt2nid (oid), (int)selection->parameters), ==, 1);
  return peer;
}

static PACE_SEC *
peer_password (FastPacePassword kind)
{
  if (kind == FAST_PACE_PASSWORD_MRZ)
    return PACE_SEC_new (MRZ, sizeof MRZ - 1, PACE_MRZ);
  return PACE_SEC_new ("493827", 6, PACE_CAN);
}

static FastSecret *
our_password (FastPacePassword kind)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) text = kind == FAST_PACE_PASSWORD_MRZ
                                    ? fast_mrz_information (MRZ, sizeof MRZ - 1, &error)
                                    : fast_secret_new_from ("493827", 6);
  FastSecret *password = fast_pace_password (kind, text, &error);

  g_assert_no_error (error);
  return password;
}

/* What the peer does with the other's mapping key, ephemeral key and token, and what it sends. */
static GBytes *
peer_map (EAC_CTX *peer)
{
  return take (PACE_STEP3A_generate_mapping_data (peer));
}

static void
peer_take_map (EAC_CTX *peer, GBytes *other)
{
  g_autoptr (BUF_MEM) key = give (other);

  g_assert_cmpint (PACE_STEP3A_map_generator (peer, key), ==, 1);
}

static GBytes *
peer_key (EAC_CTX *peer)
{
  return take (PACE_STEP3B_generate_ephemeral_key (peer));
}

static void
peer_take_key (EAC_CTX *peer, GBytes *other)
{
  g_autoptr (BUF_MEM) key = give (other);

  g_assert_cmpint (PACE_STEP3B_compute_shared_secret (peer, key), ==, 1);
  g_assert_cmpint (PACE_STEP3C_derive_keys (peer), ==, 1);
}

static GBytes *
peer_token (EAC_CTX *peer, GBytes *other)
{
  g_autoptr (BUF_MEM) key = give (other);

  return take (PACE_STEP3D_compute_authentication_token (peer, key));
}

static void
peer_take_token (EAC_CTX *peer, GBytes *token)
{
  g_autoptr (BUF_MEM) buffer = give (token);

  g_assert_cmpint (PACE_STEP3D_verify_authentication_token (peer, buffer), ==, 1);
}

/* Our side: one step of the reader's role, the peer's answer made by the caller. */
static GBytes *
reader_ask (FastPace *pace, guint32 tag)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) asked = fast_pace_reader_ask (pace, &error);

  g_assert_no_error (error);
  return value_of (asked, tag);
}

static void
reader_take (FastPace *pace, guint32 tag, GBytes *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) data = fast_pace_data_build (tag, value);

  fast_pace_reader_take (pace, g_bytes_get_data (data, NULL), g_bytes_get_size (data), &error);
  g_assert_no_error (error);
}

static GBytes *
chip_answer (FastPace *pace, guint32 asked, GBytes *value, guint32 answered)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) data = fast_pace_data_build (asked, value);
  g_autoptr (GBytes) answer =
      fast_pace_chip_answer (pace, g_bytes_get_data (data, NULL), g_bytes_get_size (data), &error);

  g_assert_no_error (error);
  return value_of (answer, answered);
}

/* The cryptogram and the MAC that the peer makes of the same command must be ours. */
static void
check_session (FastPace *pace, EAC_CTX *peer)
{
  static const guint8 text[] = "written under the session keys";
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecureMessaging) session = fast_pace_finish (pace, &error);
  const FastCommand command = {.ins = 0xD6, .data = text, .size = sizeof text};
  g_autoptr (GBytes) plain = g_bytes_new_static (text, sizeof text);
  g_autoptr (GBytes) secured = fast_secure_messaging_wrap_command (session, &command, &error);
  g_autoptr (BUF_MEM) unpadded = give (plain);
  g_autoptr (BUF_MEM) padded = NULL;
  g_autoptr (BUF_MEM) authenticated = NULL;
  g_autoptr (GBytes) cryptogram = NULL;
  g_autoptr (GBytes) mac = NULL;
  g_autoptr (GBytes) covered = NULL;
  g_autoptr (GByteArray) input = g_byte_array_new ();
  FastCommand parsed;
  FastReader reader;
  FastTlv tlv;

  g_assert_no_error (error);
  g_assert_cmpint (EAC_CTX_set_encryption_ctx (peer, EAC_ID_PACE), ==, 1);
  g_assert_cmpint (EAC_increment_ssc (peer), ==, 1);
  padded = EAC_add_iso_pad (peer, unpadded);
  cryptogram = take (EAC_encrypt (peer, padded));
  fast_command_parse (&parsed, g_bytes_get_data (secured, NULL), g_bytes_get_size (secured), NULL);
  reader = fast_reader_new (parsed.data, parsed.size, "SM");
  g_assert_true (fast_tlv_expect (&reader, 0x87, &tlv, NULL));
  g_assert_cmpmem (tlv.value + 1, tlv.size - 1, g_bytes_get_data (cryptogram, NULL),
                   g_bytes_get_size (cryptogram));
  fast_append (input, g_bytes_get_data (secured, NULL), 4);
  fast_padding_append (input, 16);
  fast_append (input, tlv.start, tlv.total);
  fast_padding_append (input, 16);
  covered = g_byte_array_free_to_bytes (g_steal_pointer (&input));
  authenticated = give (covered);
  mac = take (EAC_authenticate (peer, authenticated));
  g_assert_true (fast_tlv_expect (&reader, 0x8E, &tlv, NULL));
  g_assert_cmpmem (tlv.value, tlv.size, g_bytes_get_data (mac, NULL), g_bytes_get_size (mac));
}

static void
run_reader (const FastPaceSelection *selection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EAC_CTX) peer = start_peer (selection);
  g_autoptr (PACE_SEC) theirs = peer_password (selection->password);
  g_autoptr (FastSecret) ours = our_password (selection->password);
  g_autoptr (FastPace) pace = fast_pace_new_reader (selection, ours, NULL, &error);
  g_autoptr (GBytes) nothing = reader_ask (pace, FAST_PACE_NOTHING);
  g_autoptr (GBytes) nonce = take (PACE_STEP1_enc_nonce (peer, theirs));
  g_autoptr (GBytes) our_map = NULL;
  g_autoptr (GBytes) our_key = NULL;
  g_autoptr (GBytes) our_token = NULL;
  g_autoptr (GBytes) map = NULL;
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GBytes) token = NULL;

  reader_take (pace, FAST_PACE_NONCE, nonce);
  our_map = reader_ask (pace, FAST_PACE_MAP_READER);
  map = peer_map (peer);
  peer_take_map (peer, our_map);
  reader_take (pace, FAST_PACE_MAP_CHIP, map);
  our_key = reader_ask (pace, FAST_PACE_KEY_READER);
  key = peer_key (peer);
  peer_take_key (peer, our_key);
  reader_take (pace, FAST_PACE_KEY_CHIP, key);
  our_token = reader_ask (pace, FAST_PACE_TOKEN_READER);
  peer_take_token (peer, our_token);
  token = peer_token (peer, our_key);
  reader_take (pace, FAST_PACE_TOKEN_CHIP, token);
  check_session (pace, peer);
}

static void
run_chip (const FastPaceSelection *selection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EAC_CTX) peer = start_peer (selection);
  g_autoptr (PACE_SEC) theirs = peer_password (selection->password);
  g_autoptr (FastSecret) ours = our_password (selection->password);
  g_autoptr (FastPace) pace = fast_pace_new_chip (selection, ours, NULL, &error);
  g_autoptr (GBytes) nonce = chip_answer (pace, FAST_PACE_NOTHING, NULL, FAST_PACE_NONCE);
  g_autoptr (BUF_MEM) encrypted = give (nonce);
  g_autoptr (GBytes) map = NULL;
  g_autoptr (GBytes) key = NULL;
  g_autoptr (GBytes) token = NULL;
  g_autoptr (GBytes) our_map = NULL;
  g_autoptr (GBytes) our_key = NULL;
  g_autoptr (GBytes) our_token = NULL;

  g_assert_cmpint (PACE_STEP2_dec_nonce (peer, theirs, encrypted), ==, 1);
  map = peer_map (peer);
  our_map = chip_answer (pace, FAST_PACE_MAP_READER, map, FAST_PACE_MAP_CHIP);
  peer_take_map (peer, our_map);
  key = peer_key (peer);
  our_key = chip_answer (pace, FAST_PACE_KEY_READER, key, FAST_PACE_KEY_CHIP);
  peer_take_key (peer, our_key);
  token = peer_token (peer, our_key);
  our_token = chip_answer (pace, FAST_PACE_TOKEN_READER, token, FAST_PACE_TOKEN_CHIP);
  peer_take_token (peer, our_token);
  check_session (pace, peer);
}

static void
run_all (gconstpointer data)
{
  void (*const *run) (const FastPaceSelection *) = data;

  EAC_init ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint k = 0; k < G_N_ELEMENTS (passwords); k++) {
      const FastPaceSelection selection = {
          {FAST_PACE_ECDH_GM, rows[i].cipher}, passwords[k], rows[i].parameters};

      (*run) (&selection);
    }
  EAC_cleanup ();
}

static void (*const reader_role) (const FastPaceSelection *) = run_reader;
static void (*const chip_role) (const FastPaceSelection *) = run_chip;
#else
static const int reader_role;
static const int chip_role;

static void
run_all (gconstpointer data G_GNUC_UNUSED)
{
  g_test_skip ("libeac is not here (libeac-dev)");
}
#endif

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/peer/pace/libeac-as-chip", &reader_role, run_all);
  g_test_add_data_func ("/peer/pace/libeac-as-reader", &chip_role, run_all);
  return g_test_run ();
}

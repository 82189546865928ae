/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/apdu/scp03-model.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

static void
cmac (const guint8 *key, guint key_size, const GByteArray *message, guint8 out[16])
{
  EVP_MAC *mac = EVP_MAC_fetch (NULL, "CMAC", NULL);
  EVP_MAC_CTX *context = EVP_MAC_CTX_new (mac);
  char *cipher = g_strdup_printf ("AES-%u-CBC", key_size * 8);
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_CIPHER, cipher, 0),
      OSSL_PARAM_construct_end (),
  };
  size_t written = 0;

  g_assert_true (EVP_MAC_init (context, key, key_size, parameters) == 1);
  g_assert_true (EVP_MAC_update (context, message->data, message->len) == 1);
  g_assert_true (EVP_MAC_final (context, out, &written, 16) == 1 && written == 16);
  g_free (cipher);
  EVP_MAC_CTX_free (context);
  EVP_MAC_free (mac);
}

static void
aes (const guint8 *key, guint key_size, const char *mode, const guint8 *iv, const guint8 *in,
     guint size, guint8 *out)
{
  char *name = g_strdup_printf ("AES-%u-%s", key_size * 8, mode);
  EVP_CIPHER *cipher = EVP_CIPHER_fetch (NULL, name, NULL);
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new ();
  int written = 0;

  g_assert_true (EVP_EncryptInit_ex2 (context, cipher, key, iv, NULL) == 1);
  EVP_CIPHER_CTX_set_padding (context, 0);
  g_assert_true (EVP_EncryptUpdate (context, out, &written, in, (int)size) == 1);
  g_assert_cmpint (written, ==, size);
  EVP_CIPHER_CTX_free (context);
  EVP_CIPHER_free (cipher);
  g_free (name);
}

/* 4.1.5: label, separation indicator, L, i, context. */
static void
derive (const guint8 *key, guint key_size, guint8 constant, const guint8 *context,
        guint context_size, guint bits, guint8 *out)
{
  for (guint8 i = 1; (guint)(i - 1) * 128 < bits; i++) {
    g_autoptr (GByteArray) message = g_byte_array_new ();
    guint8 fixed[16] = {0};
    guint8 block[16];
    guint left = bits / 8 - (i - 1U) * 16;

    fixed[11] = constant;
    fixed[13] = (guint8)(bits / 256);
    fixed[14] = (guint8)(bits % 256);
    fixed[15] = i;
    g_byte_array_append (message, fixed, sizeof fixed);
    g_byte_array_append (message, context, context_size);
    cmac (key, key_size, message, block);
    memcpy (out + (i - 1) * 16, block, MIN (left, 16));
  }
}

/* 6.2.1. */
void
scp03_model_start (Scp03Model *model, const guint8 *key_enc, const guint8 *key_mac, guint key_size,
                   const guint8 *host_challenge, const guint8 *card_challenge, guint mac_size)
{
  guint8 *context = model->challenges;

  memset (model, 0, sizeof *model);
  model->key_size = key_size;
  model->mac_size = mac_size;
  memcpy (context, host_challenge, mac_size);
  memcpy (context + mac_size, card_challenge, mac_size);
  derive (key_enc, key_size, 0x04, context, 2 * mac_size, key_size * 8, model->s_enc);
  derive (key_mac, key_size, 0x06, context, 2 * mac_size, key_size * 8, model->s_mac);
  derive (key_mac, key_size, 0x07, context, 2 * mac_size, key_size * 8, model->s_rmac);
}

/* 6.2.2. */
void
scp03_model_cryptogram (Scp03Model *model, guint8 constant, guint8 *cryptogram)
{
  derive (model->s_mac, model->key_size, constant, model->challenges, 2 * model->mac_size,
          model->mac_size * 8, cryptogram);
}

/* 6.2.4: @apdu has header, final Lc and data; the C-MAC is appended to it. */
static void
append_command_mac (Scp03Model *model, GByteArray *apdu)
{
  g_autoptr (GByteArray) message = g_byte_array_new ();

  g_byte_array_append (message, model->chaining, 16);
  g_byte_array_append (message, apdu->data, apdu->len);
  cmac (model->s_mac, model->key_size, message, model->chaining);
  g_byte_array_append (apdu, model->chaining, model->mac_size);
}

/* 7.1.2. */
GByteArray *
scp03_model_authenticate (Scp03Model *model, guint level)
{
  const guint8 header[] = {0x84, 0x82, (guint8)level, 0x00, (guint8)(2 * model->mac_size)};
  GByteArray *apdu = g_byte_array_new ();
  guint8 cryptogram[16];

  scp03_model_cryptogram (model, 0x01, cryptogram);
  g_byte_array_append (apdu, header, sizeof header);
  g_byte_array_append (apdu, cryptogram, model->mac_size);
  append_command_mac (model, apdu);
  model->level = level;
  return apdu;
}

/* 6.2.6 and 6.2.7: appends the data, padded and encrypted under the counter's ICV. */
static void
append_ciphered (Scp03Model *model, guint8 first, const guint8 *data, guint size, GByteArray *out)
{
  guint padded = (size / 16 + 1) * 16;
  g_autofree guint8 *plain = g_malloc0 (padded);
  g_autofree guint8 *ciphered = g_malloc0 (padded);
  guint8 block[16] = {0};
  guint8 icv[16];

  block[0] = first;
  block[14] = (guint8)(model->commands / 256);
  block[15] = (guint8)(model->commands % 256);
  aes (model->s_enc, model->key_size, "ECB", NULL, block, 16, icv);
  memcpy (plain, data, size);
  plain[size] = 0x80;
  aes (model->s_enc, model->key_size, "CBC", icv, plain, padded, ciphered);
  g_byte_array_append (out, ciphered, padded);
}

GByteArray *
scp03_model_command (Scp03Model *model, const guint8 header[4], const guint8 *data, guint size,
                     gboolean with_le)
{
  g_autoptr (GByteArray) field = g_byte_array_new ();
  GByteArray *apdu = g_byte_array_new ();
  const guint8 le = 0;
  guint8 lc;

  model->commands++;
  if (size > 0 && (model->level & 0x02) != 0)
    append_ciphered (model, 0x00, data, size, field);
  else if (size > 0)
    g_byte_array_append (field, data, size);
  lc = (guint8)(field->len + model->mac_size);
  g_byte_array_append (apdu, header, 4);
  apdu->data[0] |= 0x04;
  g_byte_array_append (apdu, &lc, 1);
  g_byte_array_append (apdu, field->data, field->len);
  append_command_mac (model, apdu);
  if (with_le)
    g_byte_array_append (apdu, &le, 1);
  return apdu;
}

/* 6.2.5 and 6.2.7. */
GByteArray *
scp03_model_response (Scp03Model *model, const guint8 *data, guint size, guint status)
{
  const guint8 words[] = {(guint8)(status / 256), (guint8)(status % 256)};
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) message = g_byte_array_new ();
  guint8 mac[16];

  if (size > 0 && (model->level & 0x20) != 0)
    append_ciphered (model, 0x80, data, size, out);
  else if (size > 0)
    g_byte_array_append (out, data, size);
  g_byte_array_append (message, model->chaining, 16);
  g_byte_array_append (message, out->data, out->len);
  g_byte_array_append (message, words, 2);
  cmac (model->s_rmac, model->key_size, message, mac);
  if ((model->level & 0x10) != 0)
    g_byte_array_append (out, mac, model->mac_size);
  g_byte_array_append (out, words, 2);
  return out;
}

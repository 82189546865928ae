/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/apdu/scp03-fixture.h"

#include "record/base/bytes.h"

const guint8 scp03_levels[5] = {0x01, 0x03, 0x11, 0x13, 0x33};

GBytes *
scp03_unhex (const char *hex)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (hex, &error);

  g_assert_no_error (error);
  return bytes;
}

void
scp03_check (GBytes *bytes, const char *hex)
{
  g_autofree char *text =
      fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  if (g_ascii_strcasecmp (text, hex) != 0)
    g_error ("%s instead of %s", text, hex);
}

FastCommand
scp03_parse (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  FastCommand command;

  fast_command_parse (&command, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  return command;
}

static FastSecret *
secret_of (const char *hex)
{
  g_autoptr (GBytes) bytes = scp03_unhex (hex);

  return fast_secret_new_from (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

FastIssuerKeys *
scp03_keys (guint8 version, const char *enc, const char *mac)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) first = secret_of (enc);
  g_autoptr (FastSecret) second = secret_of (mac);
  FastIssuerKeys *keys = fast_issuer_keys_new (version, first, second, second, &error);

  g_assert_no_error (error);
  return keys;
}

FastIssuerKeys *
scp03_keys_sized (gsize size)
{
  g_autofree char *enc = NULL;
  g_autofree char *mac = NULL;
  guint8 bytes[32];

  for (guint8 i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)(0x40 + i);
  enc = fast_hex_encode (bytes, size);
  for (guint8 i = 0; i < sizeof bytes; i++)
    bytes[i] = (guint8)(0xA0 + i);
  mac = fast_hex_encode (bytes, size);
  return scp03_keys (SCP03_VERSION, enc, mac);
}

FastScp03Card *
scp03_card (FastIssuerKeys *keys, FastScp03Mode mode)
{
  FastScp03Settings settings = {
      .options = FAST_SCP03_CAN_R_MAC | FAST_SCP03_CAN_R_ENCRYPTION,
      .diversification = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10},
  };

  if (mode == FAST_SCP03_MODE_S16)
    settings.options |= FAST_SCP03_S16;
  return fast_scp03_card_new (keys, &settings);
}

Scp03Pair
scp03_open (const Scp03Case *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (wanted->key_size);
  g_autoptr (FastScp03Card) card = scp03_card (keys, wanted->mode);
  g_autoptr (FastScp03Host) host = fast_scp03_host_new (keys, wanted->mode, wanted->level, &error);
  g_autoptr (GBytes) ask = fast_scp03_host_initialize_update (host, &error);
  const FastCommand asked = scp03_parse (ask);
  g_autoptr (GBytes) told = fast_scp03_card_initialize_update (card, &asked, &error);
  g_autoptr (GBytes) proof = fast_scp03_host_external_authenticate (host, told, &error);
  g_autoptr (GBytes) accepted = scp03_unhex ("9000");
  FastCommand proven;
  Scp03Pair pair;
  guint16 status;

  g_assert_no_error (error);
  proven = scp03_parse (proof);
  pair.card = fast_scp03_card_external_authenticate (card, &proven, &status);
  g_assert_cmphex (status, ==, 0x9000);
  pair.host = fast_scp03_host_open (host, accepted, &error);
  g_assert_no_error (error);
  return pair;
}

void
scp03_pair_clear (Scp03Pair *pair)
{
  g_clear_pointer (&pair->host, fast_scp03_free);
  g_clear_pointer (&pair->card, fast_scp03_free);
}

void
scp03_for_each_case (Scp03Check check)
{
  static const FastScp03Mode modes[] = {FAST_SCP03_MODE_S8, FAST_SCP03_MODE_S16};

  for (gsize size = 16; size <= 32; size += 8) {
    for (guint mode = 0; mode < G_N_ELEMENTS (modes); mode++) {
      for (guint level = 0; level < G_N_ELEMENTS (scp03_levels); level++) {
        const Scp03Case wanted = {size, modes[mode], scp03_levels[level]};
        check (&wanted);
      }
    }
  }
}

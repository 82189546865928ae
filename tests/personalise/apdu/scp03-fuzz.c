/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03-card.h"
#include "personalise/apdu/scp03-host.h"
#include "record/base/bytes.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static const guint8 challenge[16] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void
release (GBytes *bytes)
{
  g_clear_pointer (&bytes, g_bytes_unref);
}

static FastIssuerKeys *
make_keys (void)
{
  g_autoptr (FastSecret) key = fast_secret_new (16);

  return fast_issuer_keys_new (0x30, key, key, key, NULL);
}

static void
read_handshake (FastIssuerKeys *keys, FastScp03Mode mode, GBytes *bytes)
{
  g_autoptr (FastScp03Host) host = fast_scp03_host_new (keys, mode, 0x33, NULL);

  fast_scp03_host_set_challenge (host, challenge);
  release (fast_scp03_host_initialize_update (host, NULL));
  release (fast_scp03_host_external_authenticate (host, bytes, NULL));
}

static void
take_command (FastIssuerKeys *keys, const FastCommand *command)
{
  const FastScp03Settings settings = {.options = 0x61};
  g_autoptr (FastScp03Card) card = fast_scp03_card_new (keys, &settings);
  g_autoptr (FastScp03) channel = NULL;
  guint16 status;

  fast_scp03_card_set_challenge (card, challenge);
  release (fast_scp03_card_initialize_update (card, command, NULL));
  channel = fast_scp03_card_external_authenticate (card, command, &status);
}

/* What comes after a right MAC is reached by making it right: the last bytes are replaced. */
static void
take_secured (FastScp03Session *session, const FastCommand *command)
{
  g_autofree guint8 *data = g_memdup2 (command->data, command->size);
  g_autoptr (FastScp03) plain = fast_scp03_new (session, 0x33);
  g_autoptr (FastScp03) right = fast_scp03_new (session, 0x33);
  FastCommand mended = *command;
  guint8 mac[FAST_AES_BLOCK_SIZE];

  release (fast_scp03_unwrap_command (plain, command, NULL));
  if (command->size < session->width)
    return;
  mended.data = data;
  mended.size -= session->width;
  fast_scp03_session_command_mac (session, &mended, mac, NULL);
  fast_copy (data + mended.size, session->width, mac, session->width);
  mended.size += session->width;
  release (fast_scp03_unwrap_command (right, &mended, NULL));
}

static void
take_answer (FastScp03Session *session, const FastResponse *response)
{
  g_autofree guint8 *data = g_memdup2 (response->data, response->size);
  g_autoptr (FastScp03) channel = fast_scp03_new (session, 0x33);
  FastResponse mended = *response;
  guint8 mac[FAST_AES_BLOCK_SIZE];
  g_autoptr (GBytes) bytes = NULL;

  if (response->size < session->width)
    return;
  mended.data = data;
  mended.size -= session->width;
  fast_scp03_session_response_mac (session, &mended, mac, NULL);
  fast_copy (data + mended.size, session->width, mac, session->width);
  bytes = fast_response_build (data, response->size, response->status);
  release (fast_scp03_unwrap_response (channel, bytes, NULL));
}

/* The same bytes as answer to INITIALIZE UPDATE, as command at the card, as answer at the host. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (FastIssuerKeys) keys = make_keys ();
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_auto (FastScp03Session) session = {0};
  g_autoptr (FastScp03) host = NULL;
  FastCommand command;
  FastResponse response;

  fast_scp03_session_start (&session, keys, challenge, challenge, 8, NULL);
  host = fast_scp03_new (&session, 0x33);
  read_handshake (keys, FAST_SCP03_MODE_S8, bytes);
  read_handshake (keys, FAST_SCP03_MODE_S16, bytes);
  release (fast_scp03_unwrap_response (host, bytes, NULL));
  if (fast_response_parse (&response, bytes, NULL))
    take_answer (&session, &response);
  if (fast_command_parse (&command, data, size, NULL)) {
    take_command (keys, &command);
    take_secured (&session, &command);
  }
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/apdu.h"
#include "record/keys/issuer-keys.h"

G_BEGIN_DECLS

/* The cryptography of SCP03 (Amendment D, 4.1.5 and 6.2) that both roles share. */

#define FAST_SCP03_WIDTH_MAX 16
#define FAST_SCP03_CONTEXT_MAX (2 * FAST_SCP03_WIDTH_MAX)

/* Amendment D, table 4-1: what a derivation is for. */
typedef enum {
  FAST_SCP03_CARD_CRYPTOGRAM = 0x00,
  FAST_SCP03_HOST_CRYPTOGRAM = 0x01,
  FAST_SCP03_CARD_CHALLENGE = 0x02,
  FAST_SCP03_S_ENC = 0x04,
  FAST_SCP03_S_MAC = 0x06,
  FAST_SCP03_S_RMAC = 0x07,
} FastScp03Constant;

/* Amendment D, 6.2.7: what the first byte of the counter block holds. */
typedef enum {
  FAST_SCP03_TO_CARD = 0x00,
  FAST_SCP03_TO_HOST = 0x80,
} FastScp03Direction;

/**
 * FastScp03Session:
 * @key_size: 16, 24 or 32
 * @width: bytes of challenges, cryptograms and MACs: 8 in S8 mode, 16 in S16 mode
 * @enc: S-ENC
 * @mac: S-MAC
 * @rmac: S-RMAC
 * @context: host challenge and card challenge
 * @chaining: MAC chaining value
 * @counter: encryption counter: the number of the command
 *
 * What host and card share once both challenges are known. Wipe with fast_scp03_session_clear().
 */
typedef struct {
  gsize key_size;
  gsize width;
  guint8 enc[FAST_AES_KEY_MAX];
  guint8 mac[FAST_AES_KEY_MAX];
  guint8 rmac[FAST_AES_KEY_MAX];
  guint8 context[FAST_SCP03_CONTEXT_MAX];
  guint8 chaining[FAST_AES_BLOCK_SIZE];
  guint8 counter[FAST_AES_BLOCK_SIZE];
} FastScp03Session;

gboolean fast_scp03_session_start (FastScp03Session *session, FastIssuerKeys *keys,
                                   const guint8 *host_challenge, const guint8 *card_challenge,
                                   gsize width, GError **error);
void fast_scp03_session_clear (FastScp03Session *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastScp03Session, fast_scp03_session_clear)

gboolean fast_scp03_derive (FastIssuerKeys *keys, FastIssuerKey which, FastScp03Constant constant,
                            gconstpointer context, gsize context_size, guint8 *out, gsize size,
                            GError **error);
gboolean fast_scp03_session_cryptogram (FastScp03Session *session, FastScp03Constant constant,
                                        guint8 cryptogram[FAST_SCP03_WIDTH_MAX], GError **error);
gboolean fast_scp03_session_command_mac (FastScp03Session *session, const FastCommand *command,
                                         guint8 mac[FAST_AES_BLOCK_SIZE], GError **error);
gboolean fast_scp03_session_response_mac (FastScp03Session *session, const FastResponse *response,
                                          guint8 mac[FAST_AES_BLOCK_SIZE], GError **error);

void fast_scp03_session_count (FastScp03Session *session);
gboolean fast_scp03_session_encrypt (FastScp03Session *session, FastScp03Direction direction,
                                     const guint8 *data, gsize size, GByteArray *out,
                                     GError **error);
gboolean fast_scp03_session_decrypt (FastScp03Session *session, FastScp03Direction direction,
                                     const guint8 *data, gsize size, GByteArray *out,
                                     GError **error);

G_END_DECLS

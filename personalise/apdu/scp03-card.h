/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/scp03.h"

G_BEGIN_DECLS

#define FAST_SCP03_SEQUENCE_MAX 0xFFFFFF
#define FAST_SCP03_AID_MAX 16

/**
 * FastScp03Settings:
 * @options: the parameter `i`: bits of #FastScp03Option
 * @diversification: key diversification data that the card tells
 * @sequence: the sequence counter of the key set; with a random challenge unused
 * @aid: application identifier that goes into a pseudo-random challenge
 * @aid_size: 5 to 16 bytes
 *
 * What a security domain is set up with.
 */
typedef struct {
  guint8 options;
  guint8 diversification[FAST_DIVERSIFICATION_SIZE];
  guint32 sequence;
  guint8 aid[FAST_SCP03_AID_MAX];
  gsize aid_size;
} FastScp03Settings;

/**
 * FastScp03Card:
 *
 * The card's side of mutual authentication; see scp03.h. Each INITIALIZE UPDATE starts anew.
 */
typedef struct _FastScp03Card FastScp03Card;

FastScp03Card *fast_scp03_card_new (FastIssuerKeys *keys, const FastScp03Settings *settings);
void fast_scp03_card_free (FastScp03Card *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastScp03Card, fast_scp03_card_free)

void fast_scp03_card_set_challenge (FastScp03Card *card, const guint8 *challenge);
guint32 fast_scp03_card_get_sequence (const FastScp03Card *card);
GBytes *fast_scp03_card_initialize_update (FastScp03Card *card, const FastCommand *command,
                                           GError **error);
FastScp03 *fast_scp03_card_external_authenticate (FastScp03Card *card, const FastCommand *command,
                                                  guint16 *status);

G_END_DECLS

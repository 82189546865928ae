/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/secure-messaging.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

#define FAST_BAC_CHALLENGE_SIZE 8
#define FAST_BAC_KEYING_SIZE 16
#define FAST_BAC_CRYPTOGRAM_SIZE 40

/**
 * FastBacKeys:
 * @enc: encryption key
 * @mac: MAC key
 *
 * The document's basic access keys (ICAO 9303-11, 4.3.2). Clear with fast_bac_keys_clear().
 */
typedef struct {
  guint8 enc[16];
  guint8 mac[16];
} FastBacKeys;

/**
 * FastBacSide:
 * @challenge: this side's random challenge (RND.IFD or RND.IC)
 * @keying: this side's keying material (K.IFD or K.IC)
 *
 * What one side of the mutual authentication contributes. Clear with fast_bac_side_clear().
 */
typedef struct {
  guint8 challenge[FAST_BAC_CHALLENGE_SIZE];
  guint8 keying[FAST_BAC_KEYING_SIZE];
} FastBacSide;

void fast_bac_keys_derive (FastBacKeys *keys, FastSecret *mrz_information);
void fast_bac_keys_clear (FastBacKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastBacKeys, fast_bac_keys_clear)

gboolean fast_bac_side_draw (FastBacSide *side, GError **error);
void fast_bac_side_clear (FastBacSide *side);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastBacSide, fast_bac_side_clear)

gboolean fast_bac_reader_ask (const FastBacKeys *keys, const FastBacSide *reader,
                              const guint8 chip_challenge[FAST_BAC_CHALLENGE_SIZE],
                              guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE], GError **error);
FastSecureMessaging *fast_bac_reader_finish (const FastBacKeys *keys, const FastBacSide *reader,
                                             const guint8 chip_challenge[FAST_BAC_CHALLENGE_SIZE],
                                             const guint8 answer[FAST_BAC_CRYPTOGRAM_SIZE],
                                             GError **error);
FastSecureMessaging *fast_bac_chip_answer (const FastBacKeys *keys, const FastBacSide *chip,
                                           const guint8 cryptogram[FAST_BAC_CRYPTOGRAM_SIZE],
                                           guint8 answer[FAST_BAC_CRYPTOGRAM_SIZE], GError **error);

G_END_DECLS

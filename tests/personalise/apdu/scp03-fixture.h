/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/scp03-card.h"
#include "personalise/apdu/scp03-host.h"

G_BEGIN_DECLS

/* What the SCP03 tests share: keys by size, a host and a card that have them, an opened pair. */

#define SCP03_VERSION 0x30

typedef struct {
  gsize key_size;
  FastScp03Mode mode;
  guint8 level;
} Scp03Case;

typedef struct {
  FastScp03 *host;
  FastScp03 *card;
} Scp03Pair;

extern const guint8 scp03_levels[5];

GBytes *scp03_unhex (const char *hex);
void scp03_check (GBytes *bytes, const char *hex);
FastCommand scp03_parse (GBytes *bytes);
FastIssuerKeys *scp03_keys (guint8 version, const char *enc, const char *mac);
FastIssuerKeys *scp03_keys_sized (gsize size);
FastScp03Card *scp03_card (FastIssuerKeys *keys, FastScp03Mode mode);
Scp03Pair scp03_open (const Scp03Case *wanted);
void scp03_pair_clear (Scp03Pair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scp03Pair, scp03_pair_clear)

typedef void (*Scp03Check) (const Scp03Case *wanted);
void scp03_for_each_case (Scp03Check check);

G_END_DECLS

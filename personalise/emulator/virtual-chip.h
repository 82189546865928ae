/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/emulator/chip-state.h"
#include "record/keys/issuer-keys.h"

G_BEGIN_DECLS

/**
 * FastVirtualChip:
 *
 * A contactless eMRTD chip (ICAO 9303-10, -11) whose memory is a file: what a command changed is on
 * stable storage before its answer leaves. It refuses what a real chip refuses. Not shared between
 * threads.
 */
typedef struct _FastVirtualChip FastVirtualChip;

/**
 * FastChipBlank:
 * @keys: (nullable): the issuer's key set: the chip is personalised only through SCP03 with its
 *   keys, diversified as the set says; %NULL for in plain
 * @options: with @keys, bits of #FastScp03Option: mode, kind of challenge, what answers can have
 * @software: (nullable): its software, named as the applets are; %NULL: `icao-perso`
 *
 * With what a blank leaves the factory.
 */
typedef struct {
  FastIssuerKeys *keys;
  guint8 options;
  const char *software;
} FastChipBlank;

gboolean fast_virtual_chip_make_blank (const char *path, const FastChipBlank *blank,
                                       GError **error);
FastVirtualChip *fast_virtual_chip_open (const char *path, GError **error);
void fast_virtual_chip_free (FastVirtualChip *chip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastVirtualChip, fast_virtual_chip_free)

void fast_virtual_chip_set_seed (FastVirtualChip *chip, guint64 seed);
void fast_virtual_chip_reset (FastVirtualChip *chip);
GBytes *fast_virtual_chip_transmit (FastVirtualChip *chip, gconstpointer command, gsize size);
guint fast_virtual_chip_capabilities (FastVirtualChip *chip);
const FastChipState *fast_virtual_chip_state (FastVirtualChip *chip);

G_END_DECLS

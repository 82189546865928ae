/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A second SCP03, written from Amendment D with nothing of ours but the types of GLib: it holds the
 * first to the standard where no session of a real card is published, as in S16 mode. It knows
 * short APDUs only, and stops at any failure.
 */
typedef struct {
  guint key_size;
  guint mac_size;
  guint level;
  guint8 s_enc[32];
  guint8 s_mac[32];
  guint8 s_rmac[32];
  guint8 challenges[32];
  guint8 chaining[16];
  guint commands;
} Scp03Model;

void scp03_model_start (Scp03Model *model, const guint8 *key_enc, const guint8 *key_mac,
                        guint key_size, const guint8 *host_challenge, const guint8 *card_challenge,
                        guint mac_size);
void scp03_model_cryptogram (Scp03Model *model, guint8 constant, guint8 *cryptogram);
GByteArray *scp03_model_authenticate (Scp03Model *model, guint level);
GByteArray *scp03_model_command (Scp03Model *model, const guint8 header[4], const guint8 *data,
                                 guint size, gboolean with_le);
GByteArray *scp03_model_response (Scp03Model *model, const guint8 *data, guint size, guint status);

G_END_DECLS

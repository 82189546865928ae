/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/scp03-host.h"
#include "personalise/chip/applet.h"
#include "record/base/config.h"

G_BEGIN_DECLS

/**
 * FastChipChannel:
 * @keys: the issuer's key set
 * @mode: the chip's mode
 * @level: the security level to ask for
 *
 * On what terms SCP03 is opened with a chip that has transport keys.
 */
typedef struct {
  FastIssuerKeys *keys;
  FastScp03Mode mode;
  guint8 level;
} FastChipChannel;

FastChipChannel *fast_chip_channel_load (const char *keys, const char *mode, const char *level,
                                         GError **error);
gboolean fast_chip_channel_from_config (FastConfig *config, FastChipChannel **channel,
                                        GError **error);
void fast_chip_channel_free (FastChipChannel *channel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipChannel, fast_chip_channel_free)

gboolean fast_chip_channel_check (const FastChipChannel *channel, const FastApplet *applet,
                                  gboolean training, GError **error);
gboolean fast_chip_session_open_channel (FastChipSession *session, const FastChipChannel *terms,
                                         GError **error);

G_END_DECLS

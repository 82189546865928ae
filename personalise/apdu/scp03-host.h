/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/scp03.h"

G_BEGIN_DECLS

/**
 * FastScp03Mode:
 * @FAST_SCP03_MODE_S8: challenges and MACs of 8 bytes
 * @FAST_SCP03_MODE_S16: of 16 bytes
 *
 * The card has one of the two; the host has to know which, for its challenge comes first.
 */
typedef enum {
  FAST_SCP03_MODE_S8 = 8,
  FAST_SCP03_MODE_S16 = 16,
} FastScp03Mode;

/**
 * FastScp03Host:
 *
 * The host's side of one mutual authentication; see scp03.h. It is used once, whatever comes of it.
 */
typedef struct _FastScp03Host FastScp03Host;

FastScp03Host *fast_scp03_host_new (FastIssuerKeys *keys, FastScp03Mode mode, guint8 level,
                                    GError **error);
void fast_scp03_host_free (FastScp03Host *host);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastScp03Host, fast_scp03_host_free)

void fast_scp03_host_set_challenge (FastScp03Host *host, const guint8 *challenge);
GBytes *fast_scp03_host_initialize_update (FastScp03Host *host, GError **error);
GBytes *fast_scp03_host_external_authenticate (FastScp03Host *host, GBytes *response,
                                               GError **error);
FastScp03 *fast_scp03_host_open (FastScp03Host *host, GBytes *response, GError **error);
const guint8 *fast_scp03_host_get_diversification (const FastScp03Host *host);

G_END_DECLS

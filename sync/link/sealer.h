/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/config.h"
#include "record/store/vault.h"
#include "sync/link/packet-folder.h"
#include "sync/packet/packet.h"

G_BEGIN_DECLS

/**
 * FastSealer:
 *
 * What sealing takes: a store that somebody is signed in to, the packets' folder, the unit's *sign*
 * key and, for each nation, its recipients and policy. Store and vault are borrowed and outlive it;
 * for their thread.
 */
typedef struct _FastSealer FastSealer;

FastSealer *fast_sealer_new (FastConfig *config, FastStore *store, FastVault *vault,
                             GError **error);
void fast_sealer_free (FastSealer *sealer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSealer, fast_sealer_free)

FastStore *fast_sealer_store (FastSealer *sealer);
FastVault *fast_sealer_vault (FastSealer *sealer);
FastPacketFolder *fast_sealer_folder (FastSealer *sealer);
const char *fast_sealer_centre (FastSealer *sealer);
FastSealingKeys fast_sealer_keys (FastSealer *sealer, FastNation nation);

G_END_DECLS

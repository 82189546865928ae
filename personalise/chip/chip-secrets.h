/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/access.h"
#include "record/base/autoptr.h"

G_BEGIN_DECLS

/* What a chip's secrets are called where they are kept: in a folder of keys, and in the vault. */
#define FAST_CHIP_SECRET_CAN "can"
#define FAST_CHIP_SECRET_CHIP_KEY "chip-authentication.key"
#define FAST_CHIP_SECRET_ACTIVE_KEY "active-authentication.key"
#define FAST_CHIP_SECRET_TRUST_POINT "cvca.cvcert"

/**
 * FastChipSecrets:
 * @mrz_information: as fast_mrz_information() gives it: for BAC, and for PACE by MRZ
 * @can: (nullable): the card access number, six digits, for PACE
 * @chip_key: (nullable): private key of chip authentication; its public half is in EF.DG14
 * @active_key: (nullable): private key of active authentication; its public half is in EF.DG15
 * @trust_point: (nullable): the CVCA's certificate, which guards EF.DG3 and EF.DG4
 *
 * What goes on a chip and never comes off it.
 */
typedef struct {
  FastSecret *mrz_information;
  FastSecret *can;
  EVP_PKEY *chip_key;
  EVP_PKEY *active_key;
  GBytes *trust_point;
} FastChipSecrets;

FastChipSecrets *fast_chip_secrets_new (void);
void fast_chip_secrets_free (FastChipSecrets *secrets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipSecrets, fast_chip_secrets_free)

FastChipSecrets *fast_chip_secrets_read_folder (const char *folder, GError **error);
gboolean fast_chip_secrets_write_folder (const FastChipSecrets *secrets, const char *folder,
                                         GError **error);
gboolean fast_chip_secrets_check (const FastChipSecrets *secrets, FastLds *lds, GError **error);
gboolean fast_chip_secrets_draw_can (FastChipSecrets *secrets, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"
#include "record/base/autoptr.h"
#include "record/model/profile-chip.h"

G_BEGIN_DECLS

/**
 * FastChipKeys:
 * @chip_authentication: (nullable): the chip's key for key agreement; only its public part is told
 * @active_authentication: (nullable): the chip's key for signatures, of a curve or RSA; likewise
 * @trust_point: (nullable): reference of the CVCA that the chip trusts
 * @previous_trust_point: (nullable): of the one before
 *
 * With what one chip proves that it is no copy, and whom it lets read prints. All borrowed.
 */
typedef struct {
  EVP_PKEY *chip_authentication;
  EVP_PKEY *active_authentication;
  const char *trust_point;
  const char *previous_trust_point;
} FastChipKeys;

GBytes *fast_chip_keys_card_access (const FastProfileChip *chip, GError **error);
GBytes *fast_chip_keys_security_group (const FastChipKeys *keys, const FastProfileChip *chip,
                                       GError **error);
GBytes *fast_chip_keys_public_key_group (const FastChipKeys *keys, GError **error);
GBytes *fast_chip_keys_trust_points (const FastChipKeys *keys, GError **error);

G_END_DECLS

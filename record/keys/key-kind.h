/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

/**
 * FastKeyKind:
 * @name: as a person calls it, as in `ds`
 * @profile: name of its certificate profile
 * @group: (nullable): where a unit's configuration has it, as in `card`; %NULL when no unit has one
 * @key: the key of that group that names the private key, as in `ds`
 * @certificate: the one that names its certificate
 * @issuers_group: where the configuration has who may certify it
 * @issuers: the key there
 * @common_name: what it is called unless it is told; %NULL: the unit's id
 * @unit: (nullable): OU of its subject
 *
 * A kind of key that can be asked for, brought in and listed.
 */
typedef struct {
  const char *name;
  const char *profile;
  const char *group;
  const char *key;
  const char *certificate;
  const char *issuers_group;
  const char *issuers;
  const char *common_name;
  const char *unit;
} FastKeyKind;

const FastKeyKind *fast_key_kinds (guint *count);
const FastKeyKind *fast_key_kind_find (const char *name, GError **error);
const FastCertificateProfile *fast_key_kind_profile (const FastKeyKind *kind);

G_END_DECLS

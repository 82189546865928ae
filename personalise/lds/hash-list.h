/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"

G_BEGIN_DECLS

#define FAST_HASH_LIST_GROUPS 17

/**
 * FastHashList:
 * @digest: the digest of the hashes, as in `SHA256`
 * @groups: bit n for each data group n that has a hash
 * @lds_version: as in `0108`; empty in a list of version 0, which does not tell it
 * @unicode_version: as in `040000`, or empty
 * @hashes: (nullable): a hash a group, by its number
 *
 * LDSSecurityObject, ICAO 9303-10, 4.6.2.3: what a document signer signs.
 */
typedef struct {
  const char *digest;
  guint32 groups;
  char lds_version[5];
  char unicode_version[7];
  GBytes *hashes[FAST_HASH_LIST_GROUPS];
} FastHashList;

GBytes *fast_hash_list_make (FastLds *lds);
gboolean fast_hash_list_parse (GBytes *encoded, FastHashList *list, GError **error);
void fast_hash_list_clear (FastHashList *list);

G_END_DECLS

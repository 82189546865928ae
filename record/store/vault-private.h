/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/vault.h"

G_BEGIN_DECLS

/* For this room only: the vault key itself. */

struct _FastVault {
  FastStore *store;
  char *officer;
  FastSecret *key;
};

FastVault *fast_vault_new_take (FastStore *store, const char *officer, FastSecret *key);

G_END_DECLS

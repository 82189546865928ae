/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/part.h"
#include "record/store/sealed-value.h"
#include "record/store/vault.h"

G_BEGIN_DECLS

/*
 * A record is one driver's enrolment as this unit keeps it. It has two random keys, one for what is
 * personal and one for what is biometric, each wrapped by the vault key. Every value of the record
 * is sealed under one of them; without its keys nothing of it can be read again.
 */

const char *fast_class_name (FastClass class);
gboolean fast_class_parse (const char *name, FastClass *class, GError **error);

char *fast_record_create (FastTransaction *transaction, FastVault *vault, GError **error);
GBytes *fast_record_seal (FastVault *vault, const char *record, FastClass class,
                          const FastPlace *place, gconstpointer data, gsize size, GError **error);
FastSecret *fast_record_open (FastVault *vault, const char *record, FastClass class,
                              const FastPlace *place, GBytes *sealed, GError **error);
gboolean fast_record_destroy_keys (FastStore *store, const char *actor, const char *record,
                                   GError **error);

G_END_DECLS

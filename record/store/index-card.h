/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/store/record.h"

G_BEGIN_DECLS

/*
 * Search without a clear column: each record has one small sealed index card, a JSON object with
 * what a clerk looks for (names folded to capitals, birth date, membership number, item id). At
 * sign-in all cards are opened into one stretch of secret memory and searched there; locking the
 * desk wipes it.
 */

/**
 * FastIndex:
 *
 * All index cards, open, in secret memory. Freeing it wipes them. Not shared between threads.
 */
typedef struct _FastIndex FastIndex;

gboolean fast_index_card_put (FastTransaction *transaction, FastVault *vault, const char *record,
                              JsonNode *card, GError **error);
JsonNode *fast_index_card_get (FastVault *vault, const char *record, GError **error);

FastIndex *fast_index_open (FastVault *vault, GError **error);
void fast_index_free (FastIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastIndex, fast_index_free)

guint fast_index_size (FastIndex *index);
GPtrArray *fast_index_find (FastIndex *index, const char *text, guint limit);
JsonNode *fast_index_get (FastIndex *index, const char *record, GError **error);

G_END_DECLS

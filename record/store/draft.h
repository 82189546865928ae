/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/revision.h"

G_BEGIN_DECLS

/**
 * FastDraft:
 *
 * What the next revision of an item will hold; its parts are in secret memory until it is frozen.
 */
typedef struct _FastDraft FastDraft;

FastDraft *fast_draft_new (const char *kind, const char *record);
void fast_draft_free (FastDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastDraft, fast_draft_free)

void fast_draft_set_item (FastDraft *draft, const char *item);
void fast_draft_set_about (FastDraft *draft, const char *about);
void fast_draft_set_predecessor (FastDraft *draft, const char *item, gint64 revision);
void fast_draft_add (FastDraft *draft, const char *name, FastClass class, gconstpointer data,
                     gsize size);
void fast_draft_add_bytes (FastDraft *draft, const char *name, FastClass class, GBytes *bytes);
void fast_draft_keep_rest (FastDraft *draft);

FastRevision *fast_draft_freeze (FastDraft *draft, FastTransaction *transaction, FastVault *vault,
                                 GError **error);

G_END_DECLS

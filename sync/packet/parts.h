/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

#define FAST_SALT_SIZE 32

/* Names of the files that a packet holds beside the parts. */
#define FAST_PARTS_HEADER "item.json"
#define FAST_PARTS_DIGESTS "parts.json"
#define FAST_PARTS_SALTS "salts.json"
#define FAST_PARTS_AUDIT "audit.json"

/**
 * FastParts:
 *
 * The parts of one frozen revision on their way into packets, in locked memory, with their salts
 * and `parts.json` as it was frozen. Not shared between threads.
 *
 * `parts.json` gives SHA-256 (salt ‖ part) of *every* part, so that one document signed once holds
 * for both nations although each gets other parts; the salt keeps a digest from betraying a part
 * that is short enough to guess.
 */
typedef struct _FastParts FastParts;

FastParts *fast_parts_new (GBytes *parts_json, GError **error);
void fast_parts_free (FastParts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastParts, fast_parts_free)

gboolean fast_parts_add (FastParts *parts, const char *name, FastSecret *content, GBytes *salt,
                         GError **error);
gboolean fast_parts_check_complete (FastParts *parts, GError **error);
GBytes *fast_parts_get_json (FastParts *parts);
GPtrArray *fast_parts_list (FastParts *parts);
FastSecret *fast_parts_get (FastParts *parts, const char *name);
GBytes *fast_parts_get_salt (FastParts *parts, const char *name);

void fast_part_digest (GBytes *salt, gconstpointer part, gsize size,
                       guint8 digest[FAST_SHA256_SIZE]);
gboolean fast_part_name_is_free (const char *name);
GBytes *fast_digests_compose (GHashTable *digests);
GHashTable *fast_digests_parse (GBytes *json, const char *what, GError **error);

G_END_DECLS

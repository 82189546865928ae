/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define FAST_MANIFEST_FORMAT 1

/**
 * FastManifestLine:
 * @item: the item
 * @revision: its revision
 * @kind: its kind
 * @ca: the first packet ever sealed of it for Canada
 * @us: the first for the United States
 *
 * One revision that the batch holds. The strings are the manifest's.
 */
typedef struct {
  char *item;
  gint64 revision;
  char *kind;
  char *ca;
  char *us;
} FastManifestLine;

/**
 * FastManifest:
 *
 * What a closed batch holds: every revision whose header names it, sorted by item id (byte order)
 * and revision, with counts and an RFC 6962 root over the lines. Canonical JSON, so that its bytes
 * are the same for both nations.
 */
typedef struct _FastManifest FastManifest;

FastManifest *fast_manifest_new (const char *batch, const char *unit, gint64 epoch,
                                 const char *opened, const char *closed);
void fast_manifest_free (FastManifest *manifest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastManifest, fast_manifest_free)

void fast_manifest_add (FastManifest *manifest, const char *item, gint64 revision, const char *kind,
                        const char *ca, const char *us);
void fast_manifest_set_summary (FastManifest *manifest, JsonObject *summary);
GBytes *fast_manifest_to_bytes (FastManifest *manifest);
FastManifest *fast_manifest_parse (GBytes *json, GError **error);

const char *fast_manifest_get_batch (const FastManifest *manifest);
const char *fast_manifest_get_unit (const FastManifest *manifest);
gint64 fast_manifest_get_epoch (const FastManifest *manifest);
const char *fast_manifest_get_opened (const FastManifest *manifest);
const char *fast_manifest_get_closed (const FastManifest *manifest);
JsonObject *fast_manifest_get_summary (const FastManifest *manifest);
guint fast_manifest_count (const FastManifest *manifest);
const FastManifestLine *fast_manifest_get_line (FastManifest *manifest, guint index);
char *fast_manifest_root (FastManifest *manifest);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/record.h"

G_BEGIN_DECLS

/*
 * What is replicated is an item: it has an id `UNIT-SEQUENCE`, a kind and revisions. A revision is
 * frozen once and never changes: its parts, the 32-byte salt of each, and `parts.json`, canonical
 * JSON of every part's name and SHA-256 of salt and part. Officers sign decisions over the digest
 * of `parts.json` and both nations get the same bytes of it, though a policy may keep a part from
 * one of them; the salts keep a withheld part from being guessed from its digest.
 *
 * A later revision keeps each unchanged part with its salt, so a grant of an earlier revision can
 * be seen to stand: every entry of the granted `parts.json` is still there. Unchanged parts are not
 * stored again; their row names the revision that holds the bytes.
 */

#define FAST_SALT_SIZE 32

/**
 * FastPart:
 * @name: file name inside the item, as in `applicant.json`
 * @class: what it is
 * @salt: its salt
 * @digest: SHA-256 of salt and part
 * @origin: the revision whose row holds the sealed bytes
 */
typedef struct {
  char *name;
  FastClass class;
  guint8 salt[FAST_SALT_SIZE];
  guint8 digest[FAST_SHA256_SIZE];
  gint64 origin;
} FastPart;

/**
 * FastRevision:
 * @item: item id
 * @kind: as in `enrolment`
 * @revision: counted from 1
 * @predecessor: (nullable): the item that it goes on from
 * @predecessor_revision: that item's revision; 0 without one
 * @about: (nullable): the enrolment's item id
 * @record: whose keys seal the parts
 * @parts_json: `parts.json`
 * @parts: (element-type FastPart): sorted by name
 * @sequence: the unit's event number of the freezing
 * @clock: seconds since 1970, uncorrected
 *
 * A frozen revision without its parts' bytes. Immutable.
 */
typedef struct {
  char *item;
  char *kind;
  gint64 revision;
  char *predecessor;
  gint64 predecessor_revision;
  char *about;
  char *record;
  GBytes *parts_json;
  GPtrArray *parts;
  gint64 sequence;
  gint64 clock;
} FastRevision;

FastRevision *fast_revision_load (FastStore *store, const char *item, gint64 revision,
                                  GError **error);
void fast_revision_free (FastRevision *revision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastRevision, fast_revision_free)

const FastPart *fast_revision_find_part (const FastRevision *revision, const char *name);
FastSecret *fast_revision_open_part (FastVault *vault, const FastRevision *revision,
                                     const char *name, GError **error);
GPtrArray *fast_revision_list (FastStore *store, const char *enrolment, GError **error);
GPtrArray *fast_revision_list_unsealed (FastStore *store, const char *enrolment, GError **error);
FastPlace fast_part_place (const char *row, gint64 origin);
char *fast_part_row (const char *item, const char *name);
void fast_part_free (gpointer part);

G_END_DECLS

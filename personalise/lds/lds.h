/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastFile:
 * @name: its name in a folder and in messages, as in `EF.DG1`
 * @fid: its file identifier (ICAO 9303-10, table 38)
 * @sfi: its short file identifier
 * @tag: the tag that its content begins with
 * @group: the number of the data group, 1 to 16; 0 for EF.COM and EF.SOD
 *
 * One elementary file of LDS1. Constant; from the table of fast_files().
 */
typedef struct {
  const char *name;
  guint16 fid;
  guint8 sfi;
  guint8 tag;
  guint8 group;
} FastFile;

const FastFile *fast_files (gsize *count);
const FastFile *fast_file_com (void);
const FastFile *fast_file_sod (void);
const FastFile *fast_file_group (guint group);
const FastFile *fast_file_by_fid (guint16 fid);
const FastFile *fast_file_by_tag (guint32 tag);
const FastFile *fast_file_by_name (const char *name);

/* What an elementary file may hold; READ BINARY with two offset bytes reaches no further. */
#define FAST_FILE_LIMIT 32767

/**
 * FastLds:
 *
 * The files of one chip, byte for byte: a map of elementary file to content. The order of
 * fast_files() (EF.COM, EF.DG1 … EF.DG16, EF.SOD) is the order in which they are written.
 * Reference-counted; not for several threads while it is being filled.
 */
typedef struct _FastLds FastLds;

FastLds *fast_lds_new (void);
FastLds *fast_lds_ref (FastLds *lds);
void fast_lds_unref (FastLds *lds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastLds, fast_lds_unref)

gboolean fast_lds_set (FastLds *lds, const FastFile *file, GBytes *content, GError **error);
GBytes *fast_lds_get (FastLds *lds, const FastFile *file);
GBytes *fast_lds_require (FastLds *lds, const FastFile *file, GError **error);
gsize fast_lds_total (FastLds *lds);

gboolean fast_lds_write_folder (FastLds *lds, const char *folder, GError **error);
FastLds *fast_lds_read_folder (const char *folder, GError **error);

G_END_DECLS

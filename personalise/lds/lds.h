/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastFilePlace:
 * @FAST_PLACE_APPLICATION: under the eMRTD application
 * @FAST_PLACE_MASTER_FILE: under the master file, readable before the application is selected
 *
 * Where an elementary file lies. One file identifier may stand in both places:
 * 011C is EF.CardAccess in the master file and EF.CVCA in the application.
 */
typedef enum {
  FAST_PLACE_APPLICATION,
  FAST_PLACE_MASTER_FILE,
} FastFilePlace;

/**
 * FastFileForm:
 * @FAST_FILE_FORM_OBJECT: one data object with the file's tag, and nothing after it
 * @FAST_FILE_FORM_OBJECTS: a series of data objects (EF.ATR/INFO)
 * @FAST_FILE_FORM_PADDED: data objects, the first with the file's tag, then zeros (EF.CVCA)
 *
 * What the bytes of a file are, before anybody asks what they mean.
 */
typedef enum {
  FAST_FILE_FORM_OBJECT,
  FAST_FILE_FORM_OBJECTS,
  FAST_FILE_FORM_PADDED,
} FastFileForm;

/**
 * FastFile:
 * @name: its name in a folder and in messages, as in `EF.DG1`; EF.ATR/INFO is `EF.ATR-INFO`
 * @place: where it lies
 * @fid: its file identifier (ICAO 9303-10, table 38)
 * @sfi: its short file identifier
 * @tag: the tag that its content begins with; 0 where any may come first
 * @group: the number of the data group, 1 to 16; 0 for all other files
 * @form: what its bytes are
 *
 * One elementary file of LDS1. Constant; from the table of fast_files().
 */
typedef struct {
  const char *name;
  FastFilePlace place;
  guint16 fid;
  guint8 sfi;
  guint8 tag;
  guint8 group;
  FastFileForm form;
} FastFile;

const FastFile *fast_files (gsize *count);
const FastFile *fast_file_atr_info (void);
const FastFile *fast_file_card_access (void);
const FastFile *fast_file_com (void);
const FastFile *fast_file_cvca (void);
const FastFile *fast_file_sod (void);
const FastFile *fast_file_group (guint group);
const FastFile *fast_file_by_fid (FastFilePlace place, guint16 fid);
const FastFile *fast_file_by_tag (guint32 tag);
const FastFile *fast_file_by_name (const char *name);

/* Data groups that a chip shows only after terminal authentication: fingers and irises. */
#define FAST_GUARDED_GROUPS (1u << 3 | 1u << 4)

/* What an elementary file may hold; READ BINARY with two offset bytes reaches no further. */
#define FAST_FILE_LIMIT 32767

/**
 * FastLds:
 *
 * The files of one chip, byte for byte: a map of elementary file to content. The order of
 * fast_files() is the order in which they are written: those of the master file (EF.ATR/INFO,
 * EF.CardAccess), then those of the application (EF.COM, EF.DG1 … EF.DG16, EF.CVCA), and last
 * EF.SOD, which signs them.
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

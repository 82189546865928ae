/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/perso.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

/**
 * FastChipFolder:
 * @FAST_CHIP_MASTER_FILE: the master file: what may be read before access control
 * @FAST_CHIP_APPLICATION: the eMRTD application
 *
 * Where on a chip an elementary file lies. Both have a file 011C: EF.CardAccess and EF.CVCA.
 */
typedef enum {
  FAST_CHIP_MASTER_FILE,
  FAST_CHIP_APPLICATION,
} FastChipFolder;

/**
 * FastChipFile:
 * @folder: where it lies
 * @fid: file identifier
 * @content: its bytes; the size was fixed when it was created
 *
 * An elementary file.
 */
typedef struct {
  FastChipFolder folder;
  guint16 fid;
  GByteArray *content;
} FastChipFile;

/**
 * FastChipState:
 * @software: the number of the chip's software
 * @serial: the chip's serial number
 * @life: how far its life has come
 * @secrets: what PUT DATA wrote and nothing reads: keys, passwords, trust points; by number, a
 *   #FastSecret each
 * @files: (element-type FastChipFile): in the order of their creation
 *
 * All that survives when a virtual chip loses its power: one BER-TLV file that ends in a SHA-256
 * over the rest.
 */
typedef struct {
  guint8 software;
  guint8 serial[FAST_CHIP_SERIAL_SIZE];
  FastLifeCycle life;
  GHashTable *secrets;
  GPtrArray *files;
} FastChipState;

FastChipState *fast_chip_state_new_blank (guint8 software, GError **error);
FastChipState *fast_chip_state_parse (GBytes *bytes, GError **error);
GBytes *fast_chip_state_format (const FastChipState *state);
void fast_chip_state_free (FastChipState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipState, fast_chip_state_free)

void fast_chip_state_set_secret (FastChipState *state, guint16 number, gconstpointer data,
                                 gsize size);
FastSecret *fast_chip_state_get_secret (const FastChipState *state, guint16 number);

FastChipFile *fast_chip_state_find (const FastChipState *state, FastChipFolder folder, guint16 fid);
FastChipFile *fast_chip_state_find_short (const FastChipState *state, FastChipFolder folder,
                                          guint8 sfi);
FastChipFile *fast_chip_state_add (FastChipState *state, FastChipFolder folder, guint16 fid,
                                   gsize size);
gsize fast_chip_state_used (const FastChipState *state);

G_END_DECLS

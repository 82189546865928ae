/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/bac.h"
#include "personalise/apdu/perso.h"

G_BEGIN_DECLS

/**
 * FastChipFile:
 * @fid: file identifier
 * @content: its bytes; the size was fixed when it was created
 *
 * An elementary file of the eMRTD application.
 */
typedef struct {
  guint16 fid;
  GByteArray *content;
} FastChipFile;

/**
 * FastChipState:
 * @serial: the chip's serial number
 * @life: how far its life has come
 * @has_keys: whether the access keys were set
 * @keys: the document's basic access keys
 * @files: (element-type FastChipFile): in the order of their creation
 *
 * All that survives when a virtual chip loses its power: one BER-TLV file that ends in a SHA-256
 * over the rest.
 */
typedef struct {
  guint8 serial[FAST_CHIP_SERIAL_SIZE];
  FastLifeCycle life;
  gboolean has_keys;
  FastBacKeys keys;
  GPtrArray *files;
} FastChipState;

FastChipState *fast_chip_state_new_blank (GError **error);
FastChipState *fast_chip_state_parse (GBytes *bytes, GError **error);
GBytes *fast_chip_state_format (const FastChipState *state);
void fast_chip_state_free (FastChipState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastChipState, fast_chip_state_free)

FastChipFile *fast_chip_state_find (const FastChipState *state, guint16 fid);
FastChipFile *fast_chip_state_find_short (const FastChipState *state, guint8 sfi);
FastChipFile *fast_chip_state_add (FastChipState *state, guint16 fid, gsize size);
gsize fast_chip_state_used (const FastChipState *state);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"

G_BEGIN_DECLS

/**
 * FastEncodePhase:
 * @FAST_ENCODE_PREPARE: the plan is made; the chip is not touched
 * @FAST_ENCODE_AUTHENTICATE: the chip gets its access keys
 * @FAST_ENCODE_WRITE: the files are written
 * @FAST_ENCODE_VERIFY: every file is read back through access control
 * @FAST_ENCODE_ACTIVATE: the personalisation is closed
 * @FAST_ENCODE_INSPECT: the finished chip is inspected as any reader would
 * @FAST_ENCODE_DONE: the chip is made
 * @FAST_ENCODE_SPOILED: the chip is not what the plan says and never will be
 *
 * The phases of an encoding, in their order.
 */
typedef enum {
  FAST_ENCODE_PREPARE,
  FAST_ENCODE_AUTHENTICATE,
  FAST_ENCODE_WRITE,
  FAST_ENCODE_VERIFY,
  FAST_ENCODE_ACTIVATE,
  FAST_ENCODE_INSPECT,
  FAST_ENCODE_DONE,
  FAST_ENCODE_SPOILED,
} FastEncodePhase;

const char *fast_encode_phase_name (FastEncodePhase phase);
char *fast_encode_digest_plan (const char *applet, FastLds *lds);

/**
 * FastEncodeRecord:
 * @plan: (nullable): hexadecimal SHA-256 of what is to be written; %NULL: nothing was begun
 * @serial: (nullable): the chip that it is written to
 * @phase: the phase that was begun last
 * @files: (element-type guint32): the files that are wholly written; place and identifier of each
 *
 * How far an encoding has come.
 */
typedef struct {
  char *plan;
  char *serial;
  FastEncodePhase phase;
  GArray *files;
} FastEncodeRecord;

FastEncodeRecord *fast_encode_record_new (void);
void fast_encode_record_free (FastEncodeRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastEncodeRecord, fast_encode_record_free)
gboolean fast_encode_record_from_bytes (FastEncodeRecord *record, GBytes *bytes, const char *what,
                                        GError **error);
GBytes *fast_encode_record_to_bytes (const FastEncodeRecord *record);
void fast_encode_record_begin (FastEncodeRecord *record, const char *plan);
gboolean fast_encode_record_has (const FastEncodeRecord *record, const FastFile *file);
void fast_encode_record_add (FastEncodeRecord *record, const FastFile *file);

/**
 * FastEncodeJournal:
 * @load: (nullable): fills the record with what was saved last; leaves it as it is if nothing was
 * @save: puts the record on stable storage before it returns
 * @self: for both
 *
 * Where an encoding keeps its record: saved before the first command, at each phase and after each
 * file, so that after any interruption it is known what may be on the chip.
 */
typedef struct {
  gboolean (*load) (gpointer self, FastEncodeRecord *record, GError **error);
  gboolean (*save) (gpointer self, const FastEncodeRecord *record, GError **error);
  gpointer self;
} FastEncodeJournal;

FastEncodeJournal fast_encode_journal_file (const char *path);

G_END_DECLS

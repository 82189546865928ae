/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/journal.h"
#include "record/store/store.h"

G_BEGIN_DECLS

/**
 * FastCardJournal:
 * @store: the store
 * @serial: the blank that is being encoded
 *
 * The journal of an encoding, kept in the store by the blank's serial: each save is one committed
 * transaction.
 */
typedef struct {
  FastStore *store;
  const char *serial;
} FastCardJournal;

FastEncodeJournal fast_card_journal (FastCardJournal *journal);

G_END_DECLS

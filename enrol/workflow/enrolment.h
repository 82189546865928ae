/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/record.h"

G_BEGIN_DECLS

/*
 * Where an enrolment stands, as a table: fast_enrolment_move() knows every step that there is, and
 * what is not in its table cannot happen. The gates that guard a step are asked by the one function
 * that takes it (capture.h, decide.h, production.h, finish.h, handover.h).
 *
 *   captured ──both grants──▶ granted ──blank taken──▶ in-production ──chip read back──▶ encoded
 *      │ └──either refuses──▶ refused                       │                              │
 *      ▼                                               chip spoiled              card read back
 *   (deferred stays captured)                               ▼                              ▼
 *                                                        granted                 made ──▶
 * handed-over
 */

/**
 * FastEnrolmentState:
 * @FAST_ENROLMENT_CAPTURED: frozen; decisions are missing
 * @FAST_ENROLMENT_REFUSED: an agency refused
 * @FAST_ENROLMENT_GRANTED: both agencies granted
 * @FAST_ENROLMENT_IN_PRODUCTION: a blank is taken; its chip may be partly written
 * @FAST_ENROLMENT_ENCODED: the chip was written and read back
 * @FAST_ENROLMENT_MADE: the finished card was read back
 * @FAST_ENROLMENT_HANDED_OVER: the card is with its holder
 */
typedef enum {
  FAST_ENROLMENT_CAPTURED,
  FAST_ENROLMENT_REFUSED,
  FAST_ENROLMENT_GRANTED,
  FAST_ENROLMENT_IN_PRODUCTION,
  FAST_ENROLMENT_ENCODED,
  FAST_ENROLMENT_MADE,
  FAST_ENROLMENT_HANDED_OVER,
  FAST_ENROLMENT_STATE_COUNT,
} FastEnrolmentState;

/**
 * FastEnrolmentEvent:
 * @FAST_EVENT_GRANTED: the second grant counts
 * @FAST_EVENT_REFUSED: an agency refused
 * @FAST_EVENT_LAPSED: a later decision took the place of a grant
 * @FAST_EVENT_BLANK_TAKEN: production begins
 * @FAST_EVENT_CHIP_SPOILED: the chip can no longer become this card
 * @FAST_EVENT_ENCODED: the chip was read back
 * @FAST_EVENT_MADE: the finished card was read back
 * @FAST_EVENT_HANDED_OVER: it was given to its holder
 */
typedef enum {
  FAST_EVENT_GRANTED,
  FAST_EVENT_REFUSED,
  FAST_EVENT_LAPSED,
  FAST_EVENT_BLANK_TAKEN,
  FAST_EVENT_CHIP_SPOILED,
  FAST_EVENT_ENCODED,
  FAST_EVENT_MADE,
  FAST_EVENT_HANDED_OVER,
} FastEnrolmentEvent;

/**
 * FastEnrolment:
 * @item: its item id, which names it everywhere
 * @record: whose keys seal what is known of it
 * @programme: the profile's code
 * @captured_by: name of the officer who captured it
 * @state: where it stands
 * @serial: (nullable): the blank that is, or becomes, its card
 */
typedef struct {
  char *item;
  char *record;
  char *programme;
  char *captured_by;
  FastEnrolmentState state;
  char *serial;
} FastEnrolment;

extern const FastSchema fast_workflow_schema;

void fast_enrolment_free (FastEnrolment *enrolment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastEnrolment, fast_enrolment_free)

const char *fast_enrolment_state_name (FastEnrolmentState state);
FastEnrolment *fast_enrolment_load (FastStore *store, const char *item, GError **error);
GPtrArray *fast_enrolment_list (FastStore *store, GError **error);
gboolean fast_enrolment_add (FastTransaction *transaction, const FastEnrolment *enrolment,
                             gint64 sequence, GError **error);
gboolean fast_enrolment_can (const FastEnrolment *enrolment, FastEnrolmentEvent event,
                             GError **error);
gboolean fast_enrolment_move (FastTransaction *transaction, const FastEnrolment *enrolment,
                              FastEnrolmentEvent event, const char *serial, const char *actor,
                              GError **error);

gboolean fast_enrolment_put (FastTransaction *transaction, FastVault *vault,
                             const FastEnrolment *enrolment, const char *name, FastClass class,
                             gconstpointer data, gsize size, GError **error);
FastSecret *fast_enrolment_get (FastVault *vault, const FastEnrolment *enrolment, const char *name,
                                GError **error);
gboolean fast_enrolment_drop (FastTransaction *transaction, const char *item, const char *name,
                              GError **error);
gboolean fast_enrolment_forget (FastTransaction *transaction, const char *item, GError **error);

G_END_DECLS

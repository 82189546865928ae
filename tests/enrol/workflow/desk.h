/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/content.h"
#include "enrol/workflow/production.h"
#include "tests/enrol/workflow/workplace.h"
#include "tests/personalise/chip/loop.h"

G_BEGIN_DECLS

#define SERIAL "FC0000001"
#define RFID "E2000001"
#define OTHER_SERIAL "FC0000002"
#define OTHER_RFID "E2000002"

/**
 * Desk:
 * @item: an enrolment that both agencies granted
 * @other: another
 * @field: where chips lie
 * @transport: the way there
 *
 * Two granted applicants and two blanks; signed in are cbsa-1 and cbp-1.
 */
typedef struct {
  Workplace place;
  char *item;
  char *other;
  FastRadioField *field;
  FastTransport *transport;
  guint n_chips;
} Desk;

/* Puts a new blank chip into the field and its blank into the ledger. */
void desk_lay_blank (Desk *desk, const char *serial, const char *rfid);
void desk_set_up (Desk *desk, gconstpointer data);
void desk_tear_down (Desk *desk, gconstpointer data);

/* Encodes, and asserts the chip's state and the message id of the error; %NULL: it is made. */
void desk_encode (Desk *desk, const char *item, FastEncodeState wanted, const char *id);

/* The card in the field is finished, with what it should read. */
void desk_finish (Desk *desk, const char *rfid);

FastContent *desk_load_content (Desk *desk, const char *item);
char *desk_dup_mrz (const FastContent *content, const char *separator);
gint64 desk_count_values (Desk *desk);
void desk_assert_blank (Desk *desk, FastBlankState wanted);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/membership.h"
#include "enrol/workflow/subject.h"
#include "personalise/chip/applet.h"
#include "personalise/stock/ledger.h"
#include "record/document/mrz.h"

G_BEGIN_DECLS

/**
 * FastCardFiles:
 * @unit: the unit that makes the card, with somebody signed in
 * @subject: the enrolment, opened
 * @member: its membership
 * @blank: the blank that it goes on
 * @mrz: the card's MRZ
 * @applet: the driver of its chip's software
 * @secrets: the chip's keys, whose public halves the files tell
 *
 * What the files of one card's chip are made from. All borrowed.
 */
typedef struct {
  FastUnit *unit;
  const FastSubject *subject;
  const FastMember *member;
  const FastStockEntry *blank;
  const FastMrz *mrz;
  const FastApplet *applet;
  const FastChipSecrets *secrets;
} FastCardFiles;

FastLds *fast_card_files_make (const FastCardFiles *card, GError **error);

G_END_DECLS

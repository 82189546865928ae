/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/capture.h"
#include "enrol/workflow/grants.h"
#include "tests/specimen/alter.h"

G_BEGIN_DECLS

/**
 * Workplace:
 * @root: a folder with training keys and `unit.conf`
 * @config: that configuration
 * @unit: the unit
 * @good: a capture that every gate lets pass
 *
 * A unit at work in a folder of its own. Making its vault costs a second, so a test program opens
 * one and its tests share it, each with enrolments of its own.
 */
typedef struct {
  char *root;
  FastConfig *config;
  FastUnit *unit;
  const FastFolder *good;
} Workplace;

void workplace_open (Workplace *place, const char *numbers);
void workplace_close (Workplace *place);
void workplace_sign_in (Workplace *place, const char *officer);
void workplace_sign_out (Workplace *place);

FastFolder *workplace_folder (Workplace *place, const SpecimenChange *changes);
char *workplace_capture (Workplace *place, const SpecimenChange *changes);
void workplace_decide (Workplace *place, const char *item, FastAgency agency, const char *outcome,
                       const char *reason);
char *workplace_grant (Workplace *place, const SpecimenChange *changes);
void workplace_add_blank (Workplace *place, const char *serial, const char *chip, const char *rfid,
                          gboolean allot);
FastEnrolmentState workplace_state (Workplace *place, const char *item);
gint64 workplace_count_rows (FastStore *store);

G_END_DECLS

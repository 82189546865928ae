/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * A template is an application.json with places `{{…}}` that depend on the day, so that a specimen
 * never expires: `{{day N}}` is the date N days from today, `{{year}}` its year, `{{mrz1 STATE
 * NAME}}` and `{{mrz2 NUMBER STATE BIRTH SEX N}}` the two lines of a passport that expires N days
 * from today.
 */

char *specimen_template_fill (const char *text, const GDate *today);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "enrol/workflow/unit.h"

G_BEGIN_DECLS

char *fast_day_close (FastUnit *unit, GError **error);
JsonObject *fast_day_summary (FastUnit *unit, GError **error);

G_END_DECLS

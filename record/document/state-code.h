/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean fast_state_code_matches (const char *country, const char *state);

G_END_DECLS

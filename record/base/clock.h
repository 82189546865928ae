/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gint64 fast_clock_now (void);
GDate *fast_clock_today (void);
char *fast_clock_format (gint64 seconds);
gboolean fast_clock_parse (const char *text, gint64 *seconds, GError **error);
GDate *fast_date_parse (const char *text, GError **error);
char *fast_date_format (const GDate *date);

G_END_DECLS

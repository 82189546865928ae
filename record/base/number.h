/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean fast_number_parse (const char *text, guint base, guint64 least, guint64 most,
                            guint64 *number);

G_END_DECLS

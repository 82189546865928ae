/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The words on a card. Both languages stand on every card, the issuing State's first one first;
 * the reader's and the process's language play no part. */

gboolean fast_wording_check_state (const char *state, GError **error);
char *fast_wording_label (const char *state, const char *id, const char *separator);
char *fast_wording_date (const char *state, const char *date, GError **error);
char *fast_wording_group (const char *number, guint size);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastReplay:
 *
 * Recorded exchanges that are answered in their order without computing anything. The file is text:
 * a line for each, the C-APDU and the R-APDU in hexadecimal with a space between, `-` for an answer
 * that never came; empty lines and those that begin with `#` say nothing.
 */
typedef struct _FastReplay FastReplay;

FastReplay *fast_replay_parse (const char *text, GError **error);
FastReplay *fast_replay_read (const char *path, GError **error);
void fast_replay_free (FastReplay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastReplay, fast_replay_free)

gboolean fast_replay_answer (FastReplay *replay, gconstpointer command, gsize size, GBytes **answer,
                             GError **error);
guint fast_replay_left (const FastReplay *replay);

G_END_DECLS

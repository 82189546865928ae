/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastRecording:
 *
 * A file that exchanges are written to, in the form that #FastReplay reads. It holds whatever the
 * card was told, keys included: only its owner can read it.
 */
typedef struct _FastRecording FastRecording;

FastRecording *fast_recording_open (const char *path, GError **error);
void fast_recording_free (FastRecording *recording);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastRecording, fast_recording_free)

gboolean fast_recording_add (FastRecording *recording, gconstpointer command, gsize size,
                             GBytes *answer, GError **error);

G_END_DECLS

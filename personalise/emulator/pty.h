/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastPty:
 *
 * A pseudo-terminal in raw mode with a symbolic link to its far end, removed with it.
 */
typedef struct _FastPty FastPty;

FastPty *fast_pty_open (const char *link, GError **error);
void fast_pty_free (FastPty *pty);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPty, fast_pty_free)

int fast_pty_fd (const FastPty *pty);
const char *fast_pty_path (const FastPty *pty);

G_END_DECLS

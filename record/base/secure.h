/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastSecret:
 *
 * Bytes that never reach swap or a core file and are wiped when freed: passphrases, keys, and
 * personal data on its way into an envelope. Not shared between threads.
 */
typedef struct _FastSecret FastSecret;

FastSecret *fast_secret_new (gsize size);
FastSecret *fast_secret_new_from (gconstpointer data, gsize size);
FastSecret *fast_secret_read_fd (int fd, GError **error);
FastSecret *fast_secret_read_argument (const char *argument, GError **error);
void fast_secret_free (FastSecret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSecret, fast_secret_free)

guint8 *fast_secret_data (FastSecret *secret);
gsize fast_secret_size (const FastSecret *secret);
void fast_secret_append (FastSecret *secret, gconstpointer data, gsize size);
void fast_secret_truncate (FastSecret *secret, gsize size);

void fast_wipe (gpointer data, gsize size);
gboolean fast_random (gpointer data, gsize size, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <sys/types.h>

#include "record/base/bytes.h"
#include "record/base/failpoint.h"

G_BEGIN_DECLS

/*
 * The only place where something becomes durable. A file is replaced in the order: temporary file
 * in the same folder, write, fsync, rename, fsync of the folder; so after a crash there is the old
 * file or the new one, and never a part. A commit is a callback, so that the rooms that own a
 * database pass the same failpoints. @point is passed before and after each step.
 */

typedef gboolean (*FastCommitFunc) (gpointer data, GError **error);

gboolean fast_durable_replace (const char *path, GBytes *bytes, mode_t mode, FastPoint *point,
                               GError **error);
gboolean fast_durable_sync (int fd, const char *path, FastPoint *point, GError **error);
gboolean fast_durable_sync_folder (const char *folder, FastPoint *point, GError **error);
gboolean fast_durable_make_folder (const char *folder, mode_t mode, GError **error);
gboolean fast_durable_rename (const char *from, const char *to, FastPoint *point, GError **error);
gboolean fast_durable_remove (const char *path, FastPoint *point, GError **error);
gboolean fast_durable_commit (FastCommitFunc commit, gpointer data, FastPoint *point,
                              GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean fast_training_cv_write (const char *folder, gint64 now, GError **error);

G_END_DECLS

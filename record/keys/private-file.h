/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int fast_private_file_open (const char *path, GError **error);

G_END_DECLS

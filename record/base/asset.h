/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *fast_asset_load (const char *name, GError **error);
char **fast_asset_list (const char *folder);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Padding method 2 of ISO/IEC 9797-1: 80, then 00 up to whole blocks. */

void fast_padding_append (GByteArray *data, gsize block);
gboolean fast_padding_remove (const guint8 *data, gsize *size, gsize block, GError **error);

G_END_DECLS

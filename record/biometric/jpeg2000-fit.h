/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

/* Inside the room only. */

gboolean fast_jpeg2000_fit (const FastImage *image, gsize least, gsize most, GBytes **encoded,
                            GError **error);

G_END_DECLS

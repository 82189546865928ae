/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

/* Inside the room only: one decoder a file, each called after fast_image_sniff(). */

FastImage *fast_image_jpeg_decode (GBytes *encoded, const char *what, GError **error);
FastImage *fast_image_png_decode (GBytes *encoded, const char *what, GError **error);
FastImage *fast_image_jpeg2000_decode (GBytes *encoded, const char *what, GError **error);

gboolean fast_image_check_size (gsize width, gsize height, const char *what, GError **error);
gboolean fast_image_broken (GError **error, const char *what, const char *format, const char *why);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

FastImage *fast_finger_image_load (GBytes *encoded, const char *what, GError **error);

G_END_DECLS

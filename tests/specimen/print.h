/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

#define SPECIMEN_PRINT_WIDTH 400
#define SPECIMEN_PRINT_HEIGHT 500

FastImage *specimen_print_make (guint32 seed, guint finger);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

FastImage *specimen_signature_make (guint32 seed);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/finger-record.h"

G_BEGIN_DECLS

FastFingerRecord *fast_finger_token_make (const FastImage *original, FastFinger finger, gsize limit,
                                          GError **error);

G_END_DECLS

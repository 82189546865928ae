/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"

G_BEGIN_DECLS

/**
 * FastClass:
 * @FAST_CLASS_PERSONAL: what a person or an officer wrote
 * @FAST_CLASS_BIOMETRIC: face, fingers, irises, signature
 *
 * Which of a record's two keys seals a part or value.
 */
typedef enum {
  FAST_CLASS_PERSONAL,
  FAST_CLASS_BIOMETRIC,
} FastClass;

#define FAST_PATTERN_PART "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\\.[a-z0-9]{2,5}$"

gboolean fast_part_name_is_valid (const char *name);
FastClass fast_part_class (const char *name);

G_END_DECLS

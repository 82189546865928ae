/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"

G_BEGIN_DECLS

/**
 * FastPartClass:
 * @FAST_PART_PERSONAL: what a person or an officer wrote
 * @FAST_PART_BIOMETRIC: face, fingers, irises, signature: under the record's second key
 *
 * Under which of a record's two keys a part is sealed.
 */
typedef enum {
  FAST_PART_PERSONAL,
  FAST_PART_BIOMETRIC,
} FastPartClass;

#define FAST_PATTERN_PART "^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\\.[a-z0-9]{2,5}$"

gboolean fast_part_name_is_valid (const char *name);
FastPartClass fast_part_class (const char *name);

G_END_DECLS

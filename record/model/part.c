/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/part.h"

/**
 * fast_part_name_is_valid:
 * @name: a name in a packet, as in `finger-right-thumb.png`
 *
 * Part names are file names of tar archives and folders that others open: letters, digits and
 * single hyphens with one suffix, so never a path.
 *
 * Returns: whether it is one
 */
gboolean
fast_part_name_is_valid (const char *name)
{
  return g_regex_match_simple (FAST_PATTERN_PART, name, G_REGEX_DOLLAR_ENDONLY, 0);
}

/**
 * fast_part_class:
 * @name: a part's name
 *
 * Returns: its class
 */
FastClass
fast_part_class (const char *name)
{
  static const char *const biometric[] = {"face.", "finger-", "iris-", "signature."};

  for (guint i = 0; i < G_N_ELEMENTS (biometric); i++)
    if (g_str_has_prefix (name, biometric[i]))
      return FAST_CLASS_BIOMETRIC;
  return FAST_CLASS_PERSONAL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/random-source.h"

#include "record/base/secure.h"

/**
 * fast_random_source_draw:
 * @source: (nullable): a source; %NULL, or one without a function, for the library's generator
 * @to: (out): where to
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: whether the source gave them
 */
gboolean
fast_random_source_draw (const FastRandomSource *source, gpointer to, gsize size, GError **error)
{
  if (source == NULL || source->draw == NULL)
    return fast_random (to, size, error);
  return source->draw (source->data, to, size, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/jpeg2000-fit.h"

/* A first try nearly always lands; what is left is for pictures that fill their budget badly. */
#define TRIES 8

/* What is known so far: sizes grow with the aim, though not evenly. */
typedef struct {
  const FastImage *image;
  gsize least;
  gsize most;
  gsize aim;
  gsize too_low;
  gsize too_high;
  gboolean tried_lossless;
  GBytes *best;
} Search;

static void
keep_larger (Search *search, GBytes *trial)
{
  if (search->best != NULL && g_bytes_get_size (search->best) >= g_bytes_get_size (trial))
    return;
  g_clear_pointer (&search->best, g_bytes_unref);
  search->best = g_bytes_ref (trial);
}

/* Between what was too low and too high; past the first overshoot by as much as it missed. */
static void
aim_lower (Search *search, gsize size)
{
  gsize excess = size - search->most + search->most / 1000 + 1;

  search->too_high = search->aim;
  if (search->too_low > 0)
    search->aim = (search->too_low + search->too_high) / 2;
  else
    search->aim = excess < search->aim ? search->aim - excess : search->aim / 2;
}

static void
aim_higher (Search *search, gsize size)
{
  search->too_low = search->aim;
  search->aim = search->too_high > 0 ? (search->too_low + search->too_high) / 2
                                     : search->aim + (search->most + search->least) / 2 - size;
}

/* A picture that stays small at any rate may fit as it is, which is better than any rate. */
static gboolean
try_lossless (Search *search, GError **error)
{
  g_autoptr (GBytes) trial = fast_image_encode_jpeg2000 (search->image, 0, error);

  if (trial == NULL)
    return FALSE;
  search->tried_lossless = TRUE;
  if (g_bytes_get_size (trial) > search->most)
    return TRUE;
  g_clear_pointer (&search->best, g_bytes_unref);
  search->best = g_steal_pointer (&trial);
  search->aim = 0;
  return TRUE;
}

/* Sets an aim of 0 when there is nothing better to find. */
static gboolean
try_aim (Search *search, GError **error)
{
  g_autoptr (GBytes) trial = fast_image_encode_jpeg2000 (search->image, search->aim, error);
  gsize size;

  if (trial == NULL)
    return FALSE;
  size = g_bytes_get_size (trial);
  if (size > search->most) {
    aim_lower (search, size);
    return TRUE;
  }
  keep_larger (search, trial);
  if (size >= search->least) {
    search->aim = 0;
    return TRUE;
  }
  aim_higher (search, size);
  return search->tried_lossless || try_lossless (search, error);
}

/**
 * fast_jpeg2000_fit:
 * @image: a picture
 * @least: bytes from which on a result is good enough
 * @most: bytes that a result may have
 * @encoded: (out) (transfer full) (nullable): the largest result found that fits, lossless where
 *   that fits; %NULL when none did
 * @error: return location for an error
 *
 * Searches over the rate of the coder, which aims at a size and misses it by a little, in a bounded
 * number of encodings: one as a rule.
 *
 * Returns: whether the coder worked
 */
gboolean
fast_jpeg2000_fit (const FastImage *image, gsize least, gsize most, GBytes **encoded,
                   GError **error)
{
  Search search = {.image = image, .least = least, .most = most, .aim = most};

  *encoded = NULL;
  for (guint i = 0; i < TRIES && search.aim > 0; i++) {
    if (try_aim (&search, error))
      continue;
    g_clear_pointer (&search.best, g_bytes_unref);
    return FALSE;
  }
  *encoded = search.best;
  return TRUE;
}

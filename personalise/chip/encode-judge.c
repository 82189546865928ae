/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/encode-judge.h"

#include "record/base/error.h"

/**
 * fast_encode_is_final:
 * @error: why an encoding ended
 *
 * Returns: whether the chip itself refused something or holds it wrongly, which will not get
 * better; everything else is a matter of putting it back on the reader
 */
gboolean
fast_encode_is_final (const GError *error)
{
  return g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_STATUS) ||
         g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH) ||
         g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS) ||
         g_error_matches (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
}

/**
 * fast_encode_fail_differs:
 * @file: a file
 * @error: return location for an error
 *
 * Returns: %FALSE: it is on the chip with other bytes than those of the plan
 */
gboolean
fast_encode_fail_differs (const FastFile *file, GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "encode-differs", "file=%s",
                    file->name);
}

/* A file of the plan that was not read is no proof against the chip; one with other bytes, or one
 * more, is. */
static gboolean
compare (FastLds *plan, FastLds *found, GError **error)
{
  gboolean whole = TRUE;
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++) {
    GBytes *wanted = fast_lds_get (plan, &files[i]);
    GBytes *read = fast_lds_get (found, &files[i]);

    if (read != NULL && (wanted == NULL || !g_bytes_equal (wanted, read)))
      return fast_encode_fail_differs (&files[i], error);
    whole = whole && (wanted == NULL || read != NULL);
  }
  return whole || fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_GONE, "encode-unread", NULL);
}

/* Noise on the way, or a terminal that the chip did not let in; a chip that holds the wrong trust
 * point is wrong itself. */
static gboolean
is_unsettled (const FastVerdict *verdict)
{
  return g_error_matches (verdict->why, FAST_CARD_ERROR, FAST_CARD_ERROR_MAC) ||
         (g_str_equal (verdict->check, FAST_CHECK_TERMINAL) &&
          !g_error_matches (verdict->why, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH));
}

/* What failed for a reason that lies elsewhere. */
static const FastVerdict *
find_unsettled (GPtrArray *verdicts)
{
  for (guint i = 0; i < verdicts->len; i++) {
    const FastVerdict *verdict = verdicts->pdata[i];

    if (verdict->outcome == FAST_VERDICT_FAILED && verdict->why != NULL && is_unsettled (verdict))
      return verdict;
  }
  return NULL;
}

/**
 * fast_encode_judge:
 * @plan: what was to be written
 * @inspection: what a reader found on the closed chip
 * @error: return location for an error
 *
 * Returns: whether the chip is made; fast_encode_is_final() tells of the error whether it never
 * will be
 */
gboolean
fast_encode_judge (FastLds *plan, const FastInspection *inspection, GError **error)
{
  const FastVerdict *unsettled = find_unsettled (inspection->verdicts);

  if (unsettled != NULL)
    return fast_fail_from (error, g_error_copy (unsettled->why), FAST_CARD_ERROR,
                           FAST_CARD_ERROR_GONE, "encode-unsettled", NULL);
  if (!compare (plan, inspection->lds, error))
    return FALSE;
  return fast_verdicts_hold (inspection->verdicts) ||
         fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "encode-inspection", NULL);
}

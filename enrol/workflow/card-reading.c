/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/card-reading.h"

#include "enrol/workflow/production.h"
#include "record/base/clock.h"
#include "record/base/error.h"

/**
 * fast_card_reading_load:
 * @reading: (out caller-allocates): with what the unit reads cards
 * @unit: a unit
 * @error: return location for an error
 *
 * Returns: whether what `[card]` names could be loaded
 */
gboolean
fast_card_reading_load (FastCardReading *reading, FastUnit *unit, GError **error)
{
  *reading = (FastCardReading){.trust = fast_production_trust (unit, error)};
  return reading->trust != NULL &&
         fast_terminal_from_config (fast_unit_config (unit), &reading->terminal, error);
}

static FastCvRights
find_wanted (FastLds *lds)
{
  FastCvRights wanted = FAST_CV_RIGHT_NONE;

  if (fast_lds_get (lds, fast_file_group (3)) != NULL)
    wanted |= FAST_CV_RIGHT_DG3;
  if (fast_lds_get (lds, fast_file_group (4)) != NULL)
    wanted |= FAST_CV_RIGHT_DG4;
  return wanted;
}

static gboolean
refuse (GError **error, const char *id)
{
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, id, NULL);
}

/**
 * fast_card_reading_check:
 * @reading: with what the unit reads cards
 * @content: what a card holds
 * @error: return location for an error
 *
 * A card that its own unit could not read back would never be made; one whose chip refuses the
 * terminal at its last inspection would be taken for spoiled.
 *
 * Returns: whether all of it can be read today; FAST_GATE_ERROR says what the unit lacks
 */
gboolean
fast_card_reading_check (const FastCardReading *reading, const FastContent *content, GError **error)
{
  const FastCvRights wanted = find_wanted (content->lds);
  g_autoptr (GDate) today = fast_clock_today ();
  GError *cause = NULL;

  if (wanted == FAST_CV_RIGHT_NONE)
    return TRUE;
  if (content->secrets->trust_point == NULL)
    return refuse (error, "production-no-cvca");
  if (reading->terminal == NULL)
    return refuse (error, "production-no-terminal");
  return fast_terminal_check (reading->terminal, content->secrets->trust_point, today, wanted,
                              &cause) ||
         fast_fail_from (error, cause, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED,
                         "production-terminal", NULL);
}

/**
 * fast_card_reading_clear:
 * @reading: what it holds is freed
 */
void
fast_card_reading_clear (FastCardReading *reading)
{
  g_clear_pointer (&reading->trust, fast_trust_free);
  g_clear_pointer (&reading->terminal, fast_terminal_free);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/nation.h"

const char *const fast_nation_names[] = {[FAST_NATION_CA] = "CA", [FAST_NATION_US] = "US", NULL};
const char *const fast_agency_names[] = {
    [FAST_AGENCY_CBSA] = "CBSA", [FAST_AGENCY_CBP] = "CBP", NULL};
static const char *const states[] = {[FAST_NATION_CA] = "CAN", [FAST_NATION_US] = "USA", NULL};

static gboolean
find (const char *const *names, const char *name, guint *index, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_strcmp0 (names[i], name) == 0) {
      *index = i;
      return TRUE;
    }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-nation",
                    "name=%s, first=%s, second=%s", name, names[0], names[1]);
}

/**
 * fast_nation_name:
 * @nation: a nation
 *
 * Returns: (transfer none): `CA` or `US`, as in headers, folders and configurations
 */
const char *
fast_nation_name (FastNation nation)
{
  return fast_nation_names[nation];
}

/**
 * fast_nation_parse:
 * @name: `CA` or `US`
 * @nation: (out): which it is
 * @error: return location for an error
 *
 * Returns: whether it is one, else FAST_INPUT_ERROR_INVALID
 */
gboolean
fast_nation_parse (const char *name, FastNation *nation, GError **error)
{
  guint index;

  if (!find (fast_nation_names, name, &index, error))
    return FALSE;
  *nation = (FastNation)index;
  return TRUE;
}

/**
 * fast_nation_state:
 * @nation: a nation
 *
 * Returns: (transfer none): its three-letter code of ICAO 9303-3, section 5, `CAN` or `USA`
 */
const char *
fast_nation_state (FastNation nation)
{
  return states[nation];
}

/**
 * fast_nation_parse_state:
 * @state: `CAN` or `USA`
 * @nation: (out): which it is
 * @error: return location for an error
 *
 * Returns: whether it is one, else FAST_INPUT_ERROR_INVALID
 */
gboolean
fast_nation_parse_state (const char *state, FastNation *nation, GError **error)
{
  guint index;

  if (!find (states, state, &index, error))
    return FALSE;
  *nation = (FastNation)index;
  return TRUE;
}

/**
 * fast_nation_agency:
 * @nation: a nation
 *
 * Returns: the agency that decides for it
 */
FastAgency
fast_nation_agency (FastNation nation)
{
  return (FastAgency)nation;
}

/**
 * fast_agency_name:
 * @agency: an agency
 *
 * Returns: (transfer none): `CBSA` or `CBP`
 */
const char *
fast_agency_name (FastAgency agency)
{
  return fast_agency_names[agency];
}

/**
 * fast_agency_parse:
 * @name: `CBSA` or `CBP`
 * @agency: (out): which it is
 * @error: return location for an error
 *
 * Returns: whether it is one, else FAST_INPUT_ERROR_INVALID
 */
gboolean
fast_agency_parse (const char *name, FastAgency *agency, GError **error)
{
  guint index;

  if (!find (fast_agency_names, name, &index, error))
    return FALSE;
  *agency = (FastAgency)index;
  return TRUE;
}

/**
 * fast_agency_nation:
 * @agency: an agency
 *
 * Returns: the nation for which it decides
 */
FastNation
fast_agency_nation (FastAgency agency)
{
  return (FastNation)agency;
}

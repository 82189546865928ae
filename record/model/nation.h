/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/error.h"

G_BEGIN_DECLS

/**
 * FastNation:
 * @FAST_NATION_CA: Canada
 * @FAST_NATION_US: the United States
 *
 * One of the two sides to which every record goes.
 */
typedef enum {
  FAST_NATION_CA,
  FAST_NATION_US,
  FAST_NATION_COUNT,
} FastNation;

/**
 * FastAgency:
 * @FAST_AGENCY_CBSA: Canada Border Services Agency
 * @FAST_AGENCY_CBP: U.S. Customs and Border Protection
 *
 * Each has the number of its nation.
 */
typedef enum {
  FAST_AGENCY_CBSA = FAST_NATION_CA,
  FAST_AGENCY_CBP = FAST_NATION_US,
} FastAgency;

extern const char *const fast_nation_names[];
extern const char *const fast_agency_names[];

const char *fast_nation_name (FastNation nation);
gboolean fast_nation_parse (const char *name, FastNation *nation, GError **error);
const char *fast_nation_state (FastNation nation);
gboolean fast_nation_parse_state (const char *state, FastNation *nation, GError **error);
FastAgency fast_nation_agency (FastNation nation);
const char *fast_agency_name (FastAgency agency);
gboolean fast_agency_parse (const char *name, FastAgency *agency, GError **error);
FastNation fast_agency_nation (FastAgency agency);

G_END_DECLS

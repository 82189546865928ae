/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastProgrammeGroup:
 * @programme: the programme's code, as in `FAST` (81)
 * @membership: the membership number, nine digits (82)
 * @endorsements: (nullable) (array zero-terminated=1): codes, as in `hazardous-goods` (80 in A3)
 * @rfid: (nullable): the number of the card's RFID tag, upper-case hexadecimal or digits (84)
 *
 * EF.DG13: ICAO 9303-10, 4.7.13 leaves its content to the issuer; ours is described in
 * `docs/chip.md`. In a made value the strings are borrowed; a parsed one owns them and is freed
 * with fast_programme_group_free().
 */
typedef struct {
  char *programme;
  char *membership;
  char **endorsements;
  char *rfid;
} FastProgrammeGroup;

GBytes *fast_programme_group_make (const FastProgrammeGroup *group, GError **error);
FastProgrammeGroup *fast_programme_group_parse (GBytes *encoded, GError **error);
void fast_programme_group_free (FastProgrammeGroup *group);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastProgrammeGroup, fast_programme_group_free)

G_END_DECLS

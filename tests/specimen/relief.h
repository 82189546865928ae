/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SpecimenRelief:
 *
 * A smooth random surface over the unit square, with heights from -1 to 1.
 */
typedef struct _SpecimenRelief SpecimenRelief;

SpecimenRelief *specimen_relief_new (GRand *random, guint cells);
void specimen_relief_free (SpecimenRelief *relief);
double specimen_relief_at (const SpecimenRelief *relief, double x, double y);

G_END_DECLS

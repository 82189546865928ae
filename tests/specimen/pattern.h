/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The flow of the ridges of an invented finger. In the zero-pole model the orientation at a point z
 * of the complex plane is half the sum of the angles at which the cores are seen, less that of the
 * deltas: a loop has one of each, a whorl two. A plain arch has neither, so its slope is given.
 */

typedef enum {
  SPECIMEN_LOOP,
  SPECIMEN_WHORL,
  SPECIMEN_ARCH,
} SpecimenKind;

typedef struct {
  double x;
  double y;
} SpecimenPoint;

typedef struct {
  SpecimenKind kind;
  guint pairs;
  SpecimenPoint cores[2];
  SpecimenPoint deltas[2];
  double rise;
  double tilt;
} SpecimenPattern;

void specimen_pattern_init (SpecimenPattern *pattern, GRand *random);
double specimen_pattern_angle (const SpecimenPattern *pattern, double x, double y);

G_END_DECLS

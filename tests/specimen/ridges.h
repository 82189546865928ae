/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Ridges from noise. A Gabor filter answers to stripes of one direction and one width; applied
 * again and again to noise, each place with its own direction and width, it lets stripes win there.
 * Where neighbouring stripes do not fit together they end or fork: those are the minutiae, and
 * nobody has to place them. Most passes run at half the resolution, where they cost a sixteenth.
 */

/**
 * SpecimenFlow:
 * @angle: the ridges' direction at a pixel
 * @period: pixels from ridge to ridge there
 * @inside: whether there is finger at all
 * @data: for the three
 */
typedef struct {
  double (*angle) (gpointer data, double x, double y);
  double (*period) (gpointer data, double x, double y);
  gboolean (*inside) (gpointer data, double x, double y);
  gpointer data;
} SpecimenFlow;

float *specimen_ridges_grow (const SpecimenFlow *flow, guint width, guint height, guint passes,
                             GRand *random);

G_END_DECLS

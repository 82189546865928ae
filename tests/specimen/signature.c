/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/signature.h"

#include <math.h>

#define W 900
#define H 300
#define STEPS 9000

/* A hand that moves evenly to the right while it goes round: its traits are a few numbers. */
typedef struct {
  double turns;
  double lean;
  double phase;
  double swing[3];
} Hand;

static void
hand_init (Hand *hand, GRand *random)
{
  hand->turns = g_rand_double_range (random, 9, 13);
  hand->lean = g_rand_double_range (random, 0.5, 0.8);
  hand->phase = g_rand_double_range (random, 0, 2 * G_PI);
  for (guint i = 0; i < 3; i++)
    hand->swing[i] = g_rand_double_range (random, 0, 2 * G_PI);
}

/* A round dot whose edge covers its pixels in part. */
static void
stamp (FastImage *image, double x, double y, double radius)
{
  int reach = (int)radius + 2;

  for (int dy = -reach; dy <= reach; dy++)
    for (int dx = -reach; dx <= reach; dx++) {
      int px = (int)x + dx;
      int py = (int)y + dy;
      double cover = CLAMP (radius - hypot (px - x, py - y) + 0.5, 0, 1);
      guint8 ink = (guint8)(255 - 235 * cover);

      if (px >= 0 && px < W && py >= 0 && py < H)
        image->pixels[py * W + px] = MIN (image->pixels[py * W + px], ink);
    }
}

/* Letters: loops whose height changes from one to the next, capitals first. */
static void
draw_name (FastImage *image, const Hand *hand)
{
  for (guint i = 0; i < STEPS; i++) {
    double t = (double)i / STEPS;
    double turn = 2 * G_PI * hand->turns * t + hand->phase;
    double tall = 34 + 26 * sin (5 * t * hand->turns + hand->swing[0]) + 55 * exp (-18 * t);
    double up = tall * sin (turn) + 10 * sin (3 * turn / 2 + hand->swing[1]);

    stamp (image, 90 + 660 * t + 30 * cos (turn) + hand->lean * up,
           160 - up - 14 * sin (3 * t + hand->swing[2]), 2.2 + 0.9 * sin (turn + 1));
  }
}

static void
draw_flourish (FastImage *image, const Hand *hand)
{
  for (guint i = 0; i < STEPS / 3; i++) {
    double t = 3.0 * i / STEPS;

    stamp (image, 780 - 560 * t, 236 + 22 * sin (5 * t + hand->swing[2]) - 18 * t,
           2.6 - 1.6 * t * t);
  }
}

/**
 * specimen_signature_make:
 * @seed: names an invented person
 *
 * Returns: (transfer full): that person's signature, grey on white
 */
FastImage *
specimen_signature_make (guint32 seed)
{
  const guint32 seeds[] = {seed, 0x5369676E};
  GRand *random = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  FastImage *image = fast_image_new (W, H, 1);
  Hand hand;

  for (guint i = 0; i < W * H; i++)
    image->pixels[i] = 255;
  hand_init (&hand, random);
  draw_name (image, &hand);
  draw_flourish (image, &hand);
  g_rand_free (random);
  return image;
}

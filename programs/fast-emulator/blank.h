/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "programs/program.h"

G_BEGIN_DECLS

/**
 * FastBlankOptions:
 * @software: (nullable): of a new blank's chip, as after `--applet`; %NULL: `icao-perso`
 * @issuer_keys: (nullable): the file of the transport keys of a new blank; %NULL: it has none
 * @mode: (nullable): with keys, `S8` (also %NULL) or `S16`
 * @pseudo_random: with keys, whether its challenges come from a counter
 *
 * With what `fast-emulator` makes a blank where no chip file is there.
 */
typedef struct {
  char *software;
  char *issuer_keys;
  char *mode;
  gboolean pseudo_random;
} FastBlankOptions;

#define FAST_BLANK_OPTIONS(blank)                                                                  \
  {"software", 0, 0, G_OPTION_ARG_STRING, &(blank).software, NULL, NULL},                          \
      {"issuer-keys", 0, 0, G_OPTION_ARG_FILENAME, &(blank).issuer_keys, NULL, NULL},              \
      {"issuer-mode", 0, 0, G_OPTION_ARG_STRING, &(blank).mode, NULL, NULL},                       \
  {                                                                                                \
    "pseudo-random", 0, 0, G_OPTION_ARG_NONE, &(blank).pseudo_random, NULL, NULL                   \
  }

void fast_blank_options_clear (FastBlankOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastBlankOptions, fast_blank_options_clear)

gboolean fast_blank_make (const FastBlankOptions *options, const char *path, GError **error);

G_END_DECLS

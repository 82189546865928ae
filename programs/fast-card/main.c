/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/keys.h"
#include "programs/program.h"

static const FastVerb verbs[] = {
    {"keys training", "DIR", "verb-keys-training", fast_card_keys_training},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-card", verbs, argc, argv);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/chip.h"
#include "programs/fast-card/keys.h"
#include "programs/program.h"

static const FastVerb verbs[] = {
    {"keys training", "DIR", "verb-keys-training", fast_card_keys_training},
    {"encode", "--reader R --lds DIR --applet NAME [--csca DIR]", "verb-encode", fast_card_encode},
    {"inspect", "--reader R --mrz TEXT|@FILE|- [--csca DIR] [--out DIR]", "verb-inspect",
     fast_card_inspect},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-card", verbs, argc, argv);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-emulator/verbs.h"

static const FastVerb verbs[] = {
    {"reader", "--pty LINK --card FILE", "verb-reader", fast_verb_reader},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-emulator", verbs, argc, argv);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-emulator/verbs.h"

static const FastVerb verbs[] = {
    {"reader", "--pty LINK --card FILE [--seed N]", "verb-reader", fast_verb_reader},
    {"card", "--vpcd HOST:PORT --card FILE [--seed N]", "verb-card", fast_verb_card},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-emulator", verbs, argc, argv);
}

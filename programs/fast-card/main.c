/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/program.h"

static const FastVerb verbs[] = {
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-card", verbs, argc, argv);
}

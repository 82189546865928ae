/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-intake/verbs.h"

static const FastVerb verbs[] = {
    {"serve", "[--listen ADDRESS:PORT] [--database sqlite:FILE]", "verb-intake-serve",
     fast_intake_verb_serve},
    {"init", "[--database sqlite:FILE]", "verb-intake-init", fast_intake_verb_init},
    {"open", "[--database sqlite:FILE]", "verb-intake-open", fast_intake_verb_open},
    {"list", "[--database sqlite:FILE]", "verb-intake-list", fast_intake_verb_list},
    {"unit add", "[--database sqlite:FILE] CERT…", "verb-intake-unit-add",
     fast_intake_verb_unit_add},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-intake", verbs, argc, argv);
}

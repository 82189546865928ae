/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-enrol/verbs.h"

static const FastVerb verbs[] = {
    {"folder", "DIR [--officer NAME --passphrase-fd N]…", "verb-folder", fast_enrol_folder},
    {"decide", "ID --agency CBSA|CBP grant|refuse|defer [--reason CODE]", "verb-decide",
     fast_enrol_decide},
    {"seal", "ID", "verb-seal", fast_enrol_seal},
    {"show", "ID", "verb-show", fast_enrol_show},
    {"list", "", "verb-list", fast_enrol_list},
    {"handover", "ID", "verb-handover", fast_enrol_handover},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-enrol", verbs, argc, argv);
}

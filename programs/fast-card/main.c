/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/verbs.h"

static const FastVerb verbs[] = {
    {"keys training", "DIR", "verb-keys-training", fast_card_keys_training},
    {"keys list", "", "verb-keys-list", fast_card_keys_list},
    {"keys csr",
     "--kind KIND --key FILE|pkcs11:URI --out FILE [--name CN] [--organization O] [--pin-fd N]",
     "verb-keys-csr", fast_card_keys_csr},
    {"keys import", "CERT --kind KIND [--key FILE|pkcs11:URI] [--pin-fd N]", "verb-keys-import",
     fast_card_keys_import},
    {"keys master-list", "--csca DIR --signer CERT --key FILE|pkcs11:URI --out FILE [--pin-fd N]",
     "verb-keys-master-list", fast_card_keys_master_list},
    {"stock receive", "FILE.csv", "verb-stock-receive", fast_card_stock_receive},
    {"stock allot", "[SERIAL…]", "verb-stock-allot", fast_card_stock_allot},
    {"lds", "--enrolment ID --out DIR", "verb-lds", fast_card_lds},
    {"encode",
     "--reader R (--enrolment ID [--blank SERIAL] | --lds DIR [--csca DIR]) --applet NAME",
     "verb-encode", fast_card_encode},
    {"print", "--enrolment ID --out FILE.pdf|FILE.png [--dpi 300|600]", "verb-print",
     fast_card_print},
    {"finish", "--enrolment ID --reader R --mrz TEXT|@FILE|- --seal FILE [--rfid NUMBER]",
     "verb-finish", fast_card_finish},
    {"inspect", "--reader R (--mrz TEXT|@FILE|- | --can N|@FILE|-) [--csca DIR] [--out DIR]",
     "verb-inspect", fast_card_inspect},
    {0},
};

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-card", verbs, argc, argv);
}

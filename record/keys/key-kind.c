/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/key-kind.h"

#include <string.h>

#include "record/base/error.h"

static const FastKeyKind kinds[] = {
    {"ds", "document-signer", "card", "ds", "ds-certificate", "card", "csca",
     "FAST Document Signer", NULL},
    {"seal", "seal-signer", "card", "seal", "seal-certificate", "card", "csca", "FS", NULL},
    {"link", "tls-client", "keys", "link", "link-certificate", "keys", "unit-ca", NULL, "link"},
    {"sign", "sign", "keys", "sign", "sign-certificate", "keys", "unit-ca", NULL, "sign"},
    {"open", "recipient", "keys", "open", "open-certificate", "keys", "unit-ca", NULL, "open"},
    {"csca", "csca", NULL, NULL, NULL, NULL, NULL, "FAST CSCA", NULL},
    {"csca-link", "csca-link", NULL, NULL, NULL, NULL, NULL, "FAST CSCA", NULL},
    {"ml", "master-list-signer", NULL, NULL, NULL, NULL, NULL, "FAST Master List Signer", NULL},
    {"tls", "tls-server", NULL, NULL, NULL, NULL, NULL, "localhost", "tls"},
    {"receipt", "timestamp", NULL, NULL, NULL, NULL, NULL, "FAST receipts: stored", "receipt"},
    {"opened", "timestamp", NULL, NULL, NULL, NULL, NULL, "FAST receipts: opened", "opened"},
    {"recipient", "recipient", NULL, NULL, NULL, NULL, NULL, "FAST back office", "recipient"},
    {"recovery", "recipient", NULL, NULL, NULL, NULL, NULL, "FAST recovery", "recovery"},
    {"officer", "sign", NULL, NULL, NULL, NULL, NULL, "officer", NULL},
};

/**
 * fast_key_kinds:
 * @count: (out): how many there are
 *
 * Returns: (transfer none) (array length=count): all kinds
 */
const FastKeyKind *
fast_key_kinds (guint *count)
{
  *count = G_N_ELEMENTS (kinds);
  return kinds;
}

/**
 * fast_key_kind_find:
 * @name: as in `ds`
 * @error: return location for an error
 *
 * Returns: (transfer none): the kind; FAST_USAGE_ERROR_ARGUMENT (`key-kind-unknown`)
 */
const FastKeyKind *
fast_key_kind_find (const char *name, GError **error)
{
  g_autoptr (GString) known = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].name, name) == 0)
      return &kinds[i];
    g_string_append_printf (known, "%s%s", i > 0 ? " " : "", kinds[i].name);
  }
  return fast_fail_null (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "key-kind-unknown",
                         "kind=%s, known=%s", name, known->str);
}

/**
 * fast_key_kind_profile:
 * @kind: a kind
 *
 * Returns: (transfer none): what its certificate must be
 */
const FastCertificateProfile *
fast_key_kind_profile (const FastKeyKind *kind)
{
  return fast_certificate_profile_find (kind->profile);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "enrol/workflow/unit.h"
#include "programs/program.h"

G_BEGIN_DECLS

/**
 * FAST_SIGN_IN_ANY: whoever is named, or in training the first officer of the unit's own nation
 */
#define FAST_SIGN_IN_ANY (-1)

/**
 * FastSignIn:
 * @officers: (nullable): what `--officer` named, in order
 * @descriptors: (nullable): what `--passphrase-fd` named, in order
 *
 * The options of a verb that somebody must sign in for; both may be given twice.
 */
typedef struct {
  char **officers;
  char **descriptors;
} FastSignIn;

#define FAST_SIGN_IN_OPTIONS(sign_in)                                                              \
  {"officer", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(sign_in).officers, NULL, NULL},                   \
  {                                                                                                \
    "passphrase-fd", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(sign_in).descriptors, NULL, NULL           \
  }

void fast_sign_in_clear (FastSignIn *sign_in);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastSignIn, fast_sign_in_clear)

FastUnit *fast_sign_in_unit (FastInvocation *invocation, const FastSignIn *sign_in, int agency,
                             GError **error);
FastUnit *fast_open_unit (FastInvocation *invocation, GError **error);

G_END_DECLS

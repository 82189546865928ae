/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/base/config.h"
#include "record/base/error.h"

G_BEGIN_DECLS

/*
 * What all programs share: options, help, exit codes (0 done, 1 failed, 2 wrong usage, 3 a rule
 * said no), errors as `PROGRAM: what failed: why: what to do`. A program is a table of verbs.
 */

/**
 * FastInvocation:
 * @program: name of the program
 * @language: `en` or `fr`, for what is printed
 * @json: whether to print one JSON object
 * @arguments: what is left of the command line: the verb's options and operands, with
 *   `arguments[0]` the verb's own name
 *
 * One call of a verb.
 */
typedef struct {
  const char *program;
  const char *language;
  gboolean json;
  char **arguments;
  char *config_path;
  FastConfig *config;
} FastInvocation;

/**
 * FastVerb:
 * @name: one or two words, as in `keys training`
 * @operands: for the help, as in `DIR`
 * @summary: message id of one line of help
 * @run: does it
 */
typedef struct {
  const char *name;
  const char *operands;
  const char *summary;
  gboolean (*run) (FastInvocation *invocation, GError **error);
} FastVerb;

int fast_program_run (const char *program, const FastVerb *verbs, int argc, char **argv);

FastConfig *fast_invocation_config (FastInvocation *invocation, GError **error);
gboolean fast_invocation_parse (FastInvocation *invocation, const GOptionEntry *options,
                                guint least, guint most, GError **error);
const char *fast_invocation_operand (FastInvocation *invocation, guint index);
gboolean fast_invocation_require (const char *value, const char *option, GError **error);
void fast_invocation_say (FastInvocation *invocation, const char *id, const char *parameters, ...)
    G_GNUC_PRINTF (3, 4);
void fast_invocation_print_json (FastInvocation *invocation, JsonNode *object);

G_END_DECLS

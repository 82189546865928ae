/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/program.h"

#include <stdio.h>
#include <string.h>

#include "record/base/failpoint.h"
#include "record/base/json.h"

static int
exit_code (const GError *error)
{
  if (error->domain == FAST_USAGE_ERROR)
    return 2;
  return error->domain == FAST_GATE_ERROR ? 3 : 1;
}

/* The desk and the papers name their language; a command line speaks that of its user. */
static const char *
user_language (void)
{
  const char *const *names = g_get_language_names ();

  return names[0] != NULL && g_str_has_prefix (names[0], "fr") ? "fr" : "en";
}

static void
print_help (FastInvocation *invocation, const FastVerb *verbs)
{
  g_autofree char *options = fast_text (invocation->language, "program-options", NULL);

  printf ("%s VERB [--config FILE] [--json] …\n\n", invocation->program);
  for (const FastVerb *verb = verbs; verb->name != NULL; verb++) {
    g_autofree char *summary = fast_text (invocation->language, verb->summary, NULL);
    printf ("  %s %s\n      %s\n", verb->name, verb->operands, summary);
  }
  printf ("\n%s\n", options);
}

/* How many words of the command line name @verb; 0 when it is another. */
static guint
match_words (const FastVerb *verb, char **words)
{
  g_auto (GStrv) names = g_strsplit (verb->name, " ", 2);
  guint n = g_strv_length (names);

  for (guint i = 0; i < n; i++)
    if (words[i] == NULL || strcmp (words[i], names[i]) != 0)
      return 0;
  return n;
}

static const FastVerb *
find_verb (const FastVerb *verbs, char **words, guint *n_words)
{
  const FastVerb *found = NULL;

  *n_words = 0;
  for (const FastVerb *verb = verbs; verb->name != NULL; verb++) {
    guint n = match_words (verb, words);
    if (n > *n_words) {
      found = verb;
      *n_words = n;
    }
  }
  return found;
}

/* Takes the options that every verb knows out of the command line, wherever they stand. */
static char **
take_common_options (FastInvocation *invocation, int argc, char **argv, const char **request,
                     GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (int i = 1; i < argc; i++) {
    if (strcmp (argv[i], "--json") == 0) {
      invocation->json = TRUE;
    } else if (strcmp (argv[i], "--config") == 0) {
      if (i + 1 == argc)
        return fast_fail_null (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-no-value",
                               "option=%s", argv[i]);
      g_free (invocation->config_path);
      invocation->config_path = g_strdup (argv[++i]);
    } else if (strcmp (argv[i], "--help") == 0 || strcmp (argv[i], "--version") == 0 ||
               strcmp (argv[i], "--failpoints") == 0) {
      *request = argv[i];
    } else {
      g_ptr_array_add (words, g_strdup (argv[i]));
    }
  }
  g_ptr_array_add (words, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&words), FALSE);
}

static void
answer_request (FastInvocation *invocation, const FastVerb *verbs, const char *request)
{
  if (strcmp (request, "--help") == 0) {
    print_help (invocation, verbs);
  } else if (strcmp (request, "--version") == 0) {
    printf ("%s %s\n", invocation->program, FAST_VERSION);
  } else {
    g_auto (GStrv) names = fast_point_list ();
    for (guint i = 0; names[i] != NULL; i++)
      printf ("%s\n", names[i]);
  }
}

static gboolean
run_verb (FastInvocation *invocation, const FastVerb *verbs, char **words, GError **error)
{
  guint n_words;
  const FastVerb *verb = find_verb (verbs, words, &n_words);
  gboolean done;

  if (words[0] == NULL)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-no-verb", NULL);
  if (verb == NULL)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-verb", "verb=%s",
                      words[0]);
  invocation->arguments = g_strdupv (words + n_words - 1);
  g_free (invocation->arguments[0]);
  invocation->arguments[0] = g_strdup (verb->name);
  done = verb->run (invocation, error);
  g_strfreev (invocation->arguments);
  return done;
}

static gboolean
serve (FastInvocation *invocation, const FastVerb *verbs, int argc, char **argv, GError **error)
{
  const char *request = NULL;
  g_auto (GStrv) words = take_common_options (invocation, argc, argv, &request, error);

  if (words == NULL)
    return FALSE;
  if (request == NULL)
    return run_verb (invocation, verbs, words, error);
  answer_request (invocation, verbs, request);
  return TRUE;
}

/**
 * fast_program_run:
 * @program: its name, as in `fast-card`
 * @verbs: (array zero-terminated=1): what it can do
 * @argc: as main() got it
 * @argv: as main() got it
 *
 * Runs one verb. Errors are printed to standard error as `PROGRAM: what failed: why: what to do`.
 *
 * Returns: the exit code
 */
int
fast_program_run (const char *program, const FastVerb *verbs, int argc, char **argv)
{
  FastInvocation invocation = {.program = program, .language = user_language ()};
  g_autoptr (GError) error = NULL;
  int code = 0;

  if (!serve (&invocation, verbs, argc, argv, &error)) {
    g_autofree char *text = fast_error_format (error, invocation.language);
    fprintf (stderr, "%s: %s\n", program, text);
    code = exit_code (error);
  }
  g_clear_pointer (&invocation.config, fast_config_free);
  g_free (invocation.config_path);
  return code;
}

/**
 * fast_invocation_config:
 * @invocation: the call
 * @error: return location for an error
 *
 * Returns: (transfer none): the configuration that --config names, loaded once
 */
FastConfig *
fast_invocation_config (FastInvocation *invocation, GError **error)
{
  if (invocation->config == NULL && invocation->config_path == NULL)
    return fast_fail_null (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-no-config",
                           NULL);
  if (invocation->config == NULL)
    invocation->config = fast_config_load (invocation->config_path, error);
  return invocation->config;
}

/**
 * fast_invocation_parse:
 * @invocation: the call
 * @options: (nullable): the verb's own options; a NULL-named entry ends them
 * @least: how many operands it needs
 * @most: how many it takes at the most
 * @error: return location for an error
 *
 * Returns: whether the command line fits; FAST_USAGE_ERROR otherwise
 */
gboolean
fast_invocation_parse (FastInvocation *invocation, const GOptionEntry *options, guint least,
                       guint most, GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  GError *cause = NULL;
  guint n;

  g_option_context_set_help_enabled (context, FALSE);
  if (options != NULL)
    g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse_strv (context, &invocation->arguments, &cause))
    return fast_fail_from (error, cause, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT,
                           "usage-options", "verb=%s", invocation->arguments[0]);
  n = g_strv_length (invocation->arguments) - 1;
  if (n < least || n > most)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-operands",
                      "verb=%s, found=%u, least=%u, most=%u", invocation->arguments[0], n, least,
                      most);
  return TRUE;
}

/**
 * fast_invocation_operand:
 * @invocation: the call, parsed
 * @index: counted from 0
 *
 * Returns: (transfer none) (nullable): that operand, %NULL past the last
 */
const char *
fast_invocation_operand (FastInvocation *invocation, guint index)
{
  return index + 1 < g_strv_length (invocation->arguments) ? invocation->arguments[index + 1]
                                                           : NULL;
}

/**
 * fast_invocation_require:
 * @value: (nullable): what an option was given
 * @option: its name, as in `--out`
 * @error: return location for an error
 *
 * Returns: whether it was given; FAST_USAGE_ERROR otherwise
 */
gboolean
fast_invocation_require (const char *value, const char *option, GError **error)
{
  return value != NULL || fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT,
                                     "usage-option-missing", "option=%s", option);
}

/**
 * fast_invocation_say:
 * @invocation: the call
 * @id: a message id
 * @parameters: (nullable): as for fast_message_new()
 *
 * Prints one sentence for people to standard output; nothing when JSON is asked for.
 */
void
fast_invocation_say (FastInvocation *invocation, const char *id, const char *parameters, ...)
{
  g_autoptr (FastMessage) message = NULL;
  g_autofree char *text = NULL;
  va_list arguments;

  if (invocation->json)
    return;
  va_start (arguments, parameters);
  message = fast_message_new_valist (id, parameters, arguments);
  va_end (arguments);
  text = fast_message_format (message, invocation->language);
  printf ("%s\n", text);
}

/**
 * fast_invocation_print_json:
 * @invocation: the call
 * @object: what to print
 *
 * Prints the one JSON object of a verb when --json is given; nothing otherwise.
 */
void
fast_invocation_print_json (FastInvocation *invocation, JsonNode *object)
{
  g_autofree char *text = NULL;

  if (!invocation->json)
    return;
  text = fast_json_pretty (object);
  printf ("%s\n", text);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/mrz-information.h"
#include "programs/fast-card/inspection.h"
#include "programs/fast-card/verbs.h"
#include "record/base/clock.h"
#include "record/base/json.h"

#define MRZ_LIMIT 4096
#define CAN_LEAST 6
#define CAN_MOST 16

typedef struct {
  char *reader;
  char *mrz;
  char *can;
  char *csca;
  char *out;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->reader);
  g_free (options->mrz);
  g_free (options->can);
  g_free (options->csca);
  g_free (options->out);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse (FastInvocation *invocation, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"reader", 0, 0, G_OPTION_ARG_STRING, &options->reader, NULL, NULL},
      {"mrz", 0, 0, G_OPTION_ARG_STRING, &options->mrz, NULL, NULL},
      {"can", 0, 0, G_OPTION_ARG_STRING, &options->can, NULL, NULL},
      {"csca", 0, 0, G_OPTION_ARG_FILENAME, &options->csca, NULL, NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options->out, NULL, NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };

  return fast_invocation_parse (invocation, entries, 0, 0, error) &&
         fast_invocation_require (options->reader, "--reader", error) &&
         fast_invocation_require (options->mrz != NULL ? options->mrz : options->can, "--mrz",
                                  error);
}

/* A file holds the MRZ in two or three lines; fast_secret_read_argument() would take the first. */
static FastSecret *
read_mrz (const char *argument, GError **error)
{
  g_autoptr (FastSecret) text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (argument[0] == '@') {
    bytes = fast_bytes_read_file (argument + 1, MRZ_LIMIT, error);
    if (bytes == NULL)
      return NULL;
    text = fast_secret_new_from (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  } else {
    text = fast_secret_read_argument (argument, error);
  }
  if (text == NULL)
    return NULL;
  return fast_mrz_information ((const char *)fast_secret_data (text), fast_secret_size (text),
                               error);
}

static gboolean
is_can (FastSecret *text)
{
  const gsize size = fast_secret_size (text);
  gboolean good = size >= CAN_LEAST && size <= CAN_MOST;

  for (gsize i = 0; i < size; i++)
    good = good && g_ascii_isdigit (fast_secret_data (text)[i]);
  return good;
}

static FastSecret *
read_can (const char *argument, GError **error)
{
  g_autoptr (FastSecret) text = fast_secret_read_argument (argument, error);

  if (text == NULL)
    return NULL;
  if (is_can (text))
    return g_steal_pointer (&text);
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "inspect-can", NULL);
}

/* What is known of the card, and what this reader may ask of it. */
typedef struct {
  FastSecret *information;
  FastSecret *can;
  FastTrust *trust;
  FastTerminal *terminal;
} Means;

static void
means_clear (Means *means)
{
  g_clear_pointer (&means->information, fast_secret_free);
  g_clear_pointer (&means->can, fast_secret_free);
  g_clear_pointer (&means->trust, fast_trust_free);
  g_clear_pointer (&means->terminal, fast_terminal_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Means, means_clear)

static gboolean
load_means (Means *means, FastInvocation *invocation, const Options *options, GError **error)
{
  if (options->mrz != NULL) {
    means->information = read_mrz (options->mrz, error);
    if (means->information == NULL)
      return FALSE;
  }
  if (options->can != NULL) {
    means->can = read_can (options->can, error);
    if (means->can == NULL)
      return FALSE;
  }
  if (options->csca != NULL) {
    means->trust = fast_inspection_trust (invocation, options->csca, error);
    if (means->trust == NULL)
      return FALSE;
  }
  return fast_inspection_terminal (invocation, &means->terminal, error);
}

static FastInspection *
run (FastInvocation *invocation, const Options *options, GError **error)
{
  g_auto (Means) means = {NULL, NULL, NULL, NULL};
  g_autoptr (FastTransport) transport = NULL;

  if (!load_means (&means, invocation, options, error))
    return NULL;
  transport = fast_transport_open (options->reader, error);
  if (transport == NULL)
    return NULL;
  return fast_chip_inspect (
      transport,
      &(FastInspectOptions){.access = {.mrz_information = means.information, .can = means.can},
                            .trust = means.trust,
                            .at = fast_clock_now (),
                            .terminal = means.terminal},
      NULL, error);
}

static void
print (FastInvocation *invocation, const FastInspection *inspection)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_boolean_member (object, "passed", fast_verdicts_hold (inspection->verdicts));
  json_object_set_boolean_member (object, "training", fast_inspection_is_training (inspection));
  json_object_set_array_member (object, "checks", fast_inspection_to_json (invocation, inspection));
  node = fast_json_node_take (object);
  fast_inspection_say (invocation, inspection);
  fast_invocation_print_json (invocation, node);
}

/**
 * fast_card_inspect:
 *
 * `fast-card inspect`: reads a chip as any reader would and tells every check.
 */
gboolean
fast_card_inspect (FastInvocation *invocation, GError **error)
{
  g_auto (Options) options = {0};
  g_autoptr (FastInspection) inspection = NULL;

  fast_transport_quieten ();
  if (!parse (invocation, &options, error))
    return FALSE;
  inspection = run (invocation, &options, error);
  if (inspection == NULL)
    return fast_error_prefix (error, "inspect-unreadable", NULL);
  if (options.out != NULL && !fast_lds_write_folder (inspection->lds, options.out, error))
    return FALSE;
  print (invocation, inspection);
  return fast_verdicts_hold (inspection->verdicts) ||
         fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "inspect-failed", NULL);
}

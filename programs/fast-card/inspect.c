/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/mrz-information.h"
#include "programs/fast-card/inspection.h"
#include "programs/fast-card/verbs.h"
#include "record/base/clock.h"
#include "record/base/json.h"

typedef struct {
  char *reader;
  char *mrz;
  char *csca;
  char *out;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->reader);
  g_free (options->mrz);
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
      {"csca", 0, 0, G_OPTION_ARG_FILENAME, &options->csca, NULL, NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options->out, NULL, NULL},
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };

  return fast_invocation_parse (invocation, entries, 0, 0, error) &&
         fast_invocation_require (options->reader, "--reader", error) &&
         fast_invocation_require (options->mrz, "--mrz", error);
}

/* A file holds the MRZ in two or three lines; fast_secret_read_argument() would take the first. */
static FastSecret *
read_mrz (const char *argument, GError **error)
{
  g_autoptr (FastSecret) text = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (argument[0] == '@') {
    bytes = fast_bytes_read_file (argument + 1, 4096, error);
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

static FastInspection *
run (FastInvocation *invocation, const Options *options, GError **error)
{
  g_autoptr (FastSecret) information = read_mrz (options->mrz, error);
  g_autoptr (FastTrust) trust = NULL;
  g_autoptr (FastTransport) transport = NULL;

  if (information == NULL)
    return NULL;
  if (options->csca != NULL) {
    trust = fast_inspection_trust (invocation, options->csca, error);
    if (trust == NULL)
      return NULL;
  }
  transport = fast_transport_open (options->reader, error);
  if (transport == NULL)
    return NULL;
  return fast_chip_inspect (transport,
                            &(FastInspectOptions){.access = {.mrz_information = information},
                                                  .trust = trust,
                                                  .at = fast_clock_now ()},
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

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/card-reading.h"
#include "enrol/workflow/production.h"

#include <stdio.h>
#include <unistd.h>

#include "programs/fast-card/inspection.h"
#include "programs/fast-card/verbs.h"
#include "programs/sign-in.h"
#include "record/base/clock.h"
#include "record/base/json.h"

#define JOURNAL "encode.journal"
#define KEYS "keys"
#define BAR 40

typedef struct {
  char *reader;
  char *lds;
  char *applet;
  char *csca;
  char *enrolment;
  char *blank;
  char *issuer_keys;
  char *issuer_mode;
  char *issuer_level;
  FastSignIn sign_in;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->reader);
  g_free (options->lds);
  g_free (options->applet);
  g_free (options->csca);
  g_free (options->enrolment);
  g_free (options->blank);
  g_free (options->issuer_keys);
  g_free (options->issuer_mode);
  g_free (options->issuer_level);
  fast_sign_in_clear (&options->sign_in);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* An option that would do nothing is refused: somebody would believe that the keys go through a
 * channel. */
static gboolean
check_issuer (const Options *options, GError **error)
{
  const gboolean channel = options->issuer_keys != NULL;
  const gboolean terms = options->issuer_mode != NULL || options->issuer_level != NULL;

  if (terms && !channel)
    return fast_invocation_require (options->issuer_keys, "--issuer-keys", error);
  if (channel && options->enrolment != NULL)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-issuer-keys",
                      NULL);
  return TRUE;
}

static gboolean
parse (FastInvocation *invocation, Options *options, GError **error)
{
  const GOptionEntry entries[] = {
      {"reader", 0, 0, G_OPTION_ARG_STRING, &options->reader, NULL, NULL},
      {"lds", 0, 0, G_OPTION_ARG_FILENAME, &options->lds, NULL, NULL},
      {"applet", 0, 0, G_OPTION_ARG_STRING, &options->applet, NULL, NULL},
      {"csca", 0, 0, G_OPTION_ARG_FILENAME, &options->csca, NULL, NULL},
      {"enrolment", 0, 0, G_OPTION_ARG_STRING, &options->enrolment, NULL, NULL},
      {"blank", 0, 0, G_OPTION_ARG_STRING, &options->blank, NULL, NULL},
      {"issuer-keys", 0, 0, G_OPTION_ARG_FILENAME, &options->issuer_keys, NULL, NULL},
      {"issuer-mode", 0, 0, G_OPTION_ARG_STRING, &options->issuer_mode, NULL, NULL},
      {"issuer-level", 0, 0, G_OPTION_ARG_STRING, &options->issuer_level, NULL, NULL},
      FAST_SIGN_IN_OPTIONS (options->sign_in),
      {NULL, 0, 0, 0, NULL, NULL, NULL},
  };

  return fast_invocation_parse (invocation, entries, 0, 0, error) &&
         fast_invocation_require (options->reader, "--reader", error) &&
         fast_invocation_require (options->enrolment != NULL ? options->enrolment : options->lds,
                                  "--enrolment", error) &&
         check_issuer (options, error);
}

/* A bar on a terminal only; a log file gets none. */
static void
show (FastEncodePhase phase, gsize done, gsize total, gpointer data G_GNUC_UNUSED)
{
  const guint filled = total == 0 ? 0 : (guint)(done * BAR / total);

  if (total == 0)
    return;
  fprintf (stderr, "\r%-12s [%-*.*s]%s", fast_encode_phase_name (phase), BAR, (int)filled,
           "########################################", done == total ? "\n" : "");
  fflush (stderr);
}

static void
print (FastInvocation *invocation, const FastEncodeResult *result)
{
  JsonObject *object = json_object_new ();
  g_autoptr (JsonNode) node = NULL;

  json_object_set_string_member (object, "state", fast_encode_state_name (result->state));
  if (result->serial != NULL)
    json_object_set_string_member (object, "serial", result->serial);
  if (result->inspection != NULL)
    json_object_set_array_member (object, "checks",
                                  fast_inspection_to_json (invocation, result->inspection));
  node = fast_json_node_take (object);
  if (result->inspection != NULL)
    fast_inspection_say (invocation, result->inspection);
  fast_invocation_say (invocation, "encode-state", "state=%s",
                       fast_encode_state_name (result->state));
  fast_invocation_print_json (invocation, node);
}

/* What a folder's chip is made from and read back with. */
typedef struct {
  FastContent content;
  FastCardReading reading;
  FastTransport *transport;
  FastChipChannel *channel;
} Folder;

static void
folder_clear (Folder *folder)
{
  g_clear_pointer (&folder->content.lds, fast_lds_unref);
  g_clear_pointer (&folder->content.secrets, fast_chip_secrets_free);
  fast_card_reading_clear (&folder->reading);
  g_clear_pointer (&folder->transport, fast_transport_free);
  g_clear_pointer (&folder->channel, fast_chip_channel_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Folder, folder_clear)

/* Keys that ever lay in files are good for no card but a specimen. */
static gboolean
load_secrets (Folder *folder, const char *lds, GError **error)
{
  g_autofree char *keys = g_build_filename (lds, KEYS, NULL);

  if (g_file_test (keys, G_FILE_TEST_EXISTS) && !fast_lds_is_training (folder->content.lds))
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "encode-keys-in-files",
                      "folder=%s", keys);
  folder->content.secrets = fast_chip_secrets_read_folder (keys, error);
  return folder->content.secrets != NULL;
}

static gboolean
load_reading (FastInvocation *invocation, const Options *options, Folder *folder, GError **error)
{
  if (options->csca != NULL) {
    folder->reading.trust = fast_inspection_trust (invocation, options->csca, error);
    if (folder->reading.trust == NULL)
      return FALSE;
  }
  return fast_inspection_terminal (invocation, &folder->reading.terminal, error) &&
         fast_card_reading_check (&folder->reading, &folder->content, error);
}

static gboolean
load_channel (const Options *options, Folder *folder, GError **error)
{
  if (options->issuer_keys == NULL)
    return TRUE;
  folder->channel = fast_chip_channel_load (options->issuer_keys, options->issuer_mode,
                                            options->issuer_level, error);
  return folder->channel != NULL;
}

static gboolean
load (FastInvocation *invocation, const Options *options, Folder *folder, GError **error)
{
  folder->content.lds = fast_lds_read_folder (options->lds, error);
  if (folder->content.lds == NULL || !load_secrets (folder, options->lds, error) ||
      !load_reading (invocation, options, folder, error) || !load_channel (options, folder, error))
    return FALSE;
  folder->transport = fast_transport_open (options->reader, error);
  return folder->transport != NULL;
}

static gboolean
run (FastInvocation *invocation, FastEncoding *encoding, GError **error)
{
  g_auto (FastEncodeResult) result = {0};
  const gboolean made = fast_chip_encode (encoding, &result, NULL, error);

  print (invocation, &result);
  return made;
}

/* The files of a folder; the journal is a file in it. No unit stands behind it: without the
 * issuer's keys it makes training cards. */
static gboolean
encode_folder (FastInvocation *invocation, const Options *options, FastEncodeProgress progress,
               GError **error)
{
  g_autofree char *journal = g_build_filename (options->lds, JOURNAL, NULL);
  const char *name = options->applet != NULL ? options->applet : fast_applet_icao_perso.name;
  const FastApplet *applet = fast_applet_find (name, FAST_APPLET_BAC, error);
  g_auto (Folder) folder = {.transport = NULL};

  if (applet == NULL || !load (invocation, options, &folder, error))
    return FALSE;
  return run (invocation,
              &(FastEncoding){.transport = folder.transport,
                              .applet = applet,
                              .lds = folder.content.lds,
                              .secrets = folder.content.secrets,
                              .trust = folder.reading.trust,
                              .at = fast_clock_now (),
                              .terminal = folder.reading.terminal,
                              .channel = folder.channel,
                              .training = TRUE,
                              .journal = fast_encode_journal_file (journal),
                              .progress = progress},
              error);
}

/* The card of an enrolment; the journal is in the store. */
static gboolean
encode_enrolment (FastInvocation *invocation, const Options *options, FastEncodeProgress progress,
                  GError **error)
{
  g_autoptr (FastUnit) unit =
      fast_sign_in_unit (invocation, &options->sign_in, FAST_SIGN_IN_ANY, error);
  const FastApplet *applet =
      unit == NULL ? NULL : fast_production_applet (unit, options->applet, error);
  g_autoptr (FastTransport) transport =
      applet == NULL ? NULL : fast_transport_open (options->reader, error);
  g_auto (FastEncodeResult) result = {0};
  gboolean made;

  if (transport == NULL)
    return FALSE;
  made = fast_production_encode (unit, options->enrolment, options->blank, transport, applet,
                                 progress, NULL, &result, error);
  print (invocation, &result);
  return made;
}

/**
 * fast_card_encode:
 *
 * `fast-card encode`: writes a chip, or goes on where an interrupted run stopped, and reads it
 * back.
 */
gboolean
fast_card_encode (FastInvocation *invocation, GError **error)
{
  g_auto (Options) options = {0};
  const FastEncodeProgress progress = isatty (STDERR_FILENO) ? show : NULL;

  fast_transport_quieten ();
  if (!parse (invocation, &options, error))
    return FALSE;
  return options.enrolment != NULL ? encode_enrolment (invocation, &options, progress, error)
                                   : encode_folder (invocation, &options, progress, error);
}

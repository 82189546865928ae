/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/keys-pin.h"
#include "programs/fast-card/verbs.h"
#include "record/base/clock.h"
#include "record/base/durable.h"
#include "record/base/json.h"
#include "record/keys/certificate.h"
#include "record/keys/master-list-write.h"

typedef struct {
  char *csca;
  char *signer;
  char *key;
  char *out;
  char *pin_fd;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->csca);
  g_free (options->signer);
  g_free (options->key);
  g_free (options->out);
  g_free (options->pin_fd);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Every file of the folder; one that holds no certificate is an error and not passed over. */
static GPtrArray *
load_folder (const char *folder, GError **error)
{
  GError *cause = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &cause);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (dir == NULL) {
    fast_fail_from (error, cause, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "keys-folder",
                    "folder=%s", folder);
    return NULL;
  }
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_add (paths, NULL);
  return fast_certificates_load ((const char *const *)paths->pdata, error);
}

static gboolean
write_list (const Options *options, GPtrArray *authorities, GError **error)
{
  g_autoptr (X509) signer = fast_certificate_load (options->signer, error);
  g_autoptr (EVP_PKEY) key =
      signer == NULL ? NULL : fast_card_load_key (options->key, options->pin_fd, error);
  g_autoptr (GBytes) list =
      key == NULL ? NULL
                  : fast_master_list_make (authorities, signer, key, fast_clock_now (), error);

  return list != NULL &&
         fast_durable_replace (options->out, list, 0644, FAST_POINT ("master-list-save"), error);
}

/* fast-card keys master-list --csca DIR --signer CERT --key KEY --out FILE: tells other inspection
 * systems which CSCAs are believed here (ICAO 9303-12, 9). */
gboolean
fast_card_keys_master_list (FastInvocation *invocation, GError **error)
{
  g_auto (Options) options = {0};
  const GOptionEntry entries[] = {
      {"csca", 0, 0, G_OPTION_ARG_FILENAME, &options.csca, NULL, NULL},
      {"signer", 0, 0, G_OPTION_ARG_FILENAME, &options.signer, NULL, NULL},
      {"key", 0, 0, G_OPTION_ARG_STRING, &options.key, NULL, NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, NULL, NULL},
      {"pin-fd", 0, 0, G_OPTION_ARG_STRING, &options.pin_fd, NULL, NULL},
      {0},
  };
  g_autoptr (GPtrArray) authorities = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!fast_invocation_parse (invocation, entries, 0, 0, error) ||
      !fast_invocation_require (options.csca, "--csca", error) ||
      !fast_invocation_require (options.signer, "--signer", error) ||
      !fast_invocation_require (options.key, "--key", error) ||
      !fast_invocation_require (options.out, "--out", error))
    return FALSE;
  authorities = load_folder (options.csca, error);
  if (authorities == NULL || !write_list (&options, authorities, error))
    return FALSE;
  node = fast_json_node_take (json_object_new ());
  json_object_set_int_member (json_node_get_object (node), "authorities", authorities->len);
  fast_invocation_print_json (invocation, node);
  fast_invocation_say (invocation, "said-master-list", "n=%u, out=%s", authorities->len,
                       options.out);
  return TRUE;
}

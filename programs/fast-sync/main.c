/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-sync/verbs.h"
#include "sync/link/schema.h"

static const FastVerb verbs[] = {
    {"once", "", "verb-sync-once", fast_sync_verb_once},
    {"status", "", "verb-sync-status", fast_sync_verb_status},
    {"batch show", "[BATCH]", "verb-sync-batch-show", fast_sync_verb_batch_show},
    {"batch verify", "[BATCH]", "verb-sync-batch-verify", fast_sync_verb_batch_verify},
    {"batch close", "[--officer NAME --passphrase-fd N]…", "verb-sync-batch-close",
     fast_sync_verb_batch_close},
    {"reconcile", "[BATCH]", "verb-sync-reconcile", fast_sync_verb_reconcile},
    {0},
};

/**
 * fast_sync_open_store:
 * @invocation: the call
 * @error: return location for an error
 *
 * Returns: (transfer full): the unit's store; nobody need be signed in
 */
FastStore *
fast_sync_open_store (FastInvocation *invocation, GError **error)
{
  static const FastSchema *const schemas[] = {&fast_link_schema, NULL};
  FastConfig *config = fast_invocation_config (invocation, error);
  g_autofree char *path = config == NULL ? NULL : fast_config_path (config, "store", "path", error);
  g_autofree char *unit = path == NULL ? NULL : fast_config_string (config, "unit", "id", error);

  return unit == NULL ? NULL : fast_store_open (path, unit, schemas, error);
}

/**
 * fast_sync_open_folder:
 * @invocation: the call
 * @error: return location for an error
 *
 * Returns: (transfer full): the folder of sealed packets
 */
FastPacketFolder *
fast_sync_open_folder (FastInvocation *invocation, GError **error)
{
  FastConfig *config = fast_invocation_config (invocation, error);
  g_autofree char *path =
      config == NULL ? NULL : fast_config_path (config, "store", "packets", error);

  return path == NULL ? NULL : fast_packet_folder_open (path, error);
}

int
main (int argc, char **argv)
{
  return fast_program_run ("fast-sync", verbs, argc, argv);
}

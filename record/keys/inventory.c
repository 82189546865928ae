/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/inventory.h"

#include <string.h>

#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/signer.h"

#define DAY (24 * 60 * 60)
#define SOON_DAYS 30
#define URGENT_DAYS 7

const char *const fast_inventory_state_names[] = {"good", "soon", "urgent", "over", "broken"};

/* Where configurations name certificates; a group that ends in a space is any that begins so. */
static const struct {
  const char *group;
  const char *certificates;
  const char *key;
  const char *purpose;
} places[] = {
    {"card", "csca", NULL, "csca"},
    {"card", "ds-certificate", "ds", "document-signer"},
    {"card", "seal-certificate", "seal", "seal-signer"},
    {"keys", "unit-ca", NULL, "authority"},
    {"keys", "link-certificate", "link", "tls-client"},
    {"keys", "sign-certificate", "sign", "sign"},
    {"keys", "open-certificate", "open", "recipient"},
    {"officer ", "certificate", "key", "sign"},
    {"nation ", "ca", NULL, "authority"},
    {"nation ", "receipt", NULL, "timestamp"},
    {"nation ", "opened", NULL, "timestamp"},
    {"nation ", "recipients", NULL, "recipient"},
    {"nation ", "recovery", NULL, "recipient"},
    {"tls", "certificate", "key", "tls-server"},
    {"tls", "client-ca", NULL, "authority"},
    {"receipt", "certificate", "key", "timestamp"},
    {"back-office", "certificate", "key", "recipient"},
    {"back-office", "opened-certificate", "opened-key", "timestamp"},
    {"back-office", "officers-ca", NULL, "authority"},
};

static void
entry_free (gpointer data)
{
  FastInventoryEntry *entry = data;

  g_free (entry->place);
  g_free (entry->path);
  g_free (entry->subject);
  g_clear_error (&entry->problem);
  g_free (entry);
}

/* A key in a token is not asked for: that would take its PIN. One that is no file any more is in
 * the vault. */
static gboolean
check_pair (X509 *certificate, FastConfig *config, const char *group, const char *name,
            GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (EVP_PKEY) pair = NULL;

  if (name == NULL || !fast_config_has (config, group, name))
    return TRUE;
  path = fast_config_path (config, group, name, error);
  if (path == NULL)
    return FALSE;
  if (fast_key_is_token (path) || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  pair = fast_key_load (path, error);
  return pair != NULL && fast_certificate_check_key (certificate, pair, error);
}

static FastInventoryState
judge (gint64 from, gint64 to, gint64 now)
{
  const gint64 third = (to - from) / DAY / 3;
  const gint64 left = (to - now) / DAY;

  if (now < from || now > to)
    return FAST_INVENTORY_OVER;
  if (left <= URGENT_DAYS)
    return FAST_INVENTORY_URGENT;
  return left <= MIN (SOON_DAYS, third) ? FAST_INVENTORY_SOON : FAST_INVENTORY_GOOD;
}

/* An authority's certificate outlives its key: whoever only believes it looks at the validity. */
static void
fill (FastInventoryEntry *entry, X509 *certificate, gint64 now)
{
  const FastCertificateProfile *profile = fast_certificate_profile_find (entry->purpose);
  gint64 from, not_before;

  entry->subject = fast_certificate_name (certificate);
  fast_certificate_validity (certificate, &not_before, &entry->expires);
  if (strcmp (entry->purpose, "csca") == 0 ||
      !fast_signer_period (certificate, profile, &from, &entry->signs_until)) {
    from = not_before;
    entry->signs_until = entry->expires;
  }
  entry->days_left = (entry->signs_until - now) / DAY - (entry->signs_until < now ? 1 : 0);
  entry->state = judge (from, entry->signs_until, now);
}

static FastInventoryEntry *
make_entry (FastConfig *config, guint place, const char *group, char *path, gint64 now)
{
  FastInventoryEntry *entry = g_new0 (FastInventoryEntry, 1);
  g_autoptr (X509) certificate = fast_certificate_load (path, &entry->problem);

  entry->place = g_strdup_printf ("%s/%s", group, places[place].certificates);
  entry->path = g_strdup (path);
  entry->purpose = places[place].purpose;
  if (certificate != NULL)
    fill (entry, certificate, now);
  if (certificate == NULL ||
      !check_pair (certificate, config, group, places[place].key, &entry->problem))
    entry->state = FAST_INVENTORY_BROKEN;
  return entry;
}

static gboolean
add_group (GPtrArray *entries, FastConfig *config, guint place, const char *group, gint64 now,
           GError **error)
{
  g_auto (GStrv) paths = NULL;

  if (!fast_config_has (config, group, places[place].certificates))
    return TRUE;
  paths = fast_config_paths (config, group, places[place].certificates, error);
  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    g_ptr_array_add (entries, make_entry (config, place, group, paths[i], now));
  return paths != NULL;
}

static gboolean
add_place (GPtrArray *entries, FastConfig *config, guint place, gint64 now, GError **error)
{
  g_auto (GStrv) rests = NULL;

  if (!g_str_has_suffix (places[place].group, " "))
    return add_group (entries, config, place, places[place].group, now, error);
  rests = fast_config_groups (config, places[place].group);
  for (guint i = 0; rests[i] != NULL; i++) {
    g_autofree char *group = g_strconcat (places[place].group, rests[i], NULL);

    if (!add_group (entries, config, place, group, now, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * fast_inventory_load:
 * @config: a unit's or an intake's configuration
 * @now: in seconds since 1970
 * @error: return location for an error
 *
 * Every certificate that the configuration names, and how long it and its key are still good. One
 * that cannot be read is an entry too.
 *
 * Returns: (transfer full) (element-type FastInventoryEntry): the entries, in the table's order
 */
GPtrArray *
fast_inventory_load (FastConfig *config, gint64 now, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (entry_free);

  for (guint place = 0; place < G_N_ELEMENTS (places); place++)
    if (!add_place (entries, config, place, now, error))
      return NULL;
  return g_steal_pointer (&entries);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/csca-store.h"

#include <openssl/x509v3.h>
#include <string.h>

#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/master-list.h"
#include "record/keys/signature-scheme.h"

#define FILE_LIMIT (8 * 1024 * 1024)

/* What was found while reading; @links are authorities nobody believed has vouched for yet. */
typedef struct {
  GPtrArray *authorities;
  GPtrArray *links;
  GPtrArray *signers;
  FastTrustFlags flags;
  gint64 at;
} Store;

static void
store_clear (Store *store)
{
  g_ptr_array_unref (store->authorities);
  g_ptr_array_unref (store->links);
  g_ptr_array_unref (store->signers);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Store, store_clear)

static gboolean
has_suffix (const char *name, const char *const *suffixes)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; suffixes[i] != NULL; i++)
    if (g_str_has_suffix (lower, suffixes[i]))
      return TRUE;
  return FALSE;
}

static int
compare (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

static GPtrArray *
list_folder (const char *folder, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autoptr (GDir) open = g_dir_open (folder, 0, &why);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  if (open == NULL)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "csca-folder",
                           "folder=%s, why=%s", folder, why->message);
  while ((name = g_dir_read_name (open)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare);
  return g_steal_pointer (&names);
}

/* Files of @folder and of the folders in it. Below, only `csca*` are certificates to believe: a
 * training folder keeps a nation's other authorities beside its CSCA. */
static gboolean
find_files (const char *folder, const char *const *suffixes, const char *prefix_below,
            gboolean below, GPtrArray *found, GError **error)
{
  g_autoptr (GPtrArray) names = list_folder (folder, error);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    const char *name = names->pdata[i];
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
      if (!below && !find_files (path, suffixes, prefix_below, TRUE, found, error))
        return FALSE;
    } else if (has_suffix (name, suffixes) && (!below || g_str_has_prefix (name, prefix_below))) {
      g_ptr_array_add (found, g_steal_pointer (&path));
    }
  }
  return names != NULL;
}

/* An authority of our training nations that is no CSCA: 9303-12, 7.1 gives these both alternative
 * names, and ours certify officers and servers. */
static gboolean
is_other_authority (X509 *certificate)
{
  return fast_certificate_is_training (certificate) &&
         X509_get_ext_by_NID (certificate, NID_issuer_alt_name, -1) < 0;
}

static void
keep (GPtrArray *array, X509 *certificate)
{
  X509_up_ref (certificate);
  g_ptr_array_add (array, certificate);
}

static gboolean
vouches (X509 *issuer, X509 *certificate)
{
  return X509_NAME_cmp (X509_get_subject_name (issuer), X509_get_issuer_name (certificate)) == 0 &&
         fast_signature_scheme_verify_certificate (certificate, X509_get0_pubkey (issuer), NULL);
}

/* A self-signed certificate whose own signature does not hold was altered since. One whose issuer's
 * name is its own may also be a link from an older key of that name. */
static gboolean
sort_certificate (Store *store, X509 *certificate, GError **error)
{
  const gboolean own_name =
      X509_NAME_cmp (X509_get_subject_name (certificate), X509_get_issuer_name (certificate)) == 0;

  if (X509_check_ca (certificate) == 0) {
    keep (store->signers, certificate);
  } else if (is_other_authority (certificate)) {
    return TRUE;
  } else if (vouches (certificate, certificate)) {
    keep (store->authorities, certificate);
  } else if (own_name && X509_check_issued (certificate, certificate) == X509_V_OK &&
             X509_get0_authority_key_id (certificate) != NULL) {
    g_autofree char *subject = fast_certificate_name (certificate);

    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "trust-signature",
                      "subject=%s", subject);
  } else {
    keep (store->links, certificate);
  }
  return TRUE;
}

/* Link certificates may lead to further ones: until nothing changes. */
static void
follow_links (Store *store)
{
  for (guint i = 0; i < store->authorities->len; i++)
    for (guint j = store->links->len; j > 0; j--)
      if (vouches (store->authorities->pdata[i], store->links->pdata[j - 1])) {
        keep (store->authorities, store->links->pdata[j - 1]);
        g_ptr_array_remove_index (store->links, j - 1);
      }
}

static gboolean
load_certificates (Store *store, const char *folder, GError **error)
{
  static const char *const suffixes[] = {".pem", ".der", ".cer", ".crt", NULL};
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  if (!find_files (folder, suffixes, "csca", FALSE, paths, error))
    return FALSE;
  for (guint i = 0; i < paths->len; i++) {
    const char *const one[] = {paths->pdata[i], NULL};
    g_autoptr (GPtrArray) certificates = fast_certificates_load (one, error);

    for (guint j = 0; certificates != NULL && j < certificates->len; j++)
      if (!sort_certificate (store, certificates->pdata[j], error))
        return fast_error_prefix (error, "csca-file", "path=%s", one[0]);
    if (certificates == NULL)
      return FALSE;
  }
  follow_links (store);
  return TRUE;
}

static gboolean
load_master_list (Store *store, const char *path, FastTrust *trust, GError **error)
{
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FILE_LIMIT, error);
  g_autoptr (FastMasterList) list = bytes == NULL ? NULL : fast_master_list_parse (bytes, error);

  if (list == NULL || !fast_master_list_verify (list, trust, store->at, error))
    return fast_error_prefix (error, "csca-file", "path=%s", path);
  for (guint i = 0; i < list->authorities->len; i++)
    keep (store->authorities, list->authorities->pdata[i]);
  return TRUE;
}

/* All lists are judged by what the folder holds itself: a list cannot vouch for the next. */
static gboolean
load_master_lists (Store *store, const char *folder, GError **error)
{
  static const char *const suffixes[] = {".ml", NULL};
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FastTrust) trust = NULL;

  if (!find_files (folder, suffixes, "", FALSE, paths, error))
    return FALSE;
  trust = fast_trust_new_icao (store->authorities, store->signers, fast_revocation_new (),
                               store->flags);
  for (guint i = 0; i < paths->len; i++)
    if (!load_master_list (store, paths->pdata[i], trust, error))
      return FALSE;
  follow_links (store);
  return TRUE;
}

static FastRevocation *
load_revocation (Store *store, const char *folder, GError **error)
{
  static const char *const suffixes[] = {".crl", NULL};
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (FastRevocation) revocation = fast_revocation_new ();

  if (!find_files (folder, suffixes, "", FALSE, paths, error))
    return NULL;
  for (guint i = 0; i < paths->len; i++) {
    const char *path = paths->pdata[i];
    g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FILE_LIMIT, error);

    if (bytes == NULL || !fast_revocation_add (revocation, bytes, store->authorities, path, error))
      return NULL;
  }
  return g_steal_pointer (&revocation);
}

/**
 * fast_csca_store_load:
 * @folder: holds certificates (`*.pem`, `*.der`, `*.cer`, `*.crt`), master lists (`*.ml`) and
 *   revocation lists (`*.crl`); in the folders in it only `csca*` are taken as certificates
 * @flags: what passes, besides %FAST_TRUST_ICAO
 * @at: the time by which master list signers are judged, in seconds since 1970
 * @error: return location for an error
 *
 * Blocking; any thread.
 *
 * Returns: (transfer full): the trust in them; else `csca-folder`, `csca-none`,
 *   `certificate-malformed`, `trust-signature`, `revocation-malformed`, `revocation-signature`, or
 *   an error of fast_master_list_parse() or fast_master_list_verify()
 */
FastTrust *
fast_csca_store_load (const char *folder, FastTrustFlags flags, gint64 at, GError **error)
{
  g_auto (Store) store = {
      .authorities = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free),
      .links = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free),
      .signers = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free),
      .flags = flags,
      .at = at,
  };
  FastRevocation *revocation;

  if (!load_certificates (&store, folder, error) || !load_master_lists (&store, folder, error))
    return NULL;
  if (store.authorities->len == 0)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "csca-none", "folder=%s",
                           folder);
  revocation = load_revocation (&store, folder, error);
  if (revocation == NULL)
    return NULL;
  return fast_trust_new_icao (store.authorities, store.signers, revocation, flags);
}

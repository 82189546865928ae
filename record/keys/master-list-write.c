/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/master-list-write.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/cms.h"
#include "record/keys/conformity.h"
#include "record/keys/master-list.h"
#include "record/keys/signer.h"

static int
compare (gconstpointer left, gconstpointer right)
{
  return g_bytes_compare (*(GBytes *const *)left, *(GBytes *const *)right);
}

/* DER orders the members of a SET OF by their bytes (X.690, 11.6); twins stand once. */
static GPtrArray *
sort (GPtrArray *authorities, GError **error)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  for (guint i = 0; i < authorities->len; i++) {
    GBytes *der = fast_certificate_der (authorities->pdata[i], error);

    if (der == NULL)
      return NULL;
    g_ptr_array_add (sorted, der);
  }
  g_ptr_array_sort (sorted, compare);
  for (guint i = 1; i < sorted->len;)
    if (g_bytes_equal (sorted->pdata[i - 1], sorted->pdata[i]))
      g_ptr_array_remove_index (sorted, i);
    else
      i++;
  return g_steal_pointer (&sorted);
}

/* CscaMasterList: version 0 and the certificates. */
static GBytes *
encode (GPtrArray *sorted)
{
  g_autoptr (GByteArray) set = g_byte_array_new ();
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *list = g_byte_array_new ();

  for (guint i = 0; i < sorted->len; i++)
    fast_append_bytes (set, sorted->pdata[i]);
  fast_tlv_append (inner, 0x02, "\0", 1);
  fast_tlv_append_array (inner, 0x31, set);
  fast_tlv_append_array (list, 0x30, inner);
  return g_byte_array_free_to_bytes (list);
}

static gboolean
check_authorities (GPtrArray *authorities, GError **error)
{
  if (authorities->len == 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "master-list-empty", NULL);
  for (guint i = 0; i < authorities->len; i++) {
    g_autofree char *name = fast_certificate_name (authorities->pdata[i]);

    if (X509_check_ca (authorities->pdata[i]) == 0)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID,
                        "master-list-no-authority", "subject=%s", name);
  }
  return TRUE;
}

/**
 * fast_master_list_make:
 * @authorities: (element-type X509): CSCA certificates, link certificates among them
 * @signer: a master list signer's certificate
 * @key: its private key, which may be in a token
 * @at: when, in seconds since 1970
 * @error: return location for an error
 *
 * A CSCA master list, ICAO 9303-12, 9: CMS SignedData with the content `2.23.136.1.1.2`. The
 * signer's certificate is in it; that of its CSCA, which ICAO recommends besides, is left out:
 * readers built on OpenSSL would walk to it and refuse its explicit curve. It stands on the list
 * itself.
 *
 * Returns: (transfer full): the list, DER; FAST_INPUT_ERROR_MISSING (`master-list-empty`),
 *   FAST_INPUT_ERROR_INVALID (`master-list-no-authority`), and those of fast_signer_check() and
 *   fast_conformity_check()
 */
GBytes *
fast_master_list_make (GPtrArray *authorities, X509 *signer, EVP_PKEY *key, gint64 at,
                       GError **error)
{
  const FastCmsOptions options = {.content_type = FAST_MASTER_LIST_OID, .signing_time = at};
  const FastCertificateProfile *profile = fast_certificate_profile_find ("master-list-signer");
  g_autoptr (GPtrArray) sorted = NULL;
  g_autoptr (GBytes) content = NULL;

  if (!check_authorities (authorities, error) || !fast_signer_check (signer, profile, at, error) ||
      !fast_conformity_check (signer, profile, error))
    return NULL;
  sorted = sort (authorities, error);
  if (sorted == NULL)
    return NULL;
  content = encode (sorted);
  return fast_cms_sign (content, signer, key, &options, error);
}

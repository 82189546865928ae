/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/master-list.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "record/base/error.h"
#include "record/base/tlv.h"

#define WHAT "CscaMasterList"
#define TAG_INTEGER 0x02
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31

/**
 * fast_master_list_free:
 * @list: (transfer full): a master list
 */
void
fast_master_list_free (FastMasterList *list)
{
  g_clear_pointer (&list->document, fast_signed_document_free);
  g_clear_pointer (&list->authorities, g_ptr_array_unref);
  g_free (list);
}

static gboolean
malformed (GError **error, const char *part)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "master-list-form",
                    "part=%s", part);
}

static gboolean
read_certificate (FastReader *reader, FastMasterList *list, GError **error)
{
  FastTlv tlv;
  const guint8 *at;
  g_autoptr (X509) certificate = NULL;

  if (!fast_tlv_expect (reader, TAG_SEQUENCE, &tlv, NULL))
    return malformed (error, "certList");
  at = tlv.start;
  certificate = d2i_X509 (NULL, &at, (long)tlv.total);
  if (certificate == NULL || at != tlv.start + tlv.total)
    return malformed (error, "Certificate");
  if (X509_check_ca (certificate) == 0)
    return malformed (error, "cA");
  g_ptr_array_add (list->authorities, g_steal_pointer (&certificate));
  return TRUE;
}

/* CscaMasterList: version 0 and the set of certificates. */
static gboolean
read_content (FastMasterList *list, GError **error)
{
  FastReader outer = fast_reader_from_bytes (list->document->content, WHAT);
  FastReader reader;
  FastTlv tlv;

  if (!fast_tlv_expect (&outer, TAG_SEQUENCE, &tlv, NULL) || fast_reader_left (&outer) > 0)
    return malformed (error, WHAT);
  reader = fast_tlv_open (&tlv, WHAT);
  if (!fast_tlv_expect (&reader, TAG_INTEGER, &tlv, NULL) || tlv.size != 1 || tlv.value[0] != 0)
    return malformed (error, "version");
  if (!fast_tlv_expect (&reader, TAG_SET, &tlv, NULL) || fast_reader_left (&reader) > 0)
    return malformed (error, "certList");
  reader = fast_tlv_open (&tlv, WHAT);
  while (fast_reader_left (&reader) > 0)
    if (!read_certificate (&reader, list, error))
      return FALSE;
  return list->authorities->len > 0 || malformed (error, "certList");
}

/**
 * fast_master_list_parse:
 * @encoded: a master list, DER
 * @error: return location for an error
 *
 * Reads the form; nothing in it is believed before fast_master_list_verify().
 *
 * Returns: (transfer full): the list; else `master-list-form` or an error of
 *   fast_signed_document_parse()
 */
FastMasterList *
fast_master_list_parse (GBytes *encoded, GError **error)
{
  g_autoptr (FastMasterList) list = g_new0 (FastMasterList, 1);

  list->authorities = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  list->document = fast_signed_document_parse (encoded, FAST_MASTER_LIST_OID, error);
  if (list->document == NULL || !read_content (list, error))
    return NULL;
  return g_steal_pointer (&list);
}

/**
 * fast_master_list_verify:
 * @list: a master list
 * @trust: the CSCAs that are believed without it, with %FAST_TRUST_ICAO
 * @at: the time of judging, in seconds since 1970
 * @error: return location for an error
 *
 * The list is signed, and its signer is a master list signer under one of those CSCAs.
 *
 * Returns: whether what it lists may be believed; else `master-list-signer` when its signer's
 *   certificate is not in it, or an error of fast_signed_document_verify() or fast_trust_verify()
 */
gboolean
fast_master_list_verify (const FastMasterList *list, FastTrust *trust, gint64 at, GError **error)
{
  X509 *signer = fast_signed_document_find_signer (list->document, NULL);

  if (signer == NULL)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "master-list-signer", NULL);
  return fast_signed_document_verify (list->document, signer, error) &&
         fast_trust_verify (trust, signer, FAST_PURPOSE_MASTER_LIST, at, error);
}

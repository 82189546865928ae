/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/granted.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/keys/certificate.h"
#include "record/keys/cms.h"
#include "sync/packet/parts.h"

static gboolean
refuse (GError **error, const char *id, const char *name)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, "name=%s", name);
}

static GBytes *
get_file (GHashTable *parts, const char *name, GError **error)
{
  FastSecret *content = g_hash_table_lookup (parts, name);

  if (content == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "packet-file-missing",
                           "name=%s", name);
  return g_bytes_new (fast_secret_data (content), fast_secret_size (content));
}

static gboolean
find_agency (GHashTable *parts, FastAgency *agency, GError **error)
{
  guint n = 0;

  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    g_autofree char *name = fast_decision_part_name ((FastAgency)i);

    if (g_hash_table_contains (parts, name)) {
      *agency = (FastAgency)i;
      n++;
    }
  }
  return n == 1 ? TRUE : refuse (error, "packet-decision-count", "decision-AGENCY.json");
}

static gboolean
check_signature (GBytes *document, GBytes *signature, FastAgency agency, FastTrust *officers,
                 gint64 at, char **officer, GError **error)
{
  g_autoptr (FastCmsContent) content =
      fast_cms_verify_at (signature, document, officers, NULL, at, error);
  g_autofree char *of = NULL;

  if (content == NULL)
    return fast_error_prefix (error, "packet-decision-signature", NULL);
  of = fast_certificate_get_name (content->signer, NID_organizationalUnitName);
  if (g_strcmp0 (of, fast_agency_name (agency)) != 0)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "packet-decision-agency",
                      "found=%s, wanted=%s", of == NULL ? "-" : of, fast_agency_name (agency));
  if (officer != NULL)
    *officer = fast_certificate_get_name (content->signer, NID_commonName);
  return TRUE;
}

static gboolean
check_document (const FastDecision *decision, FastAgency agency, const FastHeader *header,
                GBytes *granted, GError **error)
{
  g_autofree char *digest = fast_sha256_hex (granted);
  g_autoptr (GHashTable) digests = NULL;

  if (decision->agency != (int)agency)
    return refuse (error, "packet-decision-differs", "agency");
  if (g_strcmp0 (decision->item, header->about) != 0)
    return refuse (error, "packet-decision-differs", "item");
  if (strcmp (decision->parts, digest) != 0)
    return refuse (error, "packet-decision-differs", "parts");
  digests = fast_digests_parse (granted, FAST_GRANTED_PARTS, error);
  return digests != NULL;
}

static gboolean
verify (const FastHeader *header, GHashTable *parts, FastTrust *officers, gint64 at, char **officer,
        GError **error)
{
  FastAgency agency;
  g_autofree char *name = NULL;
  g_autofree char *signature_name = NULL;
  g_autoptr (GBytes) document = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) granted = NULL;
  g_autoptr (FastDecision) decision = NULL;

  if (!find_agency (parts, &agency, error))
    return FALSE;
  name = fast_decision_part_name (agency);
  signature_name = fast_decision_signature_name (agency);
  document = get_file (parts, name, error);
  signature = document == NULL ? NULL : get_file (parts, signature_name, error);
  granted = signature == NULL ? NULL : get_file (parts, FAST_GRANTED_PARTS, error);
  if (granted == NULL ||
      !check_signature (document, signature, agency, officers, at, officer, error))
    return FALSE;
  decision = fast_decision_from_bytes (document, error);
  return decision != NULL && check_document (decision, agency, header, granted, error);
}

/**
 * fast_granted_verify:
 * @header: a packet's header
 * @parts: (element-type utf8 FastSecret): its parts
 * @officers: (nullable): what the certificates of officers chain to
 * @at: when the officer's certificate must have been valid, in seconds since 1970
 * @officer: (out) (optional) (transfer full) (nullable): common name of the officer who signed
 * @error: return location for an error
 *
 * For items of kind `decision`: one agency's document, signed by an officer of that agency, about
 * the enrolment that the header names, over the `parts.json` that came with it. Other kinds hold
 * nothing of the sort and pass.
 *
 * Returns: whether the decision holds
 */
gboolean
fast_granted_verify (const FastHeader *header, GHashTable *parts, FastTrust *officers, gint64 at,
                     char **officer, GError **error)
{
  if (strcmp (header->kind, "decision") != 0)
    return TRUE;
  if (officers == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "packet-no-officers", NULL);
  return verify (header, parts, officers, at, officer, error);
}

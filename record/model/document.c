/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/document.h"

#include "record/model/forms.h"

const char *const fast_document_type_names[] = {
    [FAST_DOCUMENT_PASSPORT] = "passport",
    [FAST_DOCUMENT_PASSPORT_CARD] = "passport-card",
    [FAST_DOCUMENT_IDENTITY_CARD] = "identity-card",
    [FAST_DOCUMENT_PERMANENT_RESIDENT_CARD] = "permanent-resident-card",
    [FAST_DOCUMENT_CITIZENSHIP_CERTIFICATE] = "citizenship-certificate",
    [FAST_DOCUMENT_BIRTH_CERTIFICATE] = "birth-certificate",
    [FAST_DOCUMENT_ENHANCED_DRIVING_LICENCE] = "enhanced-driving-licence",
    [FAST_DOCUMENT_DRIVING_LICENCE] = "driving-licence",
    NULL,
};

static const char *const sources[] = {"typed", "mrz", "barcode", "chip", NULL};

static const FastField fields[] = {
    FAST_FIELD (FastDocument, type, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_document_type_names),
    FAST_FIELD (FastDocument, state, .type = FAST_FIELD_STRING, .pattern = FAST_PATTERN_COUNTRY),
    FAST_FIELD (FastDocument, jurisdiction, .type = FAST_FIELD_STRING,
                .pattern = FAST_PATTERN_JURISDICTION),
    FAST_FIELD (FastDocument, number, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_DOCUMENT_NUMBER),
    FAST_FIELD (FastDocument, class, .type = FAST_FIELD_STRING,
                .pattern = FAST_PATTERN_LICENCE_CLASS),
    FAST_FIELD (FastDocument, endorsements, .type = FAST_FIELD_STRINGS,
                .pattern = FAST_PATTERN_CODE, .most = 20),
    FAST_FIELD (FastDocument, expiry, .type = FAST_FIELD_DATE,
                .flags = FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE),
    FAST_FIELD (FastDocument, source, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = sources),
    FAST_FIELD (FastDocument, mrz, .type = FAST_FIELD_STRINGS, .pattern = FAST_PATTERN_MRZ_LINE,
                .least = 2, .most = 3),
};

/**
 * Presence:
 * @name: a member
 * @present: whether it is there
 * @wanted: whether it must be; what must not be is refused
 */
typedef struct {
  const char *name;
  gboolean present;
  gboolean wanted;
} Presence;

static gboolean
check_presence (const Presence *presence, const char *path, GError **error)
{
  g_autofree char *at = fast_binding_join_path (path, presence->name);

  if (presence->wanted && !presence->present)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "model-missing", "path=%s",
                      at);
  if (!presence->wanted && presence->present)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-unknown", "path=%s",
                      at);
  return TRUE;
}

/* Which members a document has depends on its type and source. */
static gboolean
check_members (gconstpointer value, const char *path, GError **error)
{
  const FastDocument *document = value;
  const gboolean licence = fast_document_is_licence (document);
  const Presence presences[] = {
      {"state", document->state != NULL, !licence},
      {"jurisdiction", document->jurisdiction != NULL, licence},
      {"class", document->class != NULL, licence},
      {"endorsements", document->endorsements != NULL, licence},
      {"mrz", document->mrz != NULL, document->source == FAST_DOCUMENT_MRZ},
      {"expiry", document->expiry != NULL,
       !fast_document_is_certificate (document) || document->expiry != NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (presences); i++)
    if (!check_presence (&presences[i], path, error))
      return FALSE;
  return TRUE;
}

FAST_DEFINE_CHECKED_VALUE (FastDocument, fast_document, "document", fields, check_members)

/**
 * fast_document_is_licence:
 * @document: a document
 *
 * Returns: whether it is a licence to drive
 */
gboolean
fast_document_is_licence (const FastDocument *document)
{
  return document->type == FAST_DOCUMENT_DRIVING_LICENCE ||
         document->type == FAST_DOCUMENT_ENHANCED_DRIVING_LICENCE;
}

/**
 * fast_document_is_certificate:
 * @document: a document
 *
 * Returns: whether it is one that does not expire
 */
gboolean
fast_document_is_certificate (const FastDocument *document)
{
  return document->type == FAST_DOCUMENT_BIRTH_CERTIFICATE ||
         document->type == FAST_DOCUMENT_CITIZENSHIP_CERTIFICATE;
}

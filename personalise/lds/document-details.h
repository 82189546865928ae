/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * FastDocumentDetails:
 * @authority: (nullable): who issued the document (5F19)
 * @issued: (nullable): when, as in `2026-11-24` (5F26)
 * @other_persons: (nullable) (array zero-terminated=1): further persons of a group document, each
 *   as in `Surname<<Given` (5F1A in A0)
 * @endorsements: (nullable): endorsements, observations (5F1B)
 * @tax: (nullable): tax and exit requirements (5F1C)
 * @front: (nullable): a picture of the front (5F1D)
 * @rear: (nullable): a picture of the rear (5F1E)
 * @personalised: (nullable): when it was made, as fourteen digits CCYYMMDDhhmmss (5F55)
 * @system: (nullable): serial number of what made it (5F56)
 *
 * EF.DG12, ICAO 9303-10, 4.7.12: what is known of the document. UTF-8. In a made value everything
 * is borrowed; a parsed one owns it and is freed with fast_document_details_free().
 */
typedef struct {
  char *authority;
  char *issued;
  char **other_persons;
  char *endorsements;
  char *tax;
  GBytes *front;
  GBytes *rear;
  char *personalised;
  char *system;
} FastDocumentDetails;

GBytes *fast_document_details_make (const FastDocumentDetails *details, GError **error);
FastDocumentDetails *fast_document_details_parse (GBytes *encoded, GError **error);
void fast_document_details_free (FastDocumentDetails *details);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastDocumentDetails, fast_document_details_free)

G_END_DECLS

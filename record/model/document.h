/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastDocumentType:
 * @FAST_DOCUMENT_PASSPORT: passport
 * @FAST_DOCUMENT_PASSPORT_CARD: passport card of the United States
 * @FAST_DOCUMENT_IDENTITY_CARD: a State's identity card
 * @FAST_DOCUMENT_PERMANENT_RESIDENT_CARD: permanent resident card
 * @FAST_DOCUMENT_CITIZENSHIP_CERTIFICATE: certificate of citizenship; never expires
 * @FAST_DOCUMENT_BIRTH_CERTIFICATE: certificate of birth; never expires
 * @FAST_DOCUMENT_ENHANCED_DRIVING_LICENCE: licence that also proves citizenship
 * @FAST_DOCUMENT_DRIVING_LICENCE: licence
 */
typedef enum {
  FAST_DOCUMENT_PASSPORT,
  FAST_DOCUMENT_PASSPORT_CARD,
  FAST_DOCUMENT_IDENTITY_CARD,
  FAST_DOCUMENT_PERMANENT_RESIDENT_CARD,
  FAST_DOCUMENT_CITIZENSHIP_CERTIFICATE,
  FAST_DOCUMENT_BIRTH_CERTIFICATE,
  FAST_DOCUMENT_ENHANCED_DRIVING_LICENCE,
  FAST_DOCUMENT_DRIVING_LICENCE,
} FastDocumentType;

/**
 * FastDocumentSource:
 * @FAST_DOCUMENT_TYPED: somebody typed it
 * @FAST_DOCUMENT_MRZ: read from a machine readable zone, which stands beside
 * @FAST_DOCUMENT_BARCODE: read from a bar code
 * @FAST_DOCUMENT_CHIP: read from a chip
 */
typedef enum {
  FAST_DOCUMENT_TYPED,
  FAST_DOCUMENT_MRZ,
  FAST_DOCUMENT_BARCODE,
  FAST_DOCUMENT_CHIP,
} FastDocumentSource;

extern const char *const fast_document_type_names[];

/**
 * FastDocument:
 * @type: a FastDocumentType
 * @state: (nullable): who issued it, three letters; licences have a jurisdiction instead
 * @jurisdiction: (nullable): of a licence, as in `CA-QC`
 * @number: as printed
 * @class: (nullable): of a licence
 * @endorsements: (nullable): of a licence, as in `hazardous-goods`
 * @expiry: (nullable): YYYY-MM-DD; %NULL only for certificates
 * @source: a FastDocumentSource
 * @mrz: (nullable): its machine readable zone, if that is the source
 *
 * A document that the applicant showed.
 */
typedef struct {
  int type;
  const char *state;
  const char *jurisdiction;
  const char *number;
  const char *class;
  const char *const *endorsements;
  const char *expiry;
  int source;
  const char *const *mrz;
} FastDocument;

FAST_DECLARE_VALUE (FastDocument, fast_document)

gboolean fast_document_is_licence (const FastDocument *document);
gboolean fast_document_is_certificate (const FastDocument *document);

G_END_DECLS

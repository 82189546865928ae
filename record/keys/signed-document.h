/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/signature-scheme.h"

G_BEGIN_DECLS

/*
 * What States sign for each other: EF.SOD and CSCA master lists, CMS SignedData (RFC 5652) in the
 * profiles of ICAO 9303-10, 4.6.2 and 9303-12, 9. fast_cms_verify() takes one shape only, that of
 * our own packets. These come from two hundred issuers, so any signature algorithm of the standard
 * passes, the signer may be named either way and its certificate may be somewhere else. But what is
 * judged is what the document declares: OpenSSL looks at neither the versions nor the declared
 * signature algorithm, and a byte that nobody looks at is a byte that anybody may change.
 */

/**
 * FastSignedDocument:
 * @content: what is signed
 * @certificates: (element-type X509): those inside
 * @digest: the signer's digest, as in `SHA256`
 * @scheme: how it is signed
 *
 * One SignedData with exactly one signer. Immutable; may be used from any thread.
 */
typedef struct {
  GBytes *content;
  GPtrArray *certificates;
  const char *digest;
  FastSignatureScheme scheme;

  /*< private >*/
  GBytes *attributes;
  GBytes *signature;
  GBytes *message_digest;
  X509_NAME *issuer;
  ASN1_INTEGER *serial;
  GBytes *key_id;
} FastSignedDocument;

FastSignedDocument *fast_signed_document_parse (GBytes *encoded, const char *content_type,
                                                GError **error);
void fast_signed_document_free (FastSignedDocument *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSignedDocument, fast_signed_document_free)

X509 *fast_signed_document_find_signer (const FastSignedDocument *document, GPtrArray *others);
gboolean fast_signed_document_verify (const FastSignedDocument *document, X509 *signer,
                                      GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/secure.h"
#include "record/keys/trust.h"

G_BEGIN_DECLS

/*
 * CMS (RFC 5652, 5083, 5084), narrowed to one shape each way.
 *
 * A message has many encodings that mean the same: BER, more signers, unsigned attributes, spare
 * certificates. Whoever carries a packet could change it among them without breaking a signature,
 * and the same signed content would then have two packet ids. So what is accepted is just what
 * fast_cms_sign() makes: DER (re-encoding gives the same bytes), one signer, signed attributes
 * always, unsigned ones never, the signer's certificate and no other.
 *
 * A signature around an envelope can be stripped and remade by somebody else. CMS cannot prevent
 * that; the content must name its signer, and who opens it compares.
 */

/**
 * FastCmsOptions:
 * @detached: leave the content out
 * @content_type: (nullable): object identifier of the content; %NULL is id-data
 * @attribute_oid: (nullable): object identifier of one more signed attribute
 * @attribute_text: (nullable): its value, one UTF8String
 * @signing_time: in seconds since 1970; 0 is now
 */
typedef struct {
  gboolean detached;
  const char *content_type;
  const char *attribute_oid;
  const char *attribute_text;
  gint64 signing_time;
} FastCmsOptions;

/**
 * FastCmsContent:
 * @content: what was signed
 * @content_type: its object identifier, dotted
 * @signer: who signed
 * @attribute: (nullable): the text of the attribute that was asked for
 *
 * A verified message.
 */
typedef struct {
  GBytes *content;
  char *content_type;
  X509 *signer;
  char *attribute;
} FastCmsContent;

void fast_cms_content_free (FastCmsContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCmsContent, fast_cms_content_free)

GBytes *fast_cms_sign (GBytes *content, X509 *certificate, EVP_PKEY *key,
                       const FastCmsOptions *options, GError **error);
FastCmsContent *fast_cms_verify (GBytes *cms, GBytes *detached, FastTrust *trust,
                                 const char *attribute_oid, GError **error);
FastCmsContent *fast_cms_verify_at (GBytes *cms, GBytes *detached, FastTrust *trust,
                                    const char *attribute_oid, gint64 at, GError **error);

GBytes *fast_cms_encrypt (FastSecret *content, GPtrArray *recipients, GError **error);
FastSecret *fast_cms_decrypt (GBytes *cms, X509 *certificate, EVP_PKEY *key, GError **error);

G_END_DECLS

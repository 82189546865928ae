/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/cv-key.h"

G_BEGIN_DECLS

/**
 * FastCvRole:
 * @FAST_CV_ROLE_TERMINAL: an inspection system
 * @FAST_CV_ROLE_DV_FOREIGN: a document verifier of another State
 * @FAST_CV_ROLE_DV_DOMESTIC: an official document verifier of the CVCA's own State
 * @FAST_CV_ROLE_CVCA: a country verifying certification authority
 *
 * The two highest bits of an authorization (TR-03110-4).
 */
typedef enum {
  FAST_CV_ROLE_TERMINAL = 0,
  FAST_CV_ROLE_DV_FOREIGN = 1,
  FAST_CV_ROLE_DV_DOMESTIC = 2,
  FAST_CV_ROLE_CVCA = 3,
} FastCvRole;

/**
 * FastCvRights:
 * @FAST_CV_RIGHT_NONE: nothing
 * @FAST_CV_RIGHT_DG3: read the fingerprints
 * @FAST_CV_RIGHT_DG4: read the irises
 *
 * What an inspection system may do (TR-03110-4).
 */
typedef enum {
  FAST_CV_RIGHT_NONE = 0,
  FAST_CV_RIGHT_DG3 = 1 << 0,
  FAST_CV_RIGHT_DG4 = 1 << 1,
} FastCvRights;

/**
 * FastCvBody:
 * @authority: (nullable): the reference of the issuer's key; a request need not name one
 * @key: the holder's public key
 * @holder: the reference of that key
 * @inspection: whether the role is one of inspection (id-IS); other roles are read, not used
 * @role: the holder's role
 * @rights: what the issuer grants at the most
 * @effective: the first day, which is the day of issue
 * @expiry: the last day
 *
 * The body of a card-verifiable certificate (TR-03110-3, C.1); of a request (C.2) it fills
 * @authority, @key and @holder only. References are UTF-8.
 */
typedef struct {
  char *authority;
  FastCvKey *key;
  char *holder;
  gboolean inspection;
  FastCvRole role;
  FastCvRights rights;
  GDate effective;
  GDate expiry;
} FastCvBody;

/**
 * FastCvBodyKind:
 * @FAST_CV_BODY_CERTIFICATE: of a certificate
 * @FAST_CV_BODY_REQUEST: of a request: no authorization and no dates; always domain parameters
 */
typedef enum {
  FAST_CV_BODY_CERTIFICATE,
  FAST_CV_BODY_REQUEST,
} FastCvBodyKind;

enum {
  FAST_CV_TAG_AUTHORITY = 0x42,
  FAST_CV_TAG_AUTHENTICATION = 0x67,
  FAST_CV_TAG_SIGNATURE = 0x5F37,
  FAST_CV_TAG_CERTIFICATE = 0x7F21,
  FAST_CV_TAG_BODY = 0x7F4E,
};

FastCvBody *fast_cv_body_parse (const FastTlv *object, FastCvBodyKind kind, GError **error);
FastCvBody *fast_cv_body_copy (const FastCvBody *body);
void fast_cv_body_free (FastCvBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCvBody, fast_cv_body_free)

GBytes *fast_cv_body_build (const FastCvBody *body, FastCvBodyKind kind, gboolean parameters,
                            GError **error);
gboolean fast_cv_date_parse (const FastTlv *object, GDate *date, GError **error);
void fast_cv_date_append (GByteArray *out, guint32 tag, const GDate *date);

G_END_DECLS

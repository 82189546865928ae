/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/hash-list.h"
#include "personalise/lds/verdict.h"
#include "record/keys/signed-document.h"
#include "record/keys/trust.h"

G_BEGIN_DECLS

/** FAST_SECURITY_OBJECT_OID: id-icao-mrtd-security-ldsSecurityObject */
#define FAST_SECURITY_OBJECT_OID "2.23.136.1.1.1"

/**
 * FastSecurityObject:
 *
 * The document security object, EF.SOD: ICAO 9303-10, 4.6.2 and 9303-11, 5.1. CMS SignedData around
 * a list of the data groups' hashes, by the document signer. Immutable but for
 * fast_security_object_look_up().
 */
typedef struct _FastSecurityObject FastSecurityObject;

GBytes *fast_security_object_make (FastLds *lds, X509 *signer, EVP_PKEY *key, GError **error);
FastSecurityObject *fast_security_object_parse (GBytes *encoded, GError **error);
void fast_security_object_free (FastSecurityObject *object);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSecurityObject, fast_security_object_free)

const FastHashList *fast_security_object_get_list (FastSecurityObject *object);
const FastSignedDocument *fast_security_object_get_document (FastSecurityObject *object);
const char *fast_security_object_get_digest (FastSecurityObject *object);
guint32 fast_security_object_get_groups (FastSecurityObject *object);
GBytes *fast_security_object_get_hash (FastSecurityObject *object, guint group);
X509 *fast_security_object_get_signer (FastSecurityObject *object);

gboolean fast_security_object_look_up (FastSecurityObject *object, GPtrArray *certificates);
gboolean fast_security_object_verify_signature (FastSecurityObject *object, GError **error);
gboolean fast_security_object_verify_group (FastSecurityObject *object, guint group,
                                            GBytes *content, GError **error);

G_END_DECLS

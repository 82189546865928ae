/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/trust.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate-profile.h"
#include "record/keys/certificate.h"
#include "record/keys/crypto.h"
#include "record/keys/signature-scheme.h"

struct _FastTrust {
  X509_STORE *anchors;
  STACK_OF (X509) * intermediates;
  X509 *pinned;
  GPtrArray *signers;
  FastRevocation *revocation;
  gboolean partial;
  FastTrustFlags flags;
};

/* What a purpose asks of the end certificate: an extended key usage that is there (OpenSSL alone
 * takes a certificate without any for all of them), just the one that ICAO gave it, or a key usage
 * and no extended one. */
typedef struct {
  int openssl;
  guint32 any_usage;
  guint32 extended_usage;
  const char *name;
  const char *oid;
} Demand;

static const Demand demands[] = {
    [FAST_PURPOSE_SIGN] = {0, KU_DIGITAL_SIGNATURE, 0, "sign", NULL},
    [FAST_PURPOSE_RECIPIENT] = {0, KU_KEY_AGREEMENT | KU_KEY_ENCIPHERMENT, 0, "recipient", NULL},
    [FAST_PURPOSE_TLS_CLIENT] = {X509_PURPOSE_SSL_CLIENT, 0, XKU_SSL_CLIENT, "TLS client", NULL},
    [FAST_PURPOSE_TLS_SERVER] = {X509_PURPOSE_SSL_SERVER, 0, XKU_SSL_SERVER, "TLS server", NULL},
    [FAST_PURPOSE_TIMESTAMP] = {X509_PURPOSE_TIMESTAMP_SIGN, 0, XKU_TIMESTAMP, "time-stamp", NULL},
    [FAST_PURPOSE_DOCUMENT] = {0, KU_DIGITAL_SIGNATURE, 0, "document", NULL},
    [FAST_PURPOSE_SEAL] = {0, 0, 0, "seal", FAST_OID_SEAL_SIGNER},
    [FAST_PURPOSE_MASTER_LIST] = {0, KU_DIGITAL_SIGNATURE, 0, "master list",
                                  FAST_OID_MASTER_LIST_SIGNER},
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free)

/**
 * fast_trust_new:
 * @anchors: (element-type X509): believed without further question
 * @intermediates: (element-type X509) (nullable): may stand between
 * @flags: what passes
 *
 * Returns: (transfer full): a trust
 */
FastTrust *
fast_trust_new (GPtrArray *anchors, GPtrArray *intermediates, FastTrustFlags flags)
{
  FastTrust *trust = g_new0 (FastTrust, 1);

  if ((flags & FAST_TRUST_ICAO) != 0)
    fast_signature_scheme_register ();
  trust->flags = flags;
  trust->signers = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  trust->anchors = X509_STORE_new ();
  trust->intermediates = sk_X509_new_null ();
  for (guint i = 0; i < anchors->len; i++)
    X509_STORE_add_cert (trust->anchors, anchors->pdata[i]);
  for (guint i = 0; intermediates != NULL && i < intermediates->len; i++)
    X509_add_cert (trust->intermediates, intermediates->pdata[i], X509_ADD_FLAG_UP_REF);
  return trust;
}

/**
 * fast_trust_new_pinned:
 * @certificate: the one certificate that is believed
 * @flags: what passes
 *
 * For a signer that the configuration names itself, as a nation's *opened* certificate, whose
 * refusals are CMS although it is a time-stamp certificate: its dates and its training policy are
 * judged, its chain and its usages are not.
 *
 * Returns: (transfer full): a trust
 */
FastTrust *
fast_trust_new_pinned (X509 *certificate, FastTrustFlags flags)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  FastTrust *trust = fast_trust_new (none, NULL, flags);

  X509_up_ref (certificate);
  trust->pinned = certificate;
  return trust;
}

/**
 * fast_trust_new_icao:
 * @authorities: (element-type X509): certificates of CSCAs, all believed, link certificates too
 * @signers: (element-type X509): certificates of document signers at hand: not believed, but looked
 *   up when a document leaves its signer's out
 * @revocation: (transfer full): revocation lists
 * @flags: what passes, besides %FAST_TRUST_ICAO
 *
 * The trust of an inspection system: see fast_csca_store_load(). A CSCA's link certificate is
 * believed as it is, without the old key above it, which may have expired since.
 *
 * Returns: (transfer full): a trust
 */
FastTrust *
fast_trust_new_icao (GPtrArray *authorities, GPtrArray *signers, FastRevocation *revocation,
                     FastTrustFlags flags)
{
  FastTrust *trust = fast_trust_new (authorities, NULL, flags | FAST_TRUST_ICAO);

  for (guint i = 0; i < signers->len; i++) {
    X509_up_ref (signers->pdata[i]);
    g_ptr_array_add (trust->signers, signers->pdata[i]);
  }
  trust->revocation = revocation;
  trust->partial = TRUE;
  return trust;
}

/**
 * fast_trust_load:
 * @paths: files of anchors; see fast_certificates_load()
 * @flags: what passes
 * @error: return location for an error
 *
 * Returns: (transfer full): a trust
 */
FastTrust *
fast_trust_load (const char *const *paths, FastTrustFlags flags, GError **error)
{
  g_autoptr (GPtrArray) anchors = fast_certificates_load (paths, error);

  return anchors == NULL ? NULL : fast_trust_new (anchors, NULL, flags);
}

/**
 * fast_trust_free:
 * @trust: (transfer full): a trust
 */
void
fast_trust_free (FastTrust *trust)
{
  X509_STORE_free (trust->anchors);
  sk_X509_pop_free (trust->intermediates, X509_free);
  X509_free (trust->pinned);
  g_ptr_array_unref (trust->signers);
  g_clear_pointer (&trust->revocation, fast_revocation_free);
  g_free (trust);
}

/**
 * fast_trust_get_flags:
 * @trust: a trust
 *
 * Returns: what it lets pass
 */
FastTrustFlags
fast_trust_get_flags (const FastTrust *trust)
{
  return trust->flags;
}

/**
 * fast_trust_get_signers:
 * @trust: a trust
 *
 * Returns: (transfer none) (element-type X509): the document signers' certificates at hand
 */
GPtrArray *
fast_trust_get_signers (const FastTrust *trust)
{
  return trust->signers;
}

/**
 * fast_trust_get_revocation:
 * @trust: a trust
 *
 * Returns: (transfer none) (nullable): the revocation lists at hand
 */
const FastRevocation *
fast_trust_get_revocation (const FastTrust *trust)
{
  return trust->revocation;
}

static gboolean
fail (GError **error, FastKeyError code, const char *id, X509 *certificate)
{
  g_autofree char *subject = fast_certificate_name (certificate);

  return fast_fail (error, FAST_KEY_ERROR, (int)code, id, "subject=%s", subject);
}

static gboolean
fail_validity (GError **error, const char *id, X509 *certificate, gint64 limit)
{
  g_autofree char *subject = fast_certificate_name (certificate);
  g_autofree char *date = fast_clock_format (limit);

  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, id, "subject=%s, date=%s",
                    subject, date);
}

static gboolean
check_dates (X509 *certificate, gint64 at, GError **error)
{
  gint64 not_before;
  gint64 not_after;

  fast_certificate_validity (certificate, &not_before, &not_after);
  if (at < not_before)
    return fail_validity (error, "trust-not-yet-valid", certificate, not_before);
  if (at >= not_after)
    return fail_validity (error, "trust-expired", certificate, not_after);
  return TRUE;
}

static gboolean
check_training (FastTrust *trust, X509 *certificate, GError **error)
{
  if ((trust->flags & FAST_TRUST_TRAINING) != 0 || !fast_certificate_is_training (certificate))
    return TRUE;
  return fail (error, FAST_KEY_ERROR_UNTRUSTED, "trust-training", certificate);
}

static gboolean
is_icao (FastPurpose purpose)
{
  return purpose == FAST_PURPOSE_DOCUMENT || purpose == FAST_PURPOSE_SEAL ||
         purpose == FAST_PURPOSE_MASTER_LIST;
}

/* A missing KeyUsage allows all of them (RFC 5280, 4.2.1.3), as in a seal signer's certificate. */
static gboolean
fits_icao (X509 *certificate, const Demand *demand)
{
  g_autoptr (EXTENDED_KEY_USAGE) usages =
      X509_get_ext_d2i (certificate, NID_ext_key_usage, NULL, NULL);
  g_autoptr (ASN1_OBJECT) wanted = OBJ_txt2obj (demand->oid, 1);

  return X509_check_ca (certificate) == 0 && sk_ASN1_OBJECT_num (usages) == 1 &&
         OBJ_cmp (sk_ASN1_OBJECT_value (usages, 0), wanted) == 0 &&
         (demand->any_usage == 0 || (X509_get_key_usage (certificate) & demand->any_usage) != 0);
}

static gboolean
fits (X509 *certificate, const Demand *demand)
{
  const guint32 flags = X509_get_extension_flags (certificate);

  if (demand->oid != NULL)
    return fits_icao (certificate, demand);
  if (demand->openssl != 0)
    return (flags & EXFLAG_XKUSAGE) != 0 &&
           (X509_get_extended_key_usage (certificate) & demand->extended_usage) != 0 &&
           X509_check_purpose (certificate, demand->openssl, 0) == 1;
  return X509_check_ca (certificate) == 0 && (flags & EXFLAG_XKUSAGE) == 0 &&
         (flags & EXFLAG_KUSAGE) != 0 &&
         (X509_get_key_usage (certificate) & demand->any_usage) != 0;
}

static gboolean
check_purpose (X509 *certificate, FastPurpose purpose, GError **error)
{
  g_autofree char *subject = NULL;

  if (fits (certificate, &demands[purpose]))
    return TRUE;
  subject = fast_certificate_name (certificate);
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "trust-purpose",
                    "subject=%s, purpose=%s", subject, demands[purpose].name);
}

/* ICAO chains only. OpenSSL refuses explicit EC parameters, because an attacker could choose a
 * curve on which a known public key has a private key of his own. Parameters that are those of a
 * named curve leave no such choice. */
static gboolean
is_known_curve (X509 *certificate)
{
  char group[64];
  gsize size;

  return EVP_PKEY_get_group_name (X509_get0_pubkey (certificate), group, sizeof group, &size) ==
             1 &&
         OBJ_txt2nid (group) != NID_undef;
}

/* A signature whose form OpenSSL does not know: BSI's plain ECDSA. */
static gboolean
is_signed_plainly (X509_STORE_CTX *context, X509 *certificate)
{
  const STACK_OF (X509) *chain = X509_STORE_CTX_get0_chain (context);
  const int depth = X509_STORE_CTX_get_error_depth (context);
  X509 *issuer = depth + 1 < sk_X509_num (chain) ? sk_X509_value (chain, depth + 1) : certificate;

  const X509_ALGOR *algorithm;
  FastSignatureScheme scheme;

  X509_get0_signature (NULL, &algorithm, certificate);
  return fast_signature_scheme_parse (algorithm, NULL, &scheme, NULL) &&
         scheme.kind == FAST_SIGNATURE_ECDSA_PLAIN &&
         fast_signature_scheme_verify_certificate (certificate, X509_get0_pubkey (issuer), NULL);
}

static int
accept_icao (int ok, X509_STORE_CTX *context)
{
  X509 *certificate = X509_STORE_CTX_get_current_cert (context);
  gboolean good = FALSE;

  if (ok)
    return ok;
  switch (X509_STORE_CTX_get_error (context)) {
  case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
    good = is_known_curve (certificate);
    break;
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    good = is_signed_plainly (context, certificate);
    break;
  default:
    break;
  }
  if (good)
    X509_STORE_CTX_set_error (context, X509_V_OK);
  return good;
}

static gboolean
fail_chain (X509_STORE_CTX *context, X509 *leaf, gint64 at, GError **error)
{
  const int code = X509_STORE_CTX_get_error (context);
  X509 *current = X509_STORE_CTX_get_current_cert (context);
  X509 *certificate = current != NULL ? current : leaf;
  g_autofree char *subject = NULL;

  switch (code) {
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    return fail (error, FAST_KEY_ERROR_UNTRUSTED, "trust-unknown-issuer", certificate);
  case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    return fail (error, FAST_KEY_ERROR_SIGNATURE, "trust-signature", certificate);
  case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS:
    return fail (error, FAST_KEY_ERROR_UNTRUSTED, "trust-explicit-curve", certificate);
  case X509_V_ERR_CERT_NOT_YET_VALID:
  case X509_V_ERR_CERT_HAS_EXPIRED:
    if (!check_dates (certificate, at, error))
      return FALSE;
    G_GNUC_FALLTHROUGH;
  default:
    subject = fast_certificate_name (certificate);
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "trust-chain",
                      "subject=%s, why=%s", subject, X509_verify_cert_error_string (code));
  }
}

static X509_STORE_CTX *
prepare (FastTrust *trust, X509 *certificate, gint64 at, GError **error)
{
  g_autoptr (X509_STORE_CTX) context = X509_STORE_CTX_new ();

  if (X509_STORE_CTX_init (context, trust->anchors, certificate, trust->intermediates) != 1)
    return fast_crypto_fail_null (error, "X509_STORE_CTX_init");
  X509_STORE_CTX_set_time (context, 0, (time_t)at);
  if ((trust->flags & FAST_TRUST_ICAO) != 0) {
    X509_STORE_CTX_set_verify_cb (context, accept_icao);
    X509_STORE_CTX_set_flags (context, X509_V_FLAG_CHECK_SS_SIGNATURE);
  }
  if (trust->partial)
    X509_STORE_CTX_set_flags (context, X509_V_FLAG_PARTIAL_CHAIN);
  return g_steal_pointer (&context);
}

static gboolean
verify_chain (FastTrust *trust, X509 *certificate, gint64 at, GError **error)
{
  g_autoptr (X509_STORE_CTX) context = prepare (trust, certificate, at, error);
  const STACK_OF (X509) * chain;

  if (context == NULL)
    return FALSE;
  if (X509_verify_cert (context) != 1) {
    ERR_clear_error ();
    return fail_chain (context, certificate, at, error);
  }
  chain = X509_STORE_CTX_get0_chain (context);
  for (int i = 0; i < sk_X509_num (chain); i++)
    if (!check_training (trust, sk_X509_value (chain, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
verify_pinned (FastTrust *trust, X509 *certificate, gint64 at, GError **error)
{
  if (!fast_certificate_equal (trust->pinned, certificate))
    return fail (error, FAST_KEY_ERROR_UNTRUSTED, "trust-other-signer", certificate);
  return check_dates (certificate, at, error) && check_training (trust, certificate, error);
}

static gboolean
check_revocation (FastTrust *trust, X509 *certificate, gint64 at, GError **error)
{
  g_autoptr (GError) why = NULL;

  if (trust->revocation == NULL ||
      fast_revocation_check (trust->revocation, certificate, at, &why) != FAST_REVOCATION_REVOKED)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&why));
  return FALSE;
}

/**
 * fast_trust_verify:
 * @trust: a trust
 * @certificate: the certificate in question
 * @purpose: what it is about to be used for
 * @at: the time at which it must be valid, in seconds since 1970
 * @error: return location for an error
 *
 * RFC 5280, 6.1. Of ours, revocation is not consulted: units work offline, and a revoked unit is
 * refused by the register of units. A document signer on a list that fast_trust_new_icao() was
 * given is refused.
 *
 * Returns: whether it may; else FAST_KEY_ERROR_UNTRUSTED (`trust-unknown-issuer`, `trust-training`,
 *   `trust-purpose`, `trust-explicit-curve`, `trust-other-signer`, `trust-revoked`, `trust-chain`),
 *   FAST_KEY_ERROR_VALIDITY (`trust-expired`, `trust-not-yet-valid`) or FAST_KEY_ERROR_SIGNATURE
 */
gboolean
fast_trust_verify (FastTrust *trust, X509 *certificate, FastPurpose purpose, gint64 at,
                   GError **error)
{
  g_assert (((trust->flags & FAST_TRUST_ICAO) != 0) == is_icao (purpose));
  if (trust->pinned != NULL)
    return verify_pinned (trust, certificate, at, error);
  return verify_chain (trust, certificate, at, error) &&
         check_purpose (certificate, purpose, error) &&
         check_revocation (trust, certificate, at, error);
}

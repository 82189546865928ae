/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cms.h"

#include <openssl/err.h>
#include <string.h>

#include "record/base/bytes.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/crypto.h"
#include "record/keys/signed-data.h"

/**
 * fast_cms_content_free:
 * @content: (transfer full): a verified message
 */
void
fast_cms_content_free (FastCmsContent *content)
{
  g_bytes_unref (content->content);
  g_free (content->content_type);
  X509_free (content->signer);
  g_free (content->attribute);
  g_free (content);
}

/* OpenSSL adds a signing time of its own, from the system clock, unless one is there. */
static gboolean
add_signing_time (CMS_SignerInfo *signer, gint64 seconds)
{
  ASN1_TIME *time = ASN1_TIME_adj (NULL, (time_t)seconds, 0, 0);
  int added = time == NULL ? 0
                           : CMS_signed_add1_attr_by_NID (signer, NID_pkcs9_signingTime, time->type,
                                                          time, -1);

  ASN1_TIME_free (time);
  return added == 1;
}

static gboolean
add_attribute (CMS_SignerInfo *signer, const char *oid, const char *text)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);

  return object != NULL && CMS_signed_add1_attr_by_OBJ (signer, object, V_ASN1_UTF8STRING, text,
                                                        (int)strlen (text)) == 1;
}

static gboolean
set_content_type (CMS_ContentInfo *cms, const char *oid)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);

  return object != NULL && CMS_set1_eContentType (cms, object) == 1;
}

static gboolean
add_signer (CMS_ContentInfo *cms, X509 *certificate, EVP_PKEY *key, const FastCmsOptions *options,
            guint flags)
{
  CMS_SignerInfo *signer = CMS_add1_signer (cms, certificate, key, EVP_sha256 (), flags);
  gint64 time = options->signing_time != 0 ? options->signing_time : fast_clock_now ();

  return signer != NULL && add_signing_time (signer, time) &&
         (options->attribute_oid == NULL ||
          add_attribute (signer, options->attribute_oid, options->attribute_text));
}

static GBytes *
encode (CMS_ContentInfo *cms, GError **error)
{
  guint8 *der = NULL;
  int size = i2d_CMS_ContentInfo (cms, &der);

  return fast_crypto_take_der (der, size, error);
}

/* OpenSSL compares key and certificate itself; only when it refuses is the reason looked for. */
static gpointer
fail_sign (X509 *certificate, EVP_PKEY *key, GError **error)
{
  ERR_set_mark ();
  if (!fast_certificate_check_key (certificate, key, error)) {
    ERR_clear_error ();
    return NULL;
  }
  ERR_pop_to_mark ();
  return fast_crypto_fail_null (error, "CMS_sign");
}

/**
 * fast_cms_sign:
 * @content: what to sign; binary, over SHA-256
 * @certificate: the signer's; goes into the message
 * @key: its private key
 * @options: (nullable): what is unusual
 * @error: return location for an error
 *
 * RFC 5652, 5. Signed attributes are content type, message digest, signing time and the one asked
 * for; there are no unsigned ones.
 *
 * Returns: (transfer full): SignedData, DER
 */
GBytes *
fast_cms_sign (GBytes *content, X509 *certificate, EVP_PKEY *key, const FastCmsOptions *options,
               GError **error)
{
  static const FastCmsOptions usual = {0};
  const FastCmsOptions *chosen = options != NULL ? options : &usual;
  const guint flags =
      CMS_BINARY | CMS_PARTIAL | CMS_NOSMIMECAP | (chosen->detached ? CMS_DETACHED : 0);
  g_autoptr (CMS_ContentInfo) cms = NULL;
  g_autoptr (BIO) in = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);

  cms = CMS_sign (NULL, NULL, NULL, NULL, flags);
  if (cms == NULL ||
      (chosen->content_type != NULL && !set_content_type (cms, chosen->content_type)) ||
      !add_signer (cms, certificate, key, chosen, flags))
    return fail_sign (certificate, key, error);
  in = BIO_new_mem_buf (size > 0 ? data : "", (int)size);
  if (CMS_final (cms, in, NULL, flags & ~(guint)CMS_PARTIAL) != 1)
    return fast_crypto_fail_null (error, "CMS_final");
  return encode (cms, error);
}

static gboolean
malformed (GError **error, const char *id)
{
  ERR_clear_error ();
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, id, NULL);
}

static CMS_ContentInfo *
parse (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *at = g_bytes_get_data (bytes, &size);
  const guint8 *start = at;
  g_autoptr (CMS_ContentInfo) cms = size == 0 ? NULL : d2i_CMS_ContentInfo (NULL, &at, (long)size);
  g_autoptr (GBytes) again = NULL;

  if (cms == NULL || OBJ_obj2nid (CMS_get0_type (cms)) != NID_pkcs7_signed) {
    malformed (error, "cms-malformed");
    return NULL;
  }
  again = at == start + size ? encode (cms, NULL) : NULL;
  if (again == NULL || !g_bytes_equal (again, bytes)) {
    malformed (error, "cms-not-der");
    return NULL;
  }
  return g_steal_pointer (&cms);
}

/* The one signer's information, if the message has the one shape that is accepted. */
static CMS_SignerInfo *
only_signer (CMS_ContentInfo *cms, GError **error)
{
  STACK_OF (CMS_SignerInfo) *signers = CMS_get0_SignerInfos (cms);
  CMS_SignerInfo *signer =
      sk_CMS_SignerInfo_num (signers) == 1 ? sk_CMS_SignerInfo_value (signers, 0) : NULL;

  if (signer == NULL)
    malformed (error, "cms-signers");
  else if (CMS_unsigned_get_attr_count (signer) >= 0)
    malformed (error, "cms-unsigned-attribute");
  else if (CMS_signed_get_attr_count (signer) < 0)
    malformed (error, "cms-no-attributes");
  else
    return signer;
  return NULL;
}

/* A passport's document signer may bring its chain along; everywhere else there is the signer's
 * certificate alone. */
static X509 *
find_certificate (CMS_ContentInfo *cms, CMS_SignerInfo *signer, gboolean others_too, GError **error)
{
  STACK_OF (X509) *certificates = CMS_get1_certs (cms);
  STACK_OF (X509_CRL) *lists = CMS_get1_crls (cms);
  const gboolean alone = sk_X509_num (certificates) == 1 && lists == NULL;
  X509 *found = NULL;

  for (int i = 0; found == NULL && i < sk_X509_num (certificates); i++)
    if (CMS_SignerInfo_cert_cmp (signer, sk_X509_value (certificates, i)) == 0)
      found = sk_X509_value (certificates, i);
  if (found == NULL || !(alone || others_too)) {
    found = NULL;
    malformed (error, "cms-certificates");
  } else {
    X509_up_ref (found);
  }
  sk_X509_pop_free (certificates, X509_free);
  sk_X509_CRL_pop_free (lists, X509_CRL_free);
  return found;
}

static char *
text_of (X509_ATTRIBUTE *attribute)
{
  const ASN1_TYPE *value = X509_ATTRIBUTE_get0_type (attribute, 0);
  const ASN1_UTF8STRING *text;
  const char *data;

  if (X509_ATTRIBUTE_count (attribute) != 1 || value == NULL || value->type != V_ASN1_UTF8STRING)
    return NULL;
  text = value->value.utf8string;
  data = (const char *)ASN1_STRING_get0_data (text);
  return g_utf8_validate (data, ASN1_STRING_length (text), NULL)
             ? g_strndup (data, (gsize)ASN1_STRING_length (text))
             : NULL;
}

/* Exactly once, with exactly one value: else two readers could pick different ones. */
static char *
read_attribute (CMS_SignerInfo *signer, const char *oid, GError **error)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);
  const int at = object == NULL ? -1 : CMS_signed_get_attr_by_OBJ (signer, object, -1);
  char *text = NULL;

  if (at >= 0 && CMS_signed_get_attr_by_OBJ (signer, object, at) < 0)
    text = text_of (CMS_signed_get_attr (signer, at));
  if (text == NULL)
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "cms-attribute", "oid=%s", oid);
  return text;
}

static char *
dotted (const ASN1_OBJECT *object)
{
  char text[128];

  OBJ_obj2txt (text, sizeof text, object, 1);
  return g_strdup (text);
}

static gboolean
check_signature (CMS_ContentInfo *cms, GBytes *detached, GError **error)
{
  g_autoptr (BIO) in = NULL;
  gsize size = 0;
  gconstpointer data = detached == NULL ? NULL : g_bytes_get_data (detached, &size);

  if (detached != NULL)
    in = BIO_new_mem_buf (size > 0 ? data : "", (int)size);
  if (CMS_verify (cms, NULL, NULL, in, NULL, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) == 1)
    return TRUE;
  ERR_clear_error ();
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_SIGNATURE, "cms-signature", NULL);
}

/* The signed bytes: those given, or those inside; never both, never neither. */
static GBytes *
content_of (CMS_ContentInfo *cms, GBytes *detached, GError **error)
{
  ASN1_OCTET_STRING **inside = CMS_get0_content (cms);
  const gboolean embedded = inside != NULL && *inside != NULL;

  if (embedded == (detached != NULL)) {
    malformed (error, embedded ? "cms-not-detached" : "cms-no-content");
    return NULL;
  }
  return embedded
             ? g_bytes_new (ASN1_STRING_get0_data (*inside), (gsize)ASN1_STRING_length (*inside))
             : g_bytes_ref (detached);
}

static FastCmsContent *
read_content (CMS_ContentInfo *cms, GBytes *detached, gboolean others_too,
              const char *attribute_oid, GError **error)
{
  CMS_SignerInfo *info = only_signer (cms, error);
  g_autoptr (X509) signer = info == NULL ? NULL : find_certificate (cms, info, others_too, error);
  g_autofree char *attribute = NULL;
  g_autoptr (GBytes) content = NULL;
  FastCmsContent *found;

  if (signer == NULL)
    return NULL;
  if (attribute_oid != NULL && (attribute = read_attribute (info, attribute_oid, error)) == NULL)
    return NULL;
  content = content_of (cms, detached, error);
  if (content == NULL)
    return NULL;
  found = g_new0 (FastCmsContent, 1);
  found->content = g_steal_pointer (&content);
  found->content_type = dotted (CMS_get0_eContentType (cms));
  found->signer = g_steal_pointer (&signer);
  found->attribute = g_steal_pointer (&attribute);
  return found;
}

/**
 * fast_cms_verify:
 * @cms: SignedData, DER
 * @detached: (nullable): the content, when the message leaves it out
 * @trust: whom to believe; with %FAST_TRUST_ICAO the signer must be a document signer, else one
 *   with %FAST_PURPOSE_SIGN
 * @attribute_oid: (nullable): object identifier of a signed attribute that must be there once
 * @error: return location for an error
 *
 * Returns: (transfer full): what was signed and by whom. Errors: FAST_INPUT_ERROR_MALFORMED when
 * the message has another shape than fast_cms_sign() makes, FAST_KEY_ERROR_SIGNATURE when it was
 *   altered, and those of fast_trust_verify(), in this order
 */
FastCmsContent *
fast_cms_verify (GBytes *cms, GBytes *detached, FastTrust *trust, const char *attribute_oid,
                 GError **error)
{
  return fast_cms_verify_at (cms, detached, trust, attribute_oid, fast_clock_now (), error);
}

/**
 * fast_cms_verify_at:
 * @cms: SignedData, DER
 * @detached: (nullable): the content
 * @trust: whom to believe
 * @attribute_oid: (nullable): a required signed attribute
 * @at: when the signer's certificate must be valid, in seconds since 1970, as when the message is
 *   older than its signer's certificate and a receipt says how old
 * @error: return location for an error
 *
 * Returns: (transfer full): see fast_cms_verify()
 */
FastCmsContent *
fast_cms_verify_at (GBytes *cms, GBytes *detached, FastTrust *trust, const char *attribute_oid,
                    gint64 at, GError **error)
{
  const gboolean icao = (fast_trust_get_flags (trust) & FAST_TRUST_ICAO) != 0;
  g_autoptr (CMS_ContentInfo) parsed = parse (cms, error);
  g_autoptr (FastCmsContent) content =
      parsed == NULL ? NULL : read_content (parsed, detached, icao, attribute_oid, error);

  if (content == NULL || (!icao && !fast_signed_data_check (cms, content->signer, error)) ||
      !check_signature (parsed, detached, error) ||
      !fast_trust_verify (trust, content->signer, icao ? FAST_PURPOSE_DOCUMENT : FAST_PURPOSE_SIGN,
                          at, error))
    return NULL;
  return g_steal_pointer (&content);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/cms.h"
#include "record/keys/crypto.h"

/* A BIO that ends in secret memory, so that what is decrypted never lies elsewhere. */
static int
secret_write (BIO *bio, const char *data, int size)
{
  fast_secret_append (BIO_get_data (bio), data, (gsize)size);
  return size;
}

static long
secret_control (BIO *bio G_GNUC_UNUSED, int command, long number G_GNUC_UNUSED,
                void *data G_GNUC_UNUSED)
{
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static gpointer
make_method (gpointer data G_GNUC_UNUSED)
{
  BIO_METHOD *method = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "secret memory");

  BIO_meth_set_write (method, secret_write);
  BIO_meth_set_ctrl (method, secret_control);
  return method;
}

static BIO *
secret_bio (FastSecret *secret)
{
  static GOnce once = G_ONCE_INIT;
  BIO *bio = BIO_new (g_once (&once, make_method, NULL));

  BIO_set_data (bio, secret);
  BIO_set_init (bio, 1);
  return bio;
}

/* OpenSSL's defaults are SHA-1 in the key derivation (EC) and PKCS #1 v1.5 (RSA). */
static gboolean
set_parameters (EVP_PKEY_CTX *context, X509 *recipient)
{
  EVP_PKEY *key = X509_get0_pubkey (recipient);

  if (context == NULL)
    return FALSE;
  if (EVP_PKEY_is_a (key, "RSA"))
    return EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_OAEP_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_oaep_md (context, EVP_sha256 ()) > 0;
  return EVP_PKEY_CTX_set_ecdh_kdf_md (context, EVP_sha256 ()) > 0;
}

/* From DER: a certificate object that was made from a key in hardware carries that key with it,
 * and OpenSSL then takes the private side ("invalid private key"). */
static gboolean
add_recipient (CMS_ContentInfo *cms, X509 *given)
{
  g_autoptr (GBytes) der = fast_certificate_der (given, NULL);
  g_autoptr (X509) recipient = der == NULL ? NULL : fast_certificate_parse (der, NULL);
  CMS_RecipientInfo *info =
      recipient == NULL ? NULL : CMS_add1_recipient_cert (cms, recipient, CMS_KEY_PARAM);

  return info != NULL && set_parameters (CMS_RecipientInfo_get0_pkey_ctx (info), recipient);
}

/**
 * fast_cms_encrypt:
 * @content: what to encrypt
 * @recipients: (element-type X509): who can open it, each alone; EC (ECDH with the X9.63 key
 *   derivation over SHA-256) or RSA (OAEP); at least one
 * @error: return location for an error
 *
 * RFC 5083 and 5084. The certificates are not judged here: see fast_trust_verify() with
 * %FAST_PURPOSE_RECIPIENT.
 *
 * Returns: (transfer full): AuthEnvelopedData with AES-256-GCM, DER
 */
GBytes *
fast_cms_encrypt (FastSecret *content, GPtrArray *recipients, GError **error)
{
  const guint flags = CMS_BINARY;
  g_autoptr (CMS_ContentInfo) cms =
      CMS_encrypt (NULL, NULL, EVP_aes_256_gcm (), flags | CMS_PARTIAL);
  g_autoptr (BIO) in =
      BIO_new_mem_buf (fast_secret_data (content), (int)fast_secret_size (content));
  guint8 *der = NULL;
  int size;

  g_return_val_if_fail (recipients->len > 0, NULL);
  if (cms == NULL)
    return fast_crypto_fail_null (error, "CMS_encrypt");
  for (guint i = 0; i < recipients->len; i++)
    if (!add_recipient (cms, recipients->pdata[i]))
      return fast_crypto_fail_null (error, "CMS_add1_recipient_cert");
  if (CMS_final (cms, in, NULL, flags) != 1)
    return fast_crypto_fail_null (error, "CMS_final");
  size = i2d_CMS_ContentInfo (cms, &der);
  return fast_crypto_take_der (der, size, error);
}

static gboolean
agreement_is_for (CMS_RecipientInfo *info, X509 *certificate)
{
  STACK_OF (CMS_RecipientEncryptedKey) *keys = CMS_RecipientInfo_kari_get0_reks (info);

  for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num (keys); i++)
    if (CMS_RecipientEncryptedKey_cert_cmp (sk_CMS_RecipientEncryptedKey_value (keys, i),
                                            certificate) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_for (CMS_ContentInfo *cms, X509 *certificate)
{
  STACK_OF (CMS_RecipientInfo) *infos = CMS_get0_RecipientInfos (cms);

  for (int i = 0; i < sk_CMS_RecipientInfo_num (infos); i++) {
    CMS_RecipientInfo *info = sk_CMS_RecipientInfo_value (infos, i);
    const int type = CMS_RecipientInfo_type (info);

    if (type == CMS_RECIPINFO_TRANS && CMS_RecipientInfo_ktri_cert_cmp (info, certificate) == 0)
      return TRUE;
    if (type == CMS_RECIPINFO_AGREE && agreement_is_for (info, certificate))
      return TRUE;
  }
  return FALSE;
}

static CMS_ContentInfo *
parse (GBytes *bytes, GError **error)
{
  gsize size;
  const guint8 *at = g_bytes_get_data (bytes, &size);
  const guint8 *start = at;
  g_autoptr (CMS_ContentInfo) cms = size == 0 ? NULL : d2i_CMS_ContentInfo (NULL, &at, (long)size);

  ERR_clear_error ();
  if (cms == NULL || at != start + size ||
      OBJ_obj2nid (CMS_get0_type (cms)) != NID_id_smime_ct_authEnvelopedData)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "cms-not-enveloped",
                           NULL);
  return g_steal_pointer (&cms);
}

/**
 * fast_cms_decrypt:
 * @cms: AuthEnvelopedData
 * @certificate: a recipient's
 * @key: its private key
 * @error: return location for an error
 *
 * Returns: (transfer full): the content, all of it and unaltered, or nothing at all;
 *   FAST_KEY_ERROR_DECRYPT with `cms-other-recipient` when it is not for this certificate,
 *   `cms-altered` when its authentication fails
 */
FastSecret *
fast_cms_decrypt (GBytes *cms, X509 *certificate, EVP_PKEY *key, GError **error)
{
  g_autoptr (CMS_ContentInfo) parsed = parse (cms, error);
  g_autoptr (FastSecret) content = fast_secret_new (0);
  g_autoptr (BIO) out = secret_bio (content);
  g_autofree char *name = NULL;

  if (parsed == NULL)
    return NULL;
  if (!is_for (parsed, certificate)) {
    name = fast_certificate_name (certificate);
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT, "cms-other-recipient",
                           "subject=%s", name);
  }
  if (CMS_decrypt (parsed, key, certificate, NULL, out, CMS_BINARY) == 1)
    return g_steal_pointer (&content);
  ERR_clear_error ();
  return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT, "cms-altered", NULL);
}

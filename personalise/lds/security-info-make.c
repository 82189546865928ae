/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-info.h"

#include <openssl/core_names.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/crypto.h"

#define OID_ACTIVE "2.23.136.1.1.5"
#define OID_TERMINAL "0.4.0.127.0.7.2.2.2"
#define OID_KEY_DH "0.4.0.127.0.7.2.2.1.1"
#define OID_KEY_ECDH "0.4.0.127.0.7.2.2.1.2"

enum {
  TAG_INTEGER = 0x02,
  TAG_SEQUENCE = 0x30,
};

static gboolean
append_oid (GByteArray *out, const char *oid, GError **error)
{
  g_autoptr (ASN1_OBJECT) object = OBJ_txt2obj (oid, 1);
  guint8 *der = NULL;
  int size = object == NULL ? 0 : i2d_ASN1_OBJECT (object, &der);

  if (size <= 0)
    return fast_crypto_fail (error, "OBJ_txt2obj");
  fast_append (out, der, (gsize)size);
  OPENSSL_free (der);
  return TRUE;
}

/* DER: big-endian, as short as a leading bit of 0 allows. */
static void
append_number (GByteArray *out, guint32 number)
{
  guint8 bytes[5];
  guint n = 0;

  do {
    bytes[4 - n++] = (guint8)number;
    number >>= 8;
  } while (number != 0 || bytes[5 - n] > 0x7F);
  fast_tlv_append (out, TAG_INTEGER, bytes + 5 - n, n);
}

/* What was made is read again by the rules for everybody's: so nothing is written that we would
 * find fault with. */
static FastSecurityInfo *
finish (const GByteArray *content, GError **error)
{
  g_autoptr (GByteArray) encoded = g_byte_array_new ();
  g_autoptr (FastSecurityInfo) info = NULL;
  FastReader reader;

  fast_tlv_append_array (encoded, TAG_SEQUENCE, content);
  reader = fast_reader_new (encoded->data, encoded->len, "SecurityInfo");
  info = fast_security_info_read (&reader, error);
  if (info == NULL)
    return NULL;
  if (info->defect == NULL)
    return g_steal_pointer (&info);
  g_propagate_error (error, g_steal_pointer (&info->defect));
  return NULL;
}

/* The commonest form: a version and perhaps a number. */
static FastSecurityInfo *
make_versioned (const char *oid, guint32 version, gint64 identifier, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (!append_oid (content, oid, error))
    return NULL;
  append_number (content, version);
  if (identifier != FAST_SECURITY_NONE)
    append_number (content, (guint32)identifier);
  return finish (content, error);
}

/**
 * fast_security_info_new_pace:
 * @oid: the protocol, as in %FAST_SECURITY_PACE_ECDH_GM_AES_128
 * @parameters: number of the standardised domain parameters
 * @error: return location for an error
 *
 * Returns: (transfer full): a PACEInfo of version 2
 */
FastSecurityInfo *
fast_security_info_new_pace (const char *oid, guint parameters, GError **error)
{
  return make_versioned (oid, 2, parameters, error);
}

/**
 * fast_security_info_new_active_authentication:
 * @algorithm: of the signature, as in %FAST_SECURITY_AA_ECDSA_SHA256
 * @error: return location for an error
 *
 * Needed where the key of EF.DG15 is of an elliptic curve.
 *
 * Returns: (transfer full): an ActiveAuthenticationInfo of version 1
 */
FastSecurityInfo *
fast_security_info_new_active_authentication (const char *algorithm, GError **error)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();

  if (!append_oid (content, OID_ACTIVE, error))
    return NULL;
  append_number (content, 1);
  return append_oid (content, algorithm, error) ? finish (content, error) : NULL;
}

/**
 * fast_security_info_new_chip_authentication:
 * @oid: the protocol, as in %FAST_SECURITY_CA_ECDH_AES_128
 * @key_id: of the key, or %FAST_SECURITY_NONE where there is only one
 * @error: return location for an error
 *
 * Returns: (transfer full): a ChipAuthenticationInfo of version 1
 */
FastSecurityInfo *
fast_security_info_new_chip_authentication (const char *oid, gint64 key_id, GError **error)
{
  return make_versioned (oid, 1, key_id, error);
}

/* A curve is written out in numbers, never named (TR-03110-3, A.2.1.2). */
static GBytes *
encode_explicit (EVP_PKEY *key, GError **error)
{
  g_autoptr (EVP_PKEY) copy = EVP_PKEY_dup (key);
  guint8 *der = NULL;
  int size;

  if (copy == NULL)
    return fast_crypto_fail_null (error, "EVP_PKEY_dup");
  if (EVP_PKEY_get_base_id (copy) == EVP_PKEY_EC &&
      EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_ENCODING,
                                      OSSL_PKEY_EC_ENCODING_EXPLICIT) != 1)
    return fast_crypto_fail_null (error, "EVP_PKEY_set_utf8_string_param");
  size = i2d_PUBKEY (copy, &der);
  return fast_crypto_take_der (der, size, error);
}

/**
 * fast_security_info_new_chip_key:
 * @key: the chip's key for chip authentication; only its public part is told
 * @key_id: its number, or %FAST_SECURITY_NONE where there is only one
 * @error: return location for an error
 *
 * Returns: (transfer full): a ChipAuthenticationPublicKeyInfo
 */
FastSecurityInfo *
fast_security_info_new_chip_key (EVP_PKEY *key, gint64 key_id, GError **error)
{
  const gboolean curve = EVP_PKEY_get_base_id (key) == EVP_PKEY_EC;
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GBytes) encoded = encode_explicit (key, error);

  if (encoded == NULL || !append_oid (content, curve ? OID_KEY_ECDH : OID_KEY_DH, error))
    return NULL;
  fast_append_bytes (content, encoded);
  if (key_id != FAST_SECURITY_NONE)
    append_number (content, (guint32)key_id);
  return finish (content, error);
}

/**
 * fast_security_info_new_terminal_authentication:
 * @error: return location for an error
 *
 * The file of the trust points is the usual one, EF.CVCA with the identifier 011C, and so not told.
 *
 * Returns: (transfer full): a TerminalAuthenticationInfo of version 1
 */
FastSecurityInfo *
fast_security_info_new_terminal_authentication (GError **error)
{
  return make_versioned (OID_TERMINAL, 1, FAST_SECURITY_NONE, error);
}

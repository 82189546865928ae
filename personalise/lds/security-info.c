/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-info.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/number.h"
#include "record/base/tlv.h"
#include "record/keys/crypto.h"

#define WHAT "SecurityInfo"
#define OID_LIMIT 80

#define OID_PUBLIC_KEY "0.4.0.127.0.7.2.2.1"
#define OID_TERMINAL "0.4.0.127.0.7.2.2.2"
#define OID_CHIP "0.4.0.127.0.7.2.2.3"
#define OID_PACE "0.4.0.127.0.7.2.2.4"
#define OID_ACTIVE "2.23.136.1.1.5"
#define OID_PLAIN_SIGNATURE "0.4.0.127.0.7.1.1.4.1"

enum {
  TAG_INTEGER = 0x02,
  TAG_BIT_STRING = 0x03,
  TAG_OCTET_STRING = 0x04,
  TAG_OID = 0x06,
  TAG_SEQUENCE = 0x30,
};

typedef gboolean (*Taker) (FastSecurityInfo *info, FastReader *reader, GError **error);

/**
 * fast_security_info_free:
 * @info: (transfer full): an info
 */
void
fast_security_info_free (FastSecurityInfo *info)
{
  g_free (info->oid);
  g_clear_pointer (&info->encoded, g_bytes_unref);
  g_free (info->algorithm);
  g_clear_pointer (&info->key, g_bytes_unref);
  g_clear_error (&info->defect);
  g_free (info);
}

/* --- the object identifier --- */

static char *
dup_oid (const FastTlv *tlv)
{
  const guint8 *at = tlv->start;
  g_autoptr (ASN1_OBJECT) object = d2i_ASN1_OBJECT (NULL, &at, (long)tlv->total);
  char text[OID_LIMIT];
  int size = object == NULL ? 0 : OBJ_obj2txt (text, sizeof text, object, 1);

  return size > 0 && (gsize)size < sizeof text ? g_strdup (text) : NULL;
}

/* The arcs of @oid below @root, at most two; how many there are is returned, or -1 for an
 * identifier that does not lie at or below @root. */
static int
arcs_below (const char *oid, const char *root, guint64 arcs[2])
{
  g_auto (GStrv) words = NULL;
  int n = 0;

  if (!g_str_has_prefix (oid, root))
    return -1;
  oid += strlen (root);
  if (oid[0] == '\0')
    return 0;
  if (oid[0] != '.')
    return -1;
  words = g_strsplit (oid + 1, ".", -1);
  for (; words[n] != NULL; n++)
    if (n >= 2 || !fast_number_parse (words[n], 10, 0, G_MAXUINT32, &arcs[n]))
      return -1;
  return n;
}

/* --- what stands behind it --- */

static gboolean
malformed (const FastSecurityInfo *info, const char *part, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "security-info-malformed",
                    "oid=%s, part=%s", info->oid, part);
}

static gboolean
unknown_protocol (const FastSecurityInfo *info, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "security-info-protocol",
                    "oid=%s", info->oid);
}

/* A small non-negative INTEGER in its shortest form. */
static gboolean
read_number (FastSecurityInfo *info, FastReader *reader, const char *part, gint64 *number,
             GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_read (reader, &tlv, NULL) || tlv.tag != TAG_INTEGER || tlv.size == 0 ||
      tlv.size > 4 || tlv.value[0] > 0x7F ||
      (tlv.size > 1 && tlv.value[0] == 0 && tlv.value[1] < 0x80))
    return malformed (info, part, error);
  *number = 0;
  for (gsize i = 0; i < tlv.size; i++)
    *number = *number << 8 | tlv.value[i];
  return TRUE;
}

static gboolean
read_version (FastSecurityInfo *info, FastReader *reader, gint64 wanted, GError **error)
{
  if (!read_number (info, reader, "version", &info->version, error))
    return FALSE;
  if (info->version == wanted)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "security-info-version",
                    "oid=%s, version=%" G_GINT64_FORMAT ", wanted=%" G_GINT64_FORMAT, info->oid,
                    info->version, wanted);
}

static gboolean
read_identifier (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  return fast_reader_left (reader) == 0 ||
         read_number (info, reader, "identifier", &info->identifier, error);
}

static gboolean
read_end (const FastSecurityInfo *info, const FastReader *reader, GError **error)
{
  return fast_reader_left (reader) == 0 || malformed (info, "end", error);
}

static gboolean
is_modulus_group (guint64 mapping)
{
  return mapping == FAST_SECURITY_DH_GM || mapping == FAST_SECURITY_DH_IM;
}

/* ICAO 9303-11, 9.5.1: 0 to 2 are modulus groups, 8 to 18 curves, the rest up to 31 is reserved;
 * above 31 they are the chip's own. */
static gboolean
check_parameters (const FastSecurityInfo *info, guint64 mapping, GError **error)
{
  const gint64 id = info->identifier;

  if (id == FAST_SECURITY_NONE || id > 31 ||
      (is_modulus_group (mapping) ? id <= 2 : id >= 8 && id <= 18))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "security-info-parameter",
                    "oid=%s, parameter=%" G_GINT64_FORMAT, info->oid, id);
}

/* Chip authentication mapping has no triple DES. */
static gboolean
is_pace_protocol (const guint64 arcs[2])
{
  const guint64 first = arcs[0] == FAST_SECURITY_ECDH_CAM ? 2 : 1;
  const gboolean known = (arcs[0] >= FAST_SECURITY_DH_GM && arcs[0] <= FAST_SECURITY_ECDH_IM) ||
                         arcs[0] == FAST_SECURITY_ECDH_CAM;

  return known && arcs[1] >= first && arcs[1] <= 4;
}

static gboolean
take_pace (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  guint64 arcs[2] = {0, 0};

  if (arcs_below (info->oid, OID_PACE, arcs) != 2 || !is_pace_protocol (arcs))
    return unknown_protocol (info, error);
  return read_version (info, reader, 2, error) && read_identifier (info, reader, error) &&
         read_end (info, reader, error) && check_parameters (info, arcs[0], error);
}

static gboolean
take_pace_domain (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_read (reader, &tlv, NULL) || tlv.tag != TAG_SEQUENCE)
    return malformed (info, "domain", error);
  return read_identifier (info, reader, error) && read_end (info, reader, error);
}

/* SHA-1 and RIPEMD-160, the first and the last of the arc, are not for chips of today. */
static gboolean
take_active_authentication (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  guint64 arcs[2];
  FastTlv tlv;

  if (!read_version (info, reader, 1, error))
    return FALSE;
  if (!fast_tlv_read (reader, &tlv, NULL) || tlv.tag != TAG_OID ||
      (info->algorithm = dup_oid (&tlv)) == NULL)
    return malformed (info, "algorithm", error);
  if (arcs_below (info->algorithm, OID_PLAIN_SIGNATURE, arcs) == 1 && arcs[0] >= 2 && arcs[0] <= 5)
    return read_end (info, reader, error);
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                    "security-info-algorithm", "oid=%s", info->algorithm);
}

static gboolean
take_chip_authentication (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  guint64 arcs[2] = {0, 0};

  if (arcs_below (info->oid, OID_CHIP, arcs) != 2 || arcs[0] < FAST_SECURITY_DH_GM ||
      arcs[0] > FAST_SECURITY_ECDH_GM || arcs[1] < 1 || arcs[1] > 4)
    return unknown_protocol (info, error);
  return read_version (info, reader, 1, error) && read_identifier (info, reader, error) &&
         read_end (info, reader, error);
}

/* OpenSSL refuses a point that does not lie on its curve. */
static gboolean
check_key (const FastSecurityInfo *info, GError **error)
{
  g_autoptr (EVP_PKEY) key = fast_security_info_load_key (info, error);
  guint64 arcs[2] = {0, 0};
  int type;

  if (key == NULL)
    return FALSE;
  type = EVP_PKEY_get_base_id (key);
  arcs_below (info->oid, OID_PUBLIC_KEY, arcs);
  if (arcs[0] == FAST_SECURITY_ECDH_GM ? type == EVP_PKEY_EC
                                       : type == EVP_PKEY_DH || type == EVP_PKEY_DHX)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "security-info-key",
                    "oid=%s", info->oid);
}

static gboolean
take_chip_key (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_read (reader, &tlv, NULL) || tlv.tag != TAG_SEQUENCE)
    return malformed (info, "key", error);
  info->key = g_bytes_new (tlv.start, tlv.total);
  return read_identifier (info, reader, error) && read_end (info, reader, error) &&
         check_key (info, error);
}

static gboolean
read_octets (FastSecurityInfo *info, FastReader *reader, gsize size, gint64 *number, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_read (reader, &tlv, NULL) || tlv.tag != TAG_OCTET_STRING || tlv.size != size)
    return malformed (info, "efCVCA", error);
  *number = 0;
  for (gsize i = 0; i < size; i++)
    *number = *number << 8 | tlv.value[i];
  return TRUE;
}

static gboolean
read_cvca (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  FastReader file;
  FastTlv tlv;

  if (fast_reader_left (reader) == 0)
    return TRUE;
  if (!fast_tlv_read (reader, &tlv, NULL) || tlv.tag != TAG_SEQUENCE)
    return malformed (info, "efCVCA", error);
  file = fast_tlv_open (&tlv, WHAT);
  return read_octets (info, &file, 2, &info->cvca_fid, error) &&
         (fast_reader_left (&file) == 0 || read_octets (info, &file, 1, &info->cvca_sfi, error)) &&
         read_end (info, &file, error);
}

/* The identifiers of single signature algorithms below id-TA belong into certificates. */
static gboolean
take_terminal_authentication (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  if (strcmp (info->oid, OID_TERMINAL) != 0)
    return unknown_protocol (info, error);
  return read_version (info, reader, 1, error) && read_cvca (info, reader, error) &&
         read_end (info, reader, error);
}

static gboolean
take_unknown (FastSecurityInfo *info, FastReader *reader, GError **error)
{
  (void)info;
  (void)reader;
  (void)error;
  return TRUE;
}

static const Taker TAKERS[] = {
    [FAST_SECURITY_UNKNOWN] = take_unknown,
    [FAST_SECURITY_PACE] = take_pace,
    [FAST_SECURITY_PACE_DOMAIN] = take_pace_domain,
    [FAST_SECURITY_ACTIVE_AUTHENTICATION] = take_active_authentication,
    [FAST_SECURITY_CHIP_AUTHENTICATION] = take_chip_authentication,
    [FAST_SECURITY_CHIP_KEY] = take_chip_key,
    [FAST_SECURITY_TERMINAL_AUTHENTICATION] = take_terminal_authentication,
};

static FastSecurityKind
kind_of (const char *oid)
{
  guint64 arcs[2] = {0, 0};
  int pace = arcs_below (oid, OID_PACE, arcs);

  if (pace > 0)
    return pace == 2 ? FAST_SECURITY_PACE : FAST_SECURITY_PACE_DOMAIN;
  if (arcs_below (oid, OID_CHIP, arcs) == 2)
    return FAST_SECURITY_CHIP_AUTHENTICATION;
  if (arcs_below (oid, OID_PUBLIC_KEY, arcs) == 1 && arcs[0] >= 1 && arcs[0] <= 2)
    return FAST_SECURITY_CHIP_KEY;
  if (arcs_below (oid, OID_TERMINAL, arcs) >= 0)
    return FAST_SECURITY_TERMINAL_AUTHENTICATION;
  return strcmp (oid, OID_ACTIVE) == 0 ? FAST_SECURITY_ACTIVE_AUTHENTICATION
                                       : FAST_SECURITY_UNKNOWN;
}

/**
 * fast_security_info_read:
 * @reader: moves past the info
 * @error: return location for an error
 *
 * Returns: (transfer full): the info, perhaps with a defect; %NULL when it is no SEQUENCE that
 *   begins with an object identifier
 */
FastSecurityInfo *
fast_security_info_read (FastReader *reader, GError **error)
{
  g_autoptr (FastSecurityInfo) info = g_new0 (FastSecurityInfo, 1);
  FastReader inner;
  FastTlv tlv, oid;

  if (!fast_tlv_expect (reader, TAG_SEQUENCE, &tlv, error))
    return NULL;
  inner = fast_tlv_open (&tlv, WHAT);
  if (!fast_tlv_expect (&inner, TAG_OID, &oid, error))
    return NULL;
  info->oid = dup_oid (&oid);
  if (info->oid == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "security-info-oid",
                           NULL);
  info->encoded = g_bytes_new (tlv.start, tlv.total);
  info->version = info->identifier = FAST_SECURITY_NONE;
  info->cvca_fid = info->cvca_sfi = FAST_SECURITY_NONE;
  info->kind = kind_of (info->oid);
  TAKERS[info->kind](info, &inner, &info->defect);
  return g_steal_pointer (&info);
}

/**
 * fast_security_info_is_mapping:
 * @info: a PACEInfo
 * @mapping: how keys may be agreed
 *
 * Returns: whether it is PACE with that mapping
 */
gboolean
fast_security_info_is_mapping (const FastSecurityInfo *info, FastSecurityMapping mapping)
{
  guint64 arcs[2] = {0, 0};

  return info->kind == FAST_SECURITY_PACE && arcs_below (info->oid, OID_PACE, arcs) == 2 &&
         arcs[0] == (guint64)mapping;
}

/**
 * fast_security_info_is_explicit:
 * @info: a ChipAuthenticationPublicKeyInfo
 *
 * Returns: whether its domain parameters are written out, as TR-03110-3, A.2.1.2 asks, and not
 *   named
 */
gboolean
fast_security_info_is_explicit (const FastSecurityInfo *info)
{
  FastReader reader;
  FastTlv tlv;

  if (info->key == NULL)
    return FALSE;
  reader = fast_reader_from_bytes (info->key, WHAT);
  for (guint depth = 0; depth < 2; depth++) {
    if (!fast_tlv_expect (&reader, TAG_SEQUENCE, &tlv, NULL))
      return FALSE;
    reader = fast_tlv_open (&tlv, WHAT);
  }
  return fast_tlv_expect (&reader, TAG_OID, &tlv, NULL) &&
         fast_tlv_expect (&reader, TAG_SEQUENCE, &tlv, NULL);
}

/**
 * fast_security_info_load_key:
 * @info: a ChipAuthenticationPublicKeyInfo
 * @error: return location for an error
 *
 * Returns: (transfer full): its public key, which lies on its curve
 */
EVP_PKEY *
fast_security_info_load_key (const FastSecurityInfo *info, GError **error)
{
  gsize size;
  const guint8 *at = info->key == NULL ? NULL : g_bytes_get_data (info->key, &size);
  const guint8 *end = at == NULL ? NULL : at + size;
  g_autoptr (EVP_PKEY) key = at == NULL ? NULL : d2i_PUBKEY (NULL, &at, (long)size);

  if (key == NULL || at != end) {
    fast_crypto_fail (NULL, "d2i_PUBKEY");
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "security-info-key",
                           "oid=%s", info->oid);
  }
  return g_steal_pointer (&key);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/seal.h"

#include <string.h>

#include "personalise/print/c40.h"
#include "personalise/print/seal-signer.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/signature.h"

#define MAGIC 0xDC
#define SIGNATURE_TAG 0xFF
#define VERSION_3 0x02
#define VERSION_4 0x03
#define VALUE_LIMIT 254
#define MRZ_SIZE 90
#define MRZ_LINE 30

/**
 * fast_seal_date_encode:
 * @date: a valid date
 *
 * TR-03137-1, 3.2.3: the decimal digits MMDDYYYY as one number of three bytes.
 *
 * Returns: the number
 */
guint32
fast_seal_date_encode (const GDate *date)
{
  return g_date_get_month (date) * 1000000u + g_date_get_day (date) * 10000u +
         g_date_get_year (date);
}

/**
 * fast_seal_date_decode:
 * @number: three bytes of a seal
 * @date: (out): the date
 * @error: return location for an error
 *
 * Returns: whether it is a date of the calendar
 */
gboolean
fast_seal_date_decode (guint32 number, GDate *date, GError **error)
{
  guint year = number % 10000, day = number / 10000 % 100, month = number / 1000000;

  if (year == 0 || month > 12 || day > 31 ||
      !g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-seal-date",
                      "number=%u", number);
  g_date_clear (date, 1);
  g_date_set_dmy (date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
  return TRUE;
}

/* Making */

static gboolean
append_feature (GByteArray *out, guint8 tag, GBytes *value, GError **error)
{
  if (value == NULL)
    return fast_error_prefix (error, "print-seal-feature", "tag=%u", tag);
  fast_append_u8 (out, tag);
  fast_append_u8 (out, (guint8)g_bytes_get_size (value));
  fast_append_bytes (out, value);
  return TRUE;
}

static gboolean
append_text (GByteArray *out, FastSealTag tag, const char *text, GError **error)
{
  g_autoptr (GBytes) value = NULL;

  if (text == NULL)
    return TRUE;
  if (text[0] == '\0' || fast_c40_size (strlen (text)) > VALUE_LIMIT)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-seal-feature",
                      "tag=%u", tag);
  value = fast_c40_encode (text, error);
  return append_feature (out, (guint8)tag, value, error);
}

static gboolean
append_face (GByteArray *out, GBytes *face, GError **error)
{
  g_autoptr (GBytes) digest = NULL;

  if (face == NULL)
    return TRUE;
  digest = fast_sha256_bytes (face);
  return append_feature (out, FAST_SEAL_TAG_FACE, digest, error);
}

static gboolean
append_c40 (GByteArray *out, const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = fast_c40_encode (text, error);

  if (bytes == NULL)
    return FALSE;
  fast_append_bytes (out, bytes);
  return TRUE;
}

static void
append_date (GByteArray *out, const GDate *date)
{
  guint32 number = fast_seal_date_encode (date);

  fast_append_u8 (out, (guint8)(number >> 16));
  fast_append_u16 (out, (guint16)number);
}

/* TR-03137-1, annexes C and E: version 4, whose certificate reference tells its own length. */
static gboolean
append_header (GByteArray *out, const FastSealContent *content, X509 *certificate, GError **error)
{
  g_autofree char *signer = fast_seal_signer_name (certificate);
  g_autofree char *reference = fast_seal_signer_reference (certificate);
  g_autofree char *text = NULL;

  if (signer == NULL || !fast_seal_signer_has_form (certificate))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "print-seal-subject", NULL);
  text = g_strdup_printf ("%s%02zX%s", signer, strlen (reference), reference);
  fast_append_u8 (out, MAGIC);
  fast_append_u8 (out, VERSION_4);
  if (!append_c40 (out, content->state, error) || !append_c40 (out, text, error))
    return FALSE;
  append_date (out, content->issued);
  append_date (out, content->signed_on);
  fast_append_u8 (out, FAST_SEAL_FEATURE_REFERENCE);
  fast_append_u8 (out, FAST_SEAL_TYPE_CATEGORY);
  return TRUE;
}

static gboolean
append_message (GByteArray *out, const FastSealContent *content, GError **error)
{
  return append_text (out, FAST_SEAL_TAG_MRZ, content->mrz, error) &&
         append_text (out, FAST_SEAL_TAG_SERIAL, content->serial, error) &&
         append_text (out, FAST_SEAL_TAG_RFID, content->rfid, error) &&
         append_face (out, content->face, error);
}

static gboolean
check_signer (const FastSealContent *content, X509 *certificate, EVP_PKEY *key, GError **error)
{
  if (!fast_certificate_check_key (certificate, key, error))
    return FALSE;
  if (!fast_seal_signer_valid_on (certificate, content->signed_on))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "print-seal-validity", NULL);
  return TRUE;
}

static gboolean
check_content (const FastSealContent *content, GError **error)
{
  if (strlen (content->state) != 3)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-seal-state",
                      "state=%s", content->state);
  if (strlen (content->mrz) != MRZ_SIZE)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-seal-mrz",
                      "size=%zu", strlen (content->mrz));
  return TRUE;
}

/**
 * fast_seal_make:
 * @content: what to seal
 * @certificate: the seal signer's certificate; subject only C and a CN of two capitals
 * @key: its key, on an elliptic curve
 * @error: return location for an error
 *
 * ICAO 9303-13, version 4 of the format. Blocking; may be called from any thread.
 *
 * Returns: (transfer full): the seal's bytes, or %NULL with an error of FAST_INPUT_ERROR or
 *   FAST_KEY_ERROR
 */
GBytes *
fast_seal_make (const FastSealContent *content, X509 *certificate, EVP_PKEY *key, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) covered = NULL;
  g_autoptr (GBytes) signature = NULL;

  if (!check_content (content, error) || !check_signer (content, certificate, key, error) ||
      !append_header (out, content, certificate, error) || !append_message (out, content, error))
    return NULL;
  covered = g_bytes_new (out->data, out->len);
  signature = fast_signature_raw_sign (key, covered, error);
  if (signature == NULL || !append_feature (out, SIGNATURE_TAG, signature, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* Parsing */

static char *
take_c40 (FastReader *reader, gsize characters, GError **error)
{
  gsize size = fast_c40_size (characters);
  const guint8 *bytes = fast_reader_take (reader, size, error);

  return bytes != NULL ? fast_c40_decode (bytes, size, error) : NULL;
}

static gboolean
take_date (FastReader *reader, GDate *date, GError **error)
{
  guint8 high;
  guint16 low;

  return fast_reader_u8 (reader, &high, error) && fast_reader_u16 (reader, &low, error) &&
         fast_seal_date_decode ((guint32)high << 16 | low, date, error);
}

/* Version 3 has five characters; version 4 two digits (hexadecimal) and as many as they say. */
static gboolean
reference_size (FastReader reader, guint version, gsize *size, GError **error)
{
  g_autofree char *start = NULL;

  *size = 5;
  if (version == 3)
    return TRUE;
  start = take_c40 (&reader, 6, error);
  if (start == NULL)
    return FALSE;
  if (strlen (start) != 6 || !g_ascii_isxdigit (start[4]) || !g_ascii_isxdigit (start[5]))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-seal-reference",
                      NULL);
  *size = 2 + (gsize)(g_ascii_xdigit_value (start[4]) * 16 + g_ascii_xdigit_value (start[5]));
  return TRUE;
}

static gboolean
take_signer (FastReader *reader, FastSeal *seal, GError **error)
{
  g_autofree char *text = NULL;
  gsize size;

  if (!reference_size (*reader, seal->version, &size, error))
    return FALSE;
  text = take_c40 (reader, 4 + size, error);
  if (text == NULL)
    return FALSE;
  if (strlen (text) != 4 + size)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-seal-reference",
                      NULL);
  seal->signer = g_strndup (text, 4);
  seal->reference = g_strdup (text + (seal->version == 3 ? 4 : 6));
  return TRUE;
}

static gboolean
take_magic (FastReader *reader, FastSeal *seal, GError **error)
{
  guint8 magic, version;

  if (!fast_reader_u8 (reader, &magic, error) || !fast_reader_u8 (reader, &version, error))
    return FALSE;
  if (magic != MAGIC)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-seal-magic",
                      NULL);
  if (version != VERSION_3 && version != VERSION_4)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "print-seal-version",
                      "version=%u", version);
  seal->version = version + 1u;
  return TRUE;
}

static gboolean
take_header (FastReader *reader, FastSeal *seal, GError **error)
{
  if (!take_magic (reader, seal, error))
    return FALSE;
  seal->state = take_c40 (reader, 3, error);
  return seal->state != NULL && take_signer (reader, seal, error) &&
         take_date (reader, &seal->issued, error) && take_date (reader, &seal->signed_on, error) &&
         fast_reader_u8 (reader, &seal->feature_reference, error) &&
         fast_reader_u8 (reader, &seal->type_category, error);
}

static GBytes *
take_value (FastReader *reader, GError **error)
{
  guint8 size;
  const guint8 *value;

  if (!fast_reader_u8 (reader, &size, error))
    return NULL;
  value = fast_reader_take (reader, size, error);
  return value != NULL ? g_bytes_new (value, size) : NULL;
}

static gboolean
take_feature (FastReader *reader, FastSeal *seal, guint8 tag, GError **error)
{
  GBytes *value = take_value (reader, error);

  if (value == NULL)
    return FALSE;
  if (g_hash_table_contains (seal->features, GUINT_TO_POINTER (tag))) {
    g_bytes_unref (value);
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-seal-repeated",
                      "tag=%u", tag);
  }
  g_hash_table_insert (seal->features, GUINT_TO_POINTER (tag), value);
  return TRUE;
}

static gboolean
take_message (FastReader *reader, FastSeal *seal, GError **error)
{
  guint8 tag;

  if (!fast_reader_u8 (reader, &tag, error))
    return FALSE;
  while (tag != SIGNATURE_TAG) {
    if (!take_feature (reader, seal, tag, error) || !fast_reader_u8 (reader, &tag, error))
      return FALSE;
  }
  if (g_hash_table_size (seal->features) == 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-seal-empty", NULL);
  return TRUE;
}

/**
 * fast_seal_parse:
 * @bytes: a seal, as a bar code reader gives it
 * @error: return location for an error
 *
 * Reads versions 3 and 4. Says nothing about who made it.
 *
 * Returns: (transfer full): the seal, or %NULL with FAST_INPUT_ERROR
 */
FastSeal *
fast_seal_parse (GBytes *bytes, GError **error)
{
  g_autoptr (FastSeal) seal = g_new0 (FastSeal, 1);
  FastReader reader = fast_reader_from_bytes (bytes, "seal");

  seal->features =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)(void (*) (void))g_bytes_unref);
  if (!take_header (&reader, seal, error) || !take_message (&reader, seal, error))
    return NULL;
  seal->covered = g_bytes_new_from_bytes (bytes, 0, reader.offset - 1);
  seal->signature = take_value (&reader, error);
  if (seal->signature == NULL || !fast_reader_end (&reader, error))
    return NULL;
  return g_steal_pointer (&seal);
}

/**
 * fast_seal_free:
 * @seal: (nullable): a seal
 */
void
fast_seal_free (FastSeal *seal)
{
  if (seal == NULL)
    return;
  g_free (seal->state);
  g_free (seal->signer);
  g_free (seal->reference);
  g_hash_table_unref (seal->features);
  g_clear_pointer (&seal->covered, g_bytes_unref);
  g_clear_pointer (&seal->signature, g_bytes_unref);
  g_free (seal);
}

/**
 * fast_seal_verify:
 * @seal: a parsed seal
 * @signers: (element-type X509): certificates of seal signers that are trusted already
 * @error: return location for an error
 *
 * Finds the signer that the header names, checks the signature over header and message zone, and
 * that the signer's certificate was valid on the day of signing. Works offline.
 *
 * Returns: (transfer none): the signer's certificate, or %NULL with FAST_KEY_ERROR_ABSENT (no such
 *   signer), FAST_KEY_ERROR_SIGNATURE or FAST_KEY_ERROR_VALIDITY
 */
X509 *
fast_seal_verify (const FastSeal *seal, GPtrArray *signers, GError **error)
{
  X509 *signer = fast_seal_signer_find (signers, seal->signer, seal->reference);

  if (signer == NULL)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "print-seal-signer",
                           "signer=%s, reference=%s", seal->signer, seal->reference);
  if (!fast_signature_raw_verify (X509_get0_pubkey (signer), seal->covered, seal->signature, error))
    return NULL;
  if (!fast_seal_signer_valid_on (signer, &seal->signed_on))
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "print-seal-validity",
                           NULL);
  return signer;
}

/* Our features */

/**
 * fast_seal_is_card:
 * @seal: a parsed seal
 *
 * Returns: whether its features are those of docs/seal.md
 */
gboolean
fast_seal_is_card (const FastSeal *seal)
{
  return seal->feature_reference == FAST_SEAL_FEATURE_REFERENCE &&
         seal->type_category == FAST_SEAL_TYPE_CATEGORY;
}

/**
 * fast_seal_get_feature:
 * @seal: a parsed seal
 * @tag: a feature's tag
 *
 * Returns: (transfer none) (nullable): the feature's bytes
 */
GBytes *
fast_seal_get_feature (const FastSeal *seal, guint8 tag)
{
  return g_hash_table_lookup (seal->features, GUINT_TO_POINTER (tag));
}

static char *
dup_text (const FastSeal *seal, FastSealTag tag, GError **error)
{
  GBytes *value = fast_seal_get_feature (seal, (guint8)tag);

  if (!fast_seal_is_card (seal) || value == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-seal-absent",
                           "tag=%u", tag);
  return fast_c40_decode (g_bytes_get_data (value, NULL), g_bytes_get_size (value), error);
}

/**
 * fast_seal_dup_mrz:
 * @seal: a parsed seal
 * @error: return location for an error
 *
 * Returns: (transfer full): the three lines of the MRZ, joined by line feeds
 */
char *
fast_seal_dup_mrz (const FastSeal *seal, GError **error)
{
  g_autofree char *text = dup_text (seal, FAST_SEAL_TAG_MRZ, error);

  if (text == NULL)
    return NULL;
  if (strlen (text) != MRZ_SIZE)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "print-seal-mrz",
                           "size=%zu", strlen (text));
  g_strdelimit (text, " ", '<');
  return g_strdup_printf ("%.*s\n%.*s\n%s", MRZ_LINE, text, MRZ_LINE, text + MRZ_LINE,
                          text + 2 * (gsize)MRZ_LINE);
}

/**
 * fast_seal_dup_serial:
 * @seal: a parsed seal
 * @error: return location for an error
 *
 * Returns: (transfer full): the serial of the card
 */
char *
fast_seal_dup_serial (const FastSeal *seal, GError **error)
{
  return dup_text (seal, FAST_SEAL_TAG_SERIAL, error);
}

/**
 * fast_seal_dup_rfid:
 * @seal: a parsed seal
 * @error: return location for an error
 *
 * Returns: (transfer full): the RFID number of the card; FAST_INPUT_ERROR_MISSING when it has none
 */
char *
fast_seal_dup_rfid (const FastSeal *seal, GError **error)
{
  return dup_text (seal, FAST_SEAL_TAG_RFID, error);
}

/**
 * fast_seal_matches_face:
 * @seal: a parsed seal
 * @face: the face image of the chip
 *
 * Returns: whether the seal carries that image's digest
 */
gboolean
fast_seal_matches_face (const FastSeal *seal, GBytes *face)
{
  GBytes *wanted = fast_seal_get_feature (seal, FAST_SEAL_TAG_FACE);
  g_autoptr (GBytes) digest = fast_sha256_bytes (face);

  return fast_seal_is_card (seal) && wanted != NULL && g_bytes_equal (wanted, digest);
}

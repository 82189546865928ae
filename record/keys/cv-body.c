/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-body.h"

#include <string.h>

#include "record/base/error.h"
#include "record/keys/cv-reference.h"

#define DATE_SIZE 6
#define CENTURY 2000
#define PROFILE_VERSION 0

enum {
  TAG_OID = 0x06,
  TAG_DISCRETIONARY = 0x53,
  TAG_EXTENSIONS = 0x65,
  TAG_HOLDER = 0x5F20,
  TAG_EXPIRY = 0x5F24,
  TAG_EFFECTIVE = 0x5F25,
  TAG_PROFILE = 0x5F29,
  TAG_KEY = 0x7F49,
  TAG_AUTHORIZATION = 0x7F4C,
};

/* id-IS (TR-03110-4): 0.4.0.127.0.7.3.1.2.1 */
static const guint8 inspection_oid[] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x01};

/**
 * fast_cv_body_free:
 * @body: (transfer full): a body
 */
void
fast_cv_body_free (FastCvBody *body)
{
  g_free (body->authority);
  g_clear_pointer (&body->key, fast_cv_key_unref);
  g_free (body->holder);
  g_free (body);
}

/**
 * fast_cv_body_copy:
 * @body: a body
 *
 * Returns: (transfer full): a copy
 */
FastCvBody *
fast_cv_body_copy (const FastCvBody *body)
{
  FastCvBody *copy = g_new (FastCvBody, 1);

  *copy = *body;
  copy->authority = g_strdup (body->authority);
  copy->holder = g_strdup (body->holder);
  copy->key = fast_cv_key_ref (body->key);
  return copy;
}

static gboolean
next_is (const FastReader *reader, guint8 tag)
{
  return fast_reader_left (reader) > 0 && reader->data[reader->offset] == tag;
}

/**
 * fast_cv_date_parse:
 * @object: a date data object
 * @date: (out caller-allocates): the date
 * @error: return location for an error
 *
 * TR-03110-3, D.2.1.3: YYMMDD of 2000 to 2099, a digit a byte.
 *
 * Returns: whether it is a date
 */
gboolean
fast_cv_date_parse (const FastTlv *object, GDate *date, GError **error)
{
  guint pairs[3] = {0, 0, 0};
  gboolean digits = object->size == DATE_SIZE;

  for (guint i = 0; digits && i < DATE_SIZE; i++) {
    digits = object->value[i] <= 9;
    pairs[i / 2] = pairs[i / 2] * 10 + object->value[i];
  }
  if (!digits || pairs[1] > 12 ||
      !g_date_valid_dmy ((GDateDay)pairs[2], (GDateMonth)pairs[1], (GDateYear)(CENTURY + pairs[0])))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-date", NULL);
  g_date_clear (date, 1);
  g_date_set_dmy (date, (GDateDay)pairs[2], (GDateMonth)pairs[1], (GDateYear)(CENTURY + pairs[0]));
  return TRUE;
}

/**
 * fast_cv_date_append:
 * @out: where to append
 * @tag: of the data object
 * @date: from 2000 to 2099
 */
void
fast_cv_date_append (GByteArray *out, guint32 tag, const GDate *date)
{
  const guint year = g_date_get_year (date) % 100;
  const guint month = g_date_get_month (date);
  const guint day = g_date_get_day (date);
  const guint8 digits[DATE_SIZE] = {(guint8)(year / 10),  (guint8)(year % 10), (guint8)(month / 10),
                                    (guint8)(month % 10), (guint8)(day / 10),  (guint8)(day % 10)};

  fast_tlv_append (out, tag, digits, sizeof digits);
}

static gboolean
parse_profile (FastReader *reader, GError **error)
{
  FastTlv profile;

  if (!fast_tlv_expect_der (reader, TAG_PROFILE, &profile, error))
    return FALSE;
  if (profile.size != 1 || profile.value[0] != PROFILE_VERSION)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "cv-profile", NULL);
  return TRUE;
}

static gboolean
parse_reference (FastReader *reader, guint32 tag, char **reference, GError **error)
{
  FastTlv object;

  if (!fast_tlv_expect_der (reader, tag, &object, error))
    return FALSE;
  *reference = fast_cv_reference_parse (object.value, object.size, error);
  return *reference != NULL;
}

static gboolean
parse_key (FastReader *reader, FastCvBody *body, GError **error)
{
  FastTlv object;

  if (!fast_tlv_expect_der (reader, TAG_KEY, &object, error))
    return FALSE;
  body->key = fast_cv_key_parse (&object, error);
  return body->key != NULL;
}

/* TR-03110-3, C.1.5. Reserved bits are ignored, and so is all but the role of other terminals. */
static gboolean
parse_authorization (FastReader *reader, FastCvBody *body, GError **error)
{
  FastReader inner;
  FastTlv object;
  FastTlv oid;
  FastTlv bits;

  if (!fast_tlv_expect_der (reader, TAG_AUTHORIZATION, &object, error))
    return FALSE;
  inner = fast_tlv_open (&object, "authorization");
  if (!fast_tlv_expect_der (&inner, TAG_OID, &oid, error) ||
      !fast_tlv_expect_der (&inner, TAG_DISCRETIONARY, &bits, error) ||
      !fast_reader_end (&inner, error))
    return FALSE;
  body->inspection = oid.size == sizeof inspection_oid &&
                     memcmp (oid.value, inspection_oid, sizeof inspection_oid) == 0;
  if (bits.size == 0 || (body->inspection && bits.size != 1))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-authorization", NULL);
  body->role = bits.value[0] >> 6;
  if (body->inspection)
    body->rights = bits.value[0] & (FAST_CV_RIGHT_DG3 | FAST_CV_RIGHT_DG4);
  return TRUE;
}

static gboolean
parse_dates (FastReader *reader, FastCvBody *body, GError **error)
{
  FastTlv effective;
  FastTlv expiry;

  if (!fast_tlv_expect_der (reader, TAG_EFFECTIVE, &effective, error) ||
      !fast_cv_date_parse (&effective, &body->effective, error) ||
      !fast_tlv_expect_der (reader, TAG_EXPIRY, &expiry, error) ||
      !fast_cv_date_parse (&expiry, &body->expiry, error))
    return FALSE;
  if (g_date_compare (&body->expiry, &body->effective) < 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cv-period", NULL);
  return TRUE;
}

/* Extensions are uncritical (TR-03110-3, C.3): their form is checked, their content is not used. */
static gboolean
parse_extensions (FastReader *reader, GError **error)
{
  FastReader inner;
  FastTlv object;
  FastTlv extension;

  if (!next_is (reader, TAG_EXTENSIONS))
    return TRUE;
  if (!fast_tlv_expect_der (reader, TAG_EXTENSIONS, &object, error))
    return FALSE;
  inner = fast_tlv_open (&object, "extensions");
  while (fast_reader_left (&inner) > 0)
    if (!fast_tlv_read (&inner, &extension, error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_objects (FastReader *reader, FastCvBodyKind kind, FastCvBody *body, GError **error)
{
  const gboolean request = kind == FAST_CV_BODY_REQUEST;

  if (!parse_profile (reader, error))
    return FALSE;
  if ((!request || next_is (reader, FAST_CV_TAG_AUTHORITY)) &&
      !parse_reference (reader, FAST_CV_TAG_AUTHORITY, &body->authority, error))
    return FALSE;
  if (!parse_key (reader, body, error) ||
      !parse_reference (reader, TAG_HOLDER, &body->holder, error))
    return FALSE;
  if (!request &&
      (!parse_authorization (reader, body, error) || !parse_dates (reader, body, error)))
    return FALSE;
  return parse_extensions (reader, error) && fast_reader_end (reader, error);
}

/**
 * fast_cv_body_parse:
 * @object: a certificate body data object, `7F4E`
 * @kind: of what
 * @error: return location for an error
 *
 * Strict: the order and the presence of TR-03110-3, tables 23 and 24, and DER.
 *
 * Returns: (transfer full): the body; FAST_INPUT_ERROR
 */
FastCvBody *
fast_cv_body_parse (const FastTlv *object, FastCvBodyKind kind, GError **error)
{
  g_autoptr (FastCvBody) body = g_new0 (FastCvBody, 1);
  FastReader reader = fast_tlv_open (object, "certificate body");

  if (!parse_objects (&reader, kind, body, error))
    return NULL;
  if (kind == FAST_CV_BODY_REQUEST && fast_cv_key_get_public (body->key) == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "cv-key-domain",
                           NULL);
  return g_steal_pointer (&body);
}

static void
append_authorization (GByteArray *out, const FastCvBody *body)
{
  g_autoptr (GByteArray) value = g_byte_array_new ();
  const guint8 bits = (guint8)(body->role << 6 | body->rights);

  fast_tlv_append (value, TAG_OID, inspection_oid, sizeof inspection_oid);
  fast_tlv_append (value, TAG_DISCRETIONARY, &bits, 1);
  fast_tlv_append_array (out, TAG_AUTHORIZATION, value);
}

/**
 * fast_cv_body_build:
 * @body: what it says; always of an inspection system or its authorities
 * @kind: of what
 * @parameters: whether the key comes with its domain parameters
 * @error: return location for an error
 *
 * Returns: (transfer full): the data object `7F4E`
 */
GBytes *
fast_cv_body_build (const FastCvBody *body, FastCvBodyKind kind, gboolean parameters,
                    GError **error)
{
  g_autoptr (GByteArray) value = g_byte_array_new ();
  GByteArray *out;
  const guint8 version = PROFILE_VERSION;

  fast_tlv_append (value, TAG_PROFILE, &version, 1);
  if (body->authority != NULL &&
      !fast_cv_reference_append (value, FAST_CV_TAG_AUTHORITY, body->authority, error))
    return NULL;
  if (!fast_cv_key_append (body->key, value, parameters, error) ||
      !fast_cv_reference_append (value, TAG_HOLDER, body->holder, error))
    return NULL;
  if (kind == FAST_CV_BODY_CERTIFICATE) {
    append_authorization (value, body);
    fast_cv_date_append (value, TAG_EFFECTIVE, &body->effective);
    fast_cv_date_append (value, TAG_EXPIRY, &body->expiry);
  }
  out = g_byte_array_new ();
  fast_tlv_append_array (out, FAST_CV_TAG_BODY, value);
  return g_byte_array_free_to_bytes (out);
}

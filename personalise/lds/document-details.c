/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/document-details.h"

#include <string.h>

#include "personalise/lds/lds-date.h"
#include "personalise/lds/tag-list.h"
#include "record/base/error.h"

#define WHAT "EF.DG12"

enum {
  TAG_GROUP = 0x6C,
  TAG_COUNT = 0x02,
  TAG_AUTHORITY = 0x5F19,
  TAG_ISSUED = 0x5F26,
  TAG_OTHER_PERSONS = 0xA0,
  TAG_OTHER_PERSON = 0x5F1A,
  TAG_ENDORSEMENTS = 0x5F1B,
  TAG_TAX = 0x5F1C,
  TAG_FRONT = 0x5F1D,
  TAG_REAR = 0x5F1E,
  TAG_PERSONALISED = 0x5F55,
  TAG_SYSTEM = 0x5F56,
};

/* The digits of a date and a time of day. */
#define TIME_SIZE 14
#define PERSON_LIMIT 99

/**
 * fast_document_details_free:
 * @details: (transfer full): as parsed
 */
void
fast_document_details_free (FastDocumentDetails *details)
{
  g_free (details->authority);
  g_free (details->issued);
  g_strfreev (details->other_persons);
  g_free (details->endorsements);
  g_free (details->tax);
  g_clear_pointer (&details->front, g_bytes_unref);
  g_clear_pointer (&details->rear, g_bytes_unref);
  g_free (details->personalised);
  g_free (details->system);
  g_free (details);
}

static gboolean
invalid (GError **error, guint32 tag)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "document-details-value",
                    "tag=%X", tag);
}

/* --- making --- */

typedef struct {
  GByteArray *list;
  GByteArray *content;
} Draft;

static void
append (Draft *draft, guint32 tag, gconstpointer value, gsize size)
{
  fast_tag_list_append (draft->list, tag);
  fast_tlv_append (draft->content, tag, value, size);
}

static gboolean
append_text (Draft *draft, guint32 tag, const char *text, GError **error)
{
  if (text == NULL)
    return TRUE;
  if (text[0] == '\0' || !g_utf8_validate (text, -1, NULL))
    return invalid (error, tag);
  append (draft, tag, text, strlen (text));
  return TRUE;
}

static gboolean
append_date (Draft *draft, guint32 tag, const char *date, GError **error)
{
  g_autofree char *digits = NULL;

  if (date == NULL)
    return TRUE;
  digits = fast_lds_date_format (date, error);
  return digits != NULL && append_text (draft, tag, digits, error);
}

static gboolean
is_time (const char *text, gsize size)
{
  static const guint8 LIMITS[] = {24, 60, 60};
  const FastTlv date = {.tag = TAG_PERSONALISED, .value = (const guint8 *)text, .size = 8};
  g_autofree char *day = size == TIME_SIZE ? fast_lds_date_parse (&date, NULL) : NULL;

  for (guint i = 0; day != NULL && i < G_N_ELEMENTS (LIMITS); i++) {
    const char *at = text + 8 + 2 * i;

    if (!g_ascii_isdigit (at[0]) || !g_ascii_isdigit (at[1]) ||
        10 * (at[0] - '0') + at[1] - '0' >= LIMITS[i])
      return FALSE;
  }
  return day != NULL;
}

static gboolean
append_time (Draft *draft, guint32 tag, const char *digits, GError **error)
{
  if (digits != NULL && !is_time (digits, strlen (digits)))
    return invalid (error, tag);
  return append_text (draft, tag, digits, error);
}

static void
append_picture (Draft *draft, guint32 tag, GBytes *picture)
{
  if (picture != NULL)
    append (draft, tag, g_bytes_get_data (picture, NULL), g_bytes_get_size (picture));
}

static gboolean
append_persons (Draft *draft, char **persons, GError **error)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  const guint count = persons == NULL ? 0 : g_strv_length (persons);
  const guint8 number = (guint8)count;

  if (count == 0)
    return TRUE;
  if (count > PERSON_LIMIT)
    return invalid (error, TAG_OTHER_PERSONS);
  fast_tlv_append (inner, TAG_COUNT, &number, sizeof number);
  for (guint i = 0; i < count; i++) {
    if (persons[i][0] == '\0' || !g_utf8_validate (persons[i], -1, NULL))
      return invalid (error, TAG_OTHER_PERSON);
    fast_tlv_append (inner, TAG_OTHER_PERSON, persons[i], strlen (persons[i]));
  }
  append (draft, TAG_OTHER_PERSONS, inner->data, inner->len);
  return TRUE;
}

/* In the order of ICAO 9303-10. */
static gboolean
append_fields (Draft *draft, const FastDocumentDetails *details, GError **error)
{
  if (!append_text (draft, TAG_AUTHORITY, details->authority, error) ||
      !append_date (draft, TAG_ISSUED, details->issued, error) ||
      !append_persons (draft, details->other_persons, error) ||
      !append_text (draft, TAG_ENDORSEMENTS, details->endorsements, error) ||
      !append_text (draft, TAG_TAX, details->tax, error))
    return FALSE;
  append_picture (draft, TAG_FRONT, details->front);
  append_picture (draft, TAG_REAR, details->rear);
  return append_time (draft, TAG_PERSONALISED, details->personalised, error) &&
         append_text (draft, TAG_SYSTEM, details->system, error);
}

/**
 * fast_document_details_make:
 * @details: what is known
 * @error: return location for an error
 *
 * The tag list names exactly the objects that follow, in their order.
 *
 * Returns: (transfer full): EF.DG12
 */
GBytes *
fast_document_details_make (const FastDocumentDetails *details, GError **error)
{
  g_autoptr (GByteArray) list = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GByteArray) all = g_byte_array_new ();
  Draft draft = {list, content};
  GByteArray *out;

  if (!append_fields (&draft, details, error))
    return NULL;
  fast_tlv_append_array (all, FAST_TAG_LIST, list);
  fast_append (all, content->data, content->len);
  out = g_byte_array_new ();
  fast_tlv_append_array (out, TAG_GROUP, all);
  return g_byte_array_free_to_bytes (out);
}

/* --- parsing --- */

static gboolean
take_text (const FastTlv *tlv, char **text, GError **error)
{
  if (tlv->size == 0 || memchr (tlv->value, '\0', tlv->size) != NULL ||
      !g_utf8_validate_len ((const char *)tlv->value, tlv->size, NULL))
    return invalid (error, tlv->tag);
  *text = g_strndup ((const char *)tlv->value, tlv->size);
  return TRUE;
}

static gboolean
take_date (const FastTlv *tlv, char **date, GError **error)
{
  *date = fast_lds_date_parse (tlv, error);
  return *date != NULL;
}

/* Seven bytes are the same digits, packed. */
static gboolean
take_time (const FastTlv *tlv, char **time, GError **error)
{
  g_autofree char *digits = tlv->size == TIME_SIZE / 2
                                ? fast_hex_encode (tlv->value, tlv->size)
                                : g_strndup ((const char *)tlv->value, tlv->size);

  if (!is_time (digits, strlen (digits)))
    return invalid (error, tlv->tag);
  *time = g_steal_pointer (&digits);
  return TRUE;
}

static gboolean
take_picture (const FastTlv *tlv, GBytes **picture, GError **error)
{
  if (tlv->size == 0)
    return invalid (error, tlv->tag);
  *picture = fast_tlv_dup_value (tlv);
  return TRUE;
}

static gboolean
take_persons (const FastTlv *tlv, char ***persons, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  FastReader reader = fast_tlv_open (tlv, WHAT);
  FastTlv count, person;

  if (!fast_tlv_expect (&reader, TAG_COUNT, &count, error))
    return FALSE;
  if (count.size != 1 || count.value[0] == 0)
    return invalid (error, tlv->tag);
  for (guint i = 0; i < count.value[0]; i++) {
    g_autofree char *text = NULL;

    if (!fast_tlv_expect (&reader, TAG_OTHER_PERSON, &person, error) ||
        !take_text (&person, &text, error))
      return FALSE;
    g_strv_builder_add (builder, text);
  }
  *persons = g_strv_builder_end (builder);
  return fast_reader_end (&reader, error);
}

static gboolean
take_field (const FastTlv *tlv, gpointer into, GError **error)
{
  FastDocumentDetails *details = into;

  switch (tlv->tag) {
  case TAG_AUTHORITY:
    return take_text (tlv, &details->authority, error);
  case TAG_ISSUED:
    return take_date (tlv, &details->issued, error);
  case TAG_OTHER_PERSONS:
    return take_persons (tlv, &details->other_persons, error);
  case TAG_ENDORSEMENTS:
    return take_text (tlv, &details->endorsements, error);
  case TAG_TAX:
    return take_text (tlv, &details->tax, error);
  case TAG_FRONT:
    return take_picture (tlv, &details->front, error);
  case TAG_REAR:
    return take_picture (tlv, &details->rear, error);
  case TAG_PERSONALISED:
    return take_time (tlv, &details->personalised, error);
  case TAG_SYSTEM:
    return take_text (tlv, &details->system, error);
  default:
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tag-list",
                      "what=%s, tag=%X", WHAT, tlv->tag);
  }
}

/**
 * fast_document_details_parse:
 * @encoded: EF.DG12
 * @error: return location for an error
 *
 * Strict: the tag list is the content, in its order; nothing unknown, nothing twice. Dates and
 * times may be packed.
 *
 * Returns: (transfer full): what it says
 */
FastDocumentDetails *
fast_document_details_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastDocumentDetails) details = g_new0 (FastDocumentDetails, 1);
  FastReader reader;
  FastTlv group;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &group, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&group, WHAT);
  return fast_tag_list_read (&reader, take_field, details, error) ? g_steal_pointer (&details)
                                                                  : NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/personal-details.h"

#include <string.h>

#include "personalise/lds/lds-date.h"
#include "personalise/lds/tag-list.h"
#include "record/base/autoptr.h"
#include "record/base/error.h"

#define WHAT "EF.DG11"
#define FILLER '<'

enum {
  TAG_GROUP = 0x6B,
  TAG_COUNT = 0x02,
  TAG_NAME = 0x5F0E,
  TAG_OTHER_NAMES = 0xA0,
  TAG_OTHER_NAME = 0x5F0F,
  TAG_BIRTH = 0x5F2B,
  TAG_BIRTH_PLACE = 0x5F11,
  TAG_ADDRESS = 0x5F42,
};

/* Known to 9303-10 but not kept by us: read over, so that other States' groups parse. */
static const guint32 OTHER_TAGS[] = {0x5F10, 0x5F12, 0x5F13, 0x5F14,
                                     0x5F15, 0x5F16, 0x5F17, 0x5F18};

/**
 * fast_personal_details_free:
 * @details: (transfer full): as parsed
 */
void
fast_personal_details_free (FastPersonalDetails *details)
{
  g_free (details->surname);
  g_free (details->given);
  g_strfreev (details->other_names);
  g_free (details->birth);
  g_strfreev (details->birth_place);
  g_strfreev (details->address);
  g_free (details);
}

/* A filler inside a part would move the border between parts. */
static gboolean
check_part (const char *text, guint32 tag, GError **error)
{
  if (text[0] != '\0' && strchr (text, FILLER) == NULL && g_utf8_validate (text, -1, NULL))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "details-text", "tag=%X",
                    tag);
}

static void
append_field (GByteArray *list, GByteArray *content, guint32 tag, const char *text)
{
  fast_tag_list_append (list, tag);
  fast_tlv_append (content, tag, text, strlen (text));
}

/* Primary and secondary identifier are parted by two fillers, names inside them by one. */
static gboolean
append_name (GByteArray *list, GByteArray *content, const FastPersonalDetails *details,
             GError **error)
{
  g_autofree char *name = NULL;

  if (!check_part (details->surname, TAG_NAME, error) ||
      (details->given != NULL && !check_part (details->given, TAG_NAME, error)))
    return FALSE;
  name = details->given == NULL ? g_strdup (details->surname)
                                : g_strconcat (details->surname, "<<", details->given, NULL);
  g_strdelimit (name, " ", FILLER);
  append_field (list, content, TAG_NAME, name);
  return TRUE;
}

static gboolean
append_other_names (GByteArray *list, GByteArray *content, char **names, GError **error)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  guint count = names == NULL ? 0 : g_strv_length (names);
  guint8 number = (guint8)count;

  if (count == 0)
    return TRUE;
  if (count > 9)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "details-text", "tag=%X",
                      (guint)TAG_OTHER_NAMES);
  fast_tlv_append (inner, TAG_COUNT, &number, 1);
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_strdelimit (g_strdup (names[i]), " ", FILLER);

    fast_tlv_append (inner, TAG_OTHER_NAME, name, strlen (name));
  }
  fast_tag_list_append (list, TAG_OTHER_NAMES);
  fast_tlv_append_array (content, TAG_OTHER_NAMES, inner);
  return TRUE;
}

static gboolean
append_birth (GByteArray *list, GByteArray *content, const char *birth, GError **error)
{
  g_autofree char *digits = NULL;

  if (birth == NULL)
    return TRUE;
  digits = fast_lds_date_format (birth, error);
  if (digits == NULL)
    return FALSE;
  append_field (list, content, TAG_BIRTH, digits);
  return TRUE;
}

static gboolean
append_parts (GByteArray *list, GByteArray *content, guint32 tag, char **parts, GError **error)
{
  g_autofree char *joined = NULL;

  if (parts == NULL || parts[0] == NULL)
    return TRUE;
  for (guint i = 0; parts[i] != NULL; i++)
    if (!check_part (parts[i], tag, error))
      return FALSE;
  joined = g_strjoinv ("<", parts);
  append_field (list, content, tag, joined);
  return TRUE;
}

/**
 * fast_personal_details_make:
 * @details: what is known
 * @error: return location for an error
 *
 * The tag list names exactly the objects that follow, in their order.
 *
 * Returns: (transfer full): EF.DG11
 */
GBytes *
fast_personal_details_make (const FastPersonalDetails *details, GError **error)
{
  g_autoptr (GByteArray) list = g_byte_array_new ();
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GByteArray) all = g_byte_array_new ();
  GByteArray *out;

  if (!append_name (list, content, details, error) ||
      !append_other_names (list, content, details->other_names, error) ||
      !append_birth (list, content, details->birth, error) ||
      !append_parts (list, content, TAG_BIRTH_PLACE, details->birth_place, error) ||
      !append_parts (list, content, TAG_ADDRESS, details->address, error))
    return NULL;
  fast_tlv_append_array (all, FAST_TAG_LIST, list);
  fast_append (all, content->data, content->len);
  out = g_byte_array_new ();
  fast_tlv_append_array (out, TAG_GROUP, all);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
invalid (GError **error, guint32 tag)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "details-text", "tag=%X",
                    tag);
}

static char *
dup_text (const FastTlv *tlv, GError **error)
{
  if (tlv->size == 0 || !g_utf8_validate_len ((const char *)tlv->value, tlv->size, NULL)) {
    invalid (error, tlv->tag);
    return NULL;
  }
  return g_strndup ((const char *)tlv->value, tlv->size);
}

static gboolean
take_name (const FastTlv *tlv, FastPersonalDetails *details, GError **error)
{
  g_autofree char *text = dup_text (tlv, error);
  g_auto (GStrv) halves = NULL;

  if (text == NULL)
    return FALSE;
  halves = g_strsplit (text, "<<", 2);
  if (halves[0][0] == '\0')
    return invalid (error, tlv->tag);
  details->surname = g_strdelimit (g_strdup (halves[0]), "<", ' ');
  if (halves[1] != NULL)
    details->given = g_strdelimit (g_strdup (halves[1]), "<", ' ');
  return TRUE;
}

static gboolean
take_other_names (const FastTlv *tlv, FastPersonalDetails *details, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  FastReader reader = fast_tlv_open (tlv, WHAT);
  FastTlv count, name;

  if (!fast_tlv_expect (&reader, TAG_COUNT, &count, error))
    return FALSE;
  if (count.size != 1 || count.value[0] == 0)
    return invalid (error, tlv->tag);
  for (guint i = 0; i < count.value[0]; i++) {
    g_autofree char *text = NULL;

    if (!fast_tlv_expect (&reader, TAG_OTHER_NAME, &name, error))
      return FALSE;
    text = dup_text (&name, error);
    if (text == NULL)
      return FALSE;
    g_strv_builder_add (names, text);
  }
  details->other_names = g_strv_builder_end (names);
  return fast_reader_end (&reader, error);
}

static gboolean
take_birth (const FastTlv *tlv, FastPersonalDetails *details, GError **error)
{
  details->birth = fast_lds_date_parse (tlv, error);
  return details->birth != NULL;
}

static gboolean
take_parts (const FastTlv *tlv, char ***parts, GError **error)
{
  g_autofree char *text = dup_text (tlv, error);

  if (text == NULL)
    return FALSE;
  *parts = g_strsplit (text, "<", -1);
  return TRUE;
}

static gboolean
take_other (guint32 tag, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (OTHER_TAGS); i++)
    if (OTHER_TAGS[i] == tag)
      return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tag-list",
                    "what=%s, tag=%X", WHAT, tag);
}

static gboolean
take_field (const FastTlv *tlv, gpointer into, GError **error)
{
  FastPersonalDetails *details = into;

  switch (tlv->tag) {
  case TAG_NAME:
    return take_name (tlv, details, error);
  case TAG_OTHER_NAMES:
    return take_other_names (tlv, details, error);
  case TAG_BIRTH:
    return take_birth (tlv, details, error);
  case TAG_BIRTH_PLACE:
    return take_parts (tlv, &details->birth_place, error);
  case TAG_ADDRESS:
    return take_parts (tlv, &details->address, error);
  default:
    return take_other (tlv->tag, error);
  }
}

/**
 * fast_personal_details_parse:
 * @encoded: EF.DG11
 * @error: return location for an error
 *
 * Strict: the tag list is the content, in its order; nothing unknown, nothing twice.
 *
 * Returns: (transfer full): what it says; objects that are not kept are passed over
 */
FastPersonalDetails *
fast_personal_details_parse (GBytes *encoded, GError **error)
{
  FastReader outer = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (FastPersonalDetails) details = g_new0 (FastPersonalDetails, 1);
  FastReader reader;
  FastTlv group;

  if (!fast_tlv_expect (&outer, TAG_GROUP, &group, error) || !fast_reader_end (&outer, error))
    return NULL;
  reader = fast_tlv_open (&group, WHAT);
  return fast_tag_list_read (&reader, take_field, details, error) ? g_steal_pointer (&details)
                                                                  : NULL;
}

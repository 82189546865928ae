/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace-selection.h"

#include "record/base/error.h"
#include "record/base/tlv.h"

enum {
  TAG_PROTOCOL = 0x80,
  TAG_PASSWORD = 0x83,
  TAG_PARAMETERS = 0x84,
  TAG_AUTHORIZATION = 0x7F4C,
};

/**
 * fast_pace_selection_build:
 * @selection: what the reader chose
 *
 * Returns: (transfer full): the data of MSE:Set AT
 */
GBytes *
fast_pace_selection_build (const FastPaceSelection *selection)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const guint8 password = (guint8)selection->password;
  const guint8 parameters = (guint8)selection->parameters;
  guint8 oid[FAST_PACE_OID_SIZE];

  fast_pace_protocol_write (&selection->protocol, oid);
  fast_tlv_append (out, TAG_PROTOCOL, oid, sizeof oid);
  fast_tlv_append (out, TAG_PASSWORD, &password, 1);
  if (selection->parameters != 0)
    fast_tlv_append (out, TAG_PARAMETERS, &parameters, 1);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static gboolean
fail_form (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "pace-selection", NULL);
}

typedef struct {
  FastTlv protocol;
  FastTlv password;
  FastTlv parameters;
  FastTlv authorization;
} Objects;

static FastTlv *
place_of (Objects *objects, guint32 tag)
{
  switch (tag) {
  case TAG_PROTOCOL:
    return &objects->protocol;
  case TAG_PASSWORD:
    return &objects->password;
  case TAG_PARAMETERS:
    return &objects->parameters;
  case TAG_AUTHORIZATION:
    return &objects->authorization;
  default:
    return NULL;
  }
}

static gboolean
read_objects (Objects *objects, gconstpointer data, gsize size, GError **error)
{
  FastReader reader = fast_reader_new (data, size, "MSE:Set AT");

  while (fast_reader_left (&reader) > 0) {
    FastTlv tlv;
    FastTlv *place;

    if (!fast_tlv_read (&reader, &tlv, NULL))
      return fail_form (error);
    place = place_of (objects, tlv.tag);
    if (place == NULL || place->start != NULL)
      return fail_form (error);
    *place = tlv;
  }
  return (objects->protocol.start != NULL && objects->password.start != NULL) || fail_form (error);
}

/* A number of one byte; 0 is none that the standard knows. */
static gboolean
read_number (const FastTlv *tlv, guint *number, GError **error)
{
  *number = 0;
  if (tlv->start == NULL)
    return TRUE;
  if (tlv->size != 1 || tlv->value[0] == 0)
    return fail_form (error);
  *number = tlv->value[0];
  return TRUE;
}

/**
 * fast_pace_selection_parse:
 * @selection: (out caller-allocates): what the reader chose
 * @data: the data of MSE:Set AT
 * @size: how many bytes
 * @error: return location for an error
 *
 * A certificate holder authorization template (7F4C) is let pass and ignored: it serves EAC 2.
 *
 * Returns: whether protocol and password are there and known; FAST_INPUT_ERROR_MALFORMED for the
 *   form (6A80), FAST_INPUT_ERROR_UNSUPPORTED for what no FAST card offers (6A80 or 6A88)
 */
gboolean
fast_pace_selection_parse (FastPaceSelection *selection, gconstpointer data, gsize size,
                           GError **error)
{
  Objects objects = {0};
  guint password;

  if (!read_objects (&objects, data, size, error) ||
      !read_number (&objects.password, &password, error) ||
      !read_number (&objects.parameters, &selection->parameters, error) ||
      !fast_pace_protocol_read (&selection->protocol, objects.protocol.value, objects.protocol.size,
                                error))
    return FALSE;
  selection->password = (FastPacePassword)password;
  return fast_pace_password_check (selection->password, error);
}

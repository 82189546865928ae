/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/face-group.h"

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/biometric/cbeff.h"

#define WHAT "EF.DG2"
#define TAG_GROUP 0x75

/**
 * fast_face_group_make:
 * @face: the face
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG2
 */
GBytes *
fast_face_group_make (const FastFaceRecord *face, GError **error)
{
  FastBiometricTemplate biometric = {.type = FAST_BIOMETRIC_FACE,
                                     .owner = FAST_BIOMETRIC_OWNER_JTC1_SC37,
                                     .format = FAST_BIOMETRIC_FORMAT_FACE};
  g_autoptr (GPtrArray) templates = g_ptr_array_new ();
  g_autoptr (GBytes) record = fast_face_record_make (face, error);
  g_autoptr (GBytes) group = NULL;
  GByteArray *out;

  if (record == NULL)
    return NULL;
  biometric.data = record;
  g_ptr_array_add (templates, &biometric);
  group = fast_biometric_group_make (templates);
  out = g_byte_array_new ();
  fast_tlv_append_bytes (out, TAG_GROUP, group);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
check_template (const FastBiometricTemplate *biometric, GError **error)
{
  if ((biometric->type == FAST_BIOMETRIC_FACE || biometric->type == 0) &&
      biometric->owner == FAST_BIOMETRIC_OWNER_JTC1_SC37 &&
      biometric->format == FAST_BIOMETRIC_FORMAT_FACE && !biometric->constructed)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "face-group-format",
                    "type=%02X, owner=%04X, format=%04X", biometric->type, biometric->owner,
                    biometric->format);
}

/**
 * fast_face_group_parse:
 * @encoded: EF.DG2
 * @error: return location for an error
 *
 * Returns: (transfer full): the first face in it
 */
FastFaceRecord *
fast_face_group_parse (GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, WHAT);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GPtrArray) templates = NULL;
  FastTlv group;

  if (!fast_tlv_expect (&reader, TAG_GROUP, &group, error) || !fast_reader_end (&reader, error))
    return NULL;
  content = fast_tlv_dup_value (&group);
  templates = fast_biometric_group_parse (content, error);
  if (templates == NULL)
    return NULL;
  if (templates->len == 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "face-group-empty",
                           NULL);
  if (!check_template (templates->pdata[0], error))
    return NULL;
  return fast_face_record_parse (((FastBiometricTemplate *)templates->pdata[0])->data, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/face-group.h"

#include "personalise/lds/biometric-group.h"
#include "record/base/error.h"
#include "record/biometric/face-block.h"

static const guint16 FORMATS[] = {FAST_BIOMETRIC_FORMAT_FACE, FAST_BIOMETRIC_FORMAT_FACE_BLOCK, 0};
static const FastBiometricGroup GROUP = {
    .tag = 0x75,
    .name = "EF.DG2",
    .type = FAST_BIOMETRIC_FACE,
    .formats = FORMATS,
};

/**
 * fast_face_group_make:
 * @face: the face, with the edition to write
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG2
 */
GBytes *
fast_face_group_make (const FastFaceRecord *face, GError **error)
{
  gboolean is_block = face->edition == FAST_FACE_39794;
  FastBiometricTemplate biometric = {.type = FAST_BIOMETRIC_FACE,
                                     .owner = FAST_BIOMETRIC_OWNER_JTC1_SC37,
                                     .format = is_block ? FAST_BIOMETRIC_FORMAT_FACE_BLOCK
                                                        : FAST_BIOMETRIC_FORMAT_FACE,
                                     .constructed = is_block};
  g_autoptr (GPtrArray) templates = g_ptr_array_new ();
  g_autoptr (GBytes) record =
      is_block ? fast_face_block_make (face, error) : fast_face_record_make (face, error);
  g_autoptr (GBytes) group = NULL;

  if (record == NULL)
    return NULL;
  biometric.data = record;
  g_ptr_array_add (templates, &biometric);
  group = fast_biometric_group_make (templates);
  return fast_biometric_group_wrap (&GROUP, group);
}

/**
 * fast_face_group_parse:
 * @encoded: EF.DG2
 * @error: return location for an error
 *
 * Returns: (transfer full): the first face in it, of either edition
 */
FastFaceRecord *
fast_face_group_parse (GBytes *encoded, GError **error)
{
  g_autoptr (GPtrArray) templates = fast_biometric_group_open (&GROUP, encoded, error);
  const FastBiometricTemplate *first;

  if (templates == NULL)
    return NULL;
  if (templates->len == 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "face-group-empty",
                           NULL);
  first = templates->pdata[0];
  return first->format == FAST_BIOMETRIC_FORMAT_FACE_BLOCK
             ? fast_face_block_parse (first->data, error)
             : fast_face_record_parse (first->data, error);
}

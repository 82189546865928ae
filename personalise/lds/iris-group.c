/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/iris-group.h"

#include "personalise/lds/biometric-group.h"
#include "record/base/error.h"
#include "record/biometric/context-block.h"

#define BLOCK_TAG 0x66

/* ICAO 9303-10, 4.7.4 (ISO/IEC 7816-11, table C.2): no more than the eye is registered. */
static gboolean
is_subtype (guint subtype)
{
  return subtype <= FAST_EYE_LEFT;
}

static const guint16 FORMATS[] = {FAST_BIOMETRIC_FORMAT_IRIS, FAST_BIOMETRIC_FORMAT_IRIS_POLAR,
                                  FAST_BIOMETRIC_FORMAT_IRIS_BLOCK, 0};
static const FastBiometricGroup GROUP = {
    .tag = 0x76,
    .name = "EF.DG4",
    .type = FAST_BIOMETRIC_IRIS,
    .formats = FORMATS,
    .needs_subtype = TRUE,
    .is_subtype = is_subtype,
    .any_block = TRUE,
};

static FastBiometricTemplate *
make_template (const FastIrisRecord *record, GError **error)
{
  GBytes *data = fast_iris_record_make (record, error);
  FastBiometricTemplate *biometric;

  if (data == NULL)
    return NULL;
  biometric = g_new0 (FastBiometricTemplate, 1);
  biometric->version = FAST_BIOMETRIC_VERSION;
  biometric->type = FAST_BIOMETRIC_IRIS;
  biometric->subtype = record->eye;
  biometric->owner = FAST_BIOMETRIC_OWNER_JTC1_SC37;
  biometric->format = record->polar ? FAST_BIOMETRIC_FORMAT_IRIS_POLAR : FAST_BIOMETRIC_FORMAT_IRIS;
  biometric->data = data;
  return biometric;
}

/* What a reader could not tell apart is not written: an eye twice, or one without a name. */
static gboolean
check_irises (GPtrArray *irises, GError **error)
{
  guint seen = 0;

  for (guint i = 0; i < irises->len; i++) {
    FastEye eye = ((const FastIrisRecord *)irises->pdata[i])->eye;

    if (eye == FAST_EYE_UNKNOWN || eye > FAST_EYE_LEFT || (seen & 1u << eye) != 0)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "iris-group-twice",
                        "eye=%u", (guint)eye);
    seen |= 1u << eye;
  }
  return TRUE;
}

/**
 * fast_iris_group_make:
 * @irises: (element-type FastIrisRecord): one eye, both, in the wanted order, or none
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG4
 */
GBytes *
fast_iris_group_make (GPtrArray *irises, GError **error)
{
  g_autoptr (GPtrArray) templates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_biometric_template_free);
  g_autoptr (GBytes) content = NULL;

  if (!check_irises (irises, error))
    return NULL;
  for (guint i = 0; i < irises->len; i++) {
    FastBiometricTemplate *biometric = make_template (irises->pdata[i], error);

    if (biometric == NULL)
      return NULL;
    g_ptr_array_add (templates, biometric);
  }
  content = templates->len == 0 ? fast_biometric_group_make_empty (error)
                                : fast_biometric_group_make (templates);
  return content != NULL ? fast_biometric_group_wrap (&GROUP, content) : NULL;
}

static FastIrisRecord *
keep_block (const FastBiometricTemplate *biometric, GError **error)
{
  FastIrisRecord *record;

  if (!fast_context_block_check_envelope (biometric->data, BLOCK_TAG, "iris block", error))
    return NULL;
  record = g_new0 (FastIrisRecord, 1);
  record->coding = FAST_IRIS_BLOCK;
  record->quality = FAST_IRIS_QUALITY_NONE;
  record->image = g_bytes_ref (biometric->data);
  return record;
}

/* Where header and record both name an eye they must name the same one. */
static gboolean
match_eye (const FastBiometricTemplate *biometric, FastIrisRecord *record, GError **error)
{
  if (record->eye == FAST_EYE_UNKNOWN)
    record->eye = biometric->subtype;
  if (biometric->subtype == FAST_EYE_UNKNOWN || biometric->subtype == record->eye)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "biometric-group-differs",
                    "file=%s, subtype=%02X, position=%u", GROUP.name, biometric->subtype,
                    (guint)record->eye);
}

static FastIrisRecord *
parse_template (const FastBiometricTemplate *biometric, GError **error)
{
  g_autoptr (FastIrisRecord) record = biometric->format == FAST_BIOMETRIC_FORMAT_IRIS_BLOCK
                                          ? keep_block (biometric, error)
                                          : fast_iris_record_parse (biometric->data, error);

  if (record == NULL || !match_eye (biometric, record, error))
    return NULL;
  return g_steal_pointer (&record);
}

/**
 * fast_iris_group_parse:
 * @encoded: EF.DG4
 * @error: return location for an error
 *
 * Pictures are not decoded. Of an ISO/IEC 39794-6 block only the envelope is understood: it comes
 * back whole, coded as %FAST_IRIS_BLOCK, and fast_iris_record_decode() says so.
 *
 * Returns: (transfer full) (element-type FastIrisRecord): the irises, none in an empty group
 */
GPtrArray *
fast_iris_group_parse (GBytes *encoded, GError **error)
{
  g_autoptr (GPtrArray) templates = fast_biometric_group_open (&GROUP, encoded, error);
  g_autoptr (GPtrArray) irises =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_iris_record_free);

  if (templates == NULL)
    return NULL;
  for (guint i = 0; i < templates->len; i++) {
    FastIrisRecord *record = parse_template (templates->pdata[i], error);

    if (record == NULL)
      return NULL;
    g_ptr_array_add (irises, record);
  }
  return g_steal_pointer (&irises);
}

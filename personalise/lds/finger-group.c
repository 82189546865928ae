/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/finger-group.h"

#include "personalise/lds/biometric-group.h"
#include "record/base/error.h"
#include "record/biometric/context-block.h"

#define BLOCK_TAG 0x64
#define FINGERS_MOST 9
/* Tag and length of EF.DG3 and of its group template, and the count; then those of a template, its
 * header with version and its data block. */
#define GROUP_OVERHEAD (5 + 6 + 3)
#define TEMPLATE_OVERHEAD (6 + 20 + 6)

static gboolean
is_subtype (guint subtype)
{
  FastFinger finger;

  return fast_finger_from_subtype (subtype, &finger);
}

static const guint16 FORMATS[] = {FAST_BIOMETRIC_FORMAT_FINGER, FAST_BIOMETRIC_FORMAT_FINGER_BLOCK,
                                  0};
static const FastBiometricGroup GROUP = {
    .tag = 0x63,
    .name = "EF.DG3",
    .type = FAST_BIOMETRIC_FINGER,
    .formats = FORMATS,
    .needs_subtype = TRUE,
    .is_subtype = is_subtype,
    .any_block = TRUE,
};

/**
 * fast_finger_group_share:
 * @budget: bytes that the whole EF.DG3 may have
 * @count: how many fingers it will hold, at least 1
 *
 * Returns: bytes that the encoded picture of each may have; 0 when there is no room
 */
gsize
fast_finger_group_share (gsize budget, guint count)
{
  gsize around = TEMPLATE_OVERHEAD + FAST_FINGER_RECORD_OVERHEAD;
  gsize each = budget > GROUP_OVERHEAD ? (budget - GROUP_OVERHEAD) / count : 0;

  return each > around ? each - around : 0;
}

static FastBiometricTemplate *
make_template (const FastFingerRecord *record, GError **error)
{
  GBytes *data = fast_finger_record_make (record, error);
  FastBiometricTemplate *biometric;

  if (data == NULL)
    return NULL;
  biometric = g_new0 (FastBiometricTemplate, 1);
  biometric->version = FAST_BIOMETRIC_VERSION;
  biometric->type = FAST_BIOMETRIC_FINGER;
  biometric->subtype = fast_finger_subtype (record->finger);
  biometric->owner = FAST_BIOMETRIC_OWNER_JTC1_SC37;
  biometric->format = FAST_BIOMETRIC_FORMAT_FINGER;
  biometric->data = data;
  return biometric;
}

/* What a reader could not tell apart is not written: a finger twice, or one without a name. */
static gboolean
check_fingers (GPtrArray *fingers, GError **error)
{
  guint seen = 0;

  if (fingers->len > FINGERS_MOST)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "cbeff-count", "count=%u",
                      fingers->len);
  for (guint i = 0; i < fingers->len; i++) {
    FastFinger finger = ((const FastFingerRecord *)fingers->pdata[i])->finger;

    if (finger == FAST_FINGER_UNKNOWN || finger > FAST_FINGER_LEFT_LITTLE ||
        (seen & 1u << finger) != 0)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "finger-group-twice",
                        "finger=%u", (guint)finger);
    seen |= 1u << finger;
  }
  return TRUE;
}

/**
 * fast_finger_group_make:
 * @fingers: (element-type FastFingerRecord): at most nine different fingers, in the wanted order;
 *   none for a holder without prints
 * @error: return location for an error
 *
 * Returns: (transfer full): EF.DG3
 */
GBytes *
fast_finger_group_make (GPtrArray *fingers, GError **error)
{
  g_autoptr (GPtrArray) templates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_biometric_template_free);
  g_autoptr (GBytes) content = NULL;

  if (!check_fingers (fingers, error))
    return NULL;
  for (guint i = 0; i < fingers->len; i++) {
    FastBiometricTemplate *biometric = make_template (fingers->pdata[i], error);

    if (biometric == NULL)
      return NULL;
    g_ptr_array_add (templates, biometric);
  }
  content = templates->len == 0 ? fast_biometric_group_make_empty (error)
                                : fast_biometric_group_make (templates);
  return content != NULL ? fast_biometric_group_wrap (&GROUP, content) : NULL;
}

static FastFingerRecord *
keep_block (const FastBiometricTemplate *biometric, GError **error)
{
  FastFingerRecord *record;

  if (!fast_context_block_check_envelope (biometric->data, BLOCK_TAG, "finger block", error))
    return NULL;
  record = g_new0 (FastFingerRecord, 1);
  record->coding = FAST_FINGER_BLOCK;
  record->quality = FAST_FINGER_QUALITY_NONE;
  record->image = g_bytes_ref (biometric->data);
  return record;
}

/* Where header and record both name a finger they must name the same one. */
static gboolean
match_finger (const FastBiometricTemplate *biometric, FastFingerRecord *record, GError **error)
{
  FastFinger named;

  fast_finger_from_subtype (biometric->subtype, &named);
  if (record->finger == FAST_FINGER_UNKNOWN)
    record->finger = named;
  if (named == FAST_FINGER_UNKNOWN || named == record->finger)
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "biometric-group-differs",
                    "file=%s, subtype=%02X, position=%u", GROUP.name, biometric->subtype,
                    (guint)record->finger);
}

static FastFingerRecord *
parse_template (const FastBiometricTemplate *biometric, GError **error)
{
  g_autoptr (FastFingerRecord) record = biometric->format == FAST_BIOMETRIC_FORMAT_FINGER_BLOCK
                                            ? keep_block (biometric, error)
                                            : fast_finger_record_parse (biometric->data, error);

  if (record == NULL || !match_finger (biometric, record, error))
    return NULL;
  return g_steal_pointer (&record);
}

/**
 * fast_finger_group_parse:
 * @encoded: EF.DG3
 * @error: return location for an error
 *
 * Pictures are not decoded. Of an ISO/IEC 39794-4 block only the envelope is understood: it comes
 * back whole, coded as %FAST_FINGER_BLOCK, and fast_finger_record_decode() says so.
 *
 * Returns: (transfer full) (element-type FastFingerRecord): the fingers, none in an empty group
 */
GPtrArray *
fast_finger_group_parse (GBytes *encoded, GError **error)
{
  g_autoptr (GPtrArray) templates = fast_biometric_group_open (&GROUP, encoded, error);
  g_autoptr (GPtrArray) fingers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_finger_record_free);

  if (templates == NULL)
    return NULL;
  for (guint i = 0; i < templates->len; i++) {
    FastFingerRecord *record = parse_template (templates->pdata[i], error);

    if (record == NULL)
      return NULL;
    g_ptr_array_add (fingers, record);
  }
  return g_steal_pointer (&fingers);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/biometric-group.h"

#include "record/base/error.h"
#include "record/base/tlv.h"

/**
 * fast_biometric_group_wrap:
 * @group: which data group
 * @templates: its biometric information group template (7F61)
 *
 * Returns: (transfer full): the elementary file
 */
GBytes *
fast_biometric_group_wrap (const FastBiometricGroup *group, GBytes *templates)
{
  GByteArray *out = g_byte_array_new ();

  fast_tlv_append_bytes (out, group->tag, templates);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
is_format (const FastBiometricGroup *group, guint16 format)
{
  for (const guint16 *at = group->formats; *at != 0; at++)
    if (*at == format)
      return TRUE;
  return FALSE;
}

/* A format of another owner may follow ours (TR-03105-3.2, LDS_G_7): it is not ours to judge. */
static gboolean
check_format (const FastBiometricGroup *group, const FastBiometricTemplate *biometric,
              GError **error)
{
  if ((biometric->type == group->type || biometric->type == 0) &&
      biometric->owner == FAST_BIOMETRIC_OWNER_JTC1_SC37 && is_format (group, biometric->format))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "biometric-group-format",
                    "file=%s, type=%02X, owner=%04X, format=%04X", group->name, biometric->type,
                    biometric->owner, biometric->format);
}

static gboolean
check_subtype (const FastBiometricGroup *group, const FastBiometricTemplate *biometric,
               GError **error)
{
  if (group->needs_subtype && !biometric->has_subtype)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING,
                      "biometric-group-no-subtype", "file=%s", group->name);
  if (group->is_subtype != NULL && !group->is_subtype (biometric->subtype))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "biometric-group-subtype",
                      "file=%s, subtype=%02X", group->name, biometric->subtype);
  return TRUE;
}

/* ISO/IEC 19794 records stand in 5F2E, some groups' also in 7F2E; ISO/IEC 39794 blocks in 7F2E. */
static gboolean
check_block (const FastBiometricGroup *group, const FastBiometricTemplate *biometric,
             GError **error)
{
  gboolean is_block = biometric->format >= FAST_BIOMETRIC_FORMAT_FINGER_BLOCK;

  if (!is_block == !biometric->constructed || (!is_block && group->any_block))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "tlv-unexpected",
                    "what=%s, found=%X, wanted=%X", group->name,
                    biometric->constructed ? 0x7F2Eu : 0x5F2Eu, is_block ? 0x7F2Eu : 0x5F2Eu);
}

static gboolean
check_template (const FastBiometricGroup *group, const FastBiometricTemplate *biometric,
                GError **error)
{
  return check_format (group, biometric, error) && check_subtype (group, biometric, error) &&
         check_block (group, biometric, error);
}

/**
 * fast_biometric_group_open:
 * @group: which data group
 * @encoded: the elementary file
 * @error: return location for an error
 *
 * The first template must be of a format that @group lists, as must each further one of the same
 * owner; further ones of another owner are left out.
 *
 * Returns: (transfer full) (element-type FastBiometricTemplate): the templates, none in an empty
 *   group
 */
GPtrArray *
fast_biometric_group_open (const FastBiometricGroup *group, GBytes *encoded, GError **error)
{
  FastReader reader = fast_reader_from_bytes (encoded, group->name);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GPtrArray) templates = NULL;
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, group->tag, &tlv, error) || !fast_reader_end (&reader, error))
    return NULL;
  content = fast_tlv_dup_value (&tlv);
  templates = fast_biometric_group_parse (content, error);
  for (guint i = 0; templates != NULL && i < templates->len;) {
    const FastBiometricTemplate *biometric = templates->pdata[i];

    if (i > 0 && biometric->owner != FAST_BIOMETRIC_OWNER_JTC1_SC37) {
      g_ptr_array_remove_index (templates, i);
      continue;
    }
    if (!check_template (group, biometric, error))
      return NULL;
    i++;
  }
  return g_steal_pointer (&templates);
}

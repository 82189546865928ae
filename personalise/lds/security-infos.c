/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-infos.h"

#include "record/base/error.h"
#include "record/base/tlv.h"

#define TAG_SET 0x31

/* More infos than any chip has; a set of thousands of empty ones only costs time. */
#define INFO_LIMIT 64

static const char *const FILE_NAMES[] = {"EF.CardAccess", "EF.DG14"};

static void
info_free (gpointer info)
{
  fast_security_info_free (info);
}

static void
error_free (gpointer error)
{
  g_error_free (error);
}

/**
 * fast_security_infos_new:
 *
 * Returns: (transfer full) (element-type FastSecurityInfo): an empty set
 */
GPtrArray *
fast_security_infos_new (void)
{
  return g_ptr_array_new_with_free_func (info_free);
}

/**
 * fast_security_infos_read:
 * @reader: moves past the set
 * @error: return location for an error
 *
 * In any order, with unknown infos and with defective ones: see fast_security_infos_check().
 *
 * Returns: (transfer full) (element-type FastSecurityInfo): the set; %NULL when it is no SET of
 *   SEQUENCEs that begin with an object identifier
 */
GPtrArray *
fast_security_infos_read (FastReader *reader, GError **error)
{
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();
  FastReader inner;
  FastTlv tlv;

  if (!fast_tlv_expect (reader, TAG_SET, &tlv, error))
    return NULL;
  inner = fast_tlv_open (&tlv, reader->what);
  while (fast_reader_left (&inner) > 0) {
    FastSecurityInfo *info = fast_security_info_read (&inner, error);

    if (info == NULL)
      return NULL;
    g_ptr_array_add (infos, info);
    if (infos->len > INFO_LIMIT)
      return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID,
                             "security-infos-many", "file=%s, limit=%d", reader->what, INFO_LIMIT);
  }
  return g_steal_pointer (&infos);
}

static int
compare_encoded (gconstpointer left, gconstpointer right)
{
  const FastSecurityInfo *a = *(const FastSecurityInfo *const *)left;
  const FastSecurityInfo *b = *(const FastSecurityInfo *const *)right;

  return g_bytes_compare (a->encoded, b->encoded);
}

/**
 * fast_security_infos_encode:
 * @infos: (element-type FastSecurityInfo): a set
 *
 * Returns: (transfer full): it in DER, its elements in the order of their bytes (X.690, 11.6)
 */
GBytes *
fast_security_infos_encode (GPtrArray *infos)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (infos, NULL, NULL);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_encoded);
  for (guint i = 0; i < sorted->len; i++)
    fast_append_bytes (content, ((const FastSecurityInfo *)sorted->pdata[i])->encoded);
  fast_tlv_append_array (out, TAG_SET, content);
  return g_byte_array_free_to_bytes (out);
}

/**
 * fast_security_infos_find:
 * @infos: (element-type FastSecurityInfo): a set
 * @kind: what about
 *
 * Returns: (transfer none) (nullable): the first sound info of that kind
 */
const FastSecurityInfo *
fast_security_infos_find (GPtrArray *infos, FastSecurityKind kind)
{
  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];

    if (info->kind == kind && info->defect == NULL)
      return info;
  }
  return NULL;
}

/**
 * fast_security_infos_find_key:
 * @infos: (element-type FastSecurityInfo): a set
 * @key_id: which key a ChipAuthenticationInfo names, or %FAST_SECURITY_NONE
 *
 * Returns: (transfer none) (nullable): the key: the one with that number, or without a number the
 *   first
 */
const FastSecurityInfo *
fast_security_infos_find_key (GPtrArray *infos, gint64 key_id)
{
  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];

    if (info->kind == FAST_SECURITY_CHIP_KEY && info->defect == NULL &&
        (key_id == FAST_SECURITY_NONE || info->identifier == key_id))
      return info;
  }
  return NULL;
}

/* --- judging --- */

static guint
count_kind (GPtrArray *infos, FastSecurityKind kind)
{
  guint n = 0;

  for (guint i = 0; i < infos->len; i++)
    n += ((const FastSecurityInfo *)infos->pdata[i])->kind == kind;
  return n;
}

static void
add_missing (GPtrArray *defects, FastSecurityFile file, const char *what)
{
  GError *defect = NULL;

  fast_fail (&defect, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "security-infos-missing",
             "file=%s, what=%s", FILE_NAMES[file], what);
  g_ptr_array_add (defects, defect);
}

static void
check_each (GPtrArray *infos, GPtrArray *defects)
{
  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];

    if (info->defect != NULL)
      g_ptr_array_add (defects, g_error_copy (info->defect));
  }
}

static gboolean
has_domain (GPtrArray *infos, gint64 identifier)
{
  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];

    if (info->kind == FAST_SECURITY_PACE_DOMAIN && info->identifier == identifier)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_mapping (GPtrArray *infos, FastSecurityMapping mapping)
{
  for (guint i = 0; i < infos->len; i++)
    if (fast_security_info_is_mapping (infos->pdata[i], mapping))
      return TRUE;
  return FALSE;
}

/* Who does not know chip authentication mapping must find another. */
static void
check_mappings (GPtrArray *infos, FastSecurityFile file, GPtrArray *defects)
{
  if (has_mapping (infos, FAST_SECURITY_ECDH_CAM) && !has_mapping (infos, FAST_SECURITY_DH_GM) &&
      !has_mapping (infos, FAST_SECURITY_ECDH_GM) && !has_mapping (infos, FAST_SECURITY_DH_IM) &&
      !has_mapping (infos, FAST_SECURITY_ECDH_IM))
    add_missing (defects, file, "GM, IM");
}

/* Parameters that no standard numbers must be told. */
static void
check_domains (GPtrArray *infos, FastSecurityFile file, GPtrArray *defects)
{
  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];
    const gboolean own = info->identifier == FAST_SECURITY_NONE || info->identifier > 31;

    if (info->kind == FAST_SECURITY_PACE && info->defect == NULL && own &&
        !has_domain (infos, info->identifier))
      add_missing (defects, file, "PACEDomainParameterInfo");
  }
}

/* ICAO 9303-11, 9.2.6: a key is found by its number; only a single one needs none. */
static void
check_chip_keys (GPtrArray *infos, FastSecurityFile file, GPtrArray *defects)
{
  const gboolean several = count_kind (infos, FAST_SECURITY_CHIP_KEY) > 1;

  for (guint i = 0; i < infos->len; i++) {
    const FastSecurityInfo *info = infos->pdata[i];

    if (info->kind == FAST_SECURITY_CHIP_KEY && info->defect == NULL &&
        !fast_security_info_is_explicit (info))
      add_missing (defects, file, "ECParameters");
    if (info->kind == FAST_SECURITY_CHIP_KEY && several && info->identifier == FAST_SECURITY_NONE)
      add_missing (defects, file, "keyId");
    if (info->kind == FAST_SECURITY_CHIP_AUTHENTICATION && info->defect == NULL &&
        fast_security_infos_find_key (infos, info->identifier) == NULL)
      add_missing (defects, file, "ChipAuthenticationPublicKeyInfo");
  }
}

/* Terminal authentication runs inside what chip authentication has opened; a set that offers it
 * says so in the one form that 9303-11, 9.2.7 has. */
static void
check_terminal (GPtrArray *infos, FastSecurityFile file, GPtrArray *defects)
{
  if (count_kind (infos, FAST_SECURITY_TERMINAL_AUTHENTICATION) > 0 &&
      count_kind (infos, FAST_SECURITY_CHIP_KEY) == 0)
    add_missing (defects, file, "ChipAuthenticationPublicKeyInfo");
}

/**
 * fast_security_infos_check:
 * @infos: (element-type FastSecurityInfo): a set
 * @file: where it stands
 *
 * Strict: each defect by name, those of single infos and those of the set. Unknown infos are no
 * defect.
 *
 * Returns: (transfer full) (element-type GError): the defects; empty when it is sound
 */
GPtrArray *
fast_security_infos_check (GPtrArray *infos, FastSecurityFile file)
{
  GPtrArray *defects = g_ptr_array_new_with_free_func (error_free);

  check_each (infos, defects);
  if (file == FAST_SECURITY_FILE_CARD_ACCESS && count_kind (infos, FAST_SECURITY_PACE) == 0)
    add_missing (defects, file, "PACEInfo");
  check_mappings (infos, file, defects);
  check_domains (infos, file, defects);
  if (file == FAST_SECURITY_FILE_DG14) {
    check_chip_keys (infos, file, defects);
    check_terminal (infos, file, defects);
  }
  return defects;
}

static gboolean
has_same (GPtrArray *infos, const FastSecurityInfo *wanted)
{
  for (guint i = 0; i < infos->len; i++)
    if (g_bytes_equal (((const FastSecurityInfo *)infos->pdata[i])->encoded, wanted->encoded))
      return TRUE;
  return FALSE;
}

static gboolean
differ (const FastSecurityInfo *info, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "security-infos-differ",
                    "oid=%s", info->oid);
}

/**
 * fast_security_infos_agree:
 * @card_access: (element-type FastSecurityInfo): what EF.CardAccess says
 * @dg14: (element-type FastSecurityInfo): what EF.DG14 says, authenticated
 * @error: return location for an error
 *
 * P3:LDS_E_5. All of EF.CardAccess stands in EF.DG14, and no PACE that EF.DG14 names is missing
 * from EF.CardAccess.
 *
 * Returns: whether they agree; else FAST_INPUT_ERROR_INVALID names the first that does not
 */
gboolean
fast_security_infos_agree (GPtrArray *card_access, GPtrArray *dg14, GError **error)
{
  for (guint i = 0; i < card_access->len; i++)
    if (!has_same (dg14, card_access->pdata[i]))
      return differ (card_access->pdata[i], error);
  for (guint i = 0; i < dg14->len; i++) {
    const FastSecurityInfo *info = dg14->pdata[i];
    const gboolean pace =
        info->kind == FAST_SECURITY_PACE || info->kind == FAST_SECURITY_PACE_DOMAIN;

    if (pace && !has_same (card_access, info))
      return differ (info, error);
  }
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/passive-authentication.h"

#include "personalise/lds/common-data.h"

static FastSecurityObject *
parse_object (FastLds *lds, GPtrArray *verdicts)
{
  GError *error = NULL;
  GBytes *encoded = fast_lds_require (lds, fast_file_sod (), &error);
  FastSecurityObject *object = NULL;

  if (encoded != NULL)
    object = fast_security_object_parse (encoded, &error);
  fast_verdicts_add (verdicts, FAST_CHECK_SOD, NULL, error);
  return object;
}

static gboolean
parse_common (FastLds *lds, FastCommonData *common, GPtrArray *verdicts)
{
  GError *error = NULL;
  GBytes *encoded = fast_lds_require (lds, fast_file_com (), &error);
  gboolean good = encoded != NULL && fast_common_data_parse (encoded, common, &error);

  fast_verdicts_add (verdicts, FAST_CHECK_COM, NULL, error);
  return good;
}

static void
check_signature (FastSecurityObject *object, GPtrArray *verdicts)
{
  GError *error = NULL;

  fast_security_object_verify_signature (object, &error);
  fast_verdicts_add (verdicts, FAST_CHECK_SIGNATURE, NULL, error);
}

static void
check_chain (FastSecurityObject *object, FastTrust *trust, gint64 at, GPtrArray *verdicts)
{
  GError *error = NULL;

  if (trust == NULL) {
    fast_fail (&error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "passive-no-csca", NULL);
    fast_verdicts_add_not_offered (verdicts, FAST_CHECK_CHAIN, error);
    return;
  }
  fast_trust_verify (trust, fast_security_object_get_signer (object), FAST_PURPOSE_DOCUMENT, at,
                     &error);
  fast_verdicts_add (verdicts, FAST_CHECK_CHAIN, NULL, error);
}

/* Every group that is on the chip or in the list: one missing on either side is named. */
static void
check_hashes (FastLds *lds, FastSecurityObject *object, GPtrArray *verdicts)
{
  for (guint group = 1; group <= 16; group++) {
    const FastFile *file = fast_file_group (group);
    GBytes *content = fast_lds_get (lds, file);
    GError *error = NULL;

    if (content == NULL && fast_security_object_get_hash (object, group) == NULL)
      continue;
    if (content == NULL)
      fast_fail (&error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "lds-file-missing", "file=%s",
                 file->name);
    else
      fast_security_object_verify_group (object, group, content, &error);
    fast_verdicts_add (verdicts, FAST_CHECK_HASH, file->name, error);
  }
}

static void
check_lists (const FastCommonData *common, FastSecurityObject *object, GPtrArray *verdicts)
{
  guint32 different = common->groups ^ fast_security_object_get_groups (object);
  GError *error = NULL;

  for (guint group = 1; group <= 16 && error == NULL; group++)
    if ((different & 1u << group) != 0)
      fast_fail (&error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "passive-lists", "file=EF.DG%u",
                 group);
  fast_verdicts_add (verdicts, FAST_CHECK_LISTS, NULL, error);
}

/**
 * fast_passive_authentication:
 * @lds: the files read from a chip, all of them
 * @trust: (nullable): CSCAs, with FAST_TRUST_ICAO; %NULL when none is at hand: then the chain is
 *   not offered and the rest is checked all the same
 * @at: the time at which the document signer must be valid, in seconds since 1970
 * @verdicts: (element-type FastVerdict): one line for each check is appended
 *
 * ICAO 9303-11, 5.1, and the agreement of EF.COM with EF.SOD. Every check is made that can be, also
 * after one failed. Blocking; any thread.
 */
void
fast_passive_authentication (FastLds *lds, FastTrust *trust, gint64 at, GPtrArray *verdicts)
{
  FastCommonData common;
  gboolean has_common = parse_common (lds, &common, verdicts);
  g_autoptr (FastSecurityObject) object = parse_object (lds, verdicts);

  if (object == NULL)
    return;
  check_signature (object, verdicts);
  check_chain (object, trust, at, verdicts);
  check_hashes (lds, object, verdicts);
  if (has_common)
    check_lists (&common, object, verdicts);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/passive-authentication.h"

#include <string.h>

#include "personalise/lds/card-access.h"
#include "personalise/lds/common-data.h"
#include "personalise/lds/document-signer.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/lds/security-group.h"
#include "record/base/number.h"
#include "record/base/tlv.h"

#define WEAK_DIGEST "SHA1"
#define TAG_DATE_OF_ISSUE 0x5F26

typedef struct {
  FastLds *lds;
  FastTrust *trust;
  gint64 at;
  GPtrArray *verdicts;
  FastSecurityObject *object;
  FastMrz *mrz;
  const FastCommonData *common;
  gboolean believed;
} Job;

static FastSecurityObject *
parse_object (Job *job)
{
  GError *error = NULL;
  GBytes *encoded = fast_lds_require (job->lds, fast_file_sod (), &error);
  FastSecurityObject *object = NULL;

  if (encoded != NULL)
    object = fast_security_object_parse (encoded, &error);
  if (object != NULL && job->trust != NULL)
    fast_security_object_look_up (object, fast_trust_get_signers (job->trust));
  fast_verdicts_add (job->verdicts, FAST_CHECK_SOD, NULL, error);
  return object;
}

static gboolean
parse_common (Job *job, FastCommonData *common)
{
  GError *error = NULL;
  GBytes *encoded = fast_lds_require (job->lds, fast_file_com (), &error);
  gboolean good = encoded != NULL && fast_common_data_parse (encoded, common, &error);

  fast_verdicts_add (job->verdicts, FAST_CHECK_COM, NULL, error);
  return good;
}

static FastMrz *
parse_mrz (Job *job)
{
  GBytes *encoded = fast_lds_get (job->lds, fast_file_group (1));

  return encoded == NULL ? NULL : fast_mrz_group_parse (encoded, NULL);
}

static void
check_signature (Job *job)
{
  GError *error = NULL;

  fast_security_object_verify_signature (job->object, &error);
  fast_verdicts_add (job->verdicts, FAST_CHECK_SIGNATURE, NULL, error);
}

static void
add_not_offered (Job *job, const char *check, const char *id)
{
  GError *error = NULL;

  fast_fail (&error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, id, NULL);
  fast_verdicts_add_not_offered (job->verdicts, check, error);
}

static void
check_chain (Job *job, X509 *signer)
{
  GError *error = NULL;

  if (job->trust == NULL) {
    add_not_offered (job, FAST_CHECK_CHAIN, "passive-no-csca");
    return;
  }
  job->believed = fast_trust_verify (job->trust, signer, FAST_PURPOSE_DOCUMENT, job->at, &error);
  fast_verdicts_add (job->verdicts, FAST_CHECK_CHAIN, NULL, error);
}

/* A revoked signer has failed its chain already. */
static void
check_revocation (Job *job, X509 *signer)
{
  const FastRevocation *revocation =
      job->trust == NULL ? NULL : fast_trust_get_revocation (job->trust);
  GError *error = NULL;

  if (!job->believed)
    return;
  switch (revocation == NULL ? FAST_REVOCATION_UNKNOWN
                             : fast_revocation_check (revocation, signer, job->at, &error)) {
  case FAST_REVOCATION_UNKNOWN:
    add_not_offered (job, FAST_CHECK_REVOCATION, "passive-no-revocation");
    break;
  case FAST_REVOCATION_STALE:
    fast_verdicts_add_weak (job->verdicts, FAST_CHECK_REVOCATION, NULL, error);
    break;
  case FAST_REVOCATION_GOOD:
  case FAST_REVOCATION_REVOKED:
    fast_verdicts_add (job->verdicts, FAST_CHECK_REVOCATION, NULL, error);
    break;
  }
}

static void
check_state (Job *job, X509 *signer)
{
  GError *error = NULL;

  if (job->mrz == NULL) {
    add_not_offered (job, FAST_CHECK_STATE, "passive-no-mrz");
    return;
  }
  fast_document_signer_check_state (signer, job->mrz->state, &error);
  fast_verdicts_add (job->verdicts, FAST_CHECK_STATE, NULL, error);
}

static void
check_type (Job *job, X509 *signer)
{
  GError *error = NULL;

  if (job->mrz == NULL || !fast_document_signer_names_types (signer)) {
    add_not_offered (job, FAST_CHECK_TYPE,
                     job->mrz == NULL ? "passive-no-mrz" : "passive-no-types");
    return;
  }
  fast_document_signer_check_type (signer, job->mrz->code, &error);
  fast_verdicts_add (job->verdicts, FAST_CHECK_TYPE, NULL, error);
}

/* CCYYMMDD, as eight digits or, on old documents, packed in four bytes. */
static gboolean
parse_date (const FastTlv *tlv, GDate *date)
{
  g_autofree char *text = tlv->size == 4 ? fast_hex_encode (tlv->value, tlv->size)
                                         : g_strndup ((const char *)tlv->value, tlv->size);
  guint64 number;

  if (strlen (text) != 8 || !fast_number_parse (text, 10, 10000101, 99991231, &number) ||
      !g_date_valid_dmy ((GDateDay)(number % 100), (GDateMonth)(number / 100 % 100),
                         (GDateYear)(number / 10000)))
    return FALSE;
  g_date_set_dmy (date, (GDateDay)(number % 100), (GDateMonth)(number / 100 % 100),
                  (GDateYear)(number / 10000));
  return TRUE;
}

/* EF.DG12 (9303-10, 4.7.12), which is optional. */
static gboolean
find_date_of_issue (Job *job, GDate *date)
{
  GBytes *content = fast_lds_get (job->lds, fast_file_group (12));
  FastReader reader;
  FastTlv tlv;

  if (content == NULL)
    return FALSE;
  reader = fast_reader_from_bytes (content, "EF.DG12");
  return fast_tlv_expect (&reader, fast_file_group (12)->tag, &tlv, NULL) &&
         fast_tlv_find (fast_tlv_open (&tlv, "EF.DG12"), TAG_DATE_OF_ISSUE, &tlv, NULL) &&
         parse_date (&tlv, date);
}

static void
check_period (Job *job, X509 *signer)
{
  GError *error = NULL;
  GDate date;

  g_date_clear (&date, 1);
  if (!fast_document_signer_has_period (signer)) {
    add_not_offered (job, FAST_CHECK_PERIOD, "signer-no-period");
  } else if (!find_date_of_issue (job, &date)) {
    add_not_offered (job, FAST_CHECK_PERIOD, "passive-no-date");
  } else {
    fast_document_signer_check_period (signer, &date, &error);
    fast_verdicts_add (job->verdicts, FAST_CHECK_PERIOD, NULL, error);
  }
}

static void
check_signer (Job *job, X509 *signer)
{
  check_chain (job, signer);
  check_revocation (job, signer);
  fast_document_signer_judge (signer, job->believed, FAST_CHECK_SIGNER, job->verdicts);
  check_state (job, signer);
  check_type (job, signer);
  check_period (job, signer);
}

/* SHA-1 is accepted on documents that declare it (9303-12, 4.4 no longer lets anyone issue so). */
static void
check_digest (Job *job)
{
  const FastSignedDocument *document = fast_security_object_get_document (job->object);
  GError *error = NULL;

  if (g_str_equal (fast_security_object_get_digest (job->object), WEAK_DIGEST) ||
      g_str_equal (document->digest, WEAK_DIGEST) ||
      g_str_equal (document->scheme.digest, WEAK_DIGEST)) {
    fast_fail (&error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "passive-weak-digest", "digest=%s",
               WEAK_DIGEST);
    fast_verdicts_add_weak (job->verdicts, FAST_CHECK_DIGEST, NULL, error);
  } else {
    fast_verdicts_add (job->verdicts, FAST_CHECK_DIGEST, NULL, NULL);
  }
}

/* Listed, but not read. Of DG3 and DG4 that is what a chip does to whom it does not know. */
static void
add_unread (Job *job, const FastFile *file)
{
  GError *error = NULL;

  fast_fail (&error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "lds-file-missing", "file=%s",
             file->name);
  if ((FAST_GUARDED_GROUPS & 1u << file->group) != 0)
    g_ptr_array_add (job->verdicts, fast_verdict_new (FAST_CHECK_HASH, file->name,
                                                      FAST_VERDICT_NOT_OFFERED, error));
  else
    fast_verdicts_add (job->verdicts, FAST_CHECK_HASH, file->name, error);
}

/* A file that neither list knows is no part of the document; one that only EF.COM lists is. */
static void
check_group (Job *job, const FastFile *file)
{
  GBytes *content = fast_lds_get (job->lds, file);
  const gboolean hashed = fast_security_object_get_hash (job->object, file->group) != NULL;
  const gboolean listed = job->common == NULL || (job->common->groups & 1u << file->group) != 0;
  GError *error = NULL;

  if (content == NULL && !hashed)
    return;
  if (content == NULL) {
    add_unread (job, file);
  } else if (!hashed && !listed) {
    fast_verdicts_add_not_covered (job->verdicts, FAST_CHECK_HASH, file->name);
  } else {
    fast_security_object_verify_group (job->object, file->group, content, &error);
    fast_verdicts_add (job->verdicts, FAST_CHECK_HASH, file->name, error);
  }
}

/* Every group that is on the chip or in the list: one missing on either side is named. */
static void
check_hashes (Job *job)
{
  for (guint group = 1; group <= 16; group++)
    check_group (job, fast_file_group (group));
  if (fast_lds_get (job->lds, fast_file_com ()) != NULL)
    fast_verdicts_add_not_covered (job->verdicts, FAST_CHECK_HASH, fast_file_com ()->name);
}

static void
check_lists (Job *job)
{
  const FastHashList *list = fast_security_object_get_list (job->object);
  guint32 different = job->common->groups ^ list->groups;
  GError *error = NULL;

  for (guint group = 1; group <= 16 && error == NULL; group++)
    if ((different & 1u << group) != 0)
      fast_fail (&error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "passive-lists", "file=EF.DG%u",
                 group);
  if (error == NULL && list->lds_version[0] != '\0' &&
      (strcmp (list->lds_version, job->common->lds_version) != 0 ||
       strcmp (list->unicode_version, job->common->unicode_version) != 0))
    fast_fail (&error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "passive-versions", NULL);
  fast_verdicts_add (job->verdicts, FAST_CHECK_LISTS, NULL, error);
}

/* A chip whose EF.DG14 speaks of PACE has an EF.CardAccess. If it was not there for the reader,
 * somebody between the two kept it back, so that they would open the chip by the weaker way. */
static void
check_hidden_access (Job *job)
{
  GBytes *group = fast_lds_get (job->lds, fast_file_group (14));
  g_autoptr (GPtrArray) infos = group == NULL ? NULL : fast_security_group_parse (group, NULL);
  GError *error = NULL;

  if (infos == NULL || fast_security_infos_find (infos, FAST_SECURITY_PACE) == NULL) {
    add_not_offered (job, FAST_CHECK_CARD_ACCESS, "passive-no-card-access");
    return;
  }
  fast_fail (&error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "passive-hidden-card-access", NULL);
  fast_verdicts_add (job->verdicts, FAST_CHECK_CARD_ACCESS, NULL, error);
}

/* 9303-11, 9.2.11: nobody signs EF.CardAccess, so EF.DG14 must say the same. */
static void
check_card_access (Job *job)
{
  GBytes *access = fast_lds_get (job->lds, fast_file_card_access ());
  GBytes *group = NULL;
  GError *error = NULL;
  g_autoptr (GPtrArray) open = NULL;
  g_autoptr (GPtrArray) covered = NULL;

  if (access == NULL) {
    check_hidden_access (job);
    return;
  }
  group = fast_lds_require (job->lds, fast_file_group (14), &error);
  open = group == NULL ? NULL : fast_card_access_parse (access, &error);
  covered = open == NULL ? NULL : fast_security_group_parse (group, &error);
  if (covered != NULL)
    fast_security_infos_agree (open, covered, &error);
  fast_verdicts_add (job->verdicts, FAST_CHECK_CARD_ACCESS, NULL, error);
}

/**
 * fast_passive_authentication:
 * @lds: the files read from a chip, all of them
 * @trust: (nullable): CSCAs, with FAST_TRUST_ICAO; %NULL when none is at hand: then the chain is
 *   not offered and the rest is checked all the same
 * @at: the time at which the document signer must be valid, in seconds since 1970
 * @verdicts: (element-type FastVerdict): one line for each check is appended
 *
 * ICAO 9303-11, 5.1, the document signer by 9303-12, 7.1, and the agreement of EF.COM with EF.SOD.
 * Every check is made that can be, also after one failed. Blocking; any thread.
 */
void
fast_passive_authentication (FastLds *lds, FastTrust *trust, gint64 at, GPtrArray *verdicts)
{
  Job job = {.lds = lds, .trust = trust, .at = at, .verdicts = verdicts};
  FastCommonData common;
  g_autoptr (FastSecurityObject) object = NULL;
  g_autoptr (FastMrz) mrz = parse_mrz (&job);

  job.common = parse_common (&job, &common) ? &common : NULL;
  job.object = object = parse_object (&job);
  job.mrz = mrz;
  if (object == NULL)
    return;
  check_signature (&job);
  if (fast_security_object_get_signer (object) != NULL)
    check_signer (&job, fast_security_object_get_signer (object));
  check_digest (&job);
  check_hashes (&job);
  if (job.common != NULL)
    check_lists (&job);
  check_card_access (&job);
}

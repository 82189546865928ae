/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/content.h"

#include <string.h>

#include "personalise/lds/chip-profile.h"
#include "personalise/lds/face-group.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/print/seal.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/key-kind.h"
#include "record/keys/key.h"
#include "record/keys/signer.h"

#define SEAL "seal"
#define DOCUMENT_CODE "ID"

/* A key of the issuing State with its certificate, as [card] names them. */
typedef struct {
  EVP_PKEY *key;
  X509 *certificate;
} Signer;

static void
signer_clear (Signer *signer)
{
  g_clear_pointer (&signer->key, EVP_PKEY_free);
  g_clear_pointer (&signer->certificate, X509_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signer, signer_clear)

/* A rule, not a failure: the key is there, and may not sign today. */
static gboolean
check_period (const Signer *signer, const char *name, GError **error)
{
  const FastKeyKind *kind = fast_key_kind_find (name, error);
  GError *cause = NULL;

  if (kind == NULL)
    return FALSE;
  return fast_signer_check (signer->certificate, fast_key_kind_profile (kind), fast_clock_now (),
                            &cause) ||
         fast_fail_from (error, cause, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED,
                         "production-signer", "name=%s", name);
}

/* @name is `ds` or `seal`, a key of [card] and a kind of key. */
static gboolean
load_signer (Signer *signer, FastUnit *unit, const char *name, GError **error)
{
  FastConfig *config = fast_unit_config (unit);
  g_autofree char *certificate_name = g_strconcat (name, "-certificate", NULL);
  g_autofree char *key = fast_config_path (config, "card", name, error);
  g_autofree char *certificate =
      key == NULL ? NULL : fast_config_path (config, "card", certificate_name, error);

  if (certificate == NULL)
    return FALSE;
  signer->key = fast_key_load (key, error);
  signer->certificate = signer->key == NULL ? NULL : fast_certificate_load (certificate, error);
  return signer->certificate != NULL &&
         fast_certificate_check_key (signer->certificate, signer->key, error) &&
         check_period (signer, name, error);
}

/**
 * fast_content_free:
 * @content: (transfer full): content
 */
void
fast_content_free (FastContent *content)
{
  g_clear_pointer (&content->lds, fast_lds_unref);
  g_clear_pointer (&content->seal, g_bytes_unref);
  g_free (content);
}

/* ICAO 9303-5: document number is the blank's serial, optional data the membership number. */
static FastMrz *
make_mrz (FastUnit *unit, const FastSubject *subject, const FastMember *member,
          const FastStockEntry *blank, GError **error)
{
  const FastApplicant *applicant = subject->application->applicant;
  const FastPersonName *name = fast_applicant_legal_name (applicant);
  g_autoptr (GDate) birth = fast_date_parse (applicant->birth->date, error);
  g_autoptr (GDate) expiry = birth == NULL ? NULL : fast_date_parse (member->expiry, error);

  if (expiry == NULL)
    return NULL;
  return fast_mrz_new_td1 (&(FastMrzFields){.code = DOCUMENT_CODE,
                                            .state = fast_nation_state (fast_unit_nation (unit)),
                                            .number = blank->serial,
                                            .optional = member->number,
                                            .birth = birth,
                                            .sex = applicant->sex[0],
                                            .expiry = expiry,
                                            .nationality = applicant->citizenships[0],
                                            .surname = name->surname,
                                            .given = name->given},
                           error);
}

/* What a card says of itself in EF.DG12. */
typedef struct {
  char *authority;
  char *issued;
  char *personalised;
} Issue;

static void
issue_clear (Issue *issue)
{
  g_free (issue->authority);
  g_free (issue->issued);
  g_free (issue->personalised);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Issue, issue_clear)

/* In both languages where the issuing State has both. */
static char *
name_authority (FastUnit *unit)
{
  const FastNation nation = fast_unit_nation (unit);
  g_autofree char *id = g_strconcat ("card-authority-", fast_nation_state (nation), NULL);
  const char *english = fast_message_lookup (id, "en");
  const char *french = fast_message_lookup (id, "fr");

  return nation == FAST_NATION_CA ? g_strconcat (english, " / ", french, NULL) : g_strdup (english);
}

static void
issue_now (Issue *issue, FastUnit *unit)
{
  g_autoptr (GDate) today = fast_clock_today ();
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (fast_clock_now ());

  issue->authority = name_authority (unit);
  issue->issued = fast_date_format (today);
  issue->personalised = g_date_time_format (now, "%Y%m%d%H%M%S");
}

/* The person's pictures, as captured. */
typedef struct {
  GBytes *portrait;
  char *portrait_name;
  GBytes *signature;
  char *signature_name;
} Pictures;

static void
pictures_clear (Pictures *pictures)
{
  g_clear_pointer (&pictures->portrait, g_bytes_unref);
  g_clear_pointer (&pictures->signature, g_bytes_unref);
  g_free (pictures->portrait_name);
  g_free (pictures->signature_name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pictures, pictures_clear)

static gboolean
load_pictures (Pictures *pictures, FastUnit *unit, const FastSubject *subject, GError **error)
{
  pictures->portrait = fast_subject_sample (unit, subject, "face", &pictures->portrait_name, error);
  if (pictures->portrait == NULL)
    return FALSE;
  if (fast_profile_chip_find (subject->profile->chip, 7) == NULL)
    return TRUE;
  pictures->signature =
      fast_subject_sample (unit, subject, "signature", &pictures->signature_name, error);
  return pictures->signature != NULL;
}

static FastLds *
make_files (FastUnit *unit, const FastSubject *subject, const FastMember *member,
            const FastStockEntry *blank, const FastMrz *mrz, GError **error)
{
  g_auto (Signer) signer = {NULL, NULL};
  g_auto (GStrv) endorsements = fast_subject_dup_endorsements (subject);
  g_auto (Pictures) pictures = {NULL, NULL, NULL, NULL};
  g_auto (Issue) issue = {NULL, NULL, NULL};

  if (!load_pictures (&pictures, unit, subject, error) || !load_signer (&signer, unit, "ds", error))
    return NULL;
  issue_now (&issue, unit);
  return fast_lds_build (&(FastLdsInput){.profile = subject->profile,
                                         .mrz = mrz,
                                         .applicant = subject->application->applicant,
                                         .portrait = pictures.portrait,
                                         .portrait_name = pictures.portrait_name,
                                         .face_source = FAST_FACE_SOURCE_UNSPECIFIED,
                                         .signature = pictures.signature,
                                         .signature_name = pictures.signature_name,
                                         .authority = issue.authority,
                                         .issued = issue.issued,
                                         .personalised = issue.personalised,
                                         .system = fast_unit_id (unit),
                                         .membership = member->number,
                                         .endorsements = (const char *const *)endorsements,
                                         .rfid = blank->rfid},
                         signer.certificate, signer.key, error);
}

static GBytes *
make_seal (FastUnit *unit, const FastStockEntry *blank, const FastMrz *mrz, FastLds *lds,
           GError **error)
{
  g_auto (Signer) signer = {NULL, NULL};
  g_autoptr (GDate) today = fast_clock_today ();
  GBytes *group = fast_lds_require (lds, fast_file_group (2), error);
  g_autoptr (FastFaceRecord) face = group == NULL ? NULL : fast_face_group_parse (group, error);

  if (face == NULL || !load_signer (&signer, unit, "seal", error))
    return NULL;
  return fast_seal_make (&(FastSealContent){.state = fast_nation_state (fast_unit_nation (unit)),
                                            .mrz = mrz->text,
                                            .serial = blank->serial,
                                            .rfid = blank->rfid,
                                            .face = face->image,
                                            .issued = today,
                                            .signed_on = today},
                         signer.certificate, signer.key, error);
}

/**
 * fast_content_make:
 * @unit: the unit, with somebody signed in
 * @subject: an opened enrolment
 * @member: its membership
 * @blank: the blank that it goes on
 * @error: return location for an error
 *
 * Signs what goes on chip and face. Takes document signer and seal signer of the issuing State.
 *
 * Returns: (transfer full): the content
 */
FastContent *
fast_content_make (FastUnit *unit, const FastSubject *subject, const FastMember *member,
                   const FastStockEntry *blank, GError **error)
{
  g_autoptr (FastContent) content = g_new0 (FastContent, 1);
  g_autoptr (FastMrz) mrz = make_mrz (unit, subject, member, blank, error);

  if (mrz == NULL)
    return NULL;
  content->lds = make_files (unit, subject, member, blank, mrz, error);
  if (content->lds == NULL)
    return NULL;
  content->seal = make_seal (unit, blank, mrz, content->lds, error);
  return content->seal == NULL ? NULL : g_steal_pointer (&content);
}

static FastClass
class_of (const FastFile *file)
{
  return file->group >= 2 && file->group <= 4 ? FAST_CLASS_BIOMETRIC : FAST_CLASS_PERSONAL;
}

static gboolean
keep_bytes (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
            const char *name, FastClass class, GBytes *bytes, GError **error)
{
  return fast_enrolment_put (transaction, fast_unit_vault (unit), enrolment, name, class,
                             g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

/**
 * fast_content_keep:
 * @transaction: an open transaction
 * @unit: the unit, with somebody signed in
 * @enrolment: an enrolment
 * @content: its content
 * @error: return location for an error
 *
 * Keeps it, sealed, until hand-over.
 *
 * Returns: whether it was kept
 */
gboolean
fast_content_keep (FastTransaction *transaction, FastUnit *unit, const FastEnrolment *enrolment,
                   const FastContent *content, GError **error)
{
  gsize count;
  const FastFile *files = fast_files (&count);

  for (gsize i = 0; i < count; i++) {
    GBytes *bytes = fast_lds_get (content->lds, &files[i]);
    if (bytes != NULL && !keep_bytes (transaction, unit, enrolment, files[i].name,
                                      class_of (&files[i]), bytes, error))
      return FALSE;
  }
  return keep_bytes (transaction, unit, enrolment, SEAL, FAST_CLASS_PERSONAL, content->seal, error);
}

/* A value that is kept; %NULL without an error when it is not. */
static GBytes *
load_bytes (FastUnit *unit, const FastEnrolment *enrolment, const char *name, GError **error)
{
  GError *absent = NULL;
  g_autoptr (FastSecret) value =
      fast_enrolment_get (fast_unit_vault (unit), enrolment, name, &absent);

  if (value != NULL)
    return g_bytes_new (fast_secret_data (value), fast_secret_size (value));
  if (g_error_matches (absent, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT))
    g_clear_error (&absent);
  else
    g_propagate_error (error, absent);
  return NULL;
}

static gboolean
load_files (FastContent *content, FastUnit *unit, const FastEnrolment *enrolment, GError **error)
{
  gsize count;
  const FastFile *files = fast_files (&count);

  content->lds = fast_lds_new ();
  for (gsize i = 0; i < count; i++) {
    GError *failure = NULL;
    g_autoptr (GBytes) bytes = load_bytes (unit, enrolment, files[i].name, &failure);

    if (failure != NULL) {
      g_propagate_error (error, failure);
      return FALSE;
    }
    if (bytes != NULL && !fast_lds_set (content->lds, &files[i], bytes, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * fast_content_load:
 * @unit: the unit, with somebody signed in
 * @enrolment: an enrolment whose card is begun
 * @error: return location for an error
 *
 * Returns: (transfer full): what was kept; FAST_STORE_ERROR_ABSENT before a blank was taken and
 *   after hand-over
 */
FastContent *
fast_content_load (FastUnit *unit, const FastEnrolment *enrolment, GError **error)
{
  g_autoptr (FastContent) content = g_new0 (FastContent, 1);
  g_autoptr (FastSecret) seal = fast_enrolment_get (fast_unit_vault (unit), enrolment, SEAL, error);

  if (seal == NULL || !load_files (content, unit, enrolment, error))
    return NULL;
  content->seal = g_bytes_new (fast_secret_data (seal), fast_secret_size (seal));
  return g_steal_pointer (&content);
}

static FastCardFace *
lay_out (FastUnit *unit, const FastSubject *subject, const FastMember *member,
         const FastStockEntry *blank, const FastContent *content, const FastMrz *mrz,
         GError **error)
{
  const FastApplicant *applicant = subject->application->applicant;
  const FastPersonName *name = fast_applicant_legal_name (applicant);
  g_auto (GStrv) endorsements = fast_subject_dup_endorsements (subject);
  g_auto (GStrv) lines = fast_mrz_dup_lines (mrz);
  g_autoptr (GBytes) photo = fast_subject_sample (unit, subject, "face", NULL, error);
  g_autoptr (GBytes) signature =
      photo == NULL ? NULL : fast_subject_sample (unit, subject, "signature", NULL, error);

  if (signature == NULL)
    return NULL;
  return fast_card_face_new (&(FastCardInput){.programme = subject->profile->code,
                                              .state = fast_nation_state (fast_unit_nation (unit)),
                                              .surname = name->surname,
                                              .given = name->given,
                                              .birth = applicant->birth->date,
                                              .nationality = applicant->citizenships[0],
                                              .sex = applicant->sex,
                                              .membership = member->number,
                                              .serial = blank->serial,
                                              .expiry = member->expiry,
                                              .rfid = blank->rfid,
                                              .mrz = {lines[0], lines[1], lines[2]},
                                              .endorsements = (const char *const *)endorsements,
                                              .photo = photo,
                                              .signature = signature,
                                              .seal = content->seal,
                                              .specimen = fast_unit_is_training (unit)},
                             error);
}

/**
 * fast_content_face:
 * @unit: the unit, with somebody signed in
 * @subject: an opened enrolment
 * @member: its membership
 * @blank: its blank
 * @content: what is kept of its card
 * @error: return location for an error
 *
 * Returns: (transfer full): both sides of the card, laid out; marked SPECIMEN in training
 */
FastCardFace *
fast_content_face (FastUnit *unit, const FastSubject *subject, const FastMember *member,
                   const FastStockEntry *blank, const FastContent *content, GError **error)
{
  GBytes *group = fast_lds_require (content->lds, fast_file_group (1), error);
  g_autoptr (FastMrz) mrz = group == NULL ? NULL : fast_mrz_group_parse (group, error);

  return mrz == NULL ? NULL : lay_out (unit, subject, member, blank, content, mrz, error);
}

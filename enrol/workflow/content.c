/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/content.h"

#include <string.h>

#include "enrol/workflow/card-files.h"
#include "enrol/workflow/card-secrets.h"
#include "enrol/workflow/card-signer.h"
#include "personalise/lds/face-group.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/print/seal.h"
#include "record/base/clock.h"
#include "record/base/error.h"

#define SEAL "seal"
#define DOCUMENT_CODE "ID"

/**
 * fast_content_free:
 * @content: (transfer full): content
 */
void
fast_content_free (FastContent *content)
{
  g_clear_pointer (&content->lds, fast_lds_unref);
  g_clear_pointer (&content->secrets, fast_chip_secrets_free);
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

static GBytes *
make_seal (FastUnit *unit, const FastStockEntry *blank, const FastMrz *mrz, FastLds *lds,
           GError **error)
{
  g_auto (FastCardSigner) signer = {NULL, NULL};
  g_autoptr (GDate) today = fast_clock_today ();
  GBytes *group = fast_lds_require (lds, fast_file_group (2), error);
  g_autoptr (FastFaceRecord) face = group == NULL ? NULL : fast_face_group_parse (group, error);

  if (face == NULL || !fast_card_signer_load (&signer, unit, "seal", error))
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
 * @applet: the driver of its chip's software
 * @error: return location for an error
 *
 * Signs what goes on chip and face, and draws the chip's keys. Takes document signer, seal signer
 * and CVCA of the issuing State.
 *
 * Returns: (transfer full): the content
 */
FastContent *
fast_content_make (FastUnit *unit, const FastSubject *subject, const FastMember *member,
                   const FastStockEntry *blank, const FastApplet *applet, GError **error)
{
  g_autoptr (FastContent) content = g_new0 (FastContent, 1);
  g_autoptr (FastMrz) mrz = make_mrz (unit, subject, member, blank, error);
  FastCardFiles files = {
      .unit = unit, .subject = subject, .member = member, .blank = blank, .applet = applet};

  if (mrz == NULL)
    return NULL;
  content->secrets = fast_card_secrets_make (unit, subject->profile->chip, error);
  if (content->secrets == NULL)
    return NULL;
  files.mrz = mrz;
  files.secrets = content->secrets;
  content->lds = fast_card_files_make (&files, error);
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
 * Keeps it, sealed, until hand-over; the chip's keys until the card is made.
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
  return keep_bytes (transaction, unit, enrolment, SEAL, FAST_CLASS_PERSONAL, content->seal,
                     error) &&
         fast_card_secrets_keep (transaction, unit, enrolment, content->secrets, error);
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
  content->secrets = fast_card_secrets_load (unit, enrolment, error);
  return content->secrets == NULL ? NULL : g_steal_pointer (&content);
}

/* The card access number as text; %NULL where the chip has none. */
static char *
dup_can (const FastContent *content)
{
  FastSecret *can = content->secrets->can;

  return can == NULL ? NULL
                     : g_strndup ((const char *)fast_secret_data (can), fast_secret_size (can));
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
  g_autofree char *can = dup_can (content);
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
                                              .can = can,
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

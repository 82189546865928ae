/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/card-files.h"

#include "enrol/workflow/card-fingers.h"
#include "enrol/workflow/card-signer.h"
#include "personalise/lds/chip-profile.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/cv-certificate.h"

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
  gboolean has_fingers;
  FastCardFingers fingers;
} Pictures;

static void
pictures_clear (Pictures *pictures)
{
  g_clear_pointer (&pictures->portrait, g_bytes_unref);
  g_clear_pointer (&pictures->signature, g_bytes_unref);
  g_free (pictures->portrait_name);
  g_free (pictures->signature_name);
  fast_card_fingers_clear (&pictures->fingers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pictures, pictures_clear)

static gboolean
load_pictures (Pictures *pictures, FastUnit *unit, const FastSubject *subject, GError **error)
{
  const FastProfileChip *chip = subject->profile->chip;

  pictures->portrait = fast_subject_sample (unit, subject, "face", &pictures->portrait_name, error);
  if (pictures->portrait == NULL)
    return FALSE;
  pictures->has_fingers = fast_profile_chip_find (chip, 3) != NULL;
  if (pictures->has_fingers && !fast_card_fingers_load (&pictures->fingers, unit, subject, error))
    return FALSE;
  if (fast_profile_chip_find (chip, 7) == NULL)
    return TRUE;
  pictures->signature =
      fast_subject_sample (unit, subject, "signature", &pictures->signature_name, error);
  return pictures->signature != NULL;
}

/* Everything that is loaded or drawn up for the files. */
typedef struct {
  Pictures pictures;
  Issue issue;
  FastCardSigner signer;
  FastChipKeys keys;
  FastCvCertificate *trust_point;
  char **endorsements;
} Material;

static void
material_clear (Material *material)
{
  pictures_clear (&material->pictures);
  issue_clear (&material->issue);
  fast_card_signer_clear (&material->signer);
  g_clear_pointer (&material->trust_point, fast_cv_certificate_unref);
  g_strfreev (material->endorsements);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Material, material_clear)

/* The public side of the card's secrets, which its files tell. */
static gboolean
load_keys (Material *material, const FastChipSecrets *secrets, GError **error)
{
  material->keys.chip_authentication = secrets->chip_key;
  material->keys.active_authentication = secrets->active_key;
  if (secrets->trust_point == NULL)
    return TRUE;
  material->trust_point =
      fast_cv_certificate_parse (g_bytes_get_data (secrets->trust_point, NULL),
                                 g_bytes_get_size (secrets->trust_point), error);
  if (material->trust_point != NULL)
    material->keys.trust_point = fast_cv_certificate_get_body (material->trust_point)->holder;
  return material->trust_point != NULL;
}

static gboolean
load_material (Material *material, const FastCardFiles *card, GError **error)
{
  issue_now (&material->issue, card->unit);
  material->endorsements = fast_subject_dup_endorsements (card->subject);
  return load_pictures (&material->pictures, card->unit, card->subject, error) &&
         fast_card_signer_load (&material->signer, card->unit, "ds", error) &&
         load_keys (material, card->secrets, error);
}

/**
 * fast_card_files_make:
 * @card: what the files are of
 * @error: return location for an error
 *
 * Takes the pictures from the enrolment's revision and the document signer of the issuing State.
 * Blocking (encodes pictures, signs).
 *
 * Returns: (transfer full): the files of the chip, signed
 */
FastLds *
fast_card_files_make (const FastCardFiles *card, GError **error)
{
  g_auto (Material) material = {.keys = {0}};
  const Pictures *pictures = &material.pictures;

  if (!load_material (&material, card, error))
    return NULL;
  return fast_lds_build (
      &(FastLdsInput){.profile = card->subject->profile,
                      .mrz = card->mrz,
                      .applicant = card->subject->application->applicant,
                      .portrait = pictures->portrait,
                      .portrait_name = pictures->portrait_name,
                      .face_source = FAST_FACE_SOURCE_UNSPECIFIED,
                      .fingers = pictures->has_fingers ? pictures->fingers.samples : NULL,
                      .n_fingers = pictures->fingers.n_samples,
                      .signature = pictures->signature,
                      .signature_name = pictures->signature_name,
                      .authority = material.issue.authority,
                      .issued = material.issue.issued,
                      .personalised = material.issue.personalised,
                      .system = fast_unit_id (card->unit),
                      .membership = card->member->number,
                      .endorsements = (const char *const *)material.endorsements,
                      .rfid = card->blank->rfid,
                      .keys = &material.keys,
                      .atr_info = card->applet->atr_info},
      material.signer.certificate, material.signer.key, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/chip-profile.h"

#include "personalise/lds/common-data.h"
#include "personalise/lds/document-details.h"
#include "personalise/lds/face-group.h"
#include "personalise/lds/finger-group.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/lds/personal-details.h"
#include "personalise/lds/programme-group.h"
#include "personalise/lds/security-object.h"
#include "personalise/lds/signature-group.h"
#include "record/biometric/face-token.h"

typedef GBytes *(*Maker) (const FastLdsInput *input, const FastProfileGroup *group, GError **error);

typedef struct {
  const char *word;
  int value;
} Word;

/* Words for colours that ISO/IEC 19794-5 does not have go to the nearest that it has. */
static const Word EYES[] = {
    {"black", FAST_FACE_EYES_BLACK},       {"blue", FAST_FACE_EYES_BLUE},
    {"brown", FAST_FACE_EYES_BROWN},       {"green", FAST_FACE_EYES_GREEN},
    {"grey", FAST_FACE_EYES_GREY},         {"hazel", FAST_FACE_EYES_MULTI},
    {"multicolour", FAST_FACE_EYES_MULTI}, {"pink", FAST_FACE_EYES_PINK},
    {"unknown", FAST_FACE_EYES_UNKNOWN},   {NULL, FAST_FACE_EYES_UNSPECIFIED},
};

static const Word SEXES[] = {
    {"F", FAST_FACE_SEX_FEMALE},
    {"M", FAST_FACE_SEX_MALE},
    {NULL, FAST_FACE_SEX_UNSPECIFIED},
};

static int
look_up (const Word *words, const char *word)
{
  while (words->word != NULL && g_strcmp0 (words->word, word) != 0)
    words++;
  return words->value;
}

static GBytes *
make_mrz (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  (void)group;
  if (input->mrz->format != FAST_MRZ_TD1)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "lds-mrz-format",
                           NULL);
  if (g_strcmp0 (input->mrz->optional, input->membership) != 0)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "lds-membership",
                           NULL);
  return fast_mrz_group_make (input->mrz);
}

static gboolean
fail_codec (const FastProfileGroup *group, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "lds-codec",
                    "group=%" G_GINT64_FORMAT ", codec=%s", group->group, group->codec);
}

/* A codec that a face may have; others are refused by name. */
static gboolean
face_format (const FastProfileGroup *group, FastImageFormat *format, GError **error)
{
  const gboolean jpeg = g_strcmp0 (group->codec, "jpeg") == 0;

  if (!jpeg && g_strcmp0 (group->codec, "jpeg2000") != 0)
    return fail_codec (group, error);
  *format = jpeg ? FAST_IMAGE_JPEG : FAST_IMAGE_JPEG2000;
  return TRUE;
}

static FastFaceEdition
face_edition (const FastLdsInput *input)
{
  return input->profile->chip->face_edition == FAST_CHIP_FACE_39794 ? FAST_FACE_39794
                                                                    : FAST_FACE_19794;
}

static FastFaceToken *
make_token (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  g_autoptr (FastImage) original = fast_image_decode (input->portrait, input->portrait_name, error);
  FastImageFormat format = FAST_IMAGE_JPEG2000;

  if (original == NULL || !face_format (group, &format, error))
    return NULL;
  return fast_face_token_make_edition (
      original, format, face_edition (input),
      group->budget > 0 ? (gsize)group->budget : FAST_FACE_TOKEN_BUDGET, error);
}

static GBytes *
make_face (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  g_autoptr (FastFaceToken) token = make_token (input, group, error);
  FastFaceRecord record = {.edition = face_edition (input),
                           .kind = FAST_FACE_FULL_FRONTAL,
                           .source = input->face_source};

  if (token == NULL)
    return NULL;
  record.sex = (FastFaceSex)look_up (SEXES, input->applicant->sex);
  record.eyes = (FastFaceEyes)look_up (EYES, input->applicant->eye_colour);
  record.format = token->format;
  record.width = token->width;
  record.height = token->height;
  record.image = token->image;
  return fast_face_group_make (&record, error);
}

static void
finger_free (gpointer record)
{
  fast_finger_record_free (record);
}

static FastFingerRecord *
make_finger (const FastFingerSample *sample, gsize limit, GError **error)
{
  g_autoptr (FastImage) original = fast_image_decode (sample->image, sample->name, error);

  return original == NULL ? NULL : fast_finger_token_make (original, sample->finger, limit, error);
}

/* Each print gets an equal share of the budget; a holder without any has a group that says so. */
static GBytes *
make_fingers (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (finger_free);
  const gsize budget = group->budget > 0 ? (gsize)group->budget : FAST_FILE_LIMIT;
  const gsize share = fast_finger_group_share (budget, MAX (input->n_fingers, 1));

  if (input->fingers == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "lds-no-fingers",
                           NULL);
  if (g_strcmp0 (group->codec, "jpeg2000") != 0) {
    fail_codec (group, error);
    return NULL;
  }
  for (guint i = 0; i < input->n_fingers; i++) {
    FastFingerRecord *record = make_finger (&input->fingers[i], share, error);

    if (record == NULL)
      return NULL;
    g_ptr_array_add (records, record);
  }
  return fast_finger_group_make (records, error);
}

static GBytes *
make_signature (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  if (input->signature == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "lds-no-signature",
                           NULL);
  if (g_strcmp0 (group->codec, "jpeg") != 0) {
    fail_codec (group, error);
    return NULL;
  }
  return fast_signature_group_from_sample (input->signature, input->signature_name,
                                           (gsize)MAX (group->budget, 0), error);
}

static GBytes *
make_document (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  const FastDocumentDetails details = {.authority = (char *)input->authority,
                                       .issued = (char *)input->issued,
                                       .personalised = (char *)input->personalised,
                                       .system = (char *)input->system};

  (void)group;
  return fast_document_details_make (&details, error);
}

static GBytes *
make_security (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  (void)group;
  return fast_chip_keys_security_group (input->keys, input->profile->chip, error);
}

static GBytes *
make_public_key (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  (void)group;
  return fast_chip_keys_public_key_group (input->keys, error);
}

static char **
parts_of_birth (const FastBirth *birth)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();

  g_strv_builder_add (parts, birth->place);
  if (birth->region != NULL)
    g_strv_builder_add (parts, birth->region);
  g_strv_builder_add (parts, birth->state);
  return g_strv_builder_end (parts);
}

static char **
parts_of_address (const FastAddress *address)
{
  g_autoptr (GStrvBuilder) parts = g_strv_builder_new ();

  for (guint i = 0; address->lines != NULL && address->lines[i] != NULL; i++)
    g_strv_builder_add (parts, address->lines[i]);
  g_strv_builder_add (parts, address->city);
  if (address->region != NULL)
    g_strv_builder_add (parts, address->region);
  if (address->postal_code != NULL)
    g_strv_builder_add (parts, address->postal_code);
  g_strv_builder_add (parts, address->country);
  return g_strv_builder_end (parts);
}

/* The one where the person lives now; none when the list does not say. */
static char **
present_address (const FastApplicant *applicant)
{
  for (guint i = 0; applicant->addresses != NULL && i < applicant->addresses->len; i++) {
    const FastAddress *address = applicant->addresses->pdata[i];

    if (address->to == NULL)
      return parts_of_address (address);
  }
  return NULL;
}

static char **
other_names (const FastApplicant *applicant)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; i < applicant->names->len; i++) {
    const FastPersonName *name = applicant->names->pdata[i];
    g_autofree char *text = name->given == NULL
                                ? g_strdup (name->surname)
                                : g_strconcat (name->surname, "<<", name->given, NULL);

    if (name->kind != FAST_NAME_LEGAL)
      g_strv_builder_add (names, text);
  }
  return g_strv_builder_end (names);
}

static GBytes *
make_details (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  const FastPersonName *name = fast_applicant_legal_name (input->applicant);
  g_autoptr (FastPersonalDetails) details = g_new0 (FastPersonalDetails, 1);

  (void)group;
  if (name == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "lds-no-name", NULL);
  details->surname = g_strdup (name->surname);
  details->given = g_strdup (name->given);
  details->other_names = other_names (input->applicant);
  details->birth = g_strdup (input->applicant->birth->date);
  details->birth_place = parts_of_birth (input->applicant->birth);
  details->address = present_address (input->applicant);
  return fast_personal_details_make (details, error);
}

static GBytes *
make_programme (const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  const FastProgrammeGroup content = {(char *)input->profile->code, (char *)input->membership,
                                      (char **)input->endorsements, (char *)input->rfid};

  (void)group;
  return fast_programme_group_make (&content, error);
}

static const Maker MAKERS[17] = {
    [1] = make_mrz,        [2] = make_face,      [3] = make_fingers,
    [7] = make_signature,  [11] = make_details,  [12] = make_document,
    [13] = make_programme, [14] = make_security, [15] = make_public_key,
};

/* What needs the chip's keys waits for them; what may be left out needs something to put in. */
static gboolean
is_left_out (const FastLdsInput *input, const FastProfileGroup *group)
{
  switch (group->group) {
  case 3:
    return group->optional && input->fingers == NULL;
  case 14:
  case 15:
    return input->keys == NULL;
  default:
    return group->optional && MAKERS[group->group] == NULL;
  }
}

static gboolean
add_group (FastLds *lds, const FastLdsInput *input, const FastProfileGroup *group, GError **error)
{
  Maker maker = MAKERS[group->group];
  g_autoptr (GBytes) content = NULL;

  if (is_left_out (input, group))
    return TRUE;
  if (maker == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "lds-group-unknown",
                      "group=%" G_GINT64_FORMAT, group->group);
  content = maker (input, group, error);
  return content != NULL &&
         fast_lds_set (lds, fast_file_group ((guint)group->group), content, error);
}

static gboolean
add_file (FastLds *lds, const FastFile *file, GBytes *made, GError **error)
{
  g_autoptr (GBytes) content = made;

  return content != NULL && fast_lds_set (lds, file, content, error);
}

/* The files that are no data groups and not signed. */
static gboolean
add_open_files (FastLds *lds, const FastLdsInput *input, GError **error)
{
  const FastProfileChip *chip = input->profile->chip;

  if (chip->pace && input->keys != NULL &&
      !add_file (lds, fast_file_card_access (), fast_chip_keys_card_access (chip, error), error))
    return FALSE;
  if (chip->trust_points && input->keys != NULL &&
      !add_file (lds, fast_file_cvca (), fast_chip_keys_trust_points (input->keys, error), error))
    return FALSE;
  return !chip->atr_info || input->atr_info == NULL ||
         add_file (lds, fast_file_atr_info (), fast_atr_info_make (input->atr_info), error);
}

/**
 * fast_lds_build:
 * @input: what the chip is made from
 * @signer: the document signer's certificate
 * @key: its private key
 * @error: return location for an error
 *
 * The data groups that the programme profile names, then EF.COM, which lists them, and EF.SOD over
 * all of them; and the files beside them, as far as the keys are there. Blocking (encodes a
 * picture, signs); any thread.
 *
 * Returns: (transfer full): the files of the chip
 */
FastLds *
fast_lds_build (const FastLdsInput *input, X509 *signer, EVP_PKEY *key, GError **error)
{
  GPtrArray *groups = input->profile->chip->groups;
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (GBytes) common = NULL;
  g_autoptr (GBytes) object = NULL;

  for (guint i = 0; i < groups->len; i++)
    if (!add_group (lds, input, groups->pdata[i], error))
      return NULL;
  if (!add_open_files (lds, input, error))
    return NULL;
  common = fast_common_data_make (lds);
  if (!fast_lds_set (lds, fast_file_com (), common, error))
    return NULL;
  object = fast_security_object_make (lds, signer, key, error);
  if (object == NULL || !fast_lds_set (lds, fast_file_sod (), object, error))
    return NULL;
  return g_steal_pointer (&lds);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/profile.h"

#include "record/base/asset.h"
#include "record/model/forms.h"

static const char *const formats[] = {"fast-programme/1", NULL};

static const FastField fee_fields[] = {
    FAST_FIELD (FastFee, amount, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_AMOUNT),
    FAST_FIELD (FastFee, currencies, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CURRENCY, .least = 1),
};
FAST_BINDING (fee, FastFee);

static const FastField biometric_fields[] = {
    FAST_FIELD (FastProfileBiometric, name, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CODE),
    FAST_FIELD (FastProfileBiometric, suffixes, .type = FAST_FIELD_STRINGS,
                .flags = FAST_FIELD_REQUIRED, .pattern = FAST_PATTERN_CODE, .least = 1),
    FAST_FIELD (FastProfileBiometric, declarable, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
};
FAST_BINDING (biometric, FastProfileBiometric);

static const FastField card_fields[] = {
    FAST_TEXT (FastProfileCard, front, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastProfileCard, back, FAST_FIELD_REQUIRED),
};
FAST_BINDING (card, FastProfileCard);

static const FastField question_fields[] = {
    FAST_FIELD (FastQuestion, code, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_CODE),
    FAST_FIELD (FastQuestion, text, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_texts_binding),
};
FAST_BINDING (question, FastQuestion);

static const FastField interview_fields[] = {
    FAST_FIELD (FastProfileInterview, agency, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_agency_names),
    FAST_FIELD (FastProfileInterview, questions, .type = FAST_FIELD_OBJECTS,
                .flags = FAST_FIELD_REQUIRED, .binding = &question_binding, .least = 1),
};
FAST_BINDING (interview, FastProfileInterview);

static const FastField fields[] = {
    FAST_FIELD (FastProfile, format, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = formats),
    FAST_FIELD (FastProfile, code, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_PROGRAMME),
    FAST_FIELD (FastProfile, title, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_texts_binding),
    FAST_FIELD (FastProfile, role, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_texts_binding),
    FAST_FIELD (FastProfile, minimum_age, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .most = 120),
    FAST_FIELD (FastProfile, term_years, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .least = 1, .most = 20),
    FAST_FIELD (FastProfile, renewal_years, .type = FAST_FIELD_INT, .flags = FAST_FIELD_REQUIRED,
                .most = 20),
    FAST_FIELD (FastProfile, licence_required, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastProfile, fee, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fee_binding),
    FAST_FIELD (FastProfile, biometrics, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &biometric_binding, .least = 1),
    FAST_FIELD (FastProfile, chip, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_profile_chip_binding),
    FAST_FIELD (FastProfile, card, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &card_binding),
    FAST_FIELD (FastProfile, gates, .type = FAST_FIELD_STRINGS, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_GATE),
    FAST_FIELD (FastProfile, interview, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &interview_binding),
};

FAST_DEFINE_VALUE (FastProfile, fast_profile, "profile", fields)

/**
 * fast_profile_load:
 * @code: a programme, as in `FAST`
 * @error: return location for an error
 *
 * Reads `assets/programme/CODE.json`.
 *
 * Returns: (transfer full): its profile, or %NULL with FAST_INPUT_ERROR
 */
FastProfile *
fast_profile_load (const char *code, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (code, -1);
  g_autofree char *name = g_strdup_printf ("programme/%s.json", lower);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (FastProfile) profile = NULL;

  if (!g_regex_match_simple (FAST_PATTERN_CODE, lower, G_REGEX_DOLLAR_ENDONLY, 0))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-programme",
                           "code=%s", code);
  bytes = fast_asset_load (name, error);
  node = bytes == NULL ? NULL : fast_json_parse (bytes, name, error);
  profile = node == NULL ? NULL : fast_profile_from_json (node, error);
  if (profile == NULL) {
    fast_error_prefix (error, "model-programme", "code=%s", code);
    return NULL;
  }
  return g_steal_pointer (&profile);
}

/**
 * fast_profile_find_biometric:
 * @profile: a programme
 * @name: a sample's name, as in `finger-right-thumb`
 *
 * Returns: (transfer none) (nullable): what the programme says about it; %NULL when it needs none
 */
const FastProfileBiometric *
fast_profile_find_biometric (const FastProfile *profile, const char *name)
{
  for (guint i = 0; i < profile->biometrics->len; i++) {
    const FastProfileBiometric *at = profile->biometrics->pdata[i];
    if (g_strcmp0 (at->name, name) == 0)
      return at;
  }
  return NULL;
}

/**
 * fast_profile_find_interview:
 * @profile: a programme
 * @agency: who asks
 *
 * Returns: (transfer none) (nullable): its questions
 */
const FastProfileInterview *
fast_profile_find_interview (const FastProfile *profile, FastAgency agency)
{
  for (guint i = 0; i < profile->interview->len; i++) {
    const FastProfileInterview *at = profile->interview->pdata[i];
    if (at->agency == (int)agency)
      return at;
  }
  return NULL;
}

/**
 * fast_profile_has_gate:
 * @profile: a programme
 * @gate: as in `photo/background`
 *
 * Returns: whether the programme has it, so that an override may name it
 */
gboolean
fast_profile_has_gate (const FastProfile *profile, const char *gate)
{
  return g_strv_contains (profile->gates, gate);
}

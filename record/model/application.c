/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/application.h"

#include <string.h>

#include "record/model/forms.h"

#define NULLABLE (FAST_FIELD_REQUIRED | FAST_FIELD_NULLABLE)
#define FILE_LIMIT (1024 * 1024)

static const char *const formats[] = {"fast-application/1", NULL};
static const char *const kinds[] = {"new", "renewal", "replacement", NULL};
static const char *const outcomes[] = {"provisional", "pending", "refused", NULL};
static const char *const reasons[] = {"amputated", "bandaged", "damaged", NULL};
static const char *const fingers[] = {
    "right-thumb", "right-index", "right-middle", "right-ring", "right-little",
    "left-thumb",  "left-index",  "left-middle",  "left-ring",  "left-little",
    NULL};

static const FastField approval_fields[] = {
    FAST_FIELD (FastApproval, nation, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_nation_names),
    FAST_FIELD (FastApproval, outcome, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = outcomes),
    FAST_FIELD (FastApproval, on, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
};
FAST_BINDING (approval, FastApproval);

static const FastField reference_fields[] = {
    FAST_FIELD (FastReference, reference, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_REFERENCE),
    FAST_FIELD (FastReference, nation, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = fast_nation_names),
    FAST_FIELD (FastReference, submitted, .type = FAST_FIELD_DATE, .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastReference, approvals, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &approval_binding, .most = 2),
};
FAST_BINDING (reference, FastReference);

static const FastField membership_fields[] = {
    FAST_FIELD (FastMembership, number, .type = FAST_FIELD_STRING, .flags = NULLABLE,
                .pattern = FAST_PATTERN_MEMBERSHIP),
    FAST_FIELD (FastMembership, previous_expiry, .type = FAST_FIELD_DATE, .flags = NULLABLE),
};
FAST_BINDING (membership, FastMembership);

static const FastField declarations_fields[] = {
    FAST_FIELD (FastDeclarations, criminal_conviction, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastDeclarations, customs_violation, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastDeclarations, refused_entry, .type = FAST_FIELD_BOOLEAN,
                .flags = FAST_FIELD_REQUIRED),
    FAST_FIELD (FastDeclarations, details, .type = FAST_FIELD_STRING, .flags = NULLABLE,
                .pattern = FAST_PATTERN_TEXT),
};
FAST_BINDING (declarations, FastDeclarations);

static const FastField override_fields[] = {
    FAST_FIELD (FastOverride, gate, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_GATE),
    FAST_TEXT (FastOverride, reason, FAST_FIELD_REQUIRED),
    FAST_FIELD (FastOverride, asked_by, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_OFFICER),
    FAST_FIELD (FastOverride, approved_by, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_OFFICER),
};
FAST_BINDING (override, FastOverride);

static const FastField interviews_fields[] = {
    {.name = "CBSA",
     .type = FAST_FIELD_OBJECT,
     .offset = G_STRUCT_OFFSET (FastInterviews, cbsa),
     .binding = &fast_interview_binding},
    {.name = "CBP",
     .type = FAST_FIELD_OBJECT,
     .offset = G_STRUCT_OFFSET (FastInterviews, cbp),
     .binding = &fast_interview_binding},
};
FAST_BINDING (interviews, FastInterviews);

static const FastField fields[] = {
    FAST_FIELD (FastApplication, format, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .names = formats),
    FAST_FIELD (FastApplication, programme, .type = FAST_FIELD_STRING, .flags = FAST_FIELD_REQUIRED,
                .pattern = FAST_PATTERN_PROGRAMME),
    FAST_FIELD (FastApplication, kind, .type = FAST_FIELD_ENUM, .flags = FAST_FIELD_REQUIRED,
                .names = kinds),
    FAST_FIELD (FastApplication, application, .type = FAST_FIELD_OBJECT,
                .flags = FAST_FIELD_REQUIRED, .binding = &reference_binding),
    FAST_FIELD (FastApplication, membership, .type = FAST_FIELD_OBJECT,
                .flags = FAST_FIELD_REQUIRED, .binding = &membership_binding),
    FAST_FIELD (FastApplication, applicant, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_applicant_binding),
    FAST_FIELD (FastApplication, documents, .type = FAST_FIELD_OBJECTS,
                .flags = FAST_FIELD_REQUIRED, .binding = &fast_document_binding, .most = 20),
    FAST_FIELD (FastApplication, declarations, .type = FAST_FIELD_OBJECT,
                .flags = FAST_FIELD_REQUIRED, .binding = &declarations_binding),
    FAST_FIELD (FastApplication, consents, .type = FAST_FIELD_OBJECTS, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_consent_binding, .most = 10),
    FAST_FIELD (FastApplication, payment, .type = FAST_FIELD_OBJECT, .flags = FAST_FIELD_REQUIRED,
                .binding = &fast_payment_binding),
    FAST_FIELD (FastApplication, missing, .type = FAST_FIELD_MAP, .names = fingers,
                .values = reasons),
    FAST_FIELD (FastApplication, overrides, .type = FAST_FIELD_OBJECTS,
                .binding = &override_binding, .most = 50),
    FAST_FIELD (FastApplication, interview, .type = FAST_FIELD_OBJECT,
                .binding = &interviews_binding),
};

FAST_DEFINE_VALUE (FastApplication, fast_application, "application", fields)

/**
 * fast_application_parse:
 * @bytes: the text of an `application.json`, canonical or not
 * @error: return location for an error
 *
 * Returns: (transfer full): the application, or %NULL with FAST_INPUT_ERROR naming the member
 */
FastApplication *
fast_application_parse (GBytes *bytes, GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse (bytes, "application.json", error);

  return node == NULL ? NULL : fast_application_from_json (node, error);
}

/**
 * fast_application_load:
 * @folder: path of a capture folder
 * @error: return location for an error
 *
 * Returns: (transfer full): the application in its `application.json`, or %NULL with
 *   FAST_INPUT_ERROR naming file and member
 */
FastApplication *
fast_application_load (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "application.json", NULL);
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FILE_LIMIT, error);
  g_autoptr (FastApplication) application = NULL;

  if (bytes == NULL)
    return NULL;
  application = fast_application_parse (bytes, error);
  if (application == NULL) {
    fast_error_prefix (error, "model-application", "path=%s", path);
    return NULL;
  }
  return g_steal_pointer (&application);
}

/**
 * fast_application_find_interview:
 * @application: an application
 * @agency: who asked
 *
 * Returns: (transfer none) (nullable): what it noted
 */
const FastInterview *
fast_application_find_interview (const FastApplication *application, FastAgency agency)
{
  if (application->interview == NULL)
    return NULL;
  return agency == FAST_AGENCY_CBSA ? application->interview->cbsa : application->interview->cbp;
}

/**
 * fast_application_find_approval:
 * @application: an application
 * @nation: a nation
 *
 * Returns: (transfer none) (nullable): what it said so far
 */
const FastApproval *
fast_application_find_approval (const FastApplication *application, FastNation nation)
{
  for (guint i = 0; i < application->application->approvals->len; i++) {
    const FastApproval *approval = application->application->approvals->pdata[i];
    if (approval->nation == (int)nation)
      return approval;
  }
  return NULL;
}

/**
 * fast_application_find_consent:
 * @application: an application
 * @nation: a nation
 *
 * Returns: (transfer none) (nullable): the applicant's answer to its text
 */
const FastConsent *
fast_application_find_consent (const FastApplication *application, FastNation nation)
{
  for (guint i = 0; i < application->consents->len; i++) {
    const FastConsent *consent = application->consents->pdata[i];
    if (consent->nation == (int)nation)
      return consent;
  }
  return NULL;
}

/**
 * fast_application_find_override:
 * @application: an application
 * @gate: a rule, as in `photo/background`
 *
 * Returns: (transfer none) (nullable): its override; who approved it is a claim until that officer
 *   signs in
 */
const FastOverride *
fast_application_find_override (const FastApplication *application, const char *gate)
{
  for (guint i = 0; application->overrides != NULL && i < application->overrides->len; i++) {
    const FastOverride *override = application->overrides->pdata[i];
    if (g_strcmp0 (override->gate, gate) == 0)
      return override;
  }
  return NULL;
}

/**
 * fast_application_find_missing:
 * @application: an application
 * @finger: as in `right-ring`, or as a sample is named, `finger-right-ring`
 *
 * Returns: (transfer none) (nullable): why it is missing; %NULL when it is not declared
 */
const char *
fast_application_find_missing (const FastApplication *application, const char *finger)
{
  if (application->missing == NULL)
    return NULL;
  if (g_str_has_prefix (finger, "finger-"))
    finger += strlen ("finger-");
  return g_hash_table_lookup (application->missing, finger);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/applicant.h"
#include "record/model/consent.h"
#include "record/model/document.h"
#include "record/model/interview.h"
#include "record/model/nation.h"
#include "record/model/payment.h"

G_BEGIN_DECLS

/**
 * FastApplicationKind:
 * @FAST_APPLICATION_NEW: a first membership
 * @FAST_APPLICATION_RENEWAL: another term of one
 * @FAST_APPLICATION_REPLACEMENT: another card in the same term
 */
typedef enum {
  FAST_APPLICATION_NEW,
  FAST_APPLICATION_RENEWAL,
  FAST_APPLICATION_REPLACEMENT,
} FastApplicationKind;

/**
 * FastApprovalOutcome:
 * @FAST_APPROVAL_PROVISIONAL: may come to the interview
 * @FAST_APPROVAL_PENDING: not assessed yet
 * @FAST_APPROVAL_REFUSED: not taken
 */
typedef enum {
  FAST_APPROVAL_PROVISIONAL,
  FAST_APPROVAL_PENDING,
  FAST_APPROVAL_REFUSED,
} FastApprovalOutcome;

/**
 * FastApproval:
 * @nation: who assessed
 * @outcome: a FastApprovalOutcome
 * @on: day, YYYY-MM-DD
 */
typedef struct {
  int nation;
  int outcome;
  const char *on;
} FastApproval;

/**
 * FastReference:
 * @reference: as in `CA-2026-004711`
 * @nation: where the person applied
 * @submitted: day, YYYY-MM-DD
 * @approvals: (element-type FastApproval): what both nations said so far
 */
typedef struct {
  const char *reference;
  int nation;
  const char *submitted;
  GPtrArray *approvals;
} FastReference;

/**
 * FastMembership:
 * @number: (nullable): nine digits; %NULL for a person who never had one
 * @previous_expiry: (nullable): when the present term ends
 */
typedef struct {
  const char *number;
  const char *previous_expiry;
} FastMembership;

/**
 * FastDeclarations:
 * @criminal_conviction: of a crime, anywhere
 * @customs_violation: of customs or immigration law
 * @refused_entry: at any border
 * @details: (nullable): what the person says about it
 */
typedef struct {
  gboolean criminal_conviction;
  gboolean customs_violation;
  gboolean refused_entry;
  const char *details;
} FastDeclarations;

/**
 * FastOverride:
 * @gate: which rule, as in `photo/background`
 * @reason: why
 * @asked_by: an officer
 * @approved_by: another; a claim until that officer signs in
 */
typedef struct {
  const char *gate;
  const char *reason;
  const char *asked_by;
  const char *approved_by;
} FastOverride;

/**
 * FastInterviews:
 * @cbsa: (nullable): of the Canadian officer
 * @cbp: (nullable): of the United States' officer
 */
typedef struct {
  FastInterview *cbsa;
  FastInterview *cbp;
} FastInterviews;

/**
 * FastApplication:
 * @format: `fast-application/1`
 * @programme: code of a programme, as in `FAST`
 * @kind: a FastApplicationKind
 * @application: what the nations said before the interview
 * @membership: what the person has of the programme already
 * @applicant: the person
 * @documents: (element-type FastDocument): what was shown
 * @declarations: what the person declares
 * @consents: (element-type FastConsent): to both nations
 * @payment: the fee
 * @missing: (nullable) (element-type utf8 utf8): finger, as in `right-ring`, to `amputated`,
 *   `bandaged` or `damaged`
 * @overrides: (nullable) (element-type FastOverride): rules set aside
 * @interview: (nullable): what the agencies asked
 *
 * The `application.json` of a capture folder; `assets/schema/application.schema.json` says the
 * same for other programs.
 */
typedef struct {
  const char *format;
  const char *programme;
  int kind;
  FastReference *application;
  FastMembership *membership;
  FastApplicant *applicant;
  GPtrArray *documents;
  FastDeclarations *declarations;
  GPtrArray *consents;
  FastPayment *payment;
  GHashTable *missing;
  GPtrArray *overrides;
  FastInterviews *interview;
} FastApplication;

FAST_DECLARE_VALUE (FastApplication, fast_application)

extern const char *const fast_application_part_names[];

FastApplication *fast_application_parse (GBytes *bytes, GError **error);
FastApplication *fast_application_load (const char *folder, GError **error);
GBytes *fast_application_dup_part (const FastApplication *application, const char *name);
FastApplication *fast_application_from_parts (GHashTable *all, GError **error);

const FastInterview *fast_application_find_interview (const FastApplication *application,
                                                      FastAgency agency);
const FastApproval *fast_application_find_approval (const FastApplication *application,
                                                    FastNation nation);
const FastConsent *fast_application_find_consent (const FastApplication *application,
                                                  FastNation nation);
const FastOverride *fast_application_find_override (const FastApplication *application,
                                                    const char *gate);
const char *fast_application_find_missing (const FastApplication *application, const char *finger);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/rules.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/document/transliteration.h"
#include "record/model/rules-document.h"
#include "record/model/term.h"

typedef gboolean (*Rule) (const FastApplication *application, const FastProfile *profile,
                          const GDate *today, GError **error);

static gboolean
refuse (const char *id, const char *field, GError **error)
{
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, id, "field=%s", field);
}

static gboolean
check_programme (const FastApplication *application, const FastProfile *profile,
                 const GDate *today G_GNUC_UNUSED, GError **error)
{
  return g_strcmp0 (application->programme, profile->code) == 0 ||
         refuse ("rule-programme", "programme", error);
}

/* That the name of the card can be written into a machine readable zone. */
static gboolean
check_name (const FastPersonName *name, guint index, GError **error)
{
  g_autofree char *surname = g_strdup_printf ("applicant.names[%u].surname", index);
  g_autofree char *given = g_strdup_printf ("applicant.names[%u].given", index);
  g_autofree char *primary = fast_transliterate (name->surname, surname, error);
  g_autofree char *secondary = NULL;

  if (primary == NULL)
    return FALSE;
  if (primary[0] == '\0')
    return refuse ("translit-empty", surname, error);
  if (name->given == NULL)
    return TRUE;
  secondary = fast_transliterate (name->given, given, error);
  return secondary != NULL;
}

static gboolean
check_names (const FastApplication *application, const FastProfile *profile G_GNUC_UNUSED,
             const GDate *today G_GNUC_UNUSED, GError **error)
{
  const GPtrArray *names = application->applicant->names;
  const FastPersonName *legal = fast_applicant_legal_name (application->applicant);

  if (legal == NULL)
    return refuse ("rule-legal-name", "applicant.names", error);
  for (guint i = 0; i < names->len; i++)
    if (names->pdata[i] == legal)
      return check_name (legal, i, error);
  return TRUE;
}

static gboolean
check_birth (const FastApplication *application, const FastProfile *profile, const GDate *today,
             GError **error)
{
  static const char field[] = "applicant.birth.date";
  g_autoptr (GDate) birth = fast_date_parse (application->applicant->birth->date, error);

  if (birth == NULL)
    return FALSE;
  if (g_date_compare (birth, today) > 0)
    return refuse ("rule-birth-future", field, error);
  if (fast_age_on (birth, today) < profile->minimum_age)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "rule-age",
                      "field=%s, least=%" G_GINT64_FORMAT, field, profile->minimum_age);
  return TRUE;
}

static gboolean
check_consents (const FastApplication *application, const FastProfile *profile G_GNUC_UNUSED,
                const GDate *today G_GNUC_UNUSED, GError **error)
{
  for (guint nation = 0; nation < FAST_NATION_COUNT; nation++) {
    const FastConsent *consent = fast_application_find_consent (application, (FastNation)nation);
    if (consent == NULL || !consent->given)
      return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "rule-consent",
                        "field=%s, nation=%s", "consents", fast_nation_name ((FastNation)nation));
  }
  return TRUE;
}

static gboolean
check_approvals (const FastApplication *application, const FastProfile *profile G_GNUC_UNUSED,
                 const GDate *today G_GNUC_UNUSED, GError **error)
{
  for (guint nation = 0; nation < FAST_NATION_COUNT; nation++) {
    const FastApproval *approval = fast_application_find_approval (application, (FastNation)nation);
    if (approval == NULL || approval->outcome != FAST_APPROVAL_PROVISIONAL)
      return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "rule-approval",
                        "field=%s, nation=%s", "application.approvals",
                        fast_nation_name ((FastNation)nation));
  }
  return TRUE;
}

static gboolean
check_payment (const FastApplication *application, const FastProfile *profile,
               const GDate *today G_GNUC_UNUSED, GError **error)
{
  g_autofree char *currencies = g_strjoinv (", ", (char **)profile->fee->currencies);

  if (g_strcmp0 (application->payment->amount, profile->fee->amount) != 0)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "rule-fee",
                      "field=%s, amount=%s, currencies=%s", "payment.amount", profile->fee->amount,
                      currencies);
  if (!g_strv_contains (profile->fee->currencies, application->payment->currency))
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "rule-fee",
                      "field=%s, amount=%s, currencies=%s", "payment.currency",
                      profile->fee->amount, currencies);
  return TRUE;
}

/* Months are YYYY-MM, so that their order is that of their text. */
static gboolean
check_span (const char *list, guint index, const char *from, const char *to, GError **error)
{
  g_autofree char *field = g_strdup_printf ("%s[%u].to", list, index);

  return to == NULL || strcmp (from, to) <= 0 || refuse ("rule-months", field, error);
}

static gboolean
check_history (const FastApplication *application, const FastProfile *profile G_GNUC_UNUSED,
               const GDate *today G_GNUC_UNUSED, GError **error)
{
  const FastApplicant *applicant = application->applicant;

  for (guint i = 0; i < applicant->addresses->len; i++) {
    const FastAddress *at = applicant->addresses->pdata[i];
    if (!check_span ("applicant.addresses", i, at->from, at->to, error))
      return FALSE;
  }
  for (guint i = 0; i < applicant->employment->len; i++) {
    const FastEmployment *at = applicant->employment->pdata[i];
    if (!check_span ("applicant.employment", i, at->from, at->to, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_membership (const FastApplication *application, const FastProfile *profile,
                  const GDate *today, GError **error)
{
  const FastMembership *membership = application->membership;
  g_autoptr (GDate) end = NULL;
  g_autoptr (GDate) opens = NULL;

  if (application->kind == FAST_APPLICATION_NEW)
    return TRUE;
  if (membership->number == NULL)
    return refuse ("rule-membership", "membership.number", error);
  if (membership->previous_expiry == NULL)
    return refuse ("rule-membership", "membership.previous_expiry", error);
  end = fast_date_parse (membership->previous_expiry, error);
  if (end == NULL)
    return FALSE;
  if (g_date_compare (end, today) < 0)
    return refuse ("rule-membership-ended", "membership.previous_expiry", error);
  opens = fast_term_renewal_opens (end, (guint)profile->renewal_years);
  if (application->kind == FAST_APPLICATION_RENEWAL && g_date_compare (today, opens) < 0)
    return refuse ("rule-renewal-early", "membership.previous_expiry", error);
  return TRUE;
}

/* An exception is never approved by who asked for it. */
static gboolean
check_overrides (const FastApplication *application, const FastProfile *profile G_GNUC_UNUSED,
                 const GDate *today G_GNUC_UNUSED, GError **error)
{
  for (guint i = 0; application->overrides != NULL && i < application->overrides->len; i++) {
    const FastOverride *override = application->overrides->pdata[i];
    if (strcmp (override->asked_by, override->approved_by) == 0) {
      g_autofree char *field = g_strdup_printf ("overrides[%u].approved_by", i);
      return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "rule-override-self",
                        "field=%s, gate=%s", field, override->gate);
    }
  }
  return TRUE;
}

static const Rule rules[] = {
    check_programme, check_names,     check_birth,   fast_rules_check_documents,
    check_consents,  check_approvals, check_payment, check_membership,
    check_history,   check_overrides,
};

/**
 * fast_rules_check:
 * @application: an application
 * @profile: its programme
 * @today: the day
 * @error: return location for an error
 *
 * Returns: whether every rule holds; else the first refusal, FAST_GATE_ERROR, or FAST_INPUT_ERROR
 *   for a machine readable zone that is wrong in itself
 */
gboolean
fast_rules_check (const FastApplication *application, const FastProfile *profile,
                  const GDate *today, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (!rules[i](application, profile, today, error))
      return FALSE;
  return TRUE;
}

static void
free_error (gpointer error)
{
  g_error_free (error);
}

/**
 * fast_rules_judge:
 * @application: an application
 * @profile: its programme
 * @today: the day
 *
 * For a screen that shows everything at once.
 *
 * Returns: (transfer full) (element-type GError): one refusal of each rule that does not hold;
 *   empty when all do
 */
GPtrArray *
fast_rules_judge (const FastApplication *application, const FastProfile *profile,
                  const GDate *today)
{
  GPtrArray *refusals = g_ptr_array_new_with_free_func (free_error);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    GError *refusal = NULL;
    if (!rules[i](application, profile, today, &refusal))
      g_ptr_array_add (refusals, refusal);
  }
  return refusals;
}

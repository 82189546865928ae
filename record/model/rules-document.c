/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/rules-document.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/document/mrz.h"
#include "record/document/transliteration.h"

static gboolean
refuse (const char *id, const char *path, const char *member, GError **error)
{
  g_autofree char *field = fast_binding_join_path (path, member);

  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, id, "field=%s", field);
}

/* A document is good on its last day. */
static gboolean
check_expiry (const FastDocument *document, const char *path, const GDate *today, GError **error)
{
  g_autoptr (GDate) expiry = NULL;

  if (document->expiry == NULL)
    return TRUE;
  expiry = fast_date_parse (document->expiry, error);
  if (expiry == NULL)
    return FALSE;
  if (g_date_compare (expiry, today) >= 0)
    return TRUE;
  return refuse (fast_document_is_licence (document) ? "rule-licence-expired"
                                                     : "rule-document-expired",
                 path, "expiry", error);
}

/* Numbers are compared as a machine readable zone can hold them. */
static gboolean
is_same_number (const char *printed, const char *zone)
{
  g_autoptr (GString) plain = g_string_new (NULL);

  for (; *printed != '\0'; printed++)
    if (g_ascii_isalnum (*printed))
      g_string_append_c (plain, *printed);
  return strcmp (plain->str, zone) == 0;
}

static gboolean
is_same_date (const char *date, const char *zone)
{
  g_autofree char *short_date = g_strdup_printf ("%.2s%.2s%.2s", date + 2, date + 5, date + 8);

  return strcmp (short_date, zone) == 0;
}

/* Unknown parts of a date of birth agree with any. */
static gboolean
is_same_birth (const char *date, const char *zone)
{
  g_autofree char *short_date = g_strdup_printf ("%.2s%.2s%.2s", date + 2, date + 5, date + 8);

  for (guint i = 0; i < 6; i++)
    if (zone[i] != '<' && zone[i] != short_date[i])
      return FALSE;
  return TRUE;
}

static gboolean
is_same_name (const FastApplicant *applicant, const FastMrz *mrz)
{
  for (guint i = 0; i < applicant->names->len; i++) {
    const FastPersonName *name = applicant->names->pdata[i];
    if (fast_name_field_matches (mrz->name, fast_mrz_name_width (mrz), name->surname, name->given))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_agreement (const FastApplicant *applicant, const FastDocument *document, const char *path,
                 const FastMrz *mrz, GError **error)
{
  if (strcmp (mrz->state, fast_mrz_state (document->state)) != 0)
    return refuse ("rule-mrz-differs", path, "state", error);
  if (!is_same_number (document->number, mrz->number))
    return refuse ("rule-mrz-differs", path, "number", error);
  if (document->expiry == NULL || !is_same_date (document->expiry, mrz->expiry))
    return refuse ("rule-mrz-differs", path, "expiry", error);
  if (!is_same_birth (applicant->birth->date, mrz->birth))
    return refuse ("rule-mrz-differs", "applicant.birth", "date", error);
  if (!is_same_name (applicant, mrz))
    return refuse ("rule-mrz-differs", "applicant", "names", error);
  return TRUE;
}

static gboolean
check_zone (const FastApplicant *applicant, const FastDocument *document, const char *path,
            GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (FastMrz) mrz = NULL;

  if (document->mrz == NULL || document->state == NULL)
    return TRUE;
  text = g_strjoinv ("\n", (char **)document->mrz);
  mrz = fast_mrz_parse (text, error);
  if (mrz == NULL)
    return fast_error_prefix (error, "rule-mrz", "field=%s.mrz", path);
  return check_agreement (applicant, document, path, mrz, error);
}

/**
 * fast_rules_check_documents:
 * @application: an application
 * @profile: its programme
 * @today: the day
 * @error: return location for an error
 *
 * Nothing shown may be expired; a zone that was read agrees with what stands beside it; there are a
 * document that proves identity and, where the programme asks for it, a licence to drive.
 *
 * Returns: whether that is so, else FAST_GATE_ERROR, or FAST_INPUT_ERROR for a zone that is wrong
 *   in itself
 */
gboolean
fast_rules_check_documents (const FastApplication *application, const FastProfile *profile,
                            const GDate *today, GError **error)
{
  gboolean licence = FALSE, identity = FALSE;

  for (guint i = 0; i < application->documents->len; i++) {
    const FastDocument *document = application->documents->pdata[i];
    g_autofree char *path = g_strdup_printf ("documents[%u]", i);

    if (!check_expiry (document, path, today, error) ||
        !check_zone (application->applicant, document, path, error))
      return FALSE;
    licence = licence || fast_document_is_licence (document);
    identity = identity || document->type != FAST_DOCUMENT_DRIVING_LICENCE;
  }
  if (profile->licence_required && !licence)
    return refuse ("rule-licence-missing", "", "documents", error);
  if (!identity)
    return refuse ("rule-identity-missing", "", "documents", error);
  return TRUE;
}

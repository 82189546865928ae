/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/subject.h"

#include <string.h>

#include "record/base/error.h"
#include "record/model/document.h"

/**
 * fast_subject_free:
 * @subject: (transfer full): an opened enrolment
 */
void
fast_subject_free (FastSubject *subject)
{
  g_clear_pointer (&subject->enrolment, fast_enrolment_free);
  g_clear_pointer (&subject->revision, fast_revision_free);
  g_clear_pointer (&subject->application, fast_application_unref);
  g_clear_pointer (&subject->profile, fast_profile_unref);
  g_free (subject);
}

static GBytes *
open_part (FastUnit *unit, const FastRevision *revision, const char *name, GError **error)
{
  g_autoptr (FastSecret) content =
      fast_revision_open_part (fast_unit_vault (unit), revision, name, error);

  return content == NULL ? NULL
                         : g_bytes_new (fast_secret_data (content), fast_secret_size (content));
}

static FastApplication *
open_application (FastUnit *unit, const FastRevision *revision, GError **error)
{
  g_autoptr (GHashTable) parts =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);

  for (guint i = 0; fast_application_part_names[i] != NULL; i++) {
    const char *name = fast_application_part_names[i];
    GBytes *bytes;

    if (fast_revision_find_part (revision, name) == NULL)
      continue;
    bytes = open_part (unit, revision, name, error);
    if (bytes == NULL)
      return NULL;
    g_hash_table_insert (parts, (gpointer)name, bytes);
  }
  return fast_application_from_parts (parts, error);
}

/**
 * fast_subject_load:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment's item id
 * @error: return location for an error
 *
 * Returns: (transfer full): the enrolment with its newest revision
 */
FastSubject *
fast_subject_load (FastUnit *unit, const char *item, GError **error)
{
  g_autoptr (FastSubject) subject = g_new0 (FastSubject, 1);

  subject->enrolment = fast_enrolment_load (fast_unit_store (unit), item, error);
  if (subject->enrolment == NULL)
    return NULL;
  subject->revision = fast_revision_load (fast_unit_store (unit), item, 0, error);
  subject->profile =
      subject->revision == NULL ? NULL : fast_profile_load (subject->enrolment->programme, error);
  if (subject->profile == NULL)
    return NULL;
  subject->application = open_application (unit, subject->revision, error);
  return subject->application == NULL ? NULL : g_steal_pointer (&subject);
}

/**
 * fast_subject_sample:
 * @unit: the unit, with somebody signed in
 * @subject: an opened enrolment
 * @name: of a sample, as in `face`
 * @part: (out) (optional) (transfer full): the part's name, as in `face.jpg`
 * @error: return location for an error
 *
 * Returns: (transfer full): the picture as it was captured
 */
GBytes *
fast_subject_sample (FastUnit *unit, const FastSubject *subject, const char *name, char **part,
                     GError **error)
{
  const FastProfileBiometric *biometric = fast_profile_find_biometric (subject->profile, name);

  for (guint i = 0; biometric != NULL && biometric->suffixes[i] != NULL; i++) {
    g_autofree char *file = g_strconcat (name, ".", biometric->suffixes[i], NULL);
    GBytes *bytes;

    if (fast_revision_find_part (subject->revision, file) == NULL)
      continue;
    bytes = open_part (unit, subject->revision, file, error);
    if (bytes != NULL && part != NULL)
      *part = g_steal_pointer (&file);
    return bytes;
  }
  return fast_fail_null (error, FAST_STORE_ERROR, FAST_STORE_ERROR_ABSENT, "subject-no-sample",
                         "item=%s, name=%s", subject->enrolment->item, name);
}

/**
 * fast_subject_dup_endorsements:
 * @subject: an opened enrolment
 *
 * Returns: (transfer full) (array zero-terminated=1): the endorsements of all licences, each once
 */
char **
fast_subject_dup_endorsements (const FastSubject *subject)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *documents = subject->application->documents;

  for (guint i = 0; i < documents->len; i++) {
    const FastDocument *document = documents->pdata[i];

    for (guint j = 0; document->endorsements != NULL && document->endorsements[j] != NULL; j++)
      if (g_hash_table_add (seen, (gpointer)document->endorsements[j]))
        g_strv_builder_add (builder, document->endorsements[j]);
  }
  return g_strv_builder_end (builder);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/journal.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/json.h"

#define FILE_LIMIT 65536

static const char *const phase_names[] = {"prepare",  "authenticate", "write", "verify",
                                          "activate", "inspect",      "done",  "spoiled"};

/**
 * fast_encode_phase_name:
 * @phase: a phase
 *
 * Returns: (transfer none): its name in files and in JSON
 */
const char *
fast_encode_phase_name (FastEncodePhase phase)
{
  return phase_names[phase];
}

/**
 * fast_encode_digest_plan:
 * @applet: the name of the driver
 * @lds: the files to be written
 *
 * Returns: (transfer full): hexadecimal SHA-256 over the applet's name and every file with its
 *   identifier and size
 */
char *
fast_encode_digest_plan (const char *applet, FastLds *lds)
{
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  gsize n;
  const FastFile *files = fast_files (&n);

  fast_append (all, applet, strlen (applet) + 1);
  for (gsize i = 0; i < n; i++) {
    GBytes *content = fast_lds_get (lds, &files[i]);
    if (content == NULL)
      continue;
    fast_append_u8 (all, (guint8)files[i].place);
    fast_append_u16 (all, files[i].fid);
    fast_append_u32 (all, (guint32)g_bytes_get_size (content));
    fast_append_bytes (all, content);
  }
  bytes = g_byte_array_free_to_bytes (g_steal_pointer (&all));
  return fast_sha256_hex (bytes);
}

/**
 * fast_encode_record_new:
 *
 * Returns: (transfer full): a record of nothing begun
 */
FastEncodeRecord *
fast_encode_record_new (void)
{
  FastEncodeRecord *record = g_new0 (FastEncodeRecord, 1);

  record->files = g_array_new (FALSE, FALSE, sizeof (guint32));
  return record;
}

/**
 * fast_encode_record_free:
 * @record: (transfer full): a record
 */
void
fast_encode_record_free (FastEncodeRecord *record)
{
  g_free (record->plan);
  g_free (record->serial);
  g_array_unref (record->files);
  g_free (record);
}

/**
 * fast_encode_record_begin:
 * @record: forgets what it held
 * @plan: what is to be written now
 */
void
fast_encode_record_begin (FastEncodeRecord *record, const char *plan)
{
  g_free (record->plan);
  record->plan = g_strdup (plan);
  g_clear_pointer (&record->serial, g_free);
  record->phase = FAST_ENCODE_PREPARE;
  g_array_set_size (record->files, 0);
}

/* Files of the application are known by their identifier alone. */
static guint32
number_of (const FastFile *file)
{
  return (guint32)file->place << 16 | file->fid;
}

/**
 * fast_encode_record_has:
 * @record: a record
 * @file: a file
 *
 * Returns: whether that file is wholly written
 */
gboolean
fast_encode_record_has (const FastEncodeRecord *record, const FastFile *file)
{
  for (guint i = 0; i < record->files->len; i++)
    if (g_array_index (record->files, guint32, i) == number_of (file))
      return TRUE;
  return FALSE;
}

/**
 * fast_encode_record_add:
 * @record: a record
 * @file: a file that is now wholly written
 */
void
fast_encode_record_add (FastEncodeRecord *record, const FastFile *file)
{
  const guint32 number = number_of (file);

  g_array_append_val (record->files, number);
}

static gboolean
parse_phase (JsonObject *object, FastEncodeRecord *record, GError **error)
{
  const char *name = fast_json_get_string (object, "phase", error);

  if (name == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (phase_names); i++)
    if (strcmp (phase_names[i], name) == 0) {
      record->phase = (FastEncodePhase)i;
      return TRUE;
    }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "journal-phase", "phase=%s",
                    name);
}

static gboolean
parse_record (JsonNode *node, FastEncodeRecord *record, GError **error)
{
  JsonObject *object = json_node_get_object (node);
  const char *plan = fast_json_get_string (object, "plan", error);
  JsonArray *files = plan == NULL ? NULL : fast_json_get_array (object, "files", error);

  if (files == NULL)
    return FALSE;
  fast_encode_record_begin (record, plan);
  if (json_object_has_member (object, "serial"))
    record->serial = g_strdup (fast_json_get_string (object, "serial", NULL));
  for (guint i = 0; i < json_array_get_length (files); i++) {
    const guint32 number = (guint32)json_array_get_int_element (files, i);
    g_array_append_val (record->files, number);
  }
  return parse_phase (object, record, error);
}

/**
 * fast_encode_record_from_bytes:
 * @record: an empty record; is filled
 * @bytes: what fast_encode_record_to_bytes() gave
 * @what: where they come from, for errors
 * @error: return location for an error
 *
 * Returns: whether they hold a record
 */
gboolean
fast_encode_record_from_bytes (FastEncodeRecord *record, GBytes *bytes, const char *what,
                               GError **error)
{
  g_autoptr (JsonNode) node = fast_json_parse (bytes, what, error);

  if (node == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "json-malformed",
                      "what=%s", what);
  return parse_record (node, record, error);
}

/**
 * fast_encode_record_to_bytes:
 * @record: a record with a plan
 *
 * Returns: (transfer full): canonical JSON
 */
GBytes *
fast_encode_record_to_bytes (const FastEncodeRecord *record)
{
  JsonObject *object = json_object_new ();
  JsonArray *files = json_array_new ();
  g_autoptr (JsonNode) node = fast_json_node_take (object);

  for (guint i = 0; i < record->files->len; i++)
    json_array_add_int_element (files, g_array_index (record->files, guint32, i));
  json_object_set_array_member (object, "files", files);
  json_object_set_string_member (object, "phase", phase_names[record->phase]);
  json_object_set_string_member (object, "plan", record->plan);
  if (record->serial != NULL)
    json_object_set_string_member (object, "serial", record->serial);
  return fast_json_canonical_bytes (node);
}

static gboolean
load_file (gpointer self, FastEncodeRecord *record, GError **error)
{
  const char *path = self;
  g_autoptr (GBytes) bytes = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  bytes = fast_bytes_read_file (path, FILE_LIMIT, error);
  return bytes != NULL && fast_encode_record_from_bytes (record, bytes, path, error);
}

static gboolean
save_file (gpointer self, const FastEncodeRecord *record, GError **error)
{
  g_autoptr (GBytes) bytes = fast_encode_record_to_bytes (record);

  return fast_durable_replace (self, bytes, 0600, FAST_POINT ("encode-journal"), error);
}

/**
 * fast_encode_journal_file:
 * @path: a file, which need not exist; must outlive the journal
 *
 * Returns: a journal kept in it
 */
FastEncodeJournal
fast_encode_journal_file (const char *path)
{
  return (FastEncodeJournal){load_file, save_file, (gpointer)path};
}

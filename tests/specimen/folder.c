/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/specimen/folder.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "tests/specimen/print.h"
#include "tests/specimen/signature.h"
#include "tests/specimen/template.h"

static const char *const FINGERS[] = {
    "right-thumb", "right-index", "right-middle", "right-ring", "right-little",
    "left-thumb",  "left-index",  "left-middle",  "left-ring",  "left-little",
};

#define TEMPLATE_LIMIT (1024 * 1024)

static gboolean
write_file (const char *out, const char *name, GBytes *content, GError **error)
{
  g_autofree char *path = g_build_filename (out, name, NULL);

  return fast_durable_replace (path, content, 0644, NULL, error);
}

static gboolean
write_picture (const char *out, const char *name, const FastImage *image, GError **error)
{
  g_autoptr (GBytes) encoded = fast_image_encode_png (image, error);

  return encoded != NULL && write_file (out, name, encoded, error);
}

static GBytes *
fill_template (const char *path, GError **error)
{
  g_autoptr (GBytes) file = fast_bytes_read_file (path, TEMPLATE_LIMIT, error);
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *text = NULL;
  char *filled;

  if (file == NULL)
    return NULL;
  text = g_strndup (g_bytes_get_data (file, NULL), g_bytes_get_size (file));
  filled = specimen_template_fill (text, today);
  return g_bytes_new_take (filled, strlen (filled));
}

/* Fingers that the application declares missing are not made. */
static gboolean
write_fingers (const char *out, JsonObject *missing, guint32 seed, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (FINGERS); i++) {
    g_autofree char *name = g_strdup_printf ("finger-%s.png", FINGERS[i]);
    g_autoptr (FastImage) print = NULL;

    if (json_object_has_member (missing, FINGERS[i]))
      continue;
    print = specimen_print_make (seed, i);
    if (!write_picture (out, name, print, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
write_portrait (const SpecimenFolder *folder, GError **error)
{
  g_autoptr (GBytes) file = fast_bytes_read_file (folder->portrait, FAST_IMAGE_FILE_LIMIT, error);
  FastImageFormat format;

  if (file == NULL || !fast_image_sniff (file, folder->portrait, &format, error))
    return FALSE;
  return write_file (folder->out, format == FAST_IMAGE_PNG ? "face.png" : "face.jpg", file, error);
}

/**
 * specimen_folder_write:
 * @folder: what to write
 * @error: return location for an error
 *
 * Returns: whether the capture folder is complete
 */
gboolean
specimen_folder_write (const SpecimenFolder *folder, GError **error)
{
  g_autoptr (GBytes) application = fill_template (folder->template_path, error);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (FastImage) signature = NULL;
  JsonObject *missing;

  if (application == NULL)
    return FALSE;
  node = fast_json_parse (application, folder->template_path, error);
  if (node == NULL)
    return FALSE;
  missing = fast_json_get_object (json_node_get_object (node), "missing", error);
  if (missing == NULL || !fast_durable_make_folder (folder->out, 0755, error) ||
      !write_file (folder->out, "application.json", application, error) ||
      !write_portrait (folder, error) || !write_fingers (folder->out, missing, folder->seed, error))
    return FALSE;
  signature = specimen_signature_make (folder->seed);
  return write_picture (folder->out, "signature.png", signature, error);
}

/**
 * specimen_prints_write:
 * @out: the folder that is written
 * @seed: names an invented person
 * @count: how many prints
 * @error: return location for an error
 *
 * Returns: whether `print-1.png` and so on are there
 */
gboolean
specimen_prints_write (const char *out, guint32 seed, guint count, GError **error)
{
  if (!fast_durable_make_folder (out, 0755, error))
    return FALSE;
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_strdup_printf ("print-%u.png", i + 1);
    g_autoptr (FastImage) print = specimen_print_make (seed, i);

    if (!write_picture (out, name, print, error))
      return FALSE;
  }
  return TRUE;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/programs/place.h"

#include <gio/gio.h>

#include "record/base/durable.h"
#include "record/base/json.h"
#include "record/biometric/image.h"
#include "tests/specimen/folder.h"
#include "tests/support.h"

#define APPLICATION "application.json"

static char *
write_portrait (const char *root)
{
  g_autoptr (FastImage) image = fast_image_new (420, 540, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) encoded = fast_image_encode_jpeg (image, 90, &error);
  char *path = g_build_filename (root, "portrait.jpg", NULL);

  g_assert_no_error (error);
  fast_durable_replace (path, encoded, 0644, NULL, &error);
  g_assert_no_error (error);
  return path;
}

static void
write_keys (ProgramPlace *place)
{
  g_autofree char *program = fast_test_program ("fast-card");
  g_autofree char *keys = g_build_filename (place->root, "pki", NULL);
  g_autofree char *out = NULL;
  const char *const argv[] = {program, "keys", "training", keys, NULL};

  g_assert_cmpint (fast_test_run (&out, NULL, argv), ==, 0);
  place->config = g_build_filename (keys, "unit.conf", NULL);
}

/**
 * program_place_open:
 * @place: (out caller-allocates): a place with a new unit
 */
void
program_place_open (ProgramPlace *place)
{
  g_autofree char *source = fast_test_source ("tests/specimen/application-ca.json");
  g_autofree char *portrait = NULL;
  g_autoptr (GError) error = NULL;

  place->root = fast_test_folder ();
  place->enrol = fast_test_program ("fast-enrol");
  place->good = g_build_filename (place->root, "good", NULL);
  write_keys (place);
  portrait = write_portrait (place->root);
  specimen_folder_write (
      &(SpecimenFolder){
          .template_path = source, .portrait = portrait, .seed = 9, .out = place->good},
      &error);
  g_assert_no_error (error);
}

/**
 * program_place_close:
 * @place: a place; its folder is removed
 */
void
program_place_close (ProgramPlace *place)
{
  g_free (place->config);
  g_free (place->good);
  g_free (place->enrol);
  fast_test_remove_folder (place->root);
}

/* Links suffice: the programs only read. */
static void
link_samples (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *target = g_build_filename (from, name, NULL);
    g_autofree char *path = g_build_filename (to, name, NULL);
    g_autoptr (GFile) file = g_file_new_for_path (path);
    g_autoptr (GError) error = NULL;

    if (g_str_equal (name, APPLICATION))
      continue;
    g_file_make_symbolic_link (file, target, NULL, &error);
    g_assert_no_error (error);
  }
}

/**
 * program_place_folder:
 * @place: a place
 * @change: what its application says otherwise; nothing when its path is %NULL
 *
 * Returns: (transfer full): path of a new capture folder
 */
char *
program_place_folder (ProgramPlace *place, const SpecimenChange *change)
{
  g_autofree char *name = g_strdup_printf ("folder-%u", place->n_folders++);
  g_autofree char *source = g_build_filename (place->good, APPLICATION, NULL);
  g_autofree char *text = NULL;
  g_autofree char *altered = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  char *folder = g_build_filename (place->root, name, NULL);

  fast_durable_make_folder (folder, 0755, &error);
  g_assert_no_error (error);
  link_samples (place->good, folder);
  g_file_get_contents (source, &text, NULL, &error);
  g_assert_no_error (error);
  node = json_from_string (text, &error);
  g_assert_no_error (error);
  if (change->path != NULL)
    specimen_alter (node, change);
  altered = fast_json_pretty (node);
  program_place_put (folder, APPLICATION, altered);
  return folder;
}

/**
 * program_place_put:
 * @folder: a capture folder
 * @file: a file in it
 * @content: (nullable): what it holds from now on; %NULL takes it out
 */
void
program_place_put (const char *folder, const char *file, const char *content)
{
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GFile) target = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_file_delete (target, NULL, NULL);
  if (content != NULL)
    g_file_set_contents (path, content, -1, &error);
  g_assert_no_error (error);
}

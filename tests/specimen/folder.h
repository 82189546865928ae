/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/**
 * SpecimenFolder:
 * @template_path: a template of application.json
 * @portrait: a JPEG or PNG file
 * @seed: names the invented person to whom prints and signature belong
 * @out: the folder that is written
 */
typedef struct {
  const char *template_path;
  const char *portrait;
  guint32 seed;
  const char *out;
} SpecimenFolder;

gboolean specimen_folder_write (const SpecimenFolder *folder, GError **error);
gboolean specimen_prints_write (const char *out, guint32 seed, guint count, GError **error);

G_END_DECLS

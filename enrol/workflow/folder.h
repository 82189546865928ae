/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/application.h"
#include "record/model/profile.h"

G_BEGIN_DECLS

/**
 * FastFolder:
 * @application: what was written down
 * @profile: of its programme
 * @samples: (element-type utf8 GBytes): file name to contents: pictures, each of which decodes, and
 *   scanned documents as `document-NAME`
 *
 * A capture folder as a kiosk, a bulk import or a test hands it over, read and found whole. Nothing
 * of it is judged yet but that it is what it claims to be.
 */
typedef struct {
  FastApplication *application;
  FastProfile *profile;
  GHashTable *samples;
} FastFolder;

FastFolder *fast_folder_read (const char *path, GError **error);
void fast_folder_free (FastFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastFolder, fast_folder_free)

const char *fast_folder_find_sample (const FastFolder *folder, const char *name);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tests/specimen/alter.h"

G_BEGIN_DECLS

/**
 * ProgramPlace:
 * @root: a folder
 * @config: of a training unit in it
 * @good: a capture folder that `fast-enrol folder` takes
 * @enrol: the program
 *
 * What tests of the programs start from.
 */
typedef struct {
  char *root;
  char *config;
  char *good;
  char *enrol;
  guint n_folders;
} ProgramPlace;

void program_place_open (ProgramPlace *place);
void program_place_close (ProgramPlace *place);
char *program_place_folder (ProgramPlace *place, const SpecimenChange *change);
void program_place_put (const char *folder, const char *file, const char *content);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/config.h"
#include "sync/link/sealer.h"

G_BEGIN_DECLS

/* A unit in a folder of its own, with training keys and somebody signed in. */
typedef struct {
  char *folder;
  FastConfig *config;
  FastStore *store;
  FastVault *vault;
  FastSealer *sealer;
} UnitFixture;

void unit_fixture_make (UnitFixture *fixture);
void unit_fixture_open (UnitFixture *fixture, const char *folder);
void unit_fixture_close (UnitFixture *fixture);
void unit_fixture_set_up (UnitFixture *fixture, gconstpointer data);
void unit_fixture_tear_down (UnitFixture *fixture, gconstpointer data);

char *unit_fixture_freeze (UnitFixture *fixture, const char *kind, const char *about);
void unit_fixture_check (UnitFixture *fixture, guint revisions);

G_END_DECLS

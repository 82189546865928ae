/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/config.h"
#include "record/model/nation.h"
#include "record/store/vault.h"

G_BEGIN_DECLS

/**
 * FastUnit:
 *
 * A unit at work: its configuration, its store, and the officers who are signed in at this process.
 * The vault opens with the first of them and closes with the unit. For one thread.
 */
typedef struct _FastUnit FastUnit;

/**
 * FastActor:
 * @name: the officer's name, as in the configuration
 * @agency: whose officer
 *
 * An officer who is signed in.
 */
typedef struct {
  char *name;
  FastAgency agency;
} FastActor;

FastUnit *fast_unit_open (FastConfig *config, GError **error);
void fast_unit_close (FastUnit *unit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastUnit, fast_unit_close)

gboolean fast_unit_sign_in (FastUnit *unit, const char *officer, FastSecret *passphrase,
                            GError **error);
gboolean fast_unit_sign_in_listed (FastUnit *unit, const char *officer, GError **error);
gboolean fast_unit_agency_of (FastUnit *unit, const char *officer, FastAgency *agency,
                              GError **error);
const char *fast_unit_first_officer (FastUnit *unit, FastAgency agency);
gboolean fast_unit_is_training (FastUnit *unit);
void fast_unit_empty_log (FastUnit *unit);
gboolean fast_unit_has_listed_passphrases (FastUnit *unit);

const FastActor *fast_unit_find_actor (FastUnit *unit, const char *officer);
const FastActor *fast_unit_actor (FastUnit *unit, GError **error);
const FastActor *fast_unit_actor_of (FastUnit *unit, FastAgency agency, GError **error);
guint fast_unit_n_actors (FastUnit *unit);
const FastActor *fast_unit_nth_actor (FastUnit *unit, guint index);

FastConfig *fast_unit_config (FastUnit *unit);
FastStore *fast_unit_store (FastUnit *unit);
FastVault *fast_unit_vault (FastUnit *unit);
const char *fast_unit_id (FastUnit *unit);
FastNation fast_unit_nation (FastUnit *unit);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tests use of the lost-write shim; lost-write.h tells its model. */

/**
 * FastPowerCut:
 *
 * A folder whose unsynced writes a test can lose.
 */
typedef struct _FastPowerCut FastPowerCut;

FastPowerCut *fast_power_cut_new (const char *root);
void fast_power_cut_free (FastPowerCut *cut);
char **fast_power_cut_environment (FastPowerCut *cut, char **environment);
void fast_power_cut_happen (FastPowerCut *cut);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What tests share. A test whose real data is absent skips and says so. */

char *fast_test_data (const char *name);
char *fast_test_program (const char *name);
char *fast_test_source (const char *name);
char *fast_test_folder (void);
void fast_test_remove_folder (char *folder);
int fast_test_run (char **out, char **err, const char *const *argv);

#define fast_test_assert_id(error, wanted)                                                         \
  g_assert_cmpstr (fast_message_get_id (fast_error_get_message (error)), ==, wanted)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Failpoints: named places where a test makes the process die, fail or wait, before and after each
 * commit, fsync, rename, network send and APDU. `FAST_FAILPOINT=NAME[:N]:kill|error|delay` acts on
 * the N-th time (default 1) that NAME is passed; one name may be passed several times in one
 * operation (before, between, after its steps), so a loop over N visits them all.
 *
 * FAST_POINT("name") is an expression that registers the name in the program's table and gives its
 * handle; `PROGRAM --failpoints` prints the table, and a run adds each pass to the file that
 * FAST_FAILPOINT_LOG names. Without the build option both vanish: the handle
 * is NULL and passing it costs nothing.
 */

typedef struct {
  const char *name;
} FastPoint;

#ifdef FAST_FAILPOINTS
#define FAST_POINT(literal)                                                                        \
  __extension__({                                                                                  \
    static FastPoint fast_point_ = {literal};                                                      \
    static FastPoint *const fast_point_entry_ __attribute__ ((section ("fast_points"), used)) =    \
        &fast_point_;                                                                              \
    &fast_point_;                                                                                  \
  })
gboolean fast_point_pass (FastPoint *point, GError **error);
#else
#define FAST_POINT(literal) ((FastPoint *)NULL)
#define fast_point_pass(point, error) ((void)(point), (void)(error), TRUE)
#endif

char **fast_point_list (void);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/shim/power-cut.h"

#include <stdlib.h>

#include "tests/support.h"

struct _FastPowerCut {
  char *root;
  char *shadow;
};

static void
run (FastPowerCut *cut, const char *verb)
{
  g_autofree char *program =
      g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests/shim/lost-write-restore", NULL);
  const char *argv[] = {program, verb, cut->root, cut->shadow, NULL};

  g_assert_cmpint (fast_test_run (NULL, NULL, argv), ==, 0);
}

/**
 * fast_power_cut_new:
 * @root: a folder; what is in it now counts as being on the disk
 *
 * Returns: (transfer full): what can lose writes below it
 */
FastPowerCut *
fast_power_cut_new (const char *root)
{
  FastPowerCut *cut = g_new0 (FastPowerCut, 1);

  cut->root = realpath (root, NULL);
  cut->shadow = fast_test_folder ();
  run (cut, "begin");
  return cut;
}

/**
 * fast_power_cut_free:
 * @cut: (transfer full): a power cut
 */
void
fast_power_cut_free (FastPowerCut *cut)
{
  free (cut->root);
  fast_test_remove_folder (cut->shadow);
  g_free (cut);
}

/**
 * fast_power_cut_environment:
 * @cut: a power cut
 * @environment: (transfer full): a child's environment
 *
 * Returns: (transfer full): the environment under which the child's writes can be lost
 */
char **
fast_power_cut_environment (FastPowerCut *cut, char **environment)
{
  g_autofree char *shim =
      g_build_filename (g_getenv ("FAST_BUILD_DIR"), "tests/shim/liblost-write.so", NULL);
  const char *asan = g_environ_getenv (environment, "ASAN_OPTIONS");
  g_autofree char *options = g_strconcat (asan == NULL ? "" : asan, asan == NULL ? "" : ":",
                                          "verify_asan_link_order=0", NULL);

  environment = g_environ_setenv (environment, "LD_PRELOAD", shim, TRUE);
  environment = g_environ_setenv (environment, "FAST_LOST_WRITE_ROOT", cut->root, TRUE);
  environment = g_environ_setenv (environment, "FAST_LOST_WRITE_SHADOW", cut->shadow, TRUE);
  return g_environ_setenv (environment, "ASAN_OPTIONS", options, TRUE);
}

/**
 * fast_power_cut_happen:
 * @cut: a power cut; no process uses the folder any more
 *
 * Leaves in the folder only what had reached the disk.
 */
void
fast_power_cut_happen (FastPowerCut *cut)
{
  run (cut, "cut");
}

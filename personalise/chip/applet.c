/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/applet.h"

#include <string.h>

#include "record/base/error.h"

static const FastApplet *const applets[] = {
    &fast_applet_icao_perso,
};

/**
 * fast_applet_find:
 * @name: the applet's name
 * @needed: what the profile needs
 * @error: return location for an error
 *
 * Returns: (transfer none): its driver, or %NULL with FAST_INPUT_ERROR_UNSUPPORTED when there is
 *   none or it cannot do all that is needed
 */
const FastApplet *
fast_applet_find (const char *name, FastAppletCapabilities needed, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (applets); i++) {
    if (strcmp (applets[i]->name, name) != 0)
      continue;
    if ((applets[i]->capabilities & needed) == needed)
      return applets[i];
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-cannot",
                           "applet=%s", name);
  }
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-unknown",
                         "applet=%s", name);
}

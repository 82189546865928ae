/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "enrol/workflow/production.h"
#include "programs/fast-card/verbs.h"
#include "programs/sign-in.h"
#include "record/base/json.h"

#define DEFAULT_DPI 300

static gboolean
write_face (FastCardFace *face, const char *out, int dpi, GError **error)
{
  g_autofree char *base = NULL;

  if (g_str_has_suffix (out, ".pdf"))
    return fast_card_face_write_pdf (face, out, error);
  base = g_strndup (out, strlen (out) - strlen (".png"));
  return fast_card_face_write_png (face, base, (guint)dpi, error);
}

static void
say (FastInvocation *invocation, const char *out)
{
  g_autofree char *base = g_strndup (out, strlen (out) - strlen (".png"));
  g_autofree char *front = g_strconcat (base, "-front.png", NULL);
  g_autofree char *back = g_strconcat (base, "-back.png", NULL);

  if (g_str_has_suffix (out, ".pdf"))
    fast_invocation_say (invocation, "said-drawn", "out=%s", out);
  else
    fast_invocation_say (invocation, "said-drawn-sides", "front=%s, back=%s", front, back);
}

/* fast-card print --enrolment ID --out FILE.pdf|FILE.png [--dpi N] */
gboolean
fast_card_print (FastInvocation *invocation, GError **error)
{
  g_auto (FastSignIn) options = {0};
  g_autofree char *item = NULL;
  g_autofree char *out = NULL;
  int dpi = DEFAULT_DPI;
  const GOptionEntry entries[] = {
      FAST_SIGN_IN_OPTIONS (options),
      {"enrolment", 0, 0, G_OPTION_ARG_STRING, &item, NULL, NULL},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, NULL, NULL},
      {"dpi", 0, 0, G_OPTION_ARG_INT, &dpi, NULL, NULL},
      {0},
  };
  g_autoptr (FastUnit) unit = NULL;
  g_autoptr (FastCardFace) face = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (!fast_invocation_parse (invocation, entries, 0, 0, error) ||
      !fast_invocation_require (item, "--enrolment", error) ||
      !fast_invocation_require (out, "--out", error))
    return FALSE;
  if (!g_str_has_suffix (out, ".pdf") && !g_str_has_suffix (out, ".png"))
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-picture", "out=%s",
                      out);
  if (dpi != 300 && dpi != 600)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-dpi", "dpi=%d",
                      dpi);
  unit = fast_sign_in_unit (invocation, &options, FAST_SIGN_IN_ANY, error);
  face = unit == NULL ? NULL : fast_production_face (unit, item, error);
  if (face == NULL || !write_face (face, out, dpi, error))
    return FALSE;
  node = fast_json_node_take (json_object_new ());
  json_object_set_string_member (json_node_get_object (node), "out", out);
  fast_invocation_print_json (invocation, node);
  say (invocation, out);
  return TRUE;
}

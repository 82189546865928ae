/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-path.h"

#include "record/base/error.h"

/* Links a chip may be behind; each stands for years. */
#define DEPTH_MAX 8

static void
certificate_free (gpointer data)
{
  fast_cv_certificate_unref (data);
}

static const FastCvBody *
body_at (GPtrArray *certificates, guint i)
{
  return fast_cv_certificate_get_body (certificates->pdata[i]);
}

/* Climbs from the holder's certificate; @path fills up with the top first. */
static gboolean
climb (GPtrArray *certificates, const char *const *authorities, const char *holder, guint depth,
       GPtrArray *path)
{
  for (guint i = 0; depth < DEPTH_MAX && i < certificates->len; i++) {
    const FastCvBody *body = body_at (certificates, i);

    if (!g_str_equal (body->holder, holder) || g_str_equal (body->authority, holder))
      continue;
    if (!g_strv_contains (authorities, body->authority) &&
        !climb (certificates, authorities, body->authority, depth + 1, path))
      continue;
    g_ptr_array_add (path, fast_cv_certificate_ref (certificates->pdata[i]));
    return TRUE;
  }
  return FALSE;
}

/**
 * fast_cv_path_find:
 * @certificates: (element-type FastCvCertificate): all that a terminal has, in any order
 * @authorities: the references that the chip's EF.CVCA names
 * @error: return location for an error
 *
 * Looks at names only; the chip checks the rest.
 *
 * Returns: (transfer full) (element-type FastCvCertificate): what to show the chip, in this order:
 *   link certificates, the DV's that one of @authorities issued, the terminal's;
 *   FAST_KEY_ERROR_UNTRUSTED when none leads there
 */
GPtrArray *
fast_cv_path_find (GPtrArray *certificates, const char *const *authorities, GError **error)
{
  g_autoptr (GPtrArray) path = g_ptr_array_new_with_free_func (certificate_free);

  for (guint i = 0; i < certificates->len; i++) {
    const FastCvBody *body = body_at (certificates, i);
    if (body->role == FAST_CV_ROLE_TERMINAL &&
        climb (certificates, authorities, body->holder, 0, path))
      return g_steal_pointer (&path);
  }
  return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-path", "authority=%s",
                         authorities[0] != NULL ? authorities[0] : "-");
}

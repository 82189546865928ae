/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/terminal.h"

#include "record/keys/key.h"

/**
 * fast_terminal_load:
 * @key: path or URI of the terminal's private key
 * @certificates: (array zero-terminated=1): paths of card-verifiable certificates
 * @error: return location for an error
 *
 * Returns: (transfer full): what a terminal has to show
 */
FastTerminal *
fast_terminal_load (const char *key, const char *const *certificates, GError **error)
{
  g_autoptr (FastTerminal) terminal = g_new0 (FastTerminal, 1);

  terminal->certificates =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_cv_certificate_unref);
  terminal->key = fast_key_load (key, error);
  if (terminal->key == NULL)
    return NULL;
  for (guint i = 0; certificates[i] != NULL; i++) {
    FastCvCertificate *certificate = fast_cv_certificate_load (certificates[i], error);

    if (certificate == NULL)
      return NULL;
    g_ptr_array_add (terminal->certificates, certificate);
  }
  return g_steal_pointer (&terminal);
}

/**
 * fast_terminal_free:
 * @terminal: (transfer full): a terminal's credentials
 */
void
fast_terminal_free (FastTerminal *terminal)
{
  g_clear_pointer (&terminal->certificates, g_ptr_array_unref);
  g_clear_pointer (&terminal->key, EVP_PKEY_free);
  g_free (terminal);
}

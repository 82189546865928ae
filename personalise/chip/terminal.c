/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/terminal.h"

#include <string.h>

#include "record/base/error.h"
#include "record/keys/cv-chain.h"
#include "record/keys/cv-path.h"
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

/**
 * fast_terminal_from_config:
 * @config: a unit's configuration
 * @terminal: (out) (transfer full) (nullable): the credentials that `[card]` names by `terminal`
 *   and `terminal-certificates`; %NULL when it names no key
 * @error: return location for an error
 *
 * Returns: whether what stands there can be used; FAST_INPUT_ERROR_CONFIG, and what
 *   fast_terminal_load() fails with
 */
gboolean
fast_terminal_from_config (FastConfig *config, FastTerminal **terminal, GError **error)
{
  g_autofree char *key = NULL;
  g_auto (GStrv) certificates = NULL;

  *terminal = NULL;
  if (!fast_config_has (config, "card", "terminal"))
    return TRUE;
  key = fast_config_path (config, "card", "terminal", error);
  certificates =
      key == NULL ? NULL : fast_config_paths (config, "card", "terminal-certificates", error);
  *terminal = certificates == NULL
                  ? NULL
                  : fast_terminal_load (key, (const char *const *)certificates, error);
  return *terminal != NULL;
}

static gboolean
show_chain (FastCvChain *chain, GPtrArray *path, GError **error)
{
  for (guint i = 0; i < path->len; i++) {
    const FastCvBody *body = fast_cv_certificate_get_body (path->pdata[i]);

    if (!fast_cv_chain_select (chain, body->authority, strlen (body->authority), error) ||
        !fast_cv_chain_verify (chain, path->pdata[i], error))
      return FALSE;
  }
  return TRUE;
}

/* The chip asks for a signature by the key of the last certificate. */
static gboolean
has_key (const FastTerminal *terminal, const FastCvChain *chain, const char *holder, GError **error)
{
  g_autoptr (FastCvKey) wanted =
      fast_cv_chain_find_terminal (chain, holder, strlen (holder), error);
  g_autoptr (FastCvKey) own =
      wanted == NULL ? NULL
                     : fast_cv_key_new (terminal->key, fast_cv_key_get_algorithm (wanted), error);

  if (own == NULL)
    return FALSE;
  return EVP_PKEY_eq (fast_cv_key_get_public (own), fast_cv_key_get_public (wanted)) == 1 ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "terminal-key", "holder=%s",
                    holder);
}

/**
 * fast_terminal_check:
 * @terminal: what a reader has to show
 * @trust_point: the CVCA's certificate that a chip trusts
 * @today: the date that the chip may have learnt
 * @wanted: what is to be read
 * @error: return location for an error
 *
 * What a chip would say, asked before there is one: a card that its own unit cannot read is not
 * begun.
 *
 * Returns: whether a chip with this trust point would open to the terminal;
 *   FAST_KEY_ERROR_UNTRUSTED, FAST_KEY_ERROR_VALIDITY, FAST_KEY_ERROR_SIGNATURE
 */
gboolean
fast_terminal_check (const FastTerminal *terminal, GBytes *trust_point, const GDate *today,
                     FastCvRights wanted, GError **error)
{
  g_autoptr (FastCvTrust) trust = fast_cv_trust_new (today);
  g_autoptr (FastCvChain) chain = fast_cv_chain_new (trust);
  g_autoptr (FastCvCertificate) root = fast_cv_certificate_parse (
      g_bytes_get_data (trust_point, NULL), g_bytes_get_size (trust_point), error);
  const char *authorities[] = {NULL, NULL};
  g_autoptr (GPtrArray) path = NULL;
  const FastCvBody *last;

  if (root == NULL || !fast_cv_trust_add (trust, root, error))
    return FALSE;
  authorities[0] = fast_cv_certificate_get_body (root)->holder;
  path = fast_cv_path_find (terminal->certificates, authorities, error);
  if (path == NULL || !show_chain (chain, path, error))
    return FALSE;
  last = fast_cv_certificate_get_body (path->pdata[path->len - 1]);
  if (!has_key (terminal, chain, last->holder, error))
    return FALSE;
  return (fast_cv_chain_get_rights (chain) & wanted) == wanted ||
         fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "terminal-rights", "holder=%s",
                    last->holder);
}

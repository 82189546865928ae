/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-chain.h"

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/cv-reference.h"

/* Imported keys carry domain parameters and effective rights. */
struct _FastCvChain {
  FastCvTrust *trust;
  char *selected;
  FastCvBody *verifier;
  FastCvBody *terminal;
};

/* Takes a body that was checked; every rule that may refuse it comes before. */
typedef void (*Import) (FastCvChain *chain, const FastCvBody *issuer, FastCvBody *body);

static void import_link (FastCvChain *chain, const FastCvBody *issuer, FastCvBody *body);
static void import_verifier (FastCvChain *chain, const FastCvBody *issuer, FastCvBody *body);
static void import_terminal (FastCvChain *chain, const FastCvBody *issuer, FastCvBody *body);

/* Who may certify whom (TR-03110-3, 2.1 to 2.5); what is not here is refused. */
static const struct {
  FastCvRole issuer;
  FastCvRole subject;
  Import import;
} steps[] = {
    {FAST_CV_ROLE_CVCA, FAST_CV_ROLE_CVCA, import_link},
    {FAST_CV_ROLE_CVCA, FAST_CV_ROLE_DV_DOMESTIC, import_verifier},
    {FAST_CV_ROLE_CVCA, FAST_CV_ROLE_DV_FOREIGN, import_verifier},
    {FAST_CV_ROLE_DV_DOMESTIC, FAST_CV_ROLE_TERMINAL, import_terminal},
    {FAST_CV_ROLE_DV_FOREIGN, FAST_CV_ROLE_TERMINAL, import_terminal},
};

/**
 * fast_cv_chain_new:
 * @trust: what the chip remembers; must outlive the chain, and changes with it
 *
 * Returns: (transfer full): the chain of a new session
 */
FastCvChain *
fast_cv_chain_new (FastCvTrust *trust)
{
  FastCvChain *chain = g_new0 (FastCvChain, 1);

  chain->trust = trust;
  return chain;
}

/**
 * fast_cv_chain_free:
 * @chain: (transfer full): a chain
 */
void
fast_cv_chain_free (FastCvChain *chain)
{
  g_free (chain->selected);
  g_clear_pointer (&chain->verifier, fast_cv_body_free);
  g_clear_pointer (&chain->terminal, fast_cv_body_free);
  g_free (chain);
}

static const FastCvBody *
find_issuer (const FastCvChain *chain, const char *reference)
{
  const FastCvBody *point = fast_cv_trust_find (chain->trust, reference);

  if (point == NULL && chain->verifier != NULL && g_str_equal (chain->verifier->holder, reference))
    return chain->verifier;
  return point;
}

/**
 * fast_cv_chain_select:
 * @chain: a chain
 * @reference: a certification authority reference, as it is on the wire
 * @size: its size in bytes
 * @error: return location for an error
 *
 * MSE:SET DST (TR-03110-3, B.14.4): chooses the key that verifies the next certificate.
 *
 * Returns: whether there is such a key; FAST_KEY_ERROR_UNTRUSTED otherwise
 */
gboolean
fast_cv_chain_select (FastCvChain *chain, gconstpointer reference, gsize size, GError **error)
{
  g_autofree char *name = fast_cv_reference_parse (reference, size, error);

  g_clear_pointer (&chain->selected, g_free);
  if (name == NULL)
    return FALSE;
  if (find_issuer (chain, name) == NULL)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-unknown",
                      "authority=%s", name);
  chain->selected = g_steal_pointer (&name);
  return TRUE;
}

static Import
step_of (const FastCvBody *issuer, const FastCvBody *body, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i].issuer == issuer->role && steps[i].subject == body->role)
      return steps[i].import;
  fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-order",
             "holder=%s, authority=%s", body->holder, body->authority);
  return NULL;
}

/* Link certificates are accepted, and accepted from, after their day (TR-03110-3, 2.5). */
static gboolean
check_dates (const FastCvChain *chain, const FastCvBody *issuer, const FastCvBody *body,
             GError **error)
{
  g_autofree char *today = fast_date_format (fast_cv_trust_get_today (chain->trust));

  if (body->role == FAST_CV_ROLE_CVCA)
    return TRUE;
  if (fast_cv_trust_is_expired (chain->trust, issuer))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "cv-chain-issuer-expired",
                      "authority=%s, today=%s", issuer->holder, today);
  if (fast_cv_trust_is_expired (chain->trust, body))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY, "cv-chain-expired",
                      "holder=%s, today=%s", body->holder, today);
  return TRUE;
}

/* TR-03110-3, 2.3: one algorithm and one curve from the CVCA down; a link may change both. DV and
 * terminal should come without parameters (D.3.3); the issuer's own, repeated, do no harm. */
static gboolean
check_key (const FastCvBody *issuer, const FastCvBody *body, GError **error)
{
  const char *curve = fast_cv_key_get_curve (body->key);

  if (body->role == FAST_CV_ROLE_CVCA)
    return TRUE;
  if (fast_cv_key_get_algorithm (body->key) != fast_cv_key_get_algorithm (issuer->key) ||
      (curve != NULL && !g_str_equal (curve, fast_cv_key_get_curve (issuer->key))))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-parameters",
                      "holder=%s", body->holder);
  return TRUE;
}

/* TR-03110-3, A.7.2: a name that is taken stays what it is; the same link may be shown again. */
static gboolean
check_holder (const FastCvChain *chain, const FastCvBody *issuer, const FastCvBody *body,
              const FastCvKey *key, GError **error)
{
  const FastCvBody *point = fast_cv_trust_find (chain->trust, body->holder);
  const gboolean again =
      body->role == FAST_CV_ROLE_CVCA && point != NULL && fast_cv_key_equal (point->key, key);

  if ((point != NULL && !again) || g_str_equal (issuer->holder, body->holder))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-holder",
                      "holder=%s", body->holder);
  return TRUE;
}

static void
import_link (FastCvChain *chain, const FastCvBody *issuer G_GNUC_UNUSED, FastCvBody *body)
{
  fast_cv_trust_advance (chain->trust, &body->effective, body);
  fast_cv_body_free (body);
}

/* TR-03110-3, 2.7: what every certificate of the chain grants. */
static void
import_verifier (FastCvChain *chain, const FastCvBody *issuer, FastCvBody *body)
{
  body->rights &= issuer->rights;
  g_clear_pointer (&chain->verifier, fast_cv_body_free);
  g_clear_pointer (&chain->terminal, fast_cv_body_free);
  chain->verifier = body;
  fast_cv_trust_advance (chain->trust, &body->effective, NULL);
}

/* TR-03110-3, 2.5: only a domestic DV is believed to date its terminals' certificates rightly. */
static void
import_terminal (FastCvChain *chain, const FastCvBody *issuer, FastCvBody *body)
{
  body->rights &= issuer->rights;
  g_clear_pointer (&chain->terminal, fast_cv_body_free);
  chain->terminal = body;
  if (issuer->role == FAST_CV_ROLE_DV_DOMESTIC)
    fast_cv_trust_advance (chain->trust, &body->effective, NULL);
}

static gboolean
check_and_import (FastCvChain *chain, const FastCvBody *issuer,
                  const FastCvCertificate *certificate, GError **error)
{
  const FastCvBody *body = fast_cv_certificate_get_body (certificate);
  g_autoptr (FastCvKey) key = NULL;
  FastCvBody *imported;
  Import import;

  if (!body->inspection)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-role", "holder=%s",
                      body->holder);
  import = step_of (issuer, body, error);
  if (import == NULL || !fast_cv_certificate_verify (certificate, issuer->key, error) ||
      !check_dates (chain, issuer, body, error) || !check_key (issuer, body, error))
    return FALSE;
  key = fast_cv_key_inherit (body->key, issuer->key, error);
  if (key == NULL || !check_holder (chain, issuer, body, key, error))
    return FALSE;
  imported = fast_cv_body_copy (body);
  fast_cv_key_unref (imported->key);
  imported->key = g_steal_pointer (&key);
  import (chain, issuer, imported);
  return TRUE;
}

/**
 * fast_cv_chain_verify:
 * @chain: a chain, with a key selected
 * @certificate: the next certificate
 * @error: return location for an error
 *
 * PSO:VERIFY CERTIFICATE (TR-03110-3, 2.5 and B.14.5). A certificate whose first day is still to
 * come for the chip is accepted: the chip's date lags behind and learns from it.
 *
 * Returns: whether it was believed and its key imported; FAST_KEY_ERROR_SIGNATURE,
 *   FAST_KEY_ERROR_VALIDITY, FAST_KEY_ERROR_UNTRUSTED
 */
gboolean
fast_cv_chain_verify (FastCvChain *chain, const FastCvCertificate *certificate, GError **error)
{
  const FastCvBody *body = fast_cv_certificate_get_body (certificate);
  g_autofree char *selected = g_steal_pointer (&chain->selected);
  const FastCvBody *issuer;

  if (selected == NULL)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-unselected", NULL);
  if (!g_str_equal (body->authority, selected))
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-authority",
                      "holder=%s, authority=%s, selected=%s", body->holder, body->authority,
                      selected);
  issuer = find_issuer (chain, selected);
  if (issuer == NULL)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-unknown",
                      "authority=%s", selected);
  return check_and_import (chain, issuer, certificate, error);
}

/**
 * fast_cv_chain_find_terminal:
 * @chain: a chain
 * @reference: a certificate holder reference, as it is on the wire
 * @size: its size in bytes
 * @error: return location for an error
 *
 * MSE:SET AT (TR-03110-3, B.3): the key that the terminal is about to prove that it has.
 *
 * Returns: (transfer full): the terminal's key; FAST_KEY_ERROR_UNTRUSTED when no terminal of that
 *   name was certified in this chain
 */
FastCvKey *
fast_cv_chain_find_terminal (const FastCvChain *chain, gconstpointer reference, gsize size,
                             GError **error)
{
  g_autofree char *name = fast_cv_reference_parse (reference, size, error);

  if (name == NULL)
    return NULL;
  if (chain->terminal == NULL || !g_str_equal (chain->terminal->holder, name))
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED, "cv-chain-no-terminal",
                           "holder=%s", name);
  return fast_cv_key_ref (chain->terminal->key);
}

/**
 * fast_cv_chain_get_rights:
 * @chain: a chain
 *
 * Returns: what the certified terminal may do once it has proved its key; nothing without one
 */
FastCvRights
fast_cv_chain_get_rights (const FastCvChain *chain)
{
  return chain->terminal == NULL ? FAST_CV_RIGHT_NONE : chain->terminal->rights;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/sign-in.h"

#include "record/base/number.h"

/**
 * fast_sign_in_clear:
 * @sign_in: options; their strings are freed
 */
void
fast_sign_in_clear (FastSignIn *sign_in)
{
  g_clear_pointer (&sign_in->officers, g_strfreev);
  g_clear_pointer (&sign_in->descriptors, g_strfreev);
}

static guint
count (char **strings)
{
  return strings == NULL ? 0 : g_strv_length (strings);
}

static gboolean
sign_in_with_descriptor (FastUnit *unit, const char *officer, const char *descriptor,
                         GError **error)
{
  g_autoptr (FastSecret) passphrase = NULL;
  guint64 fd;

  if (!fast_number_parse (descriptor, 10, 0, G_MAXINT, &fd))
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-descriptor",
                      "value=%s", descriptor);
  passphrase = fast_secret_read_fd ((int)fd, error);
  return passphrase != NULL && fast_unit_sign_in (unit, officer, passphrase, error);
}

/* A training list replaces the passphrase of whoever is named without a descriptor. */
static gboolean
sign_in_named (FastUnit *unit, const FastSignIn *sign_in, GError **error)
{
  guint n = count (sign_in->officers), given = count (sign_in->descriptors);

  if (given != 0 && given != n)
    return fast_fail (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-sign-in",
                      "officers=%u, descriptors=%u", n, given);
  for (guint i = 0; i < n; i++) {
    gboolean done = given != 0 ? sign_in_with_descriptor (unit, sign_in->officers[i],
                                                          sign_in->descriptors[i], error)
                               : fast_unit_sign_in_listed (unit, sign_in->officers[i], error);
    if (!done)
      return FALSE;
  }
  return TRUE;
}

static gboolean
sign_in_first (FastUnit *unit, int agency, GError **error)
{
  FastAgency wanted = agency == FAST_SIGN_IN_ANY ? fast_nation_agency (fast_unit_nation (unit))
                                                 : (FastAgency)agency;
  const char *officer = fast_unit_first_officer (unit, wanted);

  if (officer == NULL)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "unit-no-agency",
                      "agency=%s", fast_agency_name (wanted));
  return fast_unit_sign_in_listed (unit, officer, error);
}

/**
 * fast_open_unit:
 * @invocation: the call
 * @error: return location for an error
 *
 * For verbs that nobody must sign in for.
 *
 * Returns: (transfer full): the unit of the configuration
 */
FastUnit *
fast_open_unit (FastInvocation *invocation, GError **error)
{
  FastConfig *config = fast_invocation_config (invocation, error);

  return config == NULL ? NULL : fast_unit_open (config, error);
}

/**
 * fast_sign_in_unit:
 * @invocation: the call
 * @sign_in: its options
 * @agency: whose officer acts when nobody is named, or FAST_SIGN_IN_ANY
 * @error: return location for an error
 *
 * Opens the unit and signs in the officers that the command line names. In training, when none is
 * named, the first listed officer of the agency acts.
 *
 * Returns: (transfer full): the unit with at least one officer signed in
 */
FastUnit *
fast_sign_in_unit (FastInvocation *invocation, const FastSignIn *sign_in, int agency,
                   GError **error)
{
  g_autoptr (FastUnit) unit = fast_open_unit (invocation, error);
  gboolean done;

  if (unit == NULL)
    return NULL;
  done = count (sign_in->officers) > 0 ? sign_in_named (unit, sign_in, error)
                                       : sign_in_first (unit, agency, error);
  return done ? g_steal_pointer (&unit) : NULL;
}

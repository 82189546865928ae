/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The low-level EC interface is deprecated, but nothing else makes a curve without a name. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "record/keys/trust.h"

#include <openssl/ec.h>

#include "record/base/error.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

#define DAY (24 * 60 * 60)

static FastTrust *
trust_in (const Fixture *anchor, FastTrustFlags flags)
{
  g_autoptr (GPtrArray) anchors = fixture_list (anchor->certificate, NULL);

  return fast_trust_new (anchors, NULL, flags);
}

static void
assert_refused (FastTrust *trust, X509 *certificate, FastPurpose purpose, gint64 at, int code,
                const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fast_trust_verify (trust, certificate, purpose, at, &error));
  g_assert_error (error, FAST_KEY_ERROR, code);
  fast_test_assert_id (error, id);
}

static const struct {
  const char *profile;
  FastPurpose purpose;
} fitting[] = {
    {"sign", FAST_PURPOSE_SIGN},
    {"recipient", FAST_PURPOSE_RECIPIENT},
    {"tls-client", FAST_PURPOSE_TLS_CLIENT},
    {"tls-server", FAST_PURPOSE_TLS_SERVER},
    {"timestamp", FAST_PURPOSE_TIMESTAMP},
};

/* Every profile serves its own purpose and none of the others. */
static void
test_purposes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) authority = fixture_new ("authority", "A", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) trust = trust_in (authority, FAST_TRUST_NONE);

  for (guint i = 0; i < G_N_ELEMENTS (fitting); i++) {
    g_autoptr (Fixture) leaf = fixture_new (fitting[i].profile, "L", authority, FALSE, FIXTURE_NOW);

    for (guint j = 0; j < G_N_ELEMENTS (fitting); j++) {
      if (i == j)
        g_assert_true (
            fast_trust_verify (trust, leaf->certificate, fitting[j].purpose, FIXTURE_NOW, &error));
      else
        assert_refused (trust, leaf->certificate, fitting[j].purpose, FIXTURE_NOW,
                        FAST_KEY_ERROR_UNTRUSTED, "trust-purpose");
    }
  }
  assert_refused (trust, authority->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-purpose");
}

static void
test_dates (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) authority = fixture_new ("authority", "A", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) leaf = fixture_new ("sign", "L", authority, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) trust = trust_in (authority, FAST_TRUST_NONE);

  g_assert_true (
      fast_trust_verify (trust, leaf->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW, &error));
  assert_refused (trust, leaf->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW - DAY,
                  FAST_KEY_ERROR_VALIDITY, "trust-not-yet-valid");
  assert_refused (trust, leaf->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW + 1100 * DAY,
                  FAST_KEY_ERROR_VALIDITY, "trust-expired");
}

static void
test_unknown_issuer (void)
{
  g_autoptr (Fixture) authority = fixture_new ("authority", "A", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) other = fixture_new ("authority", "B", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) namesake = fixture_new ("authority", "A", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) leaf = fixture_new ("sign", "L", other, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) forged = fixture_new ("sign", "L", namesake, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) alone = fixture_new ("sign", "L", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) trust = trust_in (authority, FAST_TRUST_NONE);

  assert_refused (trust, leaf->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-unknown-issuer");
  assert_refused (trust, forged->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-unknown-issuer");
  assert_refused (trust, alone->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-unknown-issuer");
}

/* The policy counts wherever in the chain it stands. */
static void
test_training (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) authority = fixture_new ("authority", "A", NULL, TRUE, FIXTURE_NOW);
  g_autoptr (Fixture) plain = fixture_new ("sign", "L", authority, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) marked = fixture_new ("sign", "L", authority, TRUE, FIXTURE_NOW);
  g_autoptr (FastTrust) production = trust_in (authority, FAST_TRUST_NONE);
  g_autoptr (FastTrust) training = trust_in (authority, FAST_TRUST_TRAINING);
  g_autoptr (FastTrust) pinned = fast_trust_new_pinned (marked->certificate, FAST_TRUST_NONE);

  g_assert_true (fast_certificate_is_training (marked->certificate));
  g_assert_false (fast_certificate_is_training (plain->certificate));
  assert_refused (production, marked->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-training");
  assert_refused (production, plain->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-training");
  assert_refused (pinned, marked->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-training");
  g_assert_true (
      fast_trust_verify (training, marked->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW, &error));
  g_assert_no_error (error);
}

static void
test_pinned (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) authority = fixture_new ("authority", "A", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) opened = fixture_new ("timestamp", "O", authority, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) other = fixture_new ("timestamp", "O", authority, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) trust = fast_trust_new_pinned (opened->certificate, FAST_TRUST_NONE);

  g_assert_true (
      fast_trust_verify (trust, opened->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW, &error));
  assert_refused (trust, other->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-other-signer");
  assert_refused (trust, opened->certificate, FAST_PURPOSE_SIGN, FIXTURE_NOW - DAY,
                  FAST_KEY_ERROR_VALIDITY, "trust-not-yet-valid");
}

static void
test_icao (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) csca = fixture_new ("csca", "C", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) signer = fixture_new ("document-signer", "D", csca, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) client = fixture_new ("tls-client", "T", csca, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) icao = trust_in (csca, FAST_TRUST_ICAO);
  g_autoptr (FastTrust) usual = trust_in (csca, FAST_TRUST_NONE);

  g_assert_true (
      fast_trust_verify (icao, signer->certificate, FAST_PURPOSE_DOCUMENT, FIXTURE_NOW, &error));
  g_assert_no_error (error);
  assert_refused (icao, client->certificate, FAST_PURPOSE_DOCUMENT, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-purpose");
  assert_refused (usual, client->certificate, FAST_PURPOSE_TLS_CLIENT, FIXTURE_NOW,
                  FAST_KEY_ERROR_UNTRUSTED, "trust-explicit-curve");
}

/* P-256 with another generator: the curve whose private keys an attacker knows for any public key
 * (as in CVE-2020-0601). It has no name, so it never passes. */
static EVP_PKEY *
key_on_nameless_curve (void)
{
  EC_GROUP *group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  EC_POINT *generator = EC_POINT_dup (EC_GROUP_get0_generator (group), group);
  EC_KEY *key = EC_KEY_new ();
  EVP_PKEY *found = EVP_PKEY_new ();

  EC_POINT_dbl (group, generator, generator, NULL);
  EC_GROUP_set_generator (group, generator, EC_GROUP_get0_order (group), BN_value_one ());
  EC_GROUP_set_curve_name (group, NID_undef);
  EC_GROUP_set_asn1_flag (group, OPENSSL_EC_EXPLICIT_CURVE);
  EC_KEY_set_group (key, group);
  g_assert_cmpint (EC_KEY_generate_key (key), ==, 1);
  EVP_PKEY_assign_EC_KEY (found, key);
  EC_POINT_free (generator);
  EC_GROUP_free (group);
  return found;
}

static void
test_nameless_curve (void)
{
  g_autoptr (GError) error = NULL;
  const FastCertificateSubject subject = {"CA", "CAN", NULL, NULL, "D"};
  g_autoptr (Fixture) csca = fixture_new ("csca", "C", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) icao = trust_in (csca, FAST_TRUST_ICAO);
  g_autoptr (EVP_PKEY) key = key_on_nameless_curve ();
  g_autoptr (X509) issued =
      fast_certificate_profile_issue (fast_certificate_profile_find ("document-signer"), &subject,
                                      key, csca, FALSE, FIXTURE_NOW, &error);
  g_autoptr (X509) signer = issued == NULL ? NULL : fixture_parse_again (issued);

  g_assert_no_error (error);
  g_assert_false (fast_trust_verify (icao, signer, FAST_PURPOSE_DOCUMENT, FIXTURE_NOW, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_UNTRUSTED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keys/trust/purposes", test_purposes);
  g_test_add_func ("/keys/trust/dates", test_dates);
  g_test_add_func ("/keys/trust/unknown-issuer", test_unknown_issuer);
  g_test_add_func ("/keys/trust/training", test_training);
  g_test_add_func ("/keys/trust/pinned", test_pinned);
  g_test_add_func ("/keys/trust/icao", test_icao);
  g_test_add_func ("/keys/trust/nameless-curve", test_nameless_curve);
  return g_test_run ();
}

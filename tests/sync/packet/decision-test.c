/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/cms.h"
#include "sync/packet/granted.h"
#include "sync/packet/refusal.h"
#include "tests/support.h"
#include "tests/sync/packet/fixture.h"

#define GRANTED                                                                                    \
  "{\"face.jpg\":\"1111111111111111111111111111111111111111111111111111111111111111\"}"

typedef struct {
  const char *name, *agency, *item, *signer, *granted, *id;
} Case;

static void
put (GHashTable *parts, const char *name, GBytes *bytes)
{
  g_hash_table_insert (
      parts, g_strdup (name),
      fast_secret_new_from (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes)));
}

static GHashTable *
make_parts (Fixture *fixture, const Case *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) certificate = fixture_certificate (fixture, wanted->signer);
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, wanted->signer);
  const FastCmsOptions options = {.detached = TRUE};
  g_autoptr (GBytes) granted = fixture_text (wanted->granted);
  g_autoptr (GBytes) frozen = fixture_text (GRANTED);
  g_autofree char *digest = fast_sha256_hex (frozen);
  g_autofree char *text = g_strdup_printf (
      "{\"agency\":\"%s\",\"item\":\"%s\",\"outcome\":\"grant\",\"parts\":\"%s\",\"reason\":null,"
      "\"revision\":1,\"sequence\":4}",
      wanted->agency, wanted->item, digest);
  g_autoptr (GBytes) document = fixture_text (text);
  g_autoptr (GBytes) signature = fast_cms_sign (document, certificate, key, &options, &error);
  GHashTable *parts =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)fast_secret_free);

  g_assert_no_error (error);
  put (parts, "decision-CBSA.json", document);
  put (parts, "decision-CBSA.p7s", signature);
  put (parts, FAST_GRANTED_PARTS, granted);
  return parts;
}

static FastTrust *
both_nations (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ca = fixture_path (fixture, "CA/ca.pem");
  g_autofree char *us = fixture_path (fixture, "US/ca.pem");
  const char *paths[] = {ca, us, NULL};
  FastTrust *trust = fast_trust_load (paths, FAST_TRUST_TRAINING, &error);

  g_assert_no_error (error);
  return trust;
}

static void
test_cases (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const Case cases[] = {
      {"right", "CBSA", "U1-1", "officers/cbsa-1", GRANTED, NULL},
      {"other agency signs", "CBSA", "U1-1", "officers/cbp-1", GRANTED, "packet-decision-agency"},
      {"no officer signs", "CBSA", "U1-1", "unit/sign", GRANTED, "trust-unknown-issuer"},
      {"other agency inside", "CBP", "U1-1", "officers/cbsa-1", GRANTED, "packet-decision-differs"},
      {"other item", "CBSA", "U1-9", "officers/cbsa-1", GRANTED, "packet-decision-differs"},
      {"other parts", "CBSA", "U1-1", "officers/cbsa-1", "{}", "packet-decision-differs"},
  };
  g_autoptr (FastHeader) header = fixture_header ("CA", "decision");
  g_autoptr (FastTrust) officers = both_nations (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GHashTable) parts = make_parts (fixture, &cases[i]);
    gboolean holds = fast_granted_verify (header, parts, officers, fast_clock_now (), NULL, &error);

    g_test_message ("%s", cases[i].name);
    g_assert_cmpint (holds, ==, cases[i].id == NULL);
    if (cases[i].id == NULL)
      continue;
    fast_test_assert_id (error, cases[i].id);
    g_assert_cmpstr (fast_refusal_reason_for (error), ==, "decision-not-signed");
  }
}

static void
test_altered (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const Case right = {"", "CBSA", "U1-1", "officers/cbsa-1", GRANTED, NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "decision");
  g_autoptr (FastTrust) officers = both_nations (fixture);
  g_autoptr (GHashTable) parts = make_parts (fixture, &right);
  FastSecret *document = g_hash_table_lookup (parts, "decision-CBSA.json");

  fast_secret_data (document)[fast_secret_size (document) - 2] = '5';
  g_assert_false (fast_granted_verify (header, parts, officers, fast_clock_now (), NULL, &error));
  fast_test_assert_id (error, "cms-signature");
  g_clear_error (&error);
  g_assert_false (fast_granted_verify (header, parts, NULL, fast_clock_now (), NULL, &error));
  fast_test_assert_id (error, "packet-no-officers");
  g_clear_error (&error);
  g_hash_table_remove (parts, "decision-CBSA.json");
  g_assert_false (fast_granted_verify (header, parts, officers, fast_clock_now (), NULL, &error));
  fast_test_assert_id (error, "packet-decision-count");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/sync/packet/decision/cases", Fixture, NULL, fixture_set_up, test_cases,
              fixture_tear_down);
  g_test_add ("/sync/packet/decision/altered", Fixture, NULL, fixture_set_up, test_altered,
              fixture_tear_down);
  return g_test_run ();
}

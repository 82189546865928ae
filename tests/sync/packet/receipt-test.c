/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/receipt.h"

#include <string.h>

#include "record/base/error.h"
#include "sync/packet/refusal.h"
#include "tests/support.h"
#include "tests/sync/packet/fixture.h"

#define PACKET "1111111111111111111111111111111111111111111111111111111111111111"
#define OTHER "2222222222222222222222222222222222222222222222222222222222222222"

static GBytes *
issue (Fixture *fixture, FastReceiptKind kind, const char *signer, GBytes *extension)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) certificate = fixture_certificate (fixture, signer);
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, signer);
  GBytes *tsr = fast_receipt_issue (kind, PACKET, extension, certificate, key, &error);

  g_assert_no_error (error);
  return tsr;
}

static FastTimestamp *
verify (Fixture *fixture, GBytes *tsr, FastReceiptKind kind, const char *packet, GError **error)
{
  g_autoptr (X509) receipt = fixture_certificate (fixture, "CA/receipt");
  g_autoptr (X509) opened = fixture_certificate (fixture, "CA/opened");
  g_autoptr (FastTrust) trust = fixture_trust (fixture, "CA/ca");
  const FastReceiptSigners signers = {receipt, opened, trust};

  return fast_receipt_verify (tsr, kind, packet, &signers, error);
}

static void
test_matrix (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const signers[] = {"CA/receipt", "CA/opened", "CA/opened", "CA/receipt"};

  for (guint is = 0; is < 4; is++)
    for (guint as = 0; as < 4; as++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) tsr = issue (fixture, (FastReceiptKind)is, signers[is], NULL);
      g_autoptr (FastTimestamp) token = verify (fixture, tsr, (FastReceiptKind)as, PACKET, &error);

      g_assert_cmpint (token != NULL, ==, is == as);
      if (is != as)
        fast_test_assert_id (error, "receipt-other-kind");
      if (is != as)
        g_assert_error (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_RECEIPT);
    }
}

/* A production program takes no training certificate, and a receipt's signer is the nation's. */
static void
test_trust (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const ids[] = {"trust-training", "trust-unknown-issuer"};
  g_autoptr (X509) receipt = fixture_certificate (fixture, "CA/receipt");
  g_autoptr (X509) opened = fixture_certificate (fixture, "CA/opened");
  g_autofree char *ca = fixture_path (fixture, "CA/ca.pem");
  const char *paths[] = {ca, NULL};
  g_autoptr (FastTrust) production = fast_trust_load (paths, FAST_TRUST_NONE, NULL);
  g_autoptr (FastTrust) other = fixture_trust (fixture, "US/ca");
  FastTrust *const trusts[] = {production, other};
  g_autoptr (GBytes) tsr = issue (fixture, FAST_RECEIPT_STORED, "CA/receipt", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (trusts); i++) {
    g_autoptr (GError) error = NULL;
    const FastReceiptSigners signers = {receipt, opened, trusts[i]};

    g_assert_null (fast_receipt_verify (tsr, FAST_RECEIPT_STORED, PACKET, &signers, &error));
    fast_test_assert_id (error, ids[i]);
  }
}

/* The right policy under the wrong one of the nation's certificates, or under the other nation's.
 */
static void
test_signers (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const wrong[] = {"CA/opened", "US/receipt"};

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) tsr = issue (fixture, FAST_RECEIPT_STORED, wrong[i], NULL);

    g_assert_null (verify (fixture, tsr, FAST_RECEIPT_STORED, PACKET, &error));
    g_assert_cmpint ((int)error->domain, ==, (int)FAST_KEY_ERROR);
  }
}

static void
test_other_packet (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) tsr = issue (fixture, FAST_RECEIPT_STORED, "CA/receipt", NULL);
  g_autoptr (GBytes) noise = fixture_text ("garbage");

  g_assert_null (verify (fixture, tsr, FAST_RECEIPT_STORED, OTHER, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (verify (fixture, noise, FAST_RECEIPT_STORED, PACKET, &error));
  fast_test_assert_id (error, "receipt-malformed");
}

static void
test_batch (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) view = fixture_text ("{\"items\":3}");
  g_autoptr (GBytes) tsr = issue (fixture, FAST_RECEIPT_BATCH, "CA/opened", view);
  g_autoptr (FastTimestamp) token = verify (fixture, tsr, FAST_RECEIPT_BATCH, PACKET, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (token->extension, view));
}

static void
test_names (void)
{
  g_autofree char *stored = fast_receipt_file_name (FAST_RECEIPT_STORED, "ID");
  g_autofree char *opened = fast_receipt_file_name (FAST_RECEIPT_OPENED, "ID");
  g_autofree char *batch = fast_receipt_file_name (FAST_RECEIPT_BATCH, "ID");
  FastReceiptKind kind;

  g_assert_cmpstr (stored, ==, "ID.tsr");
  g_assert_cmpstr (opened, ==, "ID.opened.tsr");
  g_assert_cmpstr (batch, ==, "ID.batch.tsr");
  g_assert_true (fast_receipt_kind_parse ("opened", &kind));
  g_assert_cmpint (kind, ==, FAST_RECEIPT_OPENED);
  g_assert_false (fast_receipt_kind_parse ("refusal", &kind));
}

static void
test_refusal (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) opened = fixture_certificate (fixture, "CA/opened");
  g_autoptr (X509) other = fixture_certificate (fixture, "US/opened");
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, "CA/opened");
  g_autoptr (GBytes) cms = fast_refusal_issue (PACKET, "part-digest", opened, key, &error);
  g_autoptr (FastRefusal) refusal = NULL;

  g_assert_no_error (error);
  refusal = fast_refusal_verify (cms, PACKET, opened, FAST_TRUST_TRAINING, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (refusal->reason, ==, "part-digest");
  g_assert_null (fast_refusal_verify (cms, OTHER, opened, FAST_TRUST_TRAINING, &error));
  fast_test_assert_id (error, "refusal-other-packet");
  g_clear_error (&error);
  g_assert_null (fast_refusal_verify (cms, PACKET, other, FAST_TRUST_TRAINING, &error));
  fast_test_assert_id (error, "trust-other-signer");
  g_clear_error (&error);
  g_assert_null (fast_refusal_verify (cms, PACKET, opened, FAST_TRUST_NONE, &error));
  fast_test_assert_id (error, "trust-training");
}

#define ADD(name, function)                                                                        \
  g_test_add ("/sync/packet/receipt/" name, Fixture, NULL, fixture_set_up, function,               \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("matrix", test_matrix);
  ADD ("signers", test_signers);
  ADD ("trust", test_trust);
  ADD ("other-packet", test_other_packet);
  ADD ("batch", test_batch);
  ADD ("refusal", test_refusal);
  g_test_add_func ("/sync/packet/receipt/names", test_names);
  return g_test_run ();
}

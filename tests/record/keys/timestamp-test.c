/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/timestamp.h"

#include <openssl/pkcs7.h>
#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/* Bits to flip: 0x20 makes capital letters small, which some comparisons of names do not see. */
static const guint8 masks[] = {0x01, 0x20, 0x80};

typedef struct {
  gint64 now;
  Fixture *authority;
  Fixture *receipt;
  Fixture *opened;
  GBytes *digest;
} World;

static void
set_up (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) packet = fixture_text ("a packet");

  world->now = fast_clock_now ();
  world->authority = fixture_new ("authority", "A", NULL, TRUE, world->now);
  world->receipt = fixture_new ("timestamp", "receipt", world->authority, TRUE, world->now);
  world->opened = fixture_new ("timestamp", "opened", world->authority, TRUE, world->now);
  world->digest = fast_sha256_bytes (packet);
}

static void
tear_down (World *world, gconstpointer data G_GNUC_UNUSED)
{
  fixture_free (world->authority);
  fixture_free (world->receipt);
  fixture_free (world->opened);
  g_bytes_unref (world->digest);
}

static GBytes *
issue (World *world, const Fixture *signer, const char *policy, GBytes *json)
{
  g_autoptr (GError) error = NULL;
  GBytes *tsr =
      fast_timestamp_issue (world->digest, policy, signer->certificate, signer->key, json, &error);

  g_assert_no_error (error);
  return tsr;
}

static void
assert_refused (World *world, GBytes *tsr, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_timestamp_verify (tsr, world->digest, FAST_TIMESTAMP_STORED,
                                        world->receipt->certificate, &error));
  fast_test_assert_id (error, id);
}

static void
test_round_trip (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) tsr = issue (world, world->receipt, FAST_TIMESTAMP_STORED, NULL);
  g_autoptr (GBytes) second = issue (world, world->receipt, FAST_TIMESTAMP_STORED, NULL);
  g_autoptr (FastTimestamp) found = fast_timestamp_verify (
      tsr, world->digest, FAST_TIMESTAMP_STORED, world->receipt->certificate, &error);
  g_autoptr (FastTimestamp) other = fast_timestamp_verify (
      second, world->digest, FAST_TIMESTAMP_STORED, world->receipt->certificate, NULL);

  g_assert_no_error (error);
  g_assert_cmpint (ABS (found->time - world->now), <, 60);
  g_assert_cmpstr (found->policy, ==, FAST_TIMESTAMP_STORED);
  g_assert_null (found->extension);
  g_assert_cmpuint (strlen (found->serial), ==, 32);
  g_assert_cmpstr (found->serial, !=, other->serial);
}

static void
test_extension (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) json = fixture_text ("{\"count\":3,\"root\":\"\xc3\xa9\"}");
  g_autoptr (GBytes) tsr = issue (world, world->opened, FAST_TIMESTAMP_BATCH, json);
  g_autoptr (FastTimestamp) found = fast_timestamp_verify (tsr, world->digest, FAST_TIMESTAMP_BATCH,
                                                           world->opened->certificate, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found->extension, json));
}

/* An opened receipt is not a stored one, whoever signed it; a stored one counts from the receipt
 * key alone; a receipt for another packet is none. */
static void
test_refused (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) opened = issue (world, world->opened, FAST_TIMESTAMP_OPENED, NULL);
  g_autoptr (GBytes) claimed = issue (world, world->receipt, FAST_TIMESTAMP_OPENED, NULL);
  g_autoptr (GBytes) stranger = issue (world, world->opened, FAST_TIMESTAMP_STORED, NULL);
  g_autoptr (GBytes) right = issue (world, world->receipt, FAST_TIMESTAMP_STORED, NULL);
  g_autoptr (GBytes) ber = fixture_indefinite (right);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) digest = fast_sha256_bytes (right);

  assert_refused (world, opened, "timestamp-policy");
  assert_refused (world, claimed, "timestamp-policy");
  assert_refused (world, stranger, "timestamp-signer");
  assert_refused (world, ber, "timestamp-malformed");
  assert_refused (world, nothing, "timestamp-malformed");
  g_assert_null (fast_timestamp_verify (right, digest, FAST_TIMESTAMP_STORED,
                                        world->receipt->certificate, &error));
  fast_test_assert_id (error, "timestamp-digest");
}

static void
test_flipped (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) tsr = issue (world, world->receipt, FAST_TIMESTAMP_STORED, NULL);
  const gsize size = g_bytes_get_size (tsr);

  for (gsize i = 0; i < size * G_N_ELEMENTS (masks); i++) {
    const gsize at = i / G_N_ELEMENTS (masks);
    const guint8 mask = masks[i % G_N_ELEMENTS (masks)];
    g_autoptr (GBytes) flipped = fixture_flip (tsr, at, mask);
    g_autoptr (FastTimestamp) found = fast_timestamp_verify (
        flipped, world->digest, FAST_TIMESTAMP_STORED, world->receipt->certificate, NULL);

    if (found != NULL)
      g_error ("a flipped bit at %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " passes", at, size);
  }
}

/* Changes a good response as its carrier could. */
static GBytes *
changed (GBytes *tsr, void (*change) (TS_RESP *response))
{
  const guint8 *at = g_bytes_get_data (tsr, NULL);
  g_autoptr (TS_RESP) response = d2i_TS_RESP (NULL, &at, (long)g_bytes_get_size (tsr));
  guint8 *der = NULL;
  int size;
  GBytes *bytes;

  change (response);
  size = i2d_TS_RESP (response, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  return bytes;
}

static void
deny (TS_RESP *response)
{
  TS_STATUS_INFO_set_status (TS_RESP_get_status_info (response), TS_STATUS_GRANTED_WITH_MODS);
}

static void
add_unsigned (TS_RESP *response)
{
  STACK_OF (PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info (TS_RESP_get_token (response));

  PKCS7_add_attribute (sk_PKCS7_SIGNER_INFO_value (signers, 0), NID_pkcs9_unstructuredName,
                       V_ASN1_UTF8STRING, ASN1_UTF8STRING_new ());
}

static void
move_to_unsigned (TS_RESP *response)
{
  STACK_OF (PKCS7_SIGNER_INFO) *signers = PKCS7_get_signer_info (TS_RESP_get_token (response));
  PKCS7_SIGNER_INFO *signer = sk_PKCS7_SIGNER_INFO_value (signers, 0);

  signer->unauth_attr = signer->auth_attr;
  signer->auth_attr = NULL;
}

static void
test_changed (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) right = issue (world, world->receipt, FAST_TIMESTAMP_STORED, NULL);
  g_autoptr (GBytes) denied = changed (right, deny);
  g_autoptr (GBytes) spare = changed (right, add_unsigned);
  g_autoptr (GBytes) moved = changed (right, move_to_unsigned);

  assert_refused (world, denied, "timestamp-not-granted");
  assert_refused (world, spare, "timestamp-signers");
  assert_refused (world, moved, "timestamp-signers");
}

/* The token's own time counts, not today's. */
static void
test_validity (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  const gint64 years = 10 * G_GINT64_CONSTANT (366 * 24 * 60 * 60);
  g_autoptr (Fixture) old = fixture_new ("timestamp", "old", NULL, TRUE, world->now - years);
  g_autoptr (GBytes) tsr = issue (world, old, FAST_TIMESTAMP_STORED, NULL);

  g_assert_null (
      fast_timestamp_verify (tsr, world->digest, FAST_TIMESTAMP_STORED, old->certificate, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_VALIDITY);
}

static void
test_wrong_certificate (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) signer = fixture_new ("sign", "S", world->authority, TRUE, world->now);

  g_assert_null (fast_timestamp_issue (world->digest, FAST_TIMESTAMP_STORED, signer->certificate,
                                       signer->key, NULL, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO);
  g_clear_error (&error);
  g_assert_null (fast_timestamp_issue (world->digest, FAST_TIMESTAMP_STORED,
                                       world->receipt->certificate, signer->key, NULL, &error));
  fast_test_assert_id (error, "certificate-other-key");
}

#define ADD(path, test) g_test_add ("/keys/timestamp/" path, World, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round-trip", test_round_trip);
  ADD ("extension", test_extension);
  ADD ("refused", test_refused);
  ADD ("flipped", test_flipped);
  ADD ("changed", test_changed);
  ADD ("validity", test_validity);
  ADD ("wrong-certificate", test_wrong_certificate);
  return g_test_run ();
}

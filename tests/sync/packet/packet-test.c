/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/packet.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "sync/packet/opening.h"
#include "sync/packet/refusal.h"
#include "tests/support.h"
#include "tests/sync/packet/fixture.h"

static const char *const names[] = {"applicant.json", "face.jpg", NULL};
static const char *const texts[] = {"{\"family\":\"SPECIMEN\"}", "\xFF\xD8", NULL};

static FastOpened *
open_packet (Fixture *fixture, const FastPacket *packet, const char *recipient,
             const FastHeader *previous, GError **error)
{
  g_autoptr (X509) certificate = fixture_certificate (fixture, recipient);
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, recipient);
  g_autoptr (FastTrust) officers = fixture_trust (fixture, "CA/ca");
  const FastOpeningKeys keys = {certificate, key, officers, previous, fast_clock_now ()};

  return fast_packet_open (packet, &keys, error);
}

static FastPacket *
seal (Fixture *fixture, const FastHeader *header, GError **error)
{
  g_autoptr (FastParts) parts = fixture_parts (names, texts);
  g_autoptr (GBytes) audit = fixture_audit ();

  return fixture_packet (fixture, header, parts, audit, "CA/recipient", error);
}

static void
test_round (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastPacket) built = seal (fixture, header, &error);
  g_autoptr (FastTrust) units = fixture_trust (fixture, "unit/ca");
  g_autoptr (FastPacket) packet = NULL;
  g_autoptr (FastOpened) opened = NULL;
  FastSecret *face;

  g_assert_no_error (error);
  packet = fast_packet_verify (built->bytes, units, "CA", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (packet->id, ==, built->id);
  g_assert_true (fast_header_equal (packet->header, header));
  opened = open_packet (fixture, packet, "CA/recipient", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (opened->parts), ==, 2);
  face = fast_opened_get_part (opened, "face.jpg");
  g_assert_cmpmem (fast_secret_data (face), fast_secret_size (face), "\xFF\xD8", 2);
}

static void
test_other_key (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastPacket) packet = seal (fixture, header, &error);

  g_assert_no_error (error);
  g_assert_null (open_packet (fixture, packet, "US/recipient", NULL, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT);
  g_assert_cmpstr (fast_refusal_reason_for (error), ==, "not-decryptable");
}

static void
test_other_nation (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastPacket) packet = seal (fixture, header, &error);
  g_autoptr (FastTrust) units = fixture_trust (fixture, "unit/ca");

  g_assert_null (fast_packet_verify (packet->bytes, units, "US", &error));
  fast_test_assert_id (error, "packet-other-nation");
}

/* Who is not the unit of the header cannot seal; and what was sealed otherwise does not verify. */
static void
test_other_unit (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");

  g_free (header->unit);
  header->unit = g_strdup ("U2");
  g_assert_null (seal (fixture, header, &error));
  fast_test_assert_id (error, "packet-unit-differs");
}

static GBytes *
sign_again (Fixture *fixture, GBytes *envelope, const char *signer, const FastHeader *header,
            const char *content_type)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) certificate = fixture_certificate (fixture, signer);
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, signer);
  g_autofree char *text = header == NULL ? NULL : fast_header_to_text (header);
  const FastCmsOptions options = {.content_type = content_type,
                                  .attribute_oid = text == NULL ? NULL : FAST_PACKET_ATTRIBUTE,
                                  .attribute_text = text};
  GBytes *cms = fast_cms_sign (envelope, certificate, key, &options, &error);

  g_assert_no_error (error);
  return cms;
}

#define ENVELOPED "1.2.840.113549.1.9.16.1.23"

/* The outer signature stripped and made again, in every way that a thief of a key could try. */
static void
test_stripped (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const struct {
    const char *signer, *type, *unit, *id;
  } tries[] = {
      {"unit/link", ENVELOPED, "U1", "trust-purpose"},
      {"unit/sign", ENVELOPED, "U2", "packet-unit-differs"},
      {"unit/sign", NULL, "U1", "packet-not-enveloped"},
      {"CA/decision", ENVELOPED, "U1", "trust-unknown-issuer"},
      {"unit/sign", ENVELOPED, NULL, "cms-attribute"},
  };
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastPacket) packet = seal (fixture, header, NULL);
  g_autoptr (FastTrust) units = fixture_trust (fixture, "unit/ca");

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastHeader) other = fast_header_copy (header);
    g_autoptr (GBytes) cms = NULL;

    g_free (other->unit);
    other->unit = g_strdup (tries[i].unit);
    cms = sign_again (fixture, packet->envelope, tries[i].signer,
                      tries[i].unit == NULL ? NULL : other, tries[i].type);
    g_assert_null (fast_packet_verify (cms, units, "CA", &error));
    fast_test_assert_id (error, tries[i].id);
  }
}

/* Sealed and signed by the same unit, but with another header outside than inside. */
static void
test_inner_differs (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastPacket) packet = seal (fixture, header, NULL);
  g_autoptr (FastTrust) units = fixture_trust (fixture, "unit/ca");
  g_autoptr (GBytes) cms = NULL;
  g_autoptr (FastPacket) outer = NULL;

  header->revision = 2;
  cms = sign_again (fixture, packet->envelope, "unit/sign", header, ENVELOPED);
  outer = fast_packet_verify (cms, units, "CA", &error);
  g_assert_no_error (error);
  g_assert_null (open_packet (fixture, outer, "CA/recipient", NULL, &error));
  fast_test_assert_id (error, "packet-inner-differs");
  g_assert_cmpstr (fast_refusal_reason_for (error), ==, "inner-header-differs");
}

/* Every byte counts: the signature covers header and envelope. */
static void
test_flipped (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastPacket) packet = seal (fixture, header, NULL);
  g_autoptr (FastTrust) units = fixture_trust (fixture, "unit/ca");
  gsize size;
  const guint8 *bytes = g_bytes_get_data (packet->bytes, &size);

  for (gsize at = 0; at < size; at += 61) {
    g_autoptr (GByteArray) altered = g_byte_array_new ();
    g_autoptr (GBytes) input = NULL;
    g_autoptr (GError) error = NULL;

    fast_append (altered, bytes, size);
    altered->data[at] ^= 0x10;
    input = g_bytes_new (altered->data, altered->len);
    g_assert_null (fast_packet_verify (input, units, "CA", &error));
    g_assert_nonnull (error);
  }
}

static void
test_audit (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const altered[][3] = {
      {"item\\\":\\\"U1-1", "item\\\":\\\"U1-9", "merkle-inclusion-wrong"},
      {"\"index\":0", "\"index\":1", "merkle-inclusion-wrong"},
      {"\"index\":0", "\"index\":7", "audit-proof-form"},
      {"\"previous\":null,", "", "audit-proof-head"},
  };
  g_autoptr (GBytes) right = fixture_audit ();
  g_autofree char *text = g_strndup (g_bytes_get_data (right, NULL), g_bytes_get_size (right));

  for (guint i = 0; i < G_N_ELEMENTS (altered); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
    g_autoptr (FastParts) parts = fixture_parts (names, texts);
    g_autoptr (GString) other = g_string_new (text);
    g_autoptr (GBytes) audit = NULL;
    g_autoptr (FastPacket) packet = NULL;

    g_assert_cmpuint (g_string_replace (other, altered[i][0], altered[i][1], 1), ==, 1);
    audit = fixture_text (other->str);
    packet = fixture_packet (fixture, header, parts, audit, "CA/recipient", &error);
    g_assert_no_error (error);
    g_assert_null (open_packet (fixture, packet, "CA/recipient", NULL, &error));
    fast_test_assert_id (error, altered[i][2]);
    g_assert_cmpstr (fast_refusal_reason_for (error), ==, "audit-proof");
  }
}

static void
test_part_not_frozen (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastParts) parts = fixture_parts (names, texts);
  g_autoptr (FastParts) other = fast_parts_new (fast_parts_get_json (parts), &error);
  GBytes *salt = fast_parts_get_salt (parts, "face.jpg");

  g_assert_no_error (error);
  g_assert_false (fast_parts_check_complete (other, &error));
  fast_test_assert_id (error, "parts-missing");
  g_clear_error (&error);
  g_assert_false (fast_parts_add (other, "face.jpg", fast_secret_new_from ("x", 1), salt, &error));
  fast_test_assert_id (error, "parts-digest");
}

/* Policies cut parts: the salt of a part that is kept back is kept back too. */
static void
test_policy (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const some[] = {"application.json", "unheard-of.json", NULL};
  static const char *const contents[] = {"{}", "{}", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) certificate = fixture_certificate (fixture, "unit/sign");
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, "unit/sign");
  g_autoptr (GPtrArray) recipients = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_autoptr (FastPolicy) policy = fast_policy_load (FAST_NATION_CA, &error);
  const FastSealingKeys keys = {certificate, key, recipients, policy};
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastParts) parts = fixture_parts (some, contents);
  g_autoptr (GBytes) audit = fixture_audit ();
  g_autoptr (FastPacket) packet = NULL;
  g_autoptr (FastOpened) opened = NULL;

  g_assert_no_error (error);
  g_ptr_array_add (recipients, fixture_certificate (fixture, "CA/recipient"));
  packet = fast_packet_build (header, parts, audit, &keys, &error);
  g_assert_no_error (error);
  opened = open_packet (fixture, packet, "CA/recipient", NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fast_opened_get_part (opened, "application.json"));
  g_assert_null (fast_opened_get_part (opened, "unheard-of.json"));
  g_assert_true (g_bytes_equal (opened->parts_json, fast_parts_get_json (parts)));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/sync/packet/packet/" name, Fixture, NULL, fixture_set_up, function,                \
              fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("round", test_round);
  ADD ("other-key", test_other_key);
  ADD ("other-nation", test_other_nation);
  ADD ("other-unit", test_other_unit);
  ADD ("stripped", test_stripped);
  ADD ("inner-differs", test_inner_differs);
  ADD ("flipped", test_flipped);
  ADD ("audit", test_audit);
  ADD ("policy", test_policy);
  g_test_add_func ("/sync/packet/packet/part-not-frozen", test_part_not_frozen);
  return g_test_run ();
}

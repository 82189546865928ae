/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cms.h"

#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

#define HEADER_OID FAST_OID ("16")
#define HEADER_TEXT "{\"format\":1,\"nation\":\"CA\"}"

/* Bits to flip: 0x20 makes capital letters small, which some comparisons of names do not see. */
static const guint8 masks[] = {0x01, 0x20, 0x80};

typedef struct {
  Fixture *authority;
  Fixture *signer;
  Fixture *recipient;
  Fixture *recovery;
  FastTrust *trust;
  GBytes *content;
} World;

static void
set_up (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GPtrArray) anchors = NULL;

  world->authority = fixture_new ("authority", "A", NULL, FALSE, FIXTURE_NOW);
  world->signer = fixture_new ("sign", "U1", world->authority, FALSE, FIXTURE_NOW);
  world->recipient = fixture_new ("recipient", "R", world->authority, FALSE, FIXTURE_NOW);
  world->recovery = fixture_new ("recipient", "R2", world->authority, FALSE, FIXTURE_NOW);
  anchors = fixture_list (world->authority->certificate, NULL);
  world->trust = fast_trust_new (anchors, NULL, FAST_TRUST_NONE);
  world->content = g_bytes_new_static ("line\nend\r\n\0binary", 17);
}

static void
tear_down (World *world, gconstpointer data G_GNUC_UNUSED)
{
  fixture_free (world->authority);
  fixture_free (world->signer);
  fixture_free (world->recipient);
  fixture_free (world->recovery);
  fast_trust_free (world->trust);
  g_bytes_unref (world->content);
}

static GBytes *
sign (World *world, const FastCmsOptions *options)
{
  g_autoptr (GError) error = NULL;
  GBytes *cms = fast_cms_sign (world->content, world->signer->certificate, world->signer->key,
                               options, &error);

  g_assert_no_error (error);
  return cms;
}

static FastCmsContent *
verify (World *world, GBytes *cms, GBytes *detached, const char *oid, GError **error)
{
  return fast_cms_verify_at (cms, detached, world->trust, oid, FIXTURE_NOW, error);
}

static void
assert_refused (World *world, GBytes *cms, GBytes *detached, const char *oid, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (verify (world, cms, detached, oid, &error));
  fast_test_assert_id (error, id);
}

static void
test_sign (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {
      .content_type = "2.23.136.1.1.1", .attribute_oid = HEADER_OID, .attribute_text = HEADER_TEXT};
  g_autoptr (GBytes) cms = sign (world, &options);
  g_autoptr (FastCmsContent) found = verify (world, cms, NULL, HEADER_OID, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found->content, world->content));
  g_assert_cmpstr (found->content_type, ==, "2.23.136.1.1.1");
  g_assert_cmpstr (found->attribute, ==, HEADER_TEXT);
  g_assert_true (fast_certificate_equal (found->signer, world->signer->certificate));
}

static void
test_detached (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {.detached = TRUE};
  g_autoptr (GBytes) cms = sign (world, &options);
  g_autoptr (GBytes) whole = sign (world, NULL);
  g_autoptr (GBytes) other = fixture_text ("other");
  g_autoptr (FastCmsContent) found = verify (world, cms, world->content, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found->content, world->content));
  g_assert_cmpstr (found->content_type, ==, "1.2.840.113549.1.7.1");
  assert_refused (world, cms, other, NULL, "cms-signature");
  assert_refused (world, cms, NULL, NULL, "cms-no-content");
  assert_refused (world, whole, world->content, NULL, "cms-not-detached");
}

/* Whatever bit of a message flips, it is not accepted with other meaning. */
static void
test_flipped (World *world, gconstpointer data G_GNUC_UNUSED)
{
  const FastCmsOptions options = {.attribute_oid = HEADER_OID, .attribute_text = HEADER_TEXT};
  g_autoptr (GBytes) cms = sign (world, &options);
  const gsize size = g_bytes_get_size (cms);

  for (gsize i = 0; i < size * G_N_ELEMENTS (masks); i++) {
    const gsize at = i / G_N_ELEMENTS (masks);
    const guint8 mask = masks[i % G_N_ELEMENTS (masks)];
    g_autoptr (GBytes) flipped = fixture_flip (cms, at, mask);
    g_autoptr (FastCmsContent) found = verify (world, flipped, NULL, HEADER_OID, NULL);

    if (found != NULL)
      g_error ("a flipped bit at %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " passes", at, size);
  }
}

static void
test_not_der (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) cms = sign (world, NULL);
  g_autoptr (GBytes) ber = fixture_indefinite (cms);
  g_autoptr (GByteArray) longer = g_byte_array_new ();
  g_autoptr (GBytes) trailing = NULL;
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) cut = g_bytes_new_from_bytes (cms, 0, g_bytes_get_size (cms) - 1);

  fast_append_bytes (longer, cms);
  fast_append_u8 (longer, 0);
  trailing = g_byte_array_free_to_bytes (g_steal_pointer (&longer));
  assert_refused (world, ber, NULL, NULL, "cms-not-der");
  assert_refused (world, trailing, NULL, NULL, "cms-not-der");
  assert_refused (world, nothing, NULL, NULL, "cms-malformed");
  assert_refused (world, cut, NULL, NULL, "cms-malformed");
}

/* Messages that another program could make: built with OpenSSL itself, as ours cannot. */
static CMS_ContentInfo *
begin_raw (void)
{
  return CMS_sign (NULL, NULL, NULL, NULL, CMS_BINARY | CMS_PARTIAL);
}

static CMS_SignerInfo *
add_raw (CMS_ContentInfo *cms, const Fixture *signer, guint flags)
{
  CMS_SignerInfo *info = CMS_add1_signer (cms, signer->certificate, signer->key, EVP_sha256 (),
                                          CMS_BINARY | CMS_PARTIAL | flags);

  g_assert_nonnull (info);
  return info;
}

static void
final_raw (World *world, CMS_ContentInfo *cms)
{
  gsize size;
  gconstpointer content = g_bytes_get_data (world->content, &size);
  g_autoptr (BIO) in = BIO_new_mem_buf (content, (int)size);

  g_assert_cmpint (CMS_final (cms, in, NULL, CMS_BINARY), ==, 1);
}

static GBytes *
end_raw (CMS_ContentInfo *cms)
{
  guint8 *der = NULL;
  int size = i2d_CMS_ContentInfo (cms, &der);
  GBytes *bytes = g_bytes_new (der, (gsize)size);

  OPENSSL_free (der);
  return bytes;
}

static void
test_raw_passes (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CMS_ContentInfo) cms = begin_raw ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FastCmsContent) found = NULL;

  add_raw (cms, world->signer, 0);
  final_raw (world, cms);
  bytes = end_raw (cms);
  found = verify (world, bytes, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_two_signers (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (Fixture) second = fixture_new ("sign", "U2", world->authority, FALSE, FIXTURE_NOW);
  g_autoptr (CMS_ContentInfo) cms = begin_raw ();
  g_autoptr (GBytes) bytes = NULL;

  add_raw (cms, world->signer, 0);
  add_raw (cms, second, 0);
  final_raw (world, cms);
  bytes = end_raw (cms);
  assert_refused (world, bytes, NULL, NULL, "cms-signers");
}

static void
test_unsigned_attribute (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (CMS_ContentInfo) cms = begin_raw ();
  CMS_SignerInfo *info = add_raw (cms, world->signer, 0);
  g_autoptr (GBytes) bytes = NULL;

  final_raw (world, cms);
  g_assert_cmpint (CMS_unsigned_add1_attr_by_txt (info, HEADER_OID, V_ASN1_UTF8STRING, "x", 1), ==,
                   1);
  bytes = end_raw (cms);
  assert_refused (world, bytes, NULL, NULL, "cms-unsigned-attribute");
}

static void
test_no_attributes (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (CMS_ContentInfo) cms = begin_raw ();
  g_autoptr (GBytes) bytes = NULL;

  add_raw (cms, world->signer, CMS_NOATTR);
  final_raw (world, cms);
  bytes = end_raw (cms);
  assert_refused (world, bytes, NULL, NULL, "cms-no-attributes");
}

static void
test_spare_certificates (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (CMS_ContentInfo) cms = begin_raw ();
  g_autoptr (CMS_ContentInfo) bare = begin_raw ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) without = NULL;

  add_raw (cms, world->signer, 0);
  g_assert_cmpint (CMS_add1_cert (cms, world->authority->certificate), ==, 1);
  final_raw (world, cms);
  bytes = end_raw (cms);
  assert_refused (world, bytes, NULL, NULL, "cms-certificates");
  add_raw (bare, world->signer, CMS_NOCERTS);
  final_raw (world, bare);
  without = end_raw (bare);
  assert_refused (world, without, NULL, NULL, "cms-certificates");
}

static X509_ATTRIBUTE *
make_attribute (guint values, int type)
{
  X509_ATTRIBUTE *attribute =
      X509_ATTRIBUTE_create_by_txt (NULL, HEADER_OID, type, (const guint8 *)"one", 3);

  for (guint i = 1; i < values; i++)
    X509_ATTRIBUTE_set1_data (attribute, type, (const guint8 *)"two", 3);
  return attribute;
}

/* Signs with @copies of the attribute, each of @values values. */
static GBytes *
sign_with_attributes (World *world, guint copies, guint values, int type)
{
  g_autoptr (CMS_ContentInfo) cms = begin_raw ();
  CMS_SignerInfo *info = add_raw (cms, world->signer, 0);

  for (guint i = 0; i < copies; i++) {
    X509_ATTRIBUTE *attribute = make_attribute (values, type);
    g_assert_cmpint (CMS_signed_add1_attr (info, attribute), ==, 1);
    X509_ATTRIBUTE_free (attribute);
  }
  final_raw (world, cms);
  return end_raw (cms);
}

static void
test_attribute (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) once = sign_with_attributes (world, 1, 1, V_ASN1_UTF8STRING);
  g_autoptr (GBytes) missing = sign_with_attributes (world, 0, 0, V_ASN1_UTF8STRING);
  g_autoptr (GBytes) doubled = sign_with_attributes (world, 2, 1, V_ASN1_UTF8STRING);
  g_autoptr (GBytes) two_values = sign_with_attributes (world, 1, 2, V_ASN1_UTF8STRING);
  g_autoptr (GBytes) other_type = sign_with_attributes (world, 1, 1, V_ASN1_PRINTABLESTRING);
  g_autoptr (FastCmsContent) found = verify (world, once, NULL, HEADER_OID, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found->attribute, ==, "one");
  assert_refused (world, missing, NULL, HEADER_OID, "cms-attribute");
  assert_refused (world, doubled, NULL, HEADER_OID, "cms-attribute");
  assert_refused (world, two_values, NULL, HEADER_OID, "cms-attribute");
  assert_refused (world, other_type, NULL, HEADER_OID, "cms-attribute");
}

static void
test_untrusted (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) stranger = fixture_new ("authority", "X", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (GPtrArray) anchors = fixture_list (stranger->certificate, NULL);
  g_autoptr (FastTrust) other = fast_trust_new (anchors, NULL, FAST_TRUST_NONE);
  g_autoptr (GBytes) cms = sign (world, NULL);
  g_autoptr (Fixture) opened = fixture_new ("timestamp", "O", world->authority, FALSE, FIXTURE_NOW);
  g_autoptr (FastTrust) pinned = fast_trust_new_pinned (opened->certificate, FAST_TRUST_NONE);
  g_autoptr (GBytes) refusal =
      fast_cms_sign (world->content, opened->certificate, opened->key, NULL, &error);
  g_autoptr (FastCmsContent) found = NULL;

  g_assert_null (fast_cms_verify_at (cms, NULL, other, NULL, FIXTURE_NOW, &error));
  fast_test_assert_id (error, "trust-unknown-issuer");
  g_clear_error (&error);
  assert_refused (world, refusal, NULL, NULL, "trust-purpose");
  found = fast_cms_verify_at (refusal, NULL, pinned, NULL, FIXTURE_NOW, &error);
  g_assert_no_error (error);
  g_assert_null (
      fast_cms_sign (world->content, opened->certificate, world->signer->key, NULL, &error));
  fast_test_assert_id (error, "certificate-other-key");
}

/* EF.SOD: a document signer with explicit EC parameters under a CSCA. */
static void
test_document_signer (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Fixture) csca = fixture_new ("csca", "C", NULL, FALSE, FIXTURE_NOW);
  g_autoptr (Fixture) signer = fixture_new ("document-signer", "D", csca, FALSE, FIXTURE_NOW);
  g_autoptr (GPtrArray) anchors = fixture_list (csca->certificate, NULL);
  g_autoptr (FastTrust) trust = fast_trust_new (anchors, NULL, FAST_TRUST_ICAO);
  const FastCmsOptions options = {.content_type = "2.23.136.1.1.1"};
  g_autoptr (GBytes) cms =
      fast_cms_sign (world->content, signer->certificate, signer->key, &options, &error);
  g_autoptr (FastCmsContent) found =
      fast_cms_verify_at (cms, NULL, trust, NULL, FIXTURE_NOW, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found->content, world->content));
}

static GBytes *
encrypt (World *world, FastSecret *secret)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) recipients =
      fixture_list (world->recipient->certificate, world->recovery->certificate);
  GBytes *cms = fast_cms_encrypt (secret, recipients, &error);

  g_assert_no_error (error);
  return cms;
}

static void
assert_opens (GBytes *cms, const Fixture *recipient, FastSecret *secret)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) opened =
      fast_cms_decrypt (cms, recipient->certificate, recipient->key, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (opened), fast_secret_size (opened), fast_secret_data (secret),
                   fast_secret_size (secret));
}

static void
test_encrypt (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) large = fast_secret_new (300000);
  g_autoptr (FastSecret) empty = fast_secret_new (0);
  g_autoptr (GBytes) cms = encrypt (world, large);
  g_autoptr (GBytes) nothing = encrypt (world, empty);

  g_assert_cmphex (((const guint8 *)g_bytes_get_data (cms, NULL))[1], !=, 0x80);
  assert_opens (cms, world->recipient, large);
  assert_opens (cms, world->recovery, large);
  assert_opens (nothing, world->recovery, empty);
  g_assert_null (fast_cms_decrypt (cms, world->signer->certificate, world->signer->key, &error));
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_DECRYPT);
  fast_test_assert_id (error, "cms-other-recipient");
  g_clear_error (&error);
  g_assert_null (
      fast_cms_decrypt (cms, world->recipient->certificate, world->recovery->key, &error));
  fast_test_assert_id (error, "cms-altered");
}

/* Nothing at all is released, wherever the bit flips: but for the bytes that say nothing about the
 * content (names of other recipients, of algorithms that are not looked at), where it is whole. */
static void
test_encrypt_flipped (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (FastSecret) secret = fast_secret_new_from ("name and birth date", 19);
  g_autoptr (GBytes) cms = encrypt (world, secret);
  const gsize size = g_bytes_get_size (cms);
  guint refused = 0;

  for (gsize i = 0; i < size * G_N_ELEMENTS (masks); i++) {
    const gsize at = i / G_N_ELEMENTS (masks);
    const guint8 mask = masks[i % G_N_ELEMENTS (masks)];
    g_autoptr (GBytes) flipped = fixture_flip (cms, at, mask);
    g_autoptr (FastSecret) opened =
        fast_cms_decrypt (flipped, world->recovery->certificate, world->recovery->key, NULL);

    if (opened == NULL)
      refused++;
    else
      g_assert_cmpmem (fast_secret_data (opened), fast_secret_size (opened),
                       fast_secret_data (secret), fast_secret_size (secret));
    if (at >= size - 16 - 19)
      g_assert_null (opened);
  }
  g_assert_cmpuint (refused, >, size);
}

static void
test_encrypt_rsa (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  const FastCertificateSubject subject = {"US", "USA", NULL, NULL, "RSA"};
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (2048);
  g_autoptr (X509) certificate =
      fast_certificate_profile_issue (fast_certificate_profile_find ("recipient"), &subject, key,
                                      world->authority, FALSE, FIXTURE_NOW, &error);
  g_autoptr (GPtrArray) recipients = fixture_list (certificate, world->recovery->certificate);
  const Fixture rsa = {certificate, key};
  g_autoptr (FastSecret) secret = fast_secret_new_from ("for both kinds", 14);
  g_autoptr (GBytes) cms = fast_cms_encrypt (secret, recipients, &error);

  g_assert_no_error (error);
  assert_opens (cms, &rsa, secret);
  assert_opens (cms, world->recovery, secret);
}

static void
test_not_enveloped (World *world, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cms = sign (world, NULL);

  g_assert_null (
      fast_cms_decrypt (cms, world->recipient->certificate, world->recipient->key, &error));
  fast_test_assert_id (error, "cms-not-enveloped");
}

#define ADD(path, test) g_test_add ("/keys/cms/" path, World, NULL, set_up, test, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sign", test_sign);
  ADD ("detached", test_detached);
  ADD ("flipped", test_flipped);
  ADD ("not-der", test_not_der);
  ADD ("raw-passes", test_raw_passes);
  ADD ("two-signers", test_two_signers);
  ADD ("unsigned-attribute", test_unsigned_attribute);
  ADD ("no-attributes", test_no_attributes);
  ADD ("spare-certificates", test_spare_certificates);
  ADD ("attribute", test_attribute);
  ADD ("untrusted", test_untrusted);
  ADD ("document-signer", test_document_signer);
  ADD ("encrypt", test_encrypt);
  ADD ("encrypt-flipped", test_encrypt_flipped);
  ADD ("encrypt-rsa", test_encrypt_rsa);
  ADD ("not-enveloped", test_not_enveloped);
  return g_test_run ();
}

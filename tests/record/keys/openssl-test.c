/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "record/keys/cms.h"
#include "record/keys/timestamp.h"
#include "record/keys/training.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

/* What these rooms make must open with nothing but the openssl program. */

static char *folder;

/* Runs @script in the training folder; `$1` is its argument. */
static int
shell (const char *script, const char *argument)
{
  g_autofree char *whole = g_strdup_printf ("cd '%s' && %s", folder, script);
  const char *argv[] = {"sh", "-c", whole, "sh", argument, NULL};
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int code = fast_test_run (&out, &err, argv);

  g_test_message ("%s → %d: %s%s", script, code, out, err);
  return code;
}

static void
assert_runs (const char *script)
{
  g_assert_cmpint (shell (script, ""), ==, 0);
}

static void
assert_fails (const char *script)
{
  g_assert_cmpint (shell (script, ""), !=, 0);
}

static char *
path_of (const char *name, const char *suffix)
{
  return g_strdup_printf ("%s/%s%s", folder, name, suffix);
}

static void
write_file (const char *name, GBytes *bytes)
{
  g_autofree char *path = path_of (name, "");

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                                      (gssize)g_bytes_get_size (bytes), NULL));
}

static Fixture *
load (const char *name)
{
  g_autofree char *key_path = path_of (name, ".key");
  g_autofree char *certificate_path = path_of (name, ".pem");
  g_autoptr (GError) error = NULL;
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->key = fast_key_load (key_path, &error);
  g_assert_no_error (error);
  fixture->certificate = fast_certificate_load (certificate_path, &error);
  g_assert_no_error (error);
  return fixture;
}

static GBytes *
content (void)
{
  g_autoptr (GString) text = g_string_new ("tar\r\n");

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "%u\n%c", i, (char)(i % 256));
  return g_bytes_new (text->str, text->len);
}

/* A packet as it is sealed: an envelope for two recipients in a signature with a header. */
static void
seal (const char *nation, const char *name)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {.attribute_oid = FAST_OID ("16"), .attribute_text = "{}"};
  g_autofree char *recipient_name = g_strconcat (nation, "/recipient", NULL);
  g_autofree char *recovery_name = g_strconcat (nation, "/recovery", NULL);
  g_autoptr (Fixture) signer = load ("unit/sign");
  g_autoptr (Fixture) recipient = load (recipient_name);
  g_autoptr (Fixture) recovery = load (recovery_name);
  g_autoptr (GPtrArray) recipients = fixture_list (recipient->certificate, recovery->certificate);
  g_autoptr (GBytes) bytes = content ();
  g_autoptr (FastSecret) secret =
      fast_secret_new_from (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr (GBytes) envelope = fast_cms_encrypt (secret, recipients, &error);
  g_autoptr (GBytes) packet =
      fast_cms_sign (envelope, signer->certificate, signer->key, &options, &error);

  g_assert_no_error (error);
  write_file ("content", bytes);
  write_file (name, packet);
}

#define VERIFY "openssl cms -verify -inform DER -in packet.p7m -CAfile unit/ca.pem -out envelope"
#define DECRYPT "openssl cms -decrypt -inform DER -in envelope -out opened "

static void
test_packet (void)
{
  seal ("CA", "packet.p7m");
  assert_runs (VERIFY);
  assert_runs (DECRYPT "-recip CA/recipient.pem -inkey CA/recipient.key && cmp opened content");
  assert_runs (DECRYPT "-recip CA/recovery.pem -inkey CA/recovery.key && cmp opened content");
  assert_runs (VERIFY " && openssl cms -decrypt -inform DER -in envelope"
                      " -inkey CA/recipient.key | cmp - content");
  assert_fails (DECRYPT "-recip US/recipient.pem -inkey US/recipient.key");
  assert_fails ("openssl cms -verify -inform DER -in packet.p7m -CAfile US/ca.pem -out /dev/null");
}

/* The other way: what the openssl program makes, within our one form, is read here. */
static void
test_packet_of_openssl (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = path_of ("theirs.p7m", "");
  g_autofree char *envelope_path = path_of ("theirs.env", "");
  g_autofree char *authority = path_of ("unit/ca", ".pem");
  const char *paths[] = {authority, NULL};
  g_autoptr (FastTrust) trust = fast_trust_load (paths, FAST_TRUST_TRAINING, &error);
  g_autoptr (Fixture) recipient = load ("CA/recipient");
  g_autoptr (GBytes) bytes = content ();
  g_autoptr (GBytes) packet = NULL;
  g_autoptr (GBytes) envelope = NULL;
  g_autoptr (FastCmsContent) found = NULL;
  g_autoptr (FastSecret) opened = NULL;

  write_file ("content", bytes);
  assert_runs ("openssl cms -encrypt -binary -aes-256-gcm -in content -outform DER -out theirs.env"
               " CA/recipient.pem");
  assert_runs ("openssl cms -sign -binary -nodetach -nosmimecap -md sha256 -in theirs.env"
               " -outform DER -out theirs.p7m -signer unit/sign.pem -inkey unit/sign.key");
  packet = fast_bytes_read_file (path, G_MAXUINT, &error);
  found = fast_cms_verify (packet, NULL, trust, NULL, &error);
  g_assert_no_error (error);
  envelope = fast_bytes_read_file (envelope_path, G_MAXUINT, &error);
  g_assert_true (g_bytes_equal (found->content, envelope));
  opened = fast_cms_decrypt (envelope, recipient->certificate, recipient->key, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (opened), fast_secret_size (opened),
                   g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_decision (void)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {.detached = TRUE};
  g_autoptr (Fixture) officer = load ("officers/cbp-1");
  g_autoptr (GBytes) decision = fixture_text ("{\"outcome\":\"grant\"}\n");
  g_autoptr (GBytes) signature =
      fast_cms_sign (decision, officer->certificate, officer->key, &options, &error);

  g_assert_no_error (error);
  write_file ("decision.json", decision);
  write_file ("decision.p7s", signature);
  assert_runs ("openssl cms -verify -binary -inform DER -in decision.p7s -content decision.json"
               " -CAfile US/ca.pem -out /dev/null");
  assert_fails ("openssl cms -verify -binary -inform DER -in decision.p7s -content decision.json"
                " -CAfile CA/ca.pem -out /dev/null");
}

static void
test_receipts (void)
{
  static const char *const receipts[][2] = {{FAST_TIMESTAMP_STORED, "CA/receipt"},
                                            {FAST_TIMESTAMP_OPENED, "CA/opened"},
                                            {FAST_TIMESTAMP_BATCH, "CA/opened"}};
  g_autoptr (GBytes) packet = content ();
  g_autoptr (GBytes) digest = fast_sha256_bytes (packet);
  g_autoptr (GBytes) json = fixture_text ("{\"items\":2}");

  write_file ("packet.p7m", packet);
  for (guint i = 0; i < G_N_ELEMENTS (receipts); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Fixture) signer = load (receipts[i][1]);
    g_autoptr (GBytes) tsr = fast_timestamp_issue (digest, receipts[i][0], signer->certificate,
                                                   signer->key, i == 2 ? json : NULL, &error);
    g_assert_no_error (error);
    write_file ("packet.tsr", tsr);
    assert_runs ("openssl ts -verify -data packet.p7m -in packet.tsr -CAfile CA/ca.pem");
    assert_fails ("openssl ts -verify -data packet.p7m -in packet.tsr -CAfile US/ca.pem");
    assert_fails ("openssl ts -verify -data unit.conf -in packet.tsr -CAfile CA/ca.pem");
    g_assert_cmpint (
        shell ("openssl ts -reply -text -in packet.tsr | grep -F \"$1\"", receipts[i][0]), ==, 0);
  }
}

static void
test_chains (void)
{
  assert_runs ("openssl verify -x509_strict -CAfile CA/ca.pem CA/receipt.pem CA/opened.pem "
               "CA/decision.pem CA/recipient.pem CA/recovery.pem CA/tls.pem officers/cbsa-1.pem "
               "officers/cbsa-2.pem");
  assert_runs ("openssl verify -x509_strict -CAfile US/ca.pem US/receipt.pem US/opened.pem "
               "US/decision.pem US/recipient.pem US/recovery.pem US/tls.pem officers/cbp-1.pem "
               "officers/cbp-2.pem");
  assert_runs ("openssl verify -CAfile CA/ca.pem -purpose timestampsign CA/receipt.pem");
  assert_runs ("openssl verify -CAfile CA/ca.pem -purpose sslserver -verify_hostname localhost "
               "CA/tls.pem");
  assert_runs ("openssl verify -CAfile CA/ca.pem -purpose sslserver -verify_ip 127.0.0.1 "
               "CA/tls.pem");
  assert_runs ("openssl verify -CAfile unit/ca.pem -purpose sslclient unit/link.pem");
  assert_runs ("openssl verify -CAfile unit/ca.pem unit/sign.pem unit/open.pem");
  assert_fails ("openssl verify -CAfile CA/ca.pem officers/cbp-1.pem");
  assert_fails ("openssl verify -CAfile CA/csca.pem CA/ds.pem");
}

/* OpenSSL refuses explicit EC parameters in a chain, so the signature is checked by hand, on the
 * TBSCertificate cut out of the certificate. */
#define CHECK_BY_HAND                                                                              \
  "openssl x509 -in $1.pem -outform DER -out c.der && "                                            \
  "openssl asn1parse -inform DER -in c.der -strparse 4 -noout -out c.tbs && "                      \
  "openssl asn1parse -inform DER -in c.der -strparse "                                             \
  "$(openssl asn1parse -inform DER -in c.der | awk -F: '/BIT STRING/{at=$1} END{print at+0}') "    \
  "-noout -out c.sig && "                                                                          \
  "openssl x509 -in $(dirname $1)/csca.pem -pubkey -noout -out csca.pub && "                       \
  "openssl dgst -sha256 -verify csca.pub -signature c.sig c.tbs"

static void
test_document_signers (void)
{
  static const char *const names[] = {"CA/ds", "CA/seal", "US/ds", "US/seal", "CA/csca"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_assert_cmpint (shell (CHECK_BY_HAND, names[i]), ==, 0);
    g_assert_cmpint (shell ("openssl x509 -in $1.pem -noout -text | grep -q 'Field Type: "
                            "prime-field'",
                            names[i]),
                     ==, 0);
  }
  assert_fails ("set -- CA/ds && " CHECK_BY_HAND
                " && openssl x509 -in US/csca.pem -pubkey -noout -out csca.pub && "
                "openssl dgst -sha256 -verify csca.pub -signature c.sig c.tbs");
}

/* EF.SOD without its tag 77, as the acceptance check does it. */
static void
test_security_object (void)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {.content_type = "2.23.136.1.1.1"};
  g_autoptr (Fixture) signer = load ("CA/ds");
  g_autoptr (GBytes) hashes = fixture_text ("hashes");
  g_autoptr (GBytes) cms =
      fast_cms_sign (hashes, signer->certificate, signer->key, &options, &error);

  g_assert_no_error (error);
  write_file ("sod", cms);
  assert_runs ("openssl cms -verify -inform DER -in sod -partial_chain -CAfile CA/ds.pem"
               " -out /dev/null");
}

/* The verb, and what it answers. */
static void
test_verb (void)
{
  g_autofree char *program = fast_test_program ("fast-card");
  char *parent = fast_test_folder ();
  g_autofree char *fresh = g_build_filename (parent, "a", "pki", NULL);
  const char *argv[] = {program, "keys", "training", fresh, "--json", NULL};
  const char *without[] = {program, "keys", "training", NULL};
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  g_assert_cmpint (fast_test_run (&out, NULL, argv), ==, 0);
  g_assert_nonnull (strstr (out, "\"folder\""));
  g_assert_cmpint (fast_test_run (NULL, &err, argv), ==, 1);
  g_assert_true (g_str_has_prefix (err, "fast-card: "));
  g_assert_nonnull (strstr (err, "never overwritten"));
  g_assert_cmpint (fast_test_run (NULL, NULL, without), ==, 2);
  fast_test_remove_folder (parent);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int code;

  g_test_init (&argc, &argv, NULL);
  folder = fast_test_folder ();
  g_assert_true (fast_training_write (folder, &error));
  g_assert_no_error (error);
  g_test_add_func ("/keys/openssl/packet", test_packet);
  g_test_add_func ("/keys/openssl/packet-of-openssl", test_packet_of_openssl);
  g_test_add_func ("/keys/openssl/decision", test_decision);
  g_test_add_func ("/keys/openssl/receipts", test_receipts);
  g_test_add_func ("/keys/openssl/chains", test_chains);
  g_test_add_func ("/keys/openssl/document-signers", test_document_signers);
  g_test_add_func ("/keys/openssl/security-object", test_security_object);
  g_test_add_func ("/keys/openssl/verb", test_verb);
  code = g_test_run ();
  fast_test_remove_folder (folder);
  return code;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/pkcs11.h"

#include <string.h>
#include <sys/stat.h>

#include "record/base/error.h"
#include "record/keys/cms.h"
#include "record/keys/key.h"
#include "record/keys/signature.h"
#include "tests/record/keys/cv-fixture.h"
#include "tests/record/keys/fixture.h"
#include "tests/record/keys/token.h"
#include "tests/support.h"

static Token token;
static Fixture *csca;
static Fixture *document;

static EVP_PKEY *
load (const char *name)
{
  g_autofree char *uri = token_uri (&token, name);
  g_autoptr (GError) error = NULL;
  EVP_PKEY *key = fast_key_load (uri, &error);

  g_assert_no_error (error);
  return key;
}

/* The private part stays in the token. */
static void
test_load (void)
{
  g_autoptr (EVP_PKEY) key = load ("ds");
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) exported = fast_key_export (key, &error);

  g_assert_null (exported);
  g_assert_error (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO);
  g_assert_true (fast_key_is_token ("pkcs11:object=x"));
  g_assert_false (fast_key_is_token ("/etc/pkcs11:x"));
}

/* The certificate writes its curve out, the token names it: the points count (9303-12, 4.1.6.3). */
static void
test_check_key (void)
{
  g_autoptr (EVP_PKEY) key = load ("ds");
  g_autoptr (EVP_PKEY) other = load ("open");
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_certificate_check_key (document->certificate, key, &error));
  g_assert_no_error (error);
  g_assert_false (fast_certificate_check_key (document->certificate, other, &error));
  fast_test_assert_id (error, "certificate-other-key");
}

static void
test_dup_public (void)
{
  for (int i = FAST_KEY_PARAMETERS_NAMED; i <= FAST_KEY_PARAMETERS_EXPLICIT; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (EVP_PKEY) key = load ("ds");
    g_autoptr (EVP_PKEY) copy = fast_key_dup_public (key, (FastKeyParameters)i, &error);
    guint8 *der = NULL;
    int size;

    g_assert_no_error (error);
    size = i2d_PUBKEY (copy, &der);
    g_assert_cmpint (size, ==, i == FAST_KEY_PARAMETERS_NAMED ? 91 : 335);
    g_assert_cmpint (der[size - 65], ==, 0x04);
    g_assert_cmpint (EVP_PKEY_eq (copy, X509_get0_pubkey (document->certificate)), ==, 1);
    OPENSSL_free (der);
  }
}

/* What becomes of EF.SOD. */
static void
test_sign (void)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {.content_type = "2.23.136.1.1.1", .signing_time = FIXTURE_NOW};
  g_autoptr (EVP_PKEY) key = load ("ds");
  g_autoptr (GBytes) content = fixture_text ("hashes");
  g_autoptr (GPtrArray) anchors = fixture_list (csca->certificate, NULL);
  g_autoptr (FastTrust) trust = fast_trust_new (anchors, NULL, FAST_TRUST_ICAO);
  g_autoptr (GBytes) cms = fast_cms_sign (content, document->certificate, key, &options, &error);
  g_autoptr (FastCmsContent) found = NULL;

  g_assert_no_error (error);
  found = fast_cms_verify_at (cms, NULL, trust, NULL, FIXTURE_NOW, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found->content, content));
}

static void
test_raw_sign (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = load ("ds");
  g_autoptr (GBytes) message = fixture_text ("seal");
  g_autoptr (GBytes) signature = fast_signature_raw_sign (key, message, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (signature), ==, 64);
  g_assert_true (fast_signature_raw_verify (X509_get0_pubkey (document->certificate), message,
                                            signature, &error));
}

static void
test_decrypt (void)
{
  g_autoptr (GError) error = NULL;
  const FastCertificateSubject subject = {"CA", "CAN", NULL, NULL, "R"};
  g_autoptr (EVP_PKEY) key = load ("open");
  g_autoptr (EVP_PKEY) half = fast_key_dup_public (key, FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (X509) issued =
      fast_certificate_profile_issue (fast_certificate_profile_find ("recipient"), &subject, half,
                                      csca, FALSE, FIXTURE_NOW, &error);
  g_autoptr (X509) certificate = fixture_parse_again (issued);
  g_autoptr (GPtrArray) recipients = fixture_list (certificate, NULL);
  g_autoptr (FastSecret) secret = fast_secret_new_from ("trip pack", 9);
  g_autoptr (GBytes) cms = fast_cms_encrypt (secret, recipients, &error);
  g_autoptr (FastSecret) opened = fast_cms_decrypt (cms, certificate, key, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (opened), fast_secret_size (opened), "trip pack", 9);
}

/* A CVCA and its DV whose keys are in a token: self-signed with parameters, then the DV below. */
static void
test_card_verifiable (void)
{
  static const CvTerms top = {"CATESTCVCA00001", "CATESTCVCA00001", FAST_CV_ROLE_CVCA, 3,
                              20260101,          20281231};
  static const CvTerms below = {"CATESTCVCA00001", "CATESTDV00001", FAST_CV_ROLE_DV_DOMESTIC, 3,
                                20260101,          20261231};
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) authority = load ("ds");
  g_autoptr (EVP_PKEY) verifier = load ("open");
  g_autoptr (FastCvCertificate) root =
      cv_fixture_issue_with (&top, FAST_CV_ECDSA_SHA_256, TRUE, authority, authority);
  g_autoptr (FastCvCertificate) leaf = cv_fixture_issue (&below, verifier, authority);
  FastCvKey *key = fast_cv_certificate_get_body (root)->key;

  g_assert_true (fast_cv_certificate_verify (root, key, &error));
  g_assert_no_error (error);
  g_assert_true (fast_cv_certificate_verify (leaf, key, &error));
  g_assert_no_error (error);
}

typedef struct {
  const char *pin;
  guint calls;
} Answer;

static FastSecret *
answer (const char *uri, gpointer data, GError **error)
{
  Answer *given = data;

  g_assert_cmpstr (uri, ==, "pkcs11:token=FAST;object=ds");
  given->calls++;
  if (given->pin == NULL)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE, "secret-empty",
                           "fd=%d", 0);
  return fast_secret_new_from (given->pin, strlen (given->pin));
}

/* In a process of its own: a token that is logged in gives its keys without a PIN. */
static void
ask (const char *pin, const char *id)
{
  g_autoptr (GError) error = NULL;
  Answer given = {.pin = pin};
  g_autoptr (EVP_PKEY) key = fast_key_load_asking (
      "pkcs11:token=FAST;object=ds?module-path=" TOKEN_MODULE, answer, &given, &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_cmpuint (given.calls, ==, 1);
}

static void
test_asked (void)
{
  if (g_test_subprocess ())
    ask (TOKEN_PIN, NULL);
  else
    g_test_trap_subprocess (NULL, 0, 0);
  if (!g_test_subprocess ())
    g_test_trap_assert_passed ();
}

/* A module that is not there, and then one that is. */
static void
test_module (void)
{
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    g_test_trap_assert_passed ();
    return;
  }
  g_assert_null (fast_key_load ("pkcs11:token=FAST;object=ds?module-path=/nowhere.so", &error));
  fast_test_assert_id (error, "pkcs11-module");
  g_clear_error (&error);
  g_assert_null (fast_key_load ("pkcs11:token=FAST;object=ds?module-path=/bin/true", &error));
  fast_test_assert_id (error, "pkcs11-absent");
  ask (TOKEN_PIN, NULL);
}

/* One try: a token counts wrong PINs. */
static void
test_wrong_pin (void)
{
  if (g_test_subprocess ())
    ask ("0000", "pkcs11-refused");
  else
    g_test_trap_subprocess (NULL, 0, 0);
  if (!g_test_subprocess ())
    g_test_trap_assert_passed ();
}

static void
test_no_answer (void)
{
  if (g_test_subprocess ())
    ask (NULL, "secret-empty");
  else
    g_test_trap_subprocess (NULL, 0, 0);
  if (!g_test_subprocess ())
    g_test_trap_assert_passed ();
}

#define DS "pkcs11:token=FAST;object=ds"
#define MODULE "module-path=" TOKEN_MODULE

/* {pin} is the file of the PIN, {open} one that others may read. */
static const struct {
  const char *uri;
  const char *id;
} refused[] = {
    {"pkcs11:", "pkcs11-uri"},
    {DS "?pin-value=8524&" MODULE, "pkcs11-pin-value"},
    {DS ";pin-value=8524", "pkcs11-pin-value"},
    {DS "?pin-source=|/bin/cat%20pin&" MODULE, "pkcs11-uri"},
    {DS "?pin-source&" MODULE, "pkcs11-uri"},
    {DS "?colour=red&" MODULE, "pkcs11-uri"},
    {DS "?pin-source=file:{open}&" MODULE, "key-open-to-others"},
    {DS "?pin-source=file:{pin}.gone&" MODULE, "key-unreadable"},
    {DS "?pin-source=file:{pin}&module-path=/nowhere.so", "pkcs11-other-module"},
    {"pkcs11:token=FAST;object=gone?pin-source=file:{pin}&" MODULE, "pkcs11-absent"},
    {"pkcs11:token=GONE;object=ds?pin-source=file:{pin}&" MODULE, "pkcs11-absent"},
};

static void
test_refused (void)
{
  g_autofree char *open_path = g_strconcat (token.pin_path, ".open", NULL);

  g_assert_true (g_file_set_contents (open_path, TOKEN_PIN, -1, NULL));
  g_assert_cmpint (chmod (open_path, 0644), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GString) uri = g_string_new (refused[i].uri);
    g_autoptr (GError) error = NULL;
    g_autofree char *text = NULL;

    g_string_replace (uri, "{pin}", token.pin_path, 0);
    g_string_replace (uri, "{open}", open_path, 0);
    g_assert_null (fast_key_load (uri->str, &error));
    text = fast_error_format (error, "en");
    g_test_message ("%s → %s", uri->str, text);
    fast_test_assert_id (error, refused[i].id);
    g_assert_null (strstr (text, TOKEN_PIN));
  }
}

static void
test_skipped (void)
{
  g_test_skip ("softhsm2 or opensc is not installed");
}

static void
fill (void)
{
  csca = fixture_new ("csca", "C", NULL, FALSE, FIXTURE_NOW);
  document = fixture_new ("document-signer", "D", csca, FALSE, FIXTURE_NOW);
  if (g_test_subprocess ())
    return;
  token_import (&token, "ds", "01", document->key);
  token_generate (&token, "open", "02");
}

static void
add_tests (void)
{
  g_test_add_func ("/keys/pkcs11/load", test_load);
  g_test_add_func ("/keys/pkcs11/check-key", test_check_key);
  g_test_add_func ("/keys/pkcs11/dup-public", test_dup_public);
  g_test_add_func ("/keys/pkcs11/sign", test_sign);
  g_test_add_func ("/keys/pkcs11/raw-sign", test_raw_sign);
  g_test_add_func ("/keys/pkcs11/decrypt", test_decrypt);
  g_test_add_func ("/keys/pkcs11/card-verifiable", test_card_verifiable);
  g_test_add_func ("/keys/pkcs11/asked", test_asked);
  g_test_add_func ("/keys/pkcs11/module", test_module);
  g_test_add_func ("/keys/pkcs11/wrong-pin", test_wrong_pin);
  g_test_add_func ("/keys/pkcs11/no-answer", test_no_answer);
  g_test_add_func ("/keys/pkcs11/refused", test_refused);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  if (!g_test_subprocess () && !token_open (&token)) {
    g_test_add_func ("/keys/pkcs11/skipped", test_skipped);
    return g_test_run ();
  }
  fill ();
  add_tests ();
  code = g_test_run ();
  if (!g_test_subprocess ())
    token_close (&token);
  fixture_free (csca);
  fixture_free (document);
  return code;
}

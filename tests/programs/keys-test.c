/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/base/json.h"
#include "record/keys/certificate-profile.h"
#include "record/keys/certificate.h"
#include "record/keys/master-list.h"
#include "record/keys/training.h"
#include "tests/record/keys/token.h"
#include "tests/support.h"

/* The life of a key by the verbs of fast-card: asked for, brought in, listed. */

#define DAY (24 * 60 * 60)

static char *folder;

static char *
place (const char *name)
{
  return g_build_filename (folder, name, NULL);
}

/* Runs a line of shell in the folder, with `fast-card` on its path. */
static int
shell (const char *script, char **out, char **err)
{
  g_autofree char *program = fast_test_program ("fast-card");
  g_autofree char *bin = g_path_get_dirname (program);
  g_autofree char *whole =
      g_strdup_printf ("PATH='%s':$PATH && cd '%s' && %s", bin, folder, script);
  g_autofree char *text = NULL;
  int code =
      fast_test_run (out, err != NULL ? err : &text, (const char *[]){"sh", "-c", whole, NULL});

  g_test_message ("%s → %d: %s", script, code, err != NULL ? *err : text);
  return code;
}

static void
assert_runs (const char *script)
{
  g_autofree char *out = NULL;

  g_assert_cmpint (shell (script, &out, NULL), ==, 0);
}

static void
assert_refused (const char *script, int code, const char *words)
{
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  g_assert_cmpint (shell (script, &out, &err), ==, code);
  g_assert_true (g_str_has_prefix (err, "fast-card: "));
  g_assert_nonnull (strstr (err, words));
}

/* The authority's side: certifies the key of `$name.csr`, or the whole of what it is told. */
typedef struct {
  const char *profile;
  const char *country;
  const char *issuer;
  gboolean training;
  gint64 ago;
  guint key_days;
} Order;

static FastCertificateIssuer
load_issuer (const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s/%s.key", folder, name);
  g_autofree char *certificate = g_strdup_printf ("%s/%s.pem", folder, name);
  g_autoptr (GError) error = NULL;
  FastCertificateIssuer issuer = {fast_certificate_load (certificate, &error),
                                  fast_key_load (key, &error)};

  g_assert_no_error (error);
  return issuer;
}

static EVP_PKEY *
requested_key (const char *csr)
{
  g_autofree char *path = place (csr);
  g_autoptr (BIO) in = BIO_new_file (path, "r");
  X509_REQ *request = PEM_read_bio_X509_REQ (in, NULL, NULL, NULL);
  EVP_PKEY *key = X509_REQ_get_pubkey (request);

  g_assert_cmpint (X509_REQ_verify (request, key), ==, 1);
  X509_REQ_free (request);
  return key;
}

static void
certify (const char *csr, const char *out, const Order *order)
{
  FastCertificateProfile profile = *fast_certificate_profile_find (order->profile);
  FastCertificateIssuer issuer = load_issuer (order->issuer);
  const FastCertificateSubject subject = {order->country, "CAN", NULL, NULL,
                                          profile.bare ? "FS" : "Next"};
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = requested_key (csr);
  g_autofree char *path = place (out);
  g_autoptr (X509) certificate = NULL;

  if (order->key_days != 0)
    profile.key_days = order->key_days;
  certificate = fast_certificate_profile_issue (&profile, &subject, key, &issuer, order->training,
                                                fast_clock_now () - order->ago, &error);
  g_assert_no_error (error);
  g_assert_true (fast_certificate_save (certificate, path, &error));
  X509_free (issuer.certificate);
  EVP_PKEY_free (issuer.key);
}

static void
assert_mode (const char *name, guint mode)
{
  g_autofree char *path = place (name);
  struct stat status;

  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 07777, ==, mode);
}

#define CSR "fast-card keys csr --config unit.conf "

static void
test_csr (void)
{
  assert_runs (CSR "--kind ds --key next.key --out next.csr --organization Agency");
  assert_mode ("next.key", 0600);
  assert_runs ("openssl req -in next.csr -noout -verify -subject | "
               "grep -q 'C = CA, O = Agency, CN = FAST Document Signer'");
  assert_runs ("openssl req -in next.csr -noout -text | grep -q 'Field Type: prime-field'");
  assert_runs ("openssl req -in next.csr -noout -text | grep -q 'Digital Signature'");
  assert_runs ("openssl req -in next.csr -noout -text | grep -q '2.23.136.1.1.6.2'");
  assert_runs ("cp next.key before.key && " CSR "--kind ds --key next.key --out next.csr && "
               "cmp next.key before.key");
  assert_runs (CSR "--kind link --key link.key --out link.csr && "
                   "openssl req -in link.csr -noout -subject | grep -q 'OU = link, CN = U1'");
  assert_runs (CSR "--kind seal --key seal.key --out seal.csr --name XY && "
                   "openssl req -in seal.csr -noout -subject | grep -q 'C = CA, CN = XY$'");
  assert_refused (CSR "--kind seal --key seal.key --out seal.csr --name Long", 1, "two capital");
  assert_refused (CSR "--kind nonsense --key a --out b", 2, "there is no kind of key");
  assert_refused (CSR "--kind ds --out b", 2, "--key");
}

#define IMPORT "fast-card keys import --config unit.conf new.pem --kind ds --key next.key"

static const Order good = {"document-signer", "CA", "CA/csca", TRUE, 0, 0};

static void
test_import (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ds = place ("CA/ds.pem");
  g_autoptr (X509) old = fast_certificate_load (ds, &error);
  g_autofree char *serial = fast_certificate_serial (old);
  g_autofree char *kept = g_strdup_printf ("%s/CA/ds-%s.pem", folder, serial);
  g_autofree char *kept_key = g_strdup_printf ("CA/ds-%s.key", serial);
  g_autoptr (X509) kept_certificate = NULL;

  certify ("next.csr", "new.pem", &good);
  assert_runs (IMPORT);
  assert_runs ("cmp new.pem CA/ds.pem && cmp next.key CA/ds.key");
  assert_mode ("CA/ds.key", 0600);
  assert_mode (kept_key, 0600);
  kept_certificate = fast_certificate_load (kept, &error);
  g_assert_no_error (error);
  g_assert_true (fast_certificate_equal (kept_certificate, old));
  /* Again: nothing changes. Broken off between key and certificate: the same call finishes. */
  assert_runs (IMPORT " && test $(ls CA/ds-*.key | wc -l) = 1");
  g_assert_true (fast_certificate_save (old, ds, &error));
  assert_runs (IMPORT " && cmp new.pem CA/ds.pem && test $(ls CA/ds-*.key | wc -l) = 1");
}

/* What is judged, and what the refusal says. */
static const struct {
  Order order;
  const char *words;
} refused[] = {
    {{"document-signer", "CA", "US/csca", TRUE, 0, 0}, "countryName"},
    {{"document-signer", "US", "US/csca", TRUE, 0, 0}, "the certificate is of US"},
    {{"document-signer", "CA", "CA/ca", TRUE, 0, 0}, "is not known here"},
    {{"document-signer", "CA", "CA/csca", TRUE, 2300 * DAY, 0}, "expired on"},
    {{"document-signer", "CA", "CA/csca", TRUE, 31 * DAY, 0}, "may sign no more"},
    {{"document-signer", "CA", "CA/csca", TRUE, -2 * DAY, 0}, "is valid only from"},
    {{"document-signer", "CA", "CA/csca", TRUE, 0, 92}, "PrivateKeyUsagePeriod"},
    {{"seal-signer", "CA", "CA/csca", TRUE, 0, 0}, "may not be used for this"},
    {{"sign", "CA", "CA/csca", TRUE, 0, 0}, "breaks its profile"},
};

static void
test_refused (void)
{
  assert_runs ("sha256sum CA/* > before");
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    certify ("next.csr", "new.pem", &refused[i].order);
    assert_refused (IMPORT, 3, refused[i].words);
  }
  certify ("next.csr", "new.pem", &good);
  assert_refused ("fast-card keys import --config unit.conf new.pem --kind ds --key link.key", 3,
                  "do not belong together");
  assert_refused ("sed s/^training=true/training=false/ unit.conf > real.conf && "
                  "fast-card keys import --config real.conf new.pem --kind ds --key next.key",
                  3, "for training only");
  assert_refused ("fast-card keys import --config unit.conf new.pem --kind ml --key next.key", 2,
                  "no place");
  assert_refused ("fast-card keys import --config unit.conf gone.pem --kind ds --key next.key", 1,
                  "gone.pem");
  assert_refused ("touch unit.db && fast-card keys import --config unit.conf new.pem --kind sign",
                  3, "in its vault already");
  assert_runs ("rm unit.db && sha256sum -c --quiet before");
}

static JsonObject *
find_entry (JsonNode *node, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  JsonArray *list = fast_json_get_array (json_node_get_object (node), "keys", &error);

  for (guint i = 0; i < json_array_get_length (list); i++) {
    JsonObject *entry = json_array_get_object_element (list, i);
    if (strcmp (json_object_get_string_member (entry, "place"), wanted) == 0)
      return entry;
  }
  g_error ("no entry %s", wanted);
}

static JsonNode *
list_keys (const char *config, gint64 ahead)
{
  g_autofree char *time = fast_clock_format (fast_clock_now () + ahead);
  g_autofree char *script =
      g_strdup_printf ("FAST_CLOCK=%s fast-card keys list --json --config %s", time, config);
  g_autofree char *out = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *node;

  g_assert_cmpint (shell (script, &out, NULL), ==, 0);
  bytes = g_bytes_new (out, strlen (out));
  node = fast_json_parse (bytes, "list", &error);
  g_assert_no_error (error);
  return node;
}

static const struct {
  gint64 ahead;
  const char *place;
  const char *state;
  gint64 days_left;
} states[] = {
    {0, "card/ds-certificate", "good", 29},
    {21 * DAY, "card/ds-certificate", "soon", 8},
    {25 * DAY, "card/ds-certificate", "urgent", 4},
    {31 * DAY, "card/ds-certificate", "over", -2},
    {31 * DAY, "card/seal-certificate", "good", 402},
    {405 * DAY, "card/seal-certificate", "soon", 28},
    {0, "officer cbp-2/certificate", "good", 1097},
    {0, "nation US/recovery", "good", 3293},
};

static void
test_list (void)
{
  g_autoptr (JsonNode) intake = list_keys ("intake-CA.conf", 0);
  g_autofree char *out = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    g_autoptr (JsonNode) node = list_keys ("unit.conf", states[i].ahead);
    JsonObject *entry = find_entry (node, states[i].place);

    g_assert_cmpstr (json_object_get_string_member (entry, "state"), ==, states[i].state);
    g_assert_cmpint (json_object_get_int_member (entry, "days_left"), ==, states[i].days_left);
  }
  g_assert_cmpstr (json_object_get_string_member (find_entry (intake, "tls/certificate"), "state"),
                   ==, "good");
  find_entry (intake, "back-office/opened-certificate");
  g_assert_cmpint (shell ("fast-card keys list --config unit.conf", &out, NULL), ==, 0);
  g_assert_nonnull (strstr (out, "card/seal-certificate: C = CA, CN = FS (seal-signer): until "));
}

/* A pair that does not match and a file that is gone are entries, not the end of the list. */
static void
test_list_broken (void)
{
  g_autoptr (JsonNode) node = NULL;

  assert_runs ("cp CA/ds.key kept.key && cp CA/seal.key CA/ds.key && mv US/ca.pem kept.pem");
  node = list_keys ("unit.conf", 0);
  assert_runs ("cp kept.key CA/ds.key && mv kept.pem US/ca.pem");
  g_assert_nonnull (
      strstr (json_object_get_string_member (find_entry (node, "card/ds-certificate"), "problem"),
              "do not belong together"));
  g_assert_cmpstr (json_object_get_string_member (find_entry (node, "nation US/ca"), "state"), ==,
                   "broken");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "warnings"), ==, 2);
}

#define MASTER_LIST                                                                                \
  "fast-card keys master-list --csca cscas --signer ml.pem --key ml.key --out list.ml "

/* Signed by us, believed by openssl and by our own reader. */
static void
test_master_list (void)
{
  static const Order order = {"master-list-signer", "CA", "CA/csca", TRUE, 0, 0};
  g_autoptr (GError) error = NULL;
  g_autofree char *path = place ("list.ml");
  g_autofree char *csca = place ("CA/csca.pem");
  const char *anchors[] = {csca, NULL};
  g_autoptr (FastTrust) trust =
      fast_trust_load (anchors, FAST_TRUST_ICAO | FAST_TRUST_TRAINING, &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (FastMasterList) list = NULL;

  assert_runs (CSR "--kind ml --key ml.key --out ml.csr");
  certify ("ml.csr", "ml.pem", &order);
  assert_runs ("mkdir cscas && cp CA/csca.pem cscas/a.pem && cp US/csca.pem cscas/b.pem && "
               "cp US/csca.pem cscas/twin.pem");
  assert_runs (MASTER_LIST);
  assert_runs ("openssl cms -verify -inform DER -in list.ml -partial_chain -CAfile ml.pem "
               "-purpose any -out list.der && openssl asn1parse -inform DER -in list.der "
               "-out /dev/null");
  bytes = fast_bytes_read_file (path, 1024 * 1024, &error);
  list = fast_master_list_parse (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->authorities->len, ==, 2);
  g_assert_true (fast_master_list_verify (list, trust, fast_clock_now (), &error));
  g_assert_no_error (error);
  assert_refused ("fast-card keys master-list --csca cscas --signer CA/ds.pem --key CA/ds.key "
                  "--out x",
                  1, "breaks its profile");
  assert_refused ("cp CA/ds.pem cscas/c.pem && " MASTER_LIST, 1, "no signing authority");
  assert_refused ("rm cscas/* && " MASTER_LIST, 1, "no certificate to put");
  assert_refused ("rmdir cscas && " MASTER_LIST, 1, "cscas");
}

/* A document signer whose key is made and stays in a token. */
static void
test_token (void)
{
  Token token = {0};
  g_autofree char *uri = NULL;
  g_autofree char *text = NULL;

  if (!token_open (&token))
    return;
  token_generate (&token, "ds", "01");
  uri = token_uri (&token, "ds");
  text = g_strdup_printf (CSR "--kind ds --key '%s' --out token.csr", uri);
  assert_runs (text);
  assert_runs ("openssl req -in token.csr -noout -text | grep -q 'Field Type: prime-field'");
  certify ("token.csr", "token.pem", &good);
  g_free (text);
  text = g_strdup_printf ("fast-card keys import --config unit.conf token.pem --kind ds --key '%s'",
                          uri);
  assert_refused (text, 3, "write its pkcs11: URI there first");
  g_free (text);
  text = g_strdup_printf ("grep -v '^ds=' unit.conf | awk -v uri='ds=%s' '{print} "
                          "/^.card.$/{print uri}' > token.conf && fast-card keys import "
                          "--config token.conf token.pem --kind ds && cmp token.pem CA/ds.pem",
                          uri);
  assert_runs (text);
  token_close (&token);
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
  g_test_add_func ("/programs/keys/list", test_list);
  g_test_add_func ("/programs/keys/list-broken", test_list_broken);
  g_test_add_func ("/programs/keys/csr", test_csr);
  g_test_add_func ("/programs/keys/import", test_import);
  g_test_add_func ("/programs/keys/refused", test_refused);
  g_test_add_func ("/programs/keys/master-list", test_master_list);
  g_test_add_func ("/programs/keys/token", test_token);
  code = g_test_run ();
  fast_test_remove_folder (folder);
  return code;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/csca-store.h"

#include <glib/gstdio.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/certificate.h"
#include "record/keys/cms.h"
#include "record/keys/master-list.h"
#include "tests/record/keys/fixture.h"
#include "tests/support.h"

#define DAY (24 * 60 * 60)

/* A State with two generations of keys, and another State. */
typedef struct {
  char *folder;
  Fixture *old;
  Fixture *new;
  X509 *link;
  Fixture *old_signer;
  Fixture *new_signer;
  Fixture *other;
  Fixture *other_signer;
  Fixture *list_signer;
} World;

static X509 *
make_link (const Fixture *old, const Fixture *new)
{
  const FastCertificateSubject subject = {"CA", "CAN", "Test", NULL, "CSCA 2"};
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) issued =
      fast_certificate_profile_issue (fast_certificate_profile_find ("csca-link"), &subject,
                                      new->key, old, FALSE, FIXTURE_NOW, &error);

  g_assert_no_error (error);
  return fixture_parse_again (issued);
}

static void
set_up (World *world, G_GNUC_UNUSED gconstpointer data)
{
  world->folder = fast_test_folder ();
  world->old = fixture_new ("csca", "CSCA 1", NULL, FALSE, FIXTURE_NOW);
  world->new = fixture_new ("csca", "CSCA 2", NULL, FALSE, FIXTURE_NOW);
  world->link = make_link (world->old, world->new);
  world->old_signer = fixture_new ("document-signer", "DS 1", world->old, FALSE, FIXTURE_NOW);
  world->new_signer = fixture_new ("document-signer", "DS 2", world->new, FALSE, FIXTURE_NOW);
  world->other = fixture_new ("csca", "Other", NULL, FALSE, FIXTURE_NOW);
  world->other_signer = fixture_new ("document-signer", "DS 3", world->other, FALSE, FIXTURE_NOW);
  world->list_signer = fixture_new ("master-list-signer", "ML", world->old, FALSE, FIXTURE_NOW);
}

static void
tear_down (World *world, G_GNUC_UNUSED gconstpointer data)
{
  Fixture *all[] = {world->old,   world->new,          world->old_signer, world->new_signer,
                    world->other, world->other_signer, world->list_signer};

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    fixture_free (all[i]);
  X509_free (world->link);
  fast_test_remove_folder (world->folder);
}

static void
put (World *world, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (world->folder, name, NULL);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_true (g_file_set_contents (path, data, (gssize)size, NULL));
}

static void
put_certificate (World *world, const char *name, X509 *certificate)
{
  g_autoptr (GBytes) der = fast_certificate_der (certificate, NULL);

  put (world, name, der);
}

static FastTrust *
load (World *world)
{
  g_autoptr (GError) error = NULL;
  FastTrust *trust = fast_csca_store_load (world->folder, FAST_TRUST_NONE, FIXTURE_NOW, &error);

  g_assert_no_error (error);
  return trust;
}

static void
assert_not_loaded (World *world, const char *id)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (fast_csca_store_load (world->folder, FAST_TRUST_NONE, FIXTURE_NOW, &error));
  fast_test_assert_id (error, id);
}

static void
assert_verdict (FastTrust *trust, X509 *signer, gint64 at, const char *id)
{
  g_autoptr (GError) error = NULL;
  gboolean good = fast_trust_verify (trust, signer, FAST_PURPOSE_DOCUMENT, at, &error);

  if (id == NULL) {
    g_assert_no_error (error);
    g_assert_true (good);
  } else {
    g_assert_false (good);
    fast_test_assert_id (error, id);
  }
}

/* Every suffix, PEM and DER; a document signer in the folder is at hand and not believed for it. */
static void
test_folder (World *world, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const names[] = {"a.pem", "a.der", "a.cer", "a.CRT"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (world->folder, names[i], NULL);
    g_autoptr (FastTrust) trust = NULL;

    if (i == 0)
      g_assert_true (fast_certificate_save (world->old->certificate, path, NULL));
    else
      put_certificate (world, names[i], world->old->certificate);
    put_certificate (world, "signer.der", world->other_signer->certificate);
    trust = load (world);
    assert_verdict (trust, world->old_signer->certificate, FIXTURE_NOW, NULL);
    assert_verdict (trust, world->other_signer->certificate, FIXTURE_NOW, "trust-unknown-issuer");
    g_assert_cmpuint (fast_trust_get_signers (trust)->len, ==, 1);
    g_assert_cmpint (g_remove (path), ==, 0);
  }
  assert_not_loaded (world, "csca-none");
}

/* The link makes the new key believed, also after the old key's certificate has ended. */
static void
test_link (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (FastTrust) without = NULL;
  g_autoptr (FastTrust) with = NULL;
  gint64 from, old_end, to;

  put_certificate (world, "old.der", world->old->certificate);
  without = load (world);
  assert_verdict (without, world->new_signer->certificate, FIXTURE_NOW, "trust-unknown-issuer");
  put_certificate (world, "link.der", world->link);
  with = load (world);
  assert_verdict (with, world->new_signer->certificate, FIXTURE_NOW, NULL);
  assert_verdict (with, world->old_signer->certificate, FIXTURE_NOW, NULL);
  fast_certificate_validity (world->new_signer->certificate, &from, &to);
  assert_verdict (with, world->new_signer->certificate, to + 1, "trust-expired");
  fast_certificate_validity (world->old->certificate, &from, &old_end);
  g_assert_cmpint (old_end, >, to);
}

/* A link alone, with nobody believed below it, is nothing. */
static void
test_link_alone (World *world, G_GNUC_UNUSED gconstpointer data)
{
  put_certificate (world, "link.der", world->link);
  assert_not_loaded (world, "csca-none");
}

/* Every byte of the CSCA's certificate: what is altered is not believed. */
static void
test_flipped_authority (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) der = fast_certificate_der (world->old->certificate, NULL);

  for (gsize i = 0; i < g_bytes_get_size (der); i++) {
    g_autoptr (GBytes) flipped = fixture_flip (der, i, 1);
    g_autoptr (FastTrust) trust = NULL;

    put (world, "csca.der", flipped);
    trust = fast_csca_store_load (world->folder, FAST_TRUST_NONE, FIXTURE_NOW, NULL);
    if (trust != NULL && fast_trust_verify (trust, world->old_signer->certificate,
                                            FAST_PURPOSE_DOCUMENT, FIXTURE_NOW, NULL))
      g_error ("byte %" G_GSIZE_FORMAT " of the CSCA's certificate does not matter", i);
  }
}

static GBytes *
master_list (X509 *first, X509 *second, const Fixture *signer)
{
  g_autoptr (GError) error = NULL;
  const FastCmsOptions options = {.content_type = FAST_MASTER_LIST_OID,
                                  .signing_time = FIXTURE_NOW};
  X509 *both[] = {first, second};
  g_autoptr (GByteArray) set = g_byte_array_new ();
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;
  GBytes *signed_list;

  for (guint i = 0; i < G_N_ELEMENTS (both); i++) {
    g_autoptr (GBytes) der = fast_certificate_der (both[i], NULL);
    fast_append_bytes (set, der);
  }
  fast_tlv_append (inner, 0x02, "", 1);
  fast_tlv_append_array (inner, 0x31, set);
  fast_tlv_append_array (out, 0x30, inner);
  content = g_byte_array_free_to_bytes (out);
  signed_list = fast_cms_sign (content, signer->certificate, signer->key, &options, &error);
  g_assert_no_error (error);
  return signed_list;
}

static void
test_master_list (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) list =
      master_list (world->new->certificate, world->other->certificate, world->list_signer);
  g_autoptr (FastTrust) trust = NULL;

  put_certificate (world, "own.cer", world->old->certificate);
  put (world, "world.ml", list);
  trust = load (world);
  assert_verdict (trust, world->old_signer->certificate, FIXTURE_NOW, NULL);
  assert_verdict (trust, world->new_signer->certificate, FIXTURE_NOW, NULL);
  assert_verdict (trust, world->other_signer->certificate, FIXTURE_NOW, NULL);
}

/* A list of a State that is not believed, by a document signer, or holding one. */
static void
test_master_list_refused (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) good =
      master_list (world->new->certificate, world->other->certificate, world->list_signer);
  g_autoptr (GBytes) by_signer =
      master_list (world->new->certificate, world->other->certificate, world->old_signer);
  g_autoptr (GBytes) of_signer =
      master_list (world->new->certificate, world->old_signer->certificate, world->list_signer);
  g_autoptr (GBytes) garbage = g_bytes_new ("0", 1);

  put_certificate (world, "own.cer", world->other->certificate);
  put (world, "world.ml", good);
  assert_not_loaded (world, "trust-unknown-issuer");
  put_certificate (world, "own.cer", world->old->certificate);
  put (world, "world.ml", by_signer);
  assert_not_loaded (world, "trust-purpose");
  put (world, "world.ml", of_signer);
  assert_not_loaded (world, "master-list-form");
  put (world, "world.ml", garbage);
  assert_not_loaded (world, "document-form");
}

/* Every third byte of a master list (the loop over all takes long): each is under its signer's
 * signature or decides how that is verified. */
static void
test_flipped_master_list (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) anchors = fixture_list (world->old->certificate, NULL);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (FastTrust) trust =
      fast_trust_new_icao (anchors, none, fast_revocation_new (), FAST_TRUST_NONE);
  g_autoptr (GBytes) good =
      master_list (world->new->certificate, world->other->certificate, world->list_signer);

  for (gsize i = 0; i < g_bytes_get_size (good); i += 3) {
    g_autoptr (GBytes) flipped = fixture_flip (good, i, 1);
    g_autoptr (FastMasterList) list = fast_master_list_parse (flipped, NULL);

    if (list != NULL && fast_master_list_verify (list, trust, FIXTURE_NOW, NULL))
      g_error ("byte %" G_GSIZE_FORMAT " of the master list does not matter", i);
  }
}

static GBytes *
revocation_list (const Fixture *issuer, X509 *revoked, gint64 from, gint64 to)
{
  X509_CRL *list = X509_CRL_new ();
  ASN1_TIME *start = ASN1_TIME_set (NULL, (time_t)from);
  ASN1_TIME *end = ASN1_TIME_set (NULL, (time_t)to);
  guint8 *der = NULL;
  GBytes *bytes;
  int size;

  X509_CRL_set_version (list, X509_CRL_VERSION_2);
  X509_CRL_set_issuer_name (list, X509_get_subject_name (issuer->certificate));
  X509_CRL_set1_lastUpdate (list, start);
  X509_CRL_set1_nextUpdate (list, end);
  if (revoked != NULL) {
    X509_REVOKED *entry = X509_REVOKED_new ();
    ASN1_INTEGER *serial = ASN1_INTEGER_dup (X509_get0_serialNumber (revoked));

    X509_REVOKED_set_serialNumber (entry, serial);
    X509_REVOKED_set_revocationDate (entry, start);
    X509_CRL_add0_revoked (list, entry);
    ASN1_INTEGER_free (serial);
  }
  g_assert_cmpint (X509_CRL_sign (list, issuer->key, EVP_sha256 ()), >, 0);
  size = i2d_X509_CRL (list, &der);
  bytes = g_bytes_new (der, (gsize)size);
  OPENSSL_free (der);
  ASN1_TIME_free (start);
  ASN1_TIME_free (end);
  X509_CRL_free (list);
  return bytes;
}

static FastRevocationState
state_of (World *world, X509 *certificate)
{
  g_autoptr (FastTrust) trust = load (world);

  return fast_revocation_check (fast_trust_get_revocation (trust), certificate, FIXTURE_NOW, NULL);
}

/* 5.1:ISO7816_B_10 */
static void
test_revocation (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) empty =
      revocation_list (world->old, NULL, FIXTURE_NOW - DAY, FIXTURE_NOW + DAY);
  g_autoptr (GBytes) current = revocation_list (world->old, world->old_signer->certificate,
                                                FIXTURE_NOW - DAY, FIXTURE_NOW + DAY);
  g_autoptr (GBytes) lapsed = revocation_list (world->old, world->list_signer->certificate,
                                               FIXTURE_NOW - 9 * DAY, FIXTURE_NOW - DAY);
  X509 *signer = world->old_signer->certificate;
  g_autoptr (FastTrust) trust = NULL;

  put_certificate (world, "csca.cer", world->old->certificate);
  g_assert_cmpint (state_of (world, signer), ==, FAST_REVOCATION_UNKNOWN);
  put (world, "a.crl", empty);
  g_assert_cmpint (state_of (world, signer), ==, FAST_REVOCATION_GOOD);
  put (world, "a.crl", lapsed);
  g_assert_cmpint (state_of (world, signer), ==, FAST_REVOCATION_STALE);
  g_assert_cmpint (state_of (world, world->list_signer->certificate), ==, FAST_REVOCATION_REVOKED);
  put (world, "b.crl", current);
  g_assert_cmpint (state_of (world, signer), ==, FAST_REVOCATION_REVOKED);
  trust = load (world);
  assert_verdict (trust, signer, FIXTURE_NOW, "trust-revoked");
  g_assert_cmpint (state_of (world, world->other_signer->certificate), ==, FAST_REVOCATION_UNKNOWN);
}

static void
test_revocation_refused (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) good =
      revocation_list (world->old, NULL, FIXTURE_NOW - DAY, FIXTURE_NOW + DAY);
  g_autoptr (GBytes) altered = fixture_flip (good, g_bytes_get_size (good) - 1, 1);
  g_autoptr (GBytes) foreign =
      revocation_list (world->other, NULL, FIXTURE_NOW - DAY, FIXTURE_NOW + DAY);
  g_autoptr (GBytes) garbage = g_bytes_new ("0", 1);

  put_certificate (world, "csca.cer", world->old->certificate);
  put (world, "a.crl", altered);
  assert_not_loaded (world, "revocation-signature");
  put (world, "a.crl", garbage);
  assert_not_loaded (world, "revocation-malformed");
  put (world, "a.crl", foreign);
  g_assert_cmpint (state_of (world, world->other_signer->certificate), ==, FAST_REVOCATION_UNKNOWN);
}

static void
test_unreadable (World *world, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GBytes) garbage = g_bytes_new ("0", 1);
  g_autoptr (GError) error = NULL;

  put (world, "a.cer", garbage);
  assert_not_loaded (world, "certificate-malformed");
  g_assert_null (fast_csca_store_load ("/nonexistent", FAST_TRUST_NONE, FIXTURE_NOW, &error));
  fast_test_assert_id (error, "csca-folder");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*run) (World *world, gconstpointer data);
  } tests[] = {
      {"/keys/csca-store/folder", test_folder},
      {"/keys/csca-store/link", test_link},
      {"/keys/csca-store/link-alone", test_link_alone},
      {"/keys/csca-store/flipped-authority", test_flipped_authority},
      {"/keys/csca-store/unreadable", test_unreadable},
      {"/keys/master-list/accepted", test_master_list},
      {"/keys/master-list/refused", test_master_list_refused},
      {"/keys/master-list/flipped", test_flipped_master_list},
      {"/keys/revocation/5.1:ISO7816_B_10", test_revocation},
      {"/keys/revocation/refused", test_revocation_refused},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].name, World, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}

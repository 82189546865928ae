/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/record/keys/fixture.h"

#include <string.h>

#include "record/base/tlv.h"

/* Through DER: only a key that was decoded tells OpenSSL that its parameters were explicit. */
X509 *
fixture_parse_again (X509 *certificate)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) der = fast_certificate_der (certificate, &error);
  X509 *again = fast_certificate_parse (der, &error);

  g_assert_no_error (error);
  return again;
}

/* A key and its certificate; %NULL @issuer: it certifies itself. */
Fixture *
fixture_new (const char *profile, const char *name, const Fixture *issuer, gboolean training,
             gint64 now)
{
  const FastCertificateProfile *found = fast_certificate_profile_find (profile);
  const FastCertificateSubject subject = {"CA", "CAN", found->bare ? NULL : "Test", NULL, name};
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) issued = NULL;
  Fixture *fixture = g_new0 (Fixture, 1);

  fixture->key = fast_key_generate ("P-256", found->parameters, &error);
  g_assert_no_error (error);
  issued =
      fast_certificate_profile_issue (found, &subject, fixture->key, issuer, training, now, &error);
  g_assert_no_error (error);
  fixture->certificate = fixture_parse_again (issued);
  return fixture;
}

void
fixture_free (Fixture *fixture)
{
  X509_free (fixture->certificate);
  EVP_PKEY_free (fixture->key);
  g_free (fixture);
}

GBytes *
fixture_text (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

GBytes *
fixture_flip (GBytes *bytes, gsize at, guint8 mask)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  guint8 *copy = g_memdup2 (data, size);

  g_assert_cmpuint (at, <, size);
  copy[at] ^= mask;
  return g_bytes_new_take (copy, size);
}

/* The same in BER: the outermost SEQUENCE with an indefinite length. */
GBytes *
fixture_indefinite (GBytes *der)
{
  g_autoptr (GError) error = NULL;
  FastReader reader = fast_reader_from_bytes (der, "DER");
  GByteArray *out = g_byte_array_new ();
  FastTlv tlv;

  g_assert_true (fast_tlv_expect (&reader, 0x30, &tlv, &error));
  fast_append (out, "\x30\x80", 2);
  fast_append (out, tlv.value, tlv.size);
  fast_append (out, "\0\0", 2);
  return g_byte_array_free_to_bytes (out);
}

GPtrArray *
fixture_list (X509 *first, X509 *second)
{
  GPtrArray *list = g_ptr_array_new ();

  g_ptr_array_add (list, first);
  if (second != NULL)
    g_ptr_array_add (list, second);
  return list;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/cv-chain.h"
#include "record/keys/cv-request.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
read_trust (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (FastCvTrust) trust = fast_cv_trust_load (bytes, NULL);
  g_autoptr (GBytes) saved = trust == NULL ? NULL : fast_cv_trust_save (trust);

  g_assert (trust == NULL || saved != NULL);
}

/* The same bytes as a certificate, as what a chip is shown, as a request and as a chip's memory. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (FastCvCertificate) certificate = fast_cv_certificate_parse (data, size, NULL);
  g_autoptr (FastCvCertificate) parts = fast_cv_certificate_parse_parts (data, size, NULL);
  g_autoptr (FastCvRequest) request = fast_cv_request_parse (data, size, NULL);

  if (certificate != NULL) {
    g_autoptr (GBytes) again = fast_cv_certificate_dup_parts (certificate);
    const FastCvBody *body = fast_cv_certificate_get_body (certificate);

    g_assert (g_bytes_get_size (again) < size);
    (void)fast_cv_certificate_verify (certificate, body->key, NULL);
  }
  read_trust (data, size);
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/seal-signer.h"

#include <string.h>

#include "record/base/bytes.h"

static char *
dup_entry (X509 *certificate, int nid)
{
  const X509_NAME *name = X509_get_subject_name (certificate);
  int index = X509_NAME_get_index_by_NID (name, nid, -1);
  const ASN1_STRING *value;

  if (index < 0)
    return NULL;
  value = X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, index));
  return g_strndup ((const char *)ASN1_STRING_get0_data (value), (gsize)ASN1_STRING_length (value));
}

static gboolean
is_two_capitals (const char *text)
{
  return text != NULL && strlen (text) == 2 && g_ascii_isupper (text[0]) &&
         g_ascii_isupper (text[1]);
}

/**
 * fast_seal_signer_name:
 * @certificate: a certificate
 *
 * Returns: (transfer full) (nullable): country and common name, four capitals; %NULL when its
 *   subject does not give them
 */
char *
fast_seal_signer_name (X509 *certificate)
{
  g_autofree char *country = dup_entry (certificate, NID_countryName);
  g_autofree char *name = dup_entry (certificate, NID_commonName);

  for (char *c = country; c != NULL && *c != '\0'; c++)
    *c = g_ascii_toupper (*c);
  if (!is_two_capitals (country) || !is_two_capitals (name))
    return NULL;
  return g_strconcat (country, name, NULL);
}

/**
 * fast_seal_signer_reference:
 * @certificate: a certificate
 *
 * Returns: (transfer full): its serial number, hexadecimal, capitals, without leading zeros
 */
char *
fast_seal_signer_reference (X509 *certificate)
{
  g_autoptr (BIGNUM) number = ASN1_INTEGER_to_BN (X509_get0_serialNumber (certificate), NULL);
  char *hex = BN_bn2hex (number);
  const char *start = hex;
  char *reference;

  while (start[0] == '0' && start[1] != '\0')
    start++;
  reference = g_strdup (start);
  OPENSSL_free (hex);
  return reference;
}

/**
 * fast_seal_signer_has_form:
 * @certificate: a certificate
 *
 * Returns: whether its subject is only C and a CN of two capitals (TR-03137-1, 5.3.1)
 */
gboolean
fast_seal_signer_has_form (X509 *certificate)
{
  g_autofree char *name = fast_seal_signer_name (certificate);

  return name != NULL && X509_NAME_entry_count (X509_get_subject_name (certificate)) == 2;
}

/**
 * fast_seal_signer_valid_on:
 * @certificate: a certificate
 * @date: a valid date
 *
 * Returns: whether @date, taken as a whole day, touches the certificate's validity
 */
gboolean
fast_seal_signer_valid_on (X509 *certificate, const GDate *date)
{
  g_autoptr (GDateTime) start = g_date_time_new_utc (
      g_date_get_year (date), (int)g_date_get_month (date), g_date_get_day (date), 0, 0, 0);
  time_t first = (time_t)g_date_time_to_unix (start);
  time_t last = first + 24 * 60 * 60 - 1;

  return X509_cmp_time (X509_get0_notBefore (certificate), &last) < 0 &&
         X509_cmp_time (X509_get0_notAfter (certificate), &first) > 0;
}

static const char *
skip_zeros (const char *reference)
{
  while (reference[0] == '0' && reference[1] != '\0')
    reference++;
  return reference;
}

/**
 * fast_seal_signer_find:
 * @signers: (element-type X509): certificates
 * @name: country and common name
 * @reference: the serial, hexadecimal; leading zeros do not count (version 3 fills with them)
 *
 * Returns: (transfer none) (nullable): the certificate so named
 */
X509 *
fast_seal_signer_find (GPtrArray *signers, const char *name, const char *reference)
{
  for (guint i = 0; i < signers->len; i++) {
    g_autofree char *its_name = fast_seal_signer_name (signers->pdata[i]);
    g_autofree char *its_reference = fast_seal_signer_reference (signers->pdata[i]);

    if (g_strcmp0 (its_name, name) == 0 &&
        g_ascii_strcasecmp (its_reference, skip_zeros (reference)) == 0)
      return signers->pdata[i];
  }
  return NULL;
}

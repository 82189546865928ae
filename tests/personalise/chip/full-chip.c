/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/full-chip.h"

#include <string.h>

#include "personalise/lds/atr-info.h"
#include "personalise/lds/card-access.h"
#include "personalise/lds/public-key-group.h"
#include "personalise/lds/security-group.h"
#include "personalise/lds/trust-points.h"
#include "record/base/tlv.h"
#include "record/keys/key.h"

#define SIGNED_WITH_SHA256 "0.4.0.127.0.7.1.1.4.1.3"

static char *
path_in (TestPki *pki, const char *name)
{
  return g_build_filename (pki->folder, "CA", name, NULL);
}

static EVP_PKEY *
make_key (const char *curve)
{
  g_autoptr (GError) error = NULL;
  EVP_PKEY *key = fast_key_generate (curve, FAST_KEY_PARAMETERS_EXPLICIT, &error);

  g_assert_no_error (error);
  return key;
}

static void
add (GPtrArray *infos, FastSecurityInfo *info)
{
  g_assert_nonnull (info);
  g_ptr_array_add (infos, info);
}

static GBytes *
make_card_access (const TestFullTerms *terms)
{
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();

  add (infos, fast_security_info_new_pace (terms->pace, terms->parameters, NULL));
  return fast_card_access_make (infos, NULL);
}

static GBytes *
make_security_group (const TestFullTerms *terms, const FastChipSecrets *secrets)
{
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();

  add (infos, fast_security_info_new_pace (terms->pace, terms->parameters, NULL));
  add (infos, fast_security_info_new_active_authentication (SIGNED_WITH_SHA256, NULL));
  add (infos, fast_security_info_new_chip_authentication (terms->chip, FAST_SECURITY_NONE, NULL));
  add (infos, fast_security_info_new_chip_key (secrets->chip_key, FAST_SECURITY_NONE, NULL));
  add (infos, fast_security_info_new_terminal_authentication (NULL));
  return fast_security_group_make (infos, NULL);
}

static GBytes *
make_fingers (void)
{
  GByteArray *group = g_byte_array_new ();
  g_autofree guint8 *picture = g_malloc0 (300);
  g_autoptr (GByteArray) inner = g_byte_array_new ();

  fast_tlv_append (inner, 0x5F2E, picture, 300);
  fast_tlv_append_array (group, fast_file_group (3)->tag, inner);
  return g_byte_array_free_to_bytes (group);
}

static void
load_authorities (TestFullChip *chip, TestPki *pki)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *trust_point = path_in (pki, "cvca.cvcert");
  g_autofree char *verifier = path_in (pki, "dv-CA.cvcert");
  g_autofree char *terminal = path_in (pki, "terminal.cvcert");
  g_autofree char *key = path_in (pki, "terminal.key");
  g_autoptr (FastCvCertificate) certificate = fast_cv_certificate_load (trust_point, &error);

  g_assert_no_error (error);
  chip->secrets->trust_point = g_bytes_ref (fast_cv_certificate_get_bytes (certificate));
  chip->terminal =
      fast_terminal_load (key, (const char *const[]){verifier, terminal, NULL}, &error);
  g_assert_no_error (error);
  test_lds_put (
      chip->lds, fast_file_cvca (),
      fast_trust_points_make (
          &(FastTrustPoints){.current = fast_cv_certificate_get_body (certificate)->holder},
          &error));
}

void
test_full_chip_init (TestFullChip *chip, TestPki *pki, const TestFullTerms *terms)
{
  const FastAtrInfo capabilities = {
      .chaining = TRUE, .extended = TRUE, .command_max = 2048, .response_max = 2048};

  chip->lds = test_lds_groups (TEST_MRZ, terms->size);
  chip->secrets = fast_chip_secrets_new ();
  chip->secrets->can = fast_secret_new_from (TEST_CAN, strlen (TEST_CAN));
  chip->secrets->chip_key = make_key (terms->curve);
  chip->secrets->active_key = make_key (terms->curve);
  test_lds_put (chip->lds, fast_file_group (3), make_fingers ());
  test_lds_put (chip->lds, fast_file_group (14), make_security_group (terms, chip->secrets));
  test_lds_put (chip->lds, fast_file_group (15),
                fast_public_key_group_make (chip->secrets->active_key, NULL));
  test_lds_put (chip->lds, fast_file_card_access (), make_card_access (terms));
  test_lds_put (chip->lds, fast_file_atr_info (), fast_atr_info_make (&capabilities));
  load_authorities (chip, pki);
  test_lds_sign (chip->lds, pki);
}

void
test_full_chip_clear (TestFullChip *chip)
{
  g_clear_pointer (&chip->lds, fast_lds_unref);
  g_clear_pointer (&chip->secrets, fast_chip_secrets_free);
  g_clear_pointer (&chip->terminal, fast_terminal_free);
}

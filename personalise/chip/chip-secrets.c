/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/chip-secrets.h"

#include "personalise/lds/public-key-group.h"
#include "personalise/lds/security-group.h"
#include "record/base/bytes.h"
#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/failpoint.h"
#include "record/keys/key.h"

#define CAN_SIZE 6
#define CERTIFICATE_LIMIT 4096

/**
 * fast_chip_secrets_new:
 *
 * Returns: (transfer full): none yet
 */
FastChipSecrets *
fast_chip_secrets_new (void)
{
  return g_new0 (FastChipSecrets, 1);
}

/**
 * fast_chip_secrets_free:
 * @secrets: (transfer full): wiped
 */
void
fast_chip_secrets_free (FastChipSecrets *secrets)
{
  g_clear_pointer (&secrets->mrz_information, fast_secret_free);
  g_clear_pointer (&secrets->can, fast_secret_free);
  g_clear_pointer (&secrets->chip_key, EVP_PKEY_free);
  g_clear_pointer (&secrets->active_key, EVP_PKEY_free);
  g_clear_pointer (&secrets->trust_point, g_bytes_unref);
  g_free (secrets);
}

static gboolean
is_can (const guint8 *digits, gsize size)
{
  gboolean good = size == CAN_SIZE;

  for (gsize i = 0; i < size; i++)
    good = good && g_ascii_isdigit (digits[i]);
  return good;
}

static gboolean
read_can (FastChipSecrets *secrets, const char *path, GError **error)
{
  g_autofree char *argument = g_strconcat ("@", path, NULL);

  secrets->can = fast_secret_read_argument (argument, error);
  if (secrets->can == NULL)
    return FALSE;
  if (is_can (fast_secret_data (secrets->can), fast_secret_size (secrets->can)))
    return TRUE;
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "chip-secrets-can",
                    "path=%s", path);
}

static gboolean
read_key (EVP_PKEY **key, const char *path, GError **error)
{
  *key = fast_key_load (path, error);
  return *key != NULL;
}

static gboolean
read_trust_point (FastChipSecrets *secrets, const char *path, GError **error)
{
  secrets->trust_point = fast_bytes_read_file (path, CERTIFICATE_LIMIT, error);
  return secrets->trust_point != NULL;
}

static gboolean
is_there (const char *path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/**
 * fast_chip_secrets_read_folder:
 * @folder: with any of `can`, `chip-authentication.key`, `active-authentication.key` and
 *   `cvca.cvcert`; need not exist
 * @error: return location for an error
 *
 * For training: the keys of a real card never lie in files. Private keys that others than their
 * owner may read are refused.
 *
 * Returns: (transfer full): what is there
 */
FastChipSecrets *
fast_chip_secrets_read_folder (const char *folder, GError **error)
{
  g_autoptr (FastChipSecrets) secrets = fast_chip_secrets_new ();
  g_autofree char *can = g_build_filename (folder, FAST_CHIP_SECRET_CAN, NULL);
  g_autofree char *chip_key = g_build_filename (folder, FAST_CHIP_SECRET_CHIP_KEY, NULL);
  g_autofree char *active_key = g_build_filename (folder, FAST_CHIP_SECRET_ACTIVE_KEY, NULL);
  g_autofree char *trust_point = g_build_filename (folder, FAST_CHIP_SECRET_TRUST_POINT, NULL);

  if ((is_there (can) && !read_can (secrets, can, error)) ||
      (is_there (chip_key) && !read_key (&secrets->chip_key, chip_key, error)) ||
      (is_there (active_key) && !read_key (&secrets->active_key, active_key, error)) ||
      (is_there (trust_point) && !read_trust_point (secrets, trust_point, error)))
    return NULL;
  return g_steal_pointer (&secrets);
}

static gboolean
write_bytes (const char *folder, const char *name, GBytes *bytes, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return fast_durable_replace (path, bytes, 0600, FAST_POINT ("chip-secrets"), error);
}

static gboolean
write_can (const FastChipSecrets *secrets, const char *folder, GError **error)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new_static (fast_secret_data (secrets->can), fast_secret_size (secrets->can));

  return write_bytes (folder, FAST_CHIP_SECRET_CAN, bytes, error);
}

static gboolean
write_key (EVP_PKEY *key, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return fast_key_save (key, path, error);
}

/**
 * fast_chip_secrets_write_folder:
 * @secrets: a chip's secrets
 * @folder: where to; made with mode 0700 when it is not there
 * @error: return location for an error
 *
 * The MRZ information is not written: it is in EF.DG1.
 *
 * Returns: whether all are on stable storage
 */
gboolean
fast_chip_secrets_write_folder (const FastChipSecrets *secrets, const char *folder, GError **error)
{
  return fast_durable_make_folder (folder, 0700, error) &&
         (secrets->can == NULL || write_can (secrets, folder, error)) &&
         (secrets->chip_key == NULL ||
          write_key (secrets->chip_key, folder, FAST_CHIP_SECRET_CHIP_KEY, error)) &&
         (secrets->active_key == NULL ||
          write_key (secrets->active_key, folder, FAST_CHIP_SECRET_ACTIVE_KEY, error)) &&
         (secrets->trust_point == NULL ||
          write_bytes (folder, FAST_CHIP_SECRET_TRUST_POINT, secrets->trust_point, error));
}

/**
 * fast_chip_secrets_draw_can:
 * @secrets: gets a card access number
 * @error: return location for an error
 *
 * Six digits, each of the million numbers as likely as the others (ICAO 9303-11, 4.4.1: it must not
 * follow from anything else on the card).
 *
 * Returns: whether it was drawn
 */
gboolean
fast_chip_secrets_draw_can (FastChipSecrets *secrets, GError **error)
{
  guint8 digits[CAN_SIZE];
  gsize n = 0;

  while (n < CAN_SIZE) {
    guint8 byte;

    if (!fast_random (&byte, 1, error))
      return FALSE;
    if (byte < 250)
      digits[n++] = (guint8)('0' + byte % 10);
  }
  g_clear_pointer (&secrets->can, fast_secret_free);
  secrets->can = fast_secret_new_from (digits, sizeof digits);
  fast_wipe (digits, sizeof digits);
  return TRUE;
}

static gboolean
fail_missing (const FastFile *file, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "chip-secrets-missing",
                    "file=%s", file->name);
}

static gboolean
is_public_half (EVP_PKEY *public, EVP_PKEY *private)
{
  return public != NULL && private != NULL && EVP_PKEY_eq (public, private) == 1;
}

/* The key of chip authentication and the trust point, as far as EF.DG14 speaks of them. */
static gboolean
check_infos (const FastChipSecrets *secrets, FastLds *lds, GError **error)
{
  const FastFile *file = fast_file_group (14);
  GBytes *content = fast_lds_get (lds, file);
  g_autoptr (GPtrArray) infos = content == NULL ? NULL : fast_security_group_parse (content, error);
  const FastSecurityInfo *info;
  g_autoptr (EVP_PKEY) key = NULL;

  if (infos == NULL)
    return content == NULL;
  info = fast_security_infos_find (infos, FAST_SECURITY_CHIP_KEY);
  key = info == NULL ? NULL : fast_security_info_load_key (info, NULL);
  if (info != NULL && !is_public_half (key, secrets->chip_key))
    return fail_missing (file, error);
  return fast_security_infos_find (infos, FAST_SECURITY_TERMINAL_AUTHENTICATION) == NULL ||
         secrets->trust_point != NULL || fail_missing (file, error);
}

static gboolean
check_active_key (const FastChipSecrets *secrets, FastLds *lds, GError **error)
{
  const FastFile *file = fast_file_group (15);
  GBytes *content = fast_lds_get (lds, file);
  g_autoptr (EVP_PKEY) key = content == NULL ? NULL : fast_public_key_group_parse (content, error);

  if (content == NULL)
    return TRUE;
  return key != NULL && (is_public_half (key, secrets->active_key) || fail_missing (file, error));
}

/**
 * fast_chip_secrets_check:
 * @secrets: what a chip is to keep
 * @lds: its files
 * @error: return location for an error
 *
 * A chip whose files promise a protocol for which it has no secret, or another's, would be closed
 * and then fail its own inspection.
 *
 * Returns: whether every promise of the files can be kept
 */
gboolean
fast_chip_secrets_check (const FastChipSecrets *secrets, FastLds *lds, GError **error)
{
  if (secrets->can == NULL && fast_lds_get (lds, fast_file_card_access ()) != NULL)
    return fail_missing (fast_file_card_access (), error);
  if (secrets->trust_point == NULL && fast_lds_get (lds, fast_file_cvca ()) != NULL)
    return fail_missing (fast_file_cvca (), error);
  return check_infos (secrets, lds, error) && check_active_key (secrets, lds, error);
}

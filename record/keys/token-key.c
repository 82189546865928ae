/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/token-key.h"

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>
#include <string.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"
#include "record/base/secure.h"
#include "record/keys/private-file.h"

#define SLOTS_MAX 64

G_DEFINE_AUTOPTR_CLEANUP_FUNC (P11KitUri, p11_kit_uri_free)

struct _FastTokenKey {
  CK_FUNCTION_LIST *module;
  gboolean running;
  CK_SESSION_HANDLE session;
  CK_OBJECT_HANDLE object;
  gsize size;
};

static gboolean
fail_step (GError **error, const char *step, CK_RV status)
{
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_CRYPTO, "token-failed", "step=%s, why=%s",
                    step, p11_kit_strerror (status));
}

static P11KitUri *
parse_uri (const char *uri, GError **error)
{
  g_autoptr (P11KitUri) parsed = p11_kit_uri_new ();

  if (p11_kit_uri_parse (uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN_AND_MODULE, parsed) !=
          P11_KIT_URI_OK ||
      p11_kit_uri_any_unrecognized (parsed))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "token-uri", NULL);
  return g_steal_pointer (&parsed);
}

static gboolean
load_module (FastTokenKey *key, P11KitUri *uri, GError **error)
{
  const char *path = p11_kit_uri_get_module_path (uri);
  CK_RV status;

  if (path != NULL)
    key->module = p11_kit_module_load (path, 0);
  if (key->module == NULL)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "token-module", "path=%s",
                      path != NULL ? path : "-");
  status = p11_kit_module_initialize (key->module);
  key->running = status == CKR_OK;
  return key->running || fail_step (error, "C_Initialize", status);
}

/* The one token that the URI describes: two that fit would make the choice an accident. */
static gboolean
find_slot (FastTokenKey *key, P11KitUri *uri, CK_SLOT_ID *slot, GError **error)
{
  CK_SLOT_ID slots[SLOTS_MAX];
  CK_ULONG count = SLOTS_MAX;
  CK_RV status = key->module->C_GetSlotList (CK_TRUE, slots, &count);
  guint found = 0;

  if (status != CKR_OK)
    return fail_step (error, "C_GetSlotList", status);
  for (CK_ULONG i = 0; i < count; i++) {
    CK_TOKEN_INFO info;
    if (key->module->C_GetTokenInfo (slots[i], &info) != CKR_OK ||
        (info.flags & CKF_TOKEN_INITIALIZED) == 0 || p11_kit_uri_match_token_info (uri, &info) != 1)
      continue;
    *slot = slots[i];
    found++;
  }
  if (found == 1)
    return TRUE;
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "token-absent", "found=%u",
                    found);
}

static FastSecret *
read_pin_file (const char *path, GError **error)
{
  g_autofd int fd = fast_private_file_open (path, error);

  return fd < 0 ? NULL : fast_secret_read_fd (fd, error);
}

/* `pin-value` is refused: URIs are copied to places that others can read. */
static FastSecret *
read_pin (P11KitUri *uri, GError **error)
{
  const char *source = p11_kit_uri_get_pin_source (uri);

  if (p11_kit_uri_get_pin_value (uri) != NULL || source == NULL ||
      !g_str_has_prefix (source, "file:"))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "token-pin-source",
                           NULL);
  source += strlen ("file:");
  return read_pin_file (g_str_has_prefix (source, "//") ? source + 2 : source, error);
}

/* One try only: tokens count wrong PINs too. */
static gboolean
log_in (FastTokenKey *key, P11KitUri *uri, GError **error)
{
  g_autoptr (FastSecret) pin = read_pin (uri, error);
  CK_RV status;

  if (pin == NULL)
    return FALSE;
  status =
      key->module->C_Login (key->session, CKU_USER, fast_secret_data (pin), fast_secret_size (pin));
  if (status == CKR_OK || status == CKR_USER_ALREADY_LOGGED_IN)
    return TRUE;
  if (status == CKR_PIN_INCORRECT || status == CKR_PIN_LOCKED || status == CKR_PIN_LEN_RANGE)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE, "token-pin", "why=%s",
                      p11_kit_strerror (status));
  return fail_step (error, "C_Login", status);
}

static gboolean
start_session (FastTokenKey *key, P11KitUri *uri, GError **error)
{
  CK_SLOT_ID slot;
  CK_RV status;

  if (!find_slot (key, uri, &slot, error))
    return FALSE;
  status = key->module->C_OpenSession (slot, CKF_SERIAL_SESSION, NULL, NULL, &key->session);
  if (status != CKR_OK)
    return fail_step (error, "C_OpenSession", status);
  return log_in (key, uri, error);
}

/* What the URI says of the object, and that it is an AES key. */
static GArray *
make_template (P11KitUri *uri)
{
  static CK_OBJECT_CLASS class = CKO_SECRET_KEY;
  static CK_KEY_TYPE type = CKK_AES;
  const CK_ATTRIBUTE fixed[] = {{CKA_CLASS, &class, sizeof class},
                                {CKA_KEY_TYPE, &type, sizeof type}};
  const CK_ATTRIBUTE_TYPE taken[] = {CKA_LABEL, CKA_ID};
  GArray *template = g_array_new (FALSE, FALSE, sizeof (CK_ATTRIBUTE));

  g_array_append_vals (template, fixed, G_N_ELEMENTS (fixed));
  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    CK_ATTRIBUTE *attribute = p11_kit_uri_get_attribute (uri, taken[i]);
    if (attribute != NULL)
      g_array_append_val (template, *attribute);
  }
  return template;
}

static gboolean
find_object (FastTokenKey *key, P11KitUri *uri, GError **error)
{
  g_autoptr (GArray) template = make_template (uri);
  CK_OBJECT_HANDLE objects[2];
  CK_ULONG count = 0;
  CK_RV status =
      key->module->C_FindObjectsInit (key->session, (CK_ATTRIBUTE *)template->data, template->len);

  if (status != CKR_OK)
    return fail_step (error, "C_FindObjectsInit", status);
  status = key->module->C_FindObjects (key->session, objects, G_N_ELEMENTS (objects), &count);
  key->module->C_FindObjectsFinal (key->session);
  if (status != CKR_OK)
    return fail_step (error, "C_FindObjects", status);
  if (count != 1)
    return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "token-key-absent", "found=%lu",
                      count);
  key->object = objects[0];
  return TRUE;
}

static gboolean
read_size (FastTokenKey *key, GError **error)
{
  CK_ULONG size = 0;
  CK_ATTRIBUTE attribute = {CKA_VALUE_LEN, &size, sizeof size};
  CK_RV status = key->module->C_GetAttributeValue (key->session, key->object, &attribute, 1);

  key->size = size;
  if (status == CKR_OK && fast_aes_key_size_valid (size))
    return TRUE;
  return fail_step (error, "C_GetAttributeValue", status);
}

/**
 * fast_token_key_open:
 * @uri: an RFC 7512 URI that describes one AES key: `token`, `object` or `id`, `module-path`, and
 *   `pin-source`, a file of mode 0600 with the PIN in its first line
 * @error: return location for an error
 *
 * Logs in once; a wrong PIN is not tried again.
 *
 * Returns: (transfer full): the key; FAST_KEY_ERROR_ABSENT, FAST_KEY_ERROR_PASSPHRASE,
 *   FAST_KEY_ERROR_CRYPTO, FAST_INPUT_ERROR_CONFIG
 */
FastTokenKey *
fast_token_key_open (const char *uri, GError **error)
{
  g_autoptr (P11KitUri) parsed = parse_uri (uri, error);
  g_autoptr (FastTokenKey) key = NULL;

  if (parsed == NULL)
    return NULL;
  key = g_new0 (FastTokenKey, 1);
  if (!load_module (key, parsed, error) || !start_session (key, parsed, error) ||
      !find_object (key, parsed, error) || !read_size (key, error))
    return NULL;
  return g_steal_pointer (&key);
}

/**
 * fast_token_key_free:
 * @key: (transfer full): a key; its session ends
 */
void
fast_token_key_free (FastTokenKey *key)
{
  if (key->session != 0)
    key->module->C_CloseSession (key->session);
  if (key->running)
    p11_kit_module_finalize (key->module);
  if (key->module != NULL)
    p11_kit_module_release (key->module);
  g_free (key);
}

/**
 * fast_token_key_get_size:
 * @key: a key
 *
 * Returns: 16, 24 or 32 bytes
 */
gsize
fast_token_key_get_size (const FastTokenKey *key)
{
  return key->size;
}

/**
 * fast_token_key_cmac:
 * @key: a key
 * @data: what to authenticate
 * @size: how many bytes
 * @mac: (out caller-allocates): the whole CMAC
 * @error: return location for an error
 *
 * AES-CMAC computed by the token (CKM_AES_CMAC of PKCS#11 2.40).
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_token_key_cmac (FastTokenKey *key, gconstpointer data, gsize size,
                     guint8 mac[FAST_AES_BLOCK_SIZE], GError **error)
{
  CK_MECHANISM mechanism = {CKM_AES_CMAC, NULL, 0};
  CK_ULONG written = FAST_AES_BLOCK_SIZE;
  CK_RV status = key->module->C_SignInit (key->session, &mechanism, key->object);

  if (status != CKR_OK)
    return fail_step (error, "C_SignInit", status);
  status = key->module->C_Sign (key->session, (CK_BYTE *)data, size, mac, &written);
  if (status == CKR_OK && written == FAST_AES_BLOCK_SIZE)
    return TRUE;
  return fail_step (error, "C_Sign", status);
}

/**
 * fast_token_key_encrypt:
 * @key: a key
 * @iv: the initial value
 * @in: whole blocks
 * @out: (out): as many bytes
 * @size: how many bytes, a multiple of 16
 * @error: return location for an error
 *
 * AES in CBC mode without padding, by the token (CKM_AES_CBC).
 *
 * Returns: whether it worked; FAST_KEY_ERROR_CRYPTO
 */
gboolean
fast_token_key_encrypt (FastTokenKey *key, const guint8 iv[FAST_AES_BLOCK_SIZE], const guint8 *in,
                        guint8 *out, gsize size, GError **error)
{
  CK_MECHANISM mechanism = {CKM_AES_CBC, (gpointer)iv, FAST_AES_BLOCK_SIZE};
  CK_ULONG written = size;
  CK_RV status = key->module->C_EncryptInit (key->session, &mechanism, key->object);

  if (status != CKR_OK)
    return fail_step (error, "C_EncryptInit", status);
  status = key->module->C_Encrypt (key->session, (CK_BYTE *)in, size, out, &written);
  if (status == CKR_OK && written == size)
    return TRUE;
  return fail_step (error, "C_Encrypt", status);
}

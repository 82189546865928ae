/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The engine interface is deprecated; see the header. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "record/keys/pkcs11.h"

#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/ui.h>
#include <string.h>

#include "record/base/error.h"
#include "record/keys/crypto.h"
#include "record/keys/private-file.h"

#define SCHEME "pkcs11:"
#define DEFAULT_MODULE ""

/* A URI taken apart: what names the key, and how to get at it. */
typedef struct {
  char *object;
  char *pin_path;
  char *module;
} Place;

static void
place_clear (Place *place)
{
  g_clear_pointer (&place->object, g_free);
  g_clear_pointer (&place->pin_path, g_free);
  g_clear_pointer (&place->module, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ENGINE, ENGINE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (UI_METHOD, UI_destroy_method)

/* What OpenSSL's PIN callback is given, and what it tells back. */
typedef struct {
  const char *object;
  FastPinFunc ask;
  gpointer data;
  FastSecret *pin;
  gboolean asked;
  GError *error;
} Asking;

static void
asking_clear (Asking *asking)
{
  g_clear_pointer (&asking->pin, fast_secret_free);
  g_clear_error (&asking->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asking, asking_clear)

/* libp11 runs once in a process, with one module, which stays loaded until the process ends, as its
 * keys need it: @module is fixed by the first key that was found. The lock also keeps two threads
 * from logging in at once. */
static GMutex lock;
static ENGINE *engine;
static char *module;

static gboolean
refuse_uri (GError **error, const char *id, const char *object)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, id, "key=%s", object);
}

static gboolean
take_attribute (Place *place, const char *attribute, GError **error)
{
  const char *equals = strchr (attribute, '=');
  g_autofree char *name = g_strndup (attribute, equals == NULL ? 0 : (gsize)(equals - attribute));
  g_autofree char *value = equals == NULL ? NULL : g_uri_unescape_string (equals + 1, NULL);

  if (strcmp (name, "pin-value") == 0)
    return refuse_uri (error, "pkcs11-pin-value", place->object);
  if (value == NULL)
    return refuse_uri (error, "pkcs11-uri", place->object);
  if (strcmp (name, "module-path") == 0) {
    g_free (place->module);
    place->module = g_steal_pointer (&value);
    return TRUE;
  }
  if (strcmp (name, "pin-source") != 0 || !g_str_has_prefix (value, "file:"))
    return refuse_uri (error, "pkcs11-uri", place->object);
  g_free (place->pin_path);
  place->pin_path =
      g_strdup (value + strlen (g_str_has_prefix (value, "file://") ? "file://" : "file:"));
  return TRUE;
}

/* RFC 7512, 2.3: `pkcs11:` path attributes, then `?` and query attributes joined by `&`. What names
 * the key is the engine's business; the query is ours. A PIN among the path attributes, where it
 * does not belong, is refused too. */
static gboolean
parse (const char *uri, Place *place, GError **error)
{
  g_auto (GStrv) halves = g_strsplit (uri, "?", 2);
  g_auto (GStrv) query = halves[1] == NULL ? NULL : g_strsplit (halves[1], "&", -1);

  place->object = g_strdup (halves[0]);
  place->module = g_strdup (DEFAULT_MODULE);
  if (strstr (halves[0], "pin-value") != NULL) {
    g_free (place->object);
    place->object = g_strdup (SCHEME);
    return refuse_uri (error, "pkcs11-pin-value", place->object);
  }
  if (strlen (halves[0]) == strlen (SCHEME))
    return refuse_uri (error, "pkcs11-uri", place->object);
  for (guint i = 0; query != NULL && query[i] != NULL; i++)
    if (!take_attribute (place, query[i], error))
      return FALSE;
  return TRUE;
}

static ENGINE *
load_engine (GError **error)
{
  g_autoptr (ENGINE) loaded = NULL;

  ENGINE_load_dynamic ();
  loaded = ENGINE_by_id ("dynamic");
  if (loaded != NULL && ENGINE_ctrl_cmd_string (loaded, "ID", "pkcs11", 0) == 1 &&
      ENGINE_ctrl_cmd_string (loaded, "DIR_LOAD", "2", 0) == 1 &&
      ENGINE_ctrl_cmd_string (loaded, "DIR_ADD", OPENSSL_info (OPENSSL_INFO_ENGINES_DIR), 0) == 1 &&
      ENGINE_ctrl_cmd_string (loaded, "LOAD", NULL, 0) == 1 &&
      ENGINE_ctrl_cmd_string (loaded, "QUIET", NULL, 0) == 1)
    return g_steal_pointer (&loaded);
  ERR_clear_error ();
  return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "pkcs11-engine", NULL);
}

/* The engine opens the module only with the first key: a file that is not there is told here. */
static gboolean
set_module (const char *wanted)
{
  return wanted[0] == '\0' || (g_file_test (wanted, G_FILE_TEST_IS_REGULAR) &&
                               ENGINE_ctrl_cmd_string (engine, "MODULE_PATH", wanted, 0) == 1);
}

static gboolean
start_engine (const char *wanted, GError **error)
{
  if (module != NULL)
    return strcmp (module, wanted) == 0 ||
           fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "pkcs11-other-module",
                      "module=%s, used=%s", wanted, module);
  if (engine == NULL)
    engine = load_engine (error);
  if (engine == NULL)
    return FALSE;
  if (set_module (wanted) && ENGINE_init (engine) == 1)
    return TRUE;
  ERR_clear_error ();
  return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "pkcs11-module", "module=%s",
                    wanted[0] != '\0' ? wanted : "p11-kit");
}

static FastSecret *
get_pin (Asking *asking)
{
  if (asking->pin == NULL && asking->ask != NULL)
    asking->pin = asking->ask (asking->object, asking->data, &asking->error);
  return asking->pin;
}

/* Called by the engine when the token wants a PIN; a second call means that the first was wrong. */
static int
give_pin (char *buffer, int size, int writing G_GNUC_UNUSED, void *data)
{
  Asking *asking = data;
  FastSecret *pin = asking->asked ? NULL : get_pin (asking);

  asking->asked = TRUE;
  if (pin == NULL ||
      !fast_copy (buffer, (gsize)size, fast_secret_data (pin), fast_secret_size (pin)))
    return -1;
  return (int)fast_secret_size (pin);
}

static gboolean
read_pin (const Place *place, Asking *asking, GError **error)
{
  g_autofd int fd = -1;

  if (place->pin_path == NULL)
    return TRUE;
  fd = fast_private_file_open (place->pin_path, error);
  if (fd < 0)
    return FALSE;
  asking->pin = fast_secret_read_fd (fd, error);
  return asking->pin != NULL;
}

static EVP_PKEY *
fail_load (Asking *asking, const Place *place, GError **error)
{
  const char *why = ERR_reason_error_string (ERR_peek_error ());
  g_autofree char *reason = g_strdup (why != NULL ? why : "-");

  ERR_clear_error ();
  if (asking->error != NULL) {
    g_propagate_error (error, g_steal_pointer (&asking->error));
    return NULL;
  }
  if (asking->asked && asking->pin == NULL)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE, "pkcs11-no-pin",
                           "key=%s", place->object);
  if (asking->asked)
    return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_PASSPHRASE, "pkcs11-refused",
                           "key=%s, why=%s", place->object, reason);
  return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "pkcs11-absent",
                         "key=%s, why=%s", place->object, reason);
}

/**
 * fast_pkcs11_load:
 * @uri: an RFC 7512 URI; see the top of this header
 * @ask: (nullable): asks for the PIN when the URI names no file of it
 * @data: for @ask
 * @error: return location for an error
 *
 * Blocking; any thread, one at a time.
 *
 * Returns: (transfer full): the private key, which signs and decrypts in its token;
 *   FAST_INPUT_ERROR_INVALID (`pkcs11-uri`, `pkcs11-pin-value`), FAST_KEY_ERROR_ABSENT
 *   (`pkcs11-engine`, `pkcs11-module`, `pkcs11-other-module`, `pkcs11-absent`, `key-unreadable`,
 * `key-open-to-others`) or FAST_KEY_ERROR_PASSPHRASE (`pkcs11-no-pin`, `pkcs11-refused`)
 */
EVP_PKEY *
fast_pkcs11_load (const char *uri, FastPinFunc ask, gpointer data, GError **error)
{
  g_auto (Place) place = {0};
  g_auto (Asking) asking = {.ask = ask, .data = data};
  g_autoptr (UI_METHOD) method = UI_UTIL_wrap_read_pem_callback (give_pin, 0);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  EVP_PKEY *key;

  if (!parse (uri, &place, error) || !read_pin (&place, &asking, error) ||
      !start_engine (place.module, error))
    return NULL;
  asking.object = place.object;
  key = ENGINE_load_private_key (engine, place.object, method, &asking);
  if (key == NULL)
    return fail_load (&asking, &place, error);
  if (module == NULL)
    module = g_steal_pointer (&place.module);
  ERR_clear_error ();
  return key;
}

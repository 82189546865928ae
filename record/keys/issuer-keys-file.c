/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "record/base/autoptr.h"
#include "record/base/error.h"
#include "record/base/number.h"
#include "record/keys/issuer-keys-private.h"
#include "record/keys/private-file.h"

#define FILE_LIMIT 8192

/* What the lines of the file say; an absent line is NULL. All of it lies in the file's own secret
 * memory, so nothing of it is ever copied to the heap. */
typedef struct {
  const char *version;
  const char *diversification;
  const char *master;
  const char *keys[FAST_ISSUER_KEY_COUNT];
} Lines;

static gboolean
fail_line (GError **error, const char *path, guint line)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "issuer-keys-line",
                    "path=%s, line=%u", path, line);
}

/* With a zero byte at the end. */
static FastSecret *
read_whole (int fd, const char *path, GError **error)
{
  g_autoptr (FastSecret) text = fast_secret_new (FILE_LIMIT + 1);
  gsize size = 0;
  gssize n;

  while ((n = read (fd, fast_secret_data (text) + size, FILE_LIMIT - size)) != 0) {
    if (n < 0 && errno != EINTR)
      return fast_fail_null (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "key-unreadable",
                             "path=%s, why=%s", path, g_strerror (errno));
    if (n > 0)
      size += (gsize)n;
  }
  if (size == FILE_LIMIT)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "secret-too-long",
                           "limit=%d", FILE_LIMIT);
  fast_secret_truncate (text, size + 1);
  return g_steal_pointer (&text);
}

static FastSecret *
read_private (const char *path, GError **error)
{
  g_autofd int fd = fast_private_file_open (path, error);

  return fd < 0 ? NULL : read_whole (fd, path, error);
}

static const char **
place_of (Lines *lines, const char *name)
{
  const struct {
    const char *name;
    const char **place;
  } places[] = {
      {"version", &lines->version},
      {"diversification", &lines->diversification},
      {"master", &lines->master},
      {"enc", &lines->keys[FAST_ISSUER_KEY_ENC]},
      {"mac", &lines->keys[FAST_ISSUER_KEY_MAC]},
      {"dek", &lines->keys[FAST_ISSUER_KEY_DEK]},
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    if (strcmp (places[i].name, name) == 0)
      return places[i].place;
  }
  return NULL;
}

/* `name=value`, a comment that begins with #, or nothing; each name at most once. */
static gboolean
read_line (Lines *lines, char *line)
{
  char *equal;
  const char **place;

  g_strstrip (line);
  if (line[0] == '\0' || line[0] == '#')
    return TRUE;
  equal = strchr (line, '=');
  if (equal == NULL)
    return FALSE;
  *equal = '\0';
  place = place_of (lines, g_strchomp (line));
  if (place == NULL || *place != NULL)
    return FALSE;
  *place = g_strchug (equal + 1);
  return TRUE;
}

/* Splits @text in place. */
static gboolean
read_lines (Lines *lines, char *text, const char *path, GError **error)
{
  char *next = text;

  for (guint number = 1; next != NULL; number++) {
    char *line = next;
    next = strchr (line, '\n');
    if (next != NULL)
      *next++ = '\0';
    if (!read_line (lines, line))
      return fail_line (error, path, number);
  }
  return TRUE;
}

static gboolean
fail_value (GError **error, const char *path, const char *name)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "issuer-keys-value",
                    "path=%s, name=%s", path, name);
}

static FastSecret *
read_hex (const char *text)
{
  gsize size = strlen (text) / 2;
  g_autoptr (FastSecret) secret = fast_secret_new (size);

  if (strlen (text) != 2 * size || !fast_aes_key_size_valid (size))
    return NULL;
  for (gsize i = 0; i < size; i++) {
    int high = g_ascii_xdigit_value (text[2 * i]);
    int low = g_ascii_xdigit_value (text[2 * i + 1]);
    if (high < 0 || low < 0)
      return NULL;
    fast_secret_data (secret)[i] = (guint8)(high << 4 | low);
  }
  return g_steal_pointer (&secret);
}

/* `master` stands for all three; otherwise each has its own line. */
static const char *
value_of (const Lines *lines, guint which)
{
  if (lines->master == NULL)
    return lines->keys[which];
  for (guint i = 0; i < FAST_ISSUER_KEY_COUNT; i++) {
    if (lines->keys[i] != NULL)
      return NULL;
  }
  return lines->master;
}

static gboolean
read_key (const Lines *lines, guint which, const char *path, FastSecret **secret,
          FastTokenKey **token, GError **error)
{
  static const char *const names[] = {"enc", "mac", "dek"};
  const char *value = value_of (lines, which);

  if (value == NULL)
    return fail_value (error, path, names[which]);
  if (g_str_has_prefix (value, "pkcs11:")) {
    *token = fast_token_key_open (value, error);
    return *token != NULL ||
           fast_error_prefix (error, "issuer-keys-token", "path=%s, name=%s", path, names[which]);
  }
  *secret = read_hex (value);
  return *secret != NULL || fail_value (error, path, names[which]);
}

static FastIssuerKeys *
read_keys (const Lines *lines, guint8 version, const char *path, GError **error)
{
  FastSecret *secrets[FAST_ISSUER_KEY_COUNT] = {NULL, NULL, NULL};
  FastTokenKey *tokens[FAST_ISSUER_KEY_COUNT] = {NULL, NULL, NULL};
  guint i = 0;

  while (i < FAST_ISSUER_KEY_COUNT && read_key (lines, i, path, &secrets[i], &tokens[i], error))
    i++;
  if (i == FAST_ISSUER_KEY_COUNT)
    return fast_issuer_keys_adopt (version, secrets, tokens, error);
  while (i-- > 0) {
    g_clear_pointer (&secrets[i], fast_secret_free);
    g_clear_pointer (&tokens[i], fast_token_key_free);
  }
  return NULL;
}

/* Written as on the card's data sheet: 0x and two hexadecimal digits. */
static gboolean
read_version (const Lines *lines, const char *path, guint8 *version, GError **error)
{
  guint64 number = 0;

  if (lines->version == NULL || !g_str_has_prefix (lines->version, "0x") ||
      !fast_number_parse (lines->version + 2, 16, 0, G_MAXUINT8, &number))
    return fail_value (error, path, "version");
  *version = (guint8)number;
  return TRUE;
}

static FastIssuerKeys *
read_set (FastSecret *text, const char *path, GError **error)
{
  g_autoptr (FastIssuerKeys) keys = NULL;
  Lines lines = {0};
  guint8 version = 0;

  if (strlen ((char *)fast_secret_data (text)) + 1 != fast_secret_size (text)) {
    fail_line (error, path, 0);
    return NULL;
  }
  if (!read_lines (&lines, (char *)fast_secret_data (text), path, error) ||
      !read_version (&lines, path, &version, error))
    return NULL;
  if (lines.diversification == NULL) {
    fail_value (error, path, "diversification");
    return NULL;
  }
  keys = read_keys (&lines, version, path, error);
  if (keys == NULL || !fast_issuer_keys_set_diversification (keys, lines.diversification, error))
    return NULL;
  return g_steal_pointer (&keys);
}

/**
 * fast_issuer_keys_load:
 * @path: a file of mode 0600
 * @error: return location for an error
 *
 * Lines of `name=value`: `version` (0x00 to 0xFF), `diversification` (a method of the table at the
 * top of this header), and either `master` or all of `enc`, `mac` and `dek`, each 32, 48 or 64
 * hexadecimal digits or a `pkcs11:` URI (fast_token_key_open()). Lines that begin with # are
 * comments. Nothing has a default: a guess would cost the card a try.
 *
 * Returns: (transfer full): the key set; FAST_KEY_ERROR_ABSENT, FAST_KEY_ERROR_PASSPHRASE,
 *   FAST_KEY_ERROR_CRYPTO, FAST_INPUT_ERROR_CONFIG, FAST_INPUT_ERROR_INVALID
 */
FastIssuerKeys *
fast_issuer_keys_load (const char *path, GError **error)
{
  g_autoptr (FastSecret) text = read_private (path, error);

  return text == NULL ? NULL : read_set (text, path, error);
}

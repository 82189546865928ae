/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/record/keys/token.h"

#include <string.h>

#include "record/keys/key.h"
#include "tests/support.h"

static void
write_text (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

/* Whether there is a token; else the test is skipped, and says why. */
gboolean
token_open (Token *token)
{
  g_autofree char *program = g_find_program_in_path ("softhsm2-util");
  g_autofree char *tool = g_find_program_in_path ("pkcs11-tool");
  g_autofree char *config = NULL;
  g_autofree char *tokens = NULL;
  g_autofree char *text = NULL;

  if (program == NULL || tool == NULL || !g_file_test (TOKEN_MODULE, G_FILE_TEST_EXISTS)) {
    g_test_skip ("softhsm2 or opensc is not installed");
    return FALSE;
  }
  token->folder = fast_test_folder ();
  token->pin_path = g_build_filename (token->folder, "pin", NULL);
  config = g_build_filename (token->folder, "softhsm2.conf", NULL);
  tokens = g_build_filename (token->folder, "tokens", NULL);
  text = g_strdup_printf ("directories.tokendir = %s\nobjectstore.backend = file\n", tokens);
  g_assert_cmpint (g_mkdir_with_parents (tokens, 0700), ==, 0);
  write_text (config, text);
  write_text (token->pin_path, TOKEN_PIN "\n");
  g_setenv ("SOFTHSM2_CONF", config, TRUE);
  g_assert_cmpint (
      fast_test_run (NULL, NULL,
                     (const char *[]){program, "--init-token", "--free", "--label", "FAST", "--pin",
                                      TOKEN_PIN, "--so-pin", "96325874", NULL}),
      ==, 0);
  return TRUE;
}

void
token_close (Token *token)
{
  g_clear_pointer (&token->folder, fast_test_remove_folder);
  g_clear_pointer (&token->pin_path, g_free);
}

/* @id: hexadecimal */
void
token_import (Token *token, const char *name, const char *id, EVP_PKEY *key)
{
  g_autofree char *path = g_build_filename (token->folder, "import.key", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (fast_key_save (key, path, &error));
  g_assert_cmpint (
      fast_test_run (NULL, NULL,
                     (const char *[]){"softhsm2-util", "--import", path, "--token", "FAST",
                                      "--label", name, "--id", id, "--pin", TOKEN_PIN, NULL}),
      ==, 0);
}

/* A key that was made in the token and may sign and agree on secrets. */
void
token_generate (Token *token G_GNUC_UNUSED, const char *name, const char *id)
{
  g_assert_cmpint (
      fast_test_run (NULL, NULL,
                     (const char *[]){"pkcs11-tool", "--module", TOKEN_MODULE, "--token-label",
                                      "FAST", "--login", "--pin", TOKEN_PIN, "--keypairgen",
                                      "--key-type", "EC:prime256v1", "--label", name, "--id", id,
                                      "--usage-sign", "--usage-derive", NULL}),
      ==, 0);
}

char *
token_uri (const Token *token, const char *name)
{
  return g_strdup_printf (
      "pkcs11:token=FAST;object=%s?pin-source=file:%s&module-path=" TOKEN_MODULE, name,
      token->pin_path);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "record/base/autoptr.h"

G_BEGIN_DECLS

/* A token of softhsm2 in a folder of its own; one a process, because a module reads its
 * configuration once. */

typedef struct {
  char *folder;
  char *pin_path;
} Token;

gboolean token_open (Token *token);
void token_close (Token *token);
void token_import (Token *token, const char *name, const char *id, EVP_PKEY *key);
void token_generate (Token *token, const char *name, const char *id);
char *token_uri (const Token *token, const char *name);

#define TOKEN_PIN "8524"
#define TOKEN_MODULE "/usr/lib/softhsm/libsofthsm2.so"

G_END_DECLS

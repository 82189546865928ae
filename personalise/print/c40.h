/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * C40, the text encoding of ISO/IEC 16022 as visible digital seals use it (BSI TR-03137-1, annex
 * B): three characters of the basic set become two bytes, 1600 a + 40 b + c + 1. A filler `<` is
 * written as a space, so what is read back has spaces where an MRZ has fillers.
 */

GBytes *fast_c40_encode (const char *text, GError **error);
char *fast_c40_decode (gconstpointer data, gsize size, GError **error);
gsize fast_c40_size (gsize characters);

G_END_DECLS

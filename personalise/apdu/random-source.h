/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastRandomSource:
 * @draw: fills @to with @size bytes, or sets an error
 * @data: for @draw
 *
 * Where nonces and ephemeral keys come from. Programs pass %NULL and get the generator of the
 * cryptographic library; tests pass published values, an emulator with a seed a repeatable stream.
 */
typedef struct {
  gboolean (*draw) (gpointer data, gpointer to, gsize size, GError **error);
  gpointer data;
} FastRandomSource;

gboolean fast_random_source_draw (const FastRandomSource *source, gpointer to, gsize size,
                                  GError **error);

G_END_DECLS

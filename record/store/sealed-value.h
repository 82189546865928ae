/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

#define FAST_SEALED_KEY_SIZE 32

/**
 * FastPlace:
 * @table: where the value lies
 * @row: its row's key
 * @column: its column
 * @revision: counts the values that this place has had
 *
 * The place of a sealed value. It is bound to the value, so that none can be moved to another row,
 * or an old one put back.
 */
typedef struct {
  const char *table;
  const char *row;
  const char *column;
  gint64 revision;
} FastPlace;

GBytes *fast_sealed_value_new (FastSecret *key, const FastPlace *place, gconstpointer data,
                               gsize size, GError **error);
FastSecret *fast_sealed_value_open (FastSecret *key, const FastPlace *place, GBytes *sealed,
                                    GError **error);

G_END_DECLS

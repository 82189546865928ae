/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastSetting:
 * @group: as in `trust`
 * @key: as in `training`
 * @value: its value
 *
 * One line of a configuration that differs from the shipped default. An array ends with a %NULL
 * group.
 */
typedef struct {
  const char *group;
  const char *key;
  const char *value;
} FastSetting;

GBytes *fast_training_config (const char *asset, const FastSetting *settings, GError **error);

G_END_DECLS

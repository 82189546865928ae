/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * SpecimenChange:
 * @path: a member, as in `documents[1].expiry`
 * @value: (nullable): its new value as JSON; `{{day N}}` is filled in; %NULL takes the member out
 *
 * One difference between a good application and one that a test needs.
 */
typedef struct {
  const char *path;
  const char *value;
} SpecimenChange;

void specimen_alter (JsonNode *application, const SpecimenChange *change);

G_END_DECLS

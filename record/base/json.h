/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "record/base/bytes.h"

G_BEGIN_DECLS

JsonNode *fast_json_parse (GBytes *bytes, const char *what, GError **error);
JsonNode *fast_json_parse_canonical (GBytes *bytes, const char *what, GError **error);
char *fast_json_canonical (JsonNode *node);
GBytes *fast_json_canonical_bytes (JsonNode *node);
char *fast_json_pretty (JsonNode *node);
char *fast_json_number (double value);

JsonNode *fast_json_node_take (JsonObject *object);
JsonObject *fast_json_get_object (JsonObject *object, const char *member, GError **error);
JsonArray *fast_json_get_array (JsonObject *object, const char *member, GError **error);
const char *fast_json_get_string (JsonObject *object, const char *member, GError **error);
gboolean fast_json_get_int (JsonObject *object, const char *member, gint64 *value, GError **error);

G_END_DECLS

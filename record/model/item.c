/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/item.h"

#include <string.h>

#include "record/base/number.h"

const char *const fast_item_kind_names[] = {
    [FAST_ITEM_ENROLMENT] = "enrolment",
    [FAST_ITEM_DECISION] = "decision",
    [FAST_ITEM_CARD] = "card",
    [FAST_ITEM_HANDOVER] = "handover",
    [FAST_ITEM_PAYMENT] = "payment",
    [FAST_ITEM_CORRECTION] = "correction",
    [FAST_ITEM_REVOCATION] = "revocation",
    [FAST_ITEM_STOCK_DAY] = "stock-day",
    [FAST_ITEM_TRANSFER] = "transfer",
    [FAST_ITEM_BATCH] = "batch",
    [FAST_ITEM_COUNT] = NULL,
};

/**
 * fast_item_kind_name:
 * @kind: a kind
 *
 * Returns: (transfer none): its name in headers, as in `stock-day`
 */
const char *
fast_item_kind_name (FastItemKind kind)
{
  return fast_item_kind_names[kind];
}

/**
 * fast_item_kind_parse:
 * @name: a name
 * @kind: (out): the kind of that name
 * @error: return location for an error
 *
 * Returns: whether there is one, else FAST_INPUT_ERROR_INVALID
 */
gboolean
fast_item_kind_parse (const char *name, FastItemKind *kind, GError **error)
{
  for (guint i = 0; i < FAST_ITEM_COUNT; i++)
    if (g_strcmp0 (fast_item_kind_names[i], name) == 0) {
      *kind = (FastItemKind)i;
      return TRUE;
    }
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "model-item-kind", "name=%s",
                    name);
}

static gsize
unit_length (const char *text)
{
  return strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

/**
 * fast_item_unit_is_valid:
 * @unit: a unit's id
 *
 * Returns: whether it has 1 to 12 characters A–Z and 0–9
 */
gboolean
fast_item_unit_is_valid (const char *unit)
{
  const gsize length = unit_length (unit);

  return length >= 1 && length <= 12 && unit[length] == '\0';
}

/**
 * fast_item_id_format:
 * @unit: a valid unit's id
 * @sequence: its sequence, from 1
 *
 * Returns: (transfer full): the item's id, as in `BWB1-17`
 */
char *
fast_item_id_format (const char *unit, guint64 sequence)
{
  g_return_val_if_fail (fast_item_unit_is_valid (unit), NULL);
  g_return_val_if_fail (sequence >= 1 && sequence <= FAST_ITEM_SEQUENCE_LIMIT, NULL);
  return g_strdup_printf ("%s-%" G_GUINT64_FORMAT, unit, sequence);
}

/**
 * fast_item_id_parse:
 * @id: an item's id
 * @unit: (out) (optional) (transfer full): the unit that gave it
 * @sequence: (out) (optional): the unit's sequence
 * @error: return location for an error
 *
 * There is one spelling of an id: what fast_item_id_format() would not write is refused.
 *
 * Returns: whether it is one, else FAST_INPUT_ERROR_MALFORMED
 */
gboolean
fast_item_id_parse (const char *id, char **unit, guint64 *sequence, GError **error)
{
  const gsize length = unit_length (id);
  const char *digits = id + length + 1;
  guint64 number = 0;

  if (length < 1 || length > 12 || id[length] != '-' || digits[0] == '0' ||
      !fast_number_parse (digits, 10, 1, FAST_ITEM_SEQUENCE_LIMIT, &number))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "model-item-id", "id=%s",
                      id);
  if (unit != NULL)
    *unit = g_strndup (id, length);
  if (sequence != NULL)
    *sequence = number;
  return TRUE;
}

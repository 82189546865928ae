/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-orders.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/number.h"

#define DELAY_LIMIT_MS 60000
#define COUNT_LIMIT 1000000
#define RATE_LIMIT 1000

struct _FastVirtualOrders {
  FastRadioField *field;
  FastVirtualFollowFunc follow;
  gpointer device;
  gboolean mute;
  guint delay_ms;
  guint garbled;
};

/* One order: its words, the first of them its name, and what it answers besides "ok". */
typedef struct {
  FastVirtualOrders *orders;
  char **words;
  char *answer;
} Call;

typedef struct {
  const char *name;
  guint least;
  guint most;
  gboolean (*run) (Call *call, GError **error);
} Order;

static gboolean
fail (GError **error, const char *line)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "reader-order", "order=%s",
                    line);
}

static gboolean
read_number (const char *text, guint64 limit, guint *value, GError **error)
{
  guint64 number;

  if (!fast_number_parse (text, 10, 0, limit, &number))
    return fail (error, text);
  *value = (guint)number;
  return TRUE;
}

static gboolean
run_remove (Call *call, GError **error G_GNUC_UNUSED)
{
  fast_radio_field_remove (call->orders->field);
  return TRUE;
}

static gboolean
run_insert (Call *call, GError **error G_GNUC_UNUSED)
{
  fast_radio_field_insert (call->orders->field);
  return TRUE;
}

static gboolean
run_mute (Call *call, GError **error G_GNUC_UNUSED)
{
  call->orders->mute = strcmp (call->words[0], "mute") == 0;
  return TRUE;
}

static gboolean
run_tear (Call *call, GError **error)
{
  FastTear tear = FAST_TEAR_UNHEARD;
  guint after = 0;

  if (!read_number (call->words[1], COUNT_LIMIT, &after, error))
    return FALSE;
  if (call->words[2] != NULL) {
    if (strcmp (call->words[2], "unanswered") != 0)
      return fail (error, call->words[2]);
    tear = FAST_TEAR_UNANSWERED;
  }
  fast_radio_field_tear (call->orders->field, after, tear);
  return TRUE;
}

static gboolean
run_delay (Call *call, GError **error)
{
  return read_number (call->words[1], DELAY_LIMIT_MS, &call->orders->delay_ms, error);
}

static gboolean
run_card (Call *call, GError **error)
{
  FastVirtualChip *chip = fast_virtual_chip_open (call->words[1], error);

  if (chip != NULL)
    fast_radio_field_swap (call->orders->field, chip);
  return chip != NULL;
}

static gboolean
run_garbage (Call *call, GError **error)
{
  char **word = call->words + 1;
  guint times = 1;

  if (*word != NULL && strcmp (*word, "frame") != 0 &&
      !read_number (*word++, COUNT_LIMIT, &times, error))
    return FALSE;
  if (*word == NULL)
    fast_radio_field_garble (call->orders->field, times);
  else if (strcmp (*word, "frame") == 0 && word[1] == NULL)
    call->orders->garbled = times;
  else
    return fail (error, *word);
  return TRUE;
}

static gboolean
run_record (Call *call, GError **error)
{
  FastRecording *recording = NULL;

  if (call->words[1] != NULL) {
    recording = fast_recording_open (call->words[1], error);
    if (recording == NULL)
      return FALSE;
  }
  fast_radio_field_record (call->orders->field, recording);
  return TRUE;
}

static gboolean
run_replay (Call *call, GError **error)
{
  FastReplay *replay = NULL;

  if (call->words[1] != NULL) {
    replay = fast_replay_read (call->words[1], error);
    if (replay == NULL)
      return FALSE;
  }
  fast_radio_field_replay (call->orders->field, replay);
  return TRUE;
}

static gboolean
run_seed (Call *call, GError **error)
{
  guint64 seed;

  if (!fast_number_parse (call->words[1], 10, 0, G_MAXUINT64, &seed))
    return fail (error, call->words[1]);
  fast_radio_field_set_seed (call->orders->field, seed);
  return TRUE;
}

static gboolean
run_count (Call *call, GError **error G_GNUC_UNUSED)
{
  call->answer = g_strdup_printf ("%u", fast_radio_field_count (call->orders->field));
  return TRUE;
}

static gboolean
run_air_time (Call *call, GError **error)
{
  FastAirTime air = fast_air_time_default;
  guint work_ms = 0;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (call->words[1] != NULL && !read_number (call->words[1], RATE_LIMIT, &air.kbit, error))
    return FALSE;
  if (call->words[1] != NULL && call->words[2] != NULL &&
      !read_number (call->words[2], DELAY_LIMIT_MS, &work_ms, error))
    return FALSE;
  air.work_us = work_ms * 1000;
  if (!fast_air_time_is_valid (&air))
    return fail (error, call->words[1]);
  g_ascii_formatd (number, sizeof number, "%.3f",
                   fast_air_time_ms (fast_radio_field_air_time (call->orders->field, &air)));
  call->answer = g_strdup_printf ("%s ms at %u kbit/s", number, air.kbit);
  return TRUE;
}

static const Order table[] = {
    {"remove", 0, 0, run_remove},     {"insert", 0, 0, run_insert},   {"tear", 1, 2, run_tear},
    {"mute", 0, 0, run_mute},         {"speak", 0, 0, run_mute},      {"delay", 1, 1, run_delay},
    {"card", 1, 1, run_card},         {"garbage", 0, 2, run_garbage}, {"record", 0, 1, run_record},
    {"replay", 0, 1, run_replay},     {"seed", 1, 1, run_seed},       {"count", 0, 0, run_count},
    {"air-time", 0, 2, run_air_time},
};

static gboolean
run (Call *call, const char *text, GError **error)
{
  const guint n = g_strv_length (call->words);

  for (guint i = 0; n > 0 && i < G_N_ELEMENTS (table); i++)
    if (strcmp (table[i].name, call->words[0]) == 0 && n - 1 >= table[i].least &&
        n - 1 <= table[i].most)
      return table[i].run (call, error);
  return fail (error, text);
}

/**
 * fast_virtual_orders_obey:
 * @orders: a device's orders
 * @line: an order, as in `tear 12`
 * @answer: (out) (optional) (nullable): what it was asked for, as in the number of commands
 * @error: return location for an error
 *
 * Returns: whether the order was carried out
 */
gboolean
fast_virtual_orders_obey (FastVirtualOrders *orders, const char *line, char **answer,
                          GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (line));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  Call call = {.orders = orders, .words = words};
  const gboolean done = run (&call, text, error) &&
                        (orders->follow == NULL || orders->follow (orders->device, error));
  g_autofree char *own = call.answer;

  if (answer != NULL)
    *answer = done ? g_steal_pointer (&own) : NULL;
  return done;
}

/**
 * fast_virtual_orders_new:
 * @field: the device's field; must outlive the orders
 * @follow: (nullable): lets the device follow, after each order
 * @device: for @follow
 *
 * Returns: (transfer full): orders for a device that speaks at once and clearly
 */
FastVirtualOrders *
fast_virtual_orders_new (FastRadioField *field, FastVirtualFollowFunc follow, gpointer device)
{
  FastVirtualOrders *orders = g_new0 (FastVirtualOrders, 1);

  orders->field = field;
  orders->follow = follow;
  orders->device = device;
  return orders;
}

/**
 * fast_virtual_orders_free:
 * @orders: (transfer full): a device's orders; the field stays
 */
void
fast_virtual_orders_free (FastVirtualOrders *orders)
{
  g_free (orders);
}

/**
 * fast_virtual_orders_listen:
 * @orders: a device's orders
 * @listener: (nullable): is told of trouble while the device runs
 * @data: for @listener
 */
void
fast_virtual_orders_listen (FastVirtualOrders *orders, FastTroubleFunc listener, gpointer data)
{
  fast_radio_field_listen (orders->field, listener, data);
}

/**
 * fast_virtual_orders_dup_serial:
 * @orders: a device's orders
 *
 * Returns: (transfer full): the serial of the chip that lies in its field, as a manufacturer lists
 *   it: uppercase hexadecimal
 */
char *
fast_virtual_orders_dup_serial (FastVirtualOrders *orders)
{
  const FastChipState *state = fast_virtual_chip_state (fast_radio_field_chip (orders->field));
  g_autofree char *text = fast_hex_encode (state->serial, sizeof state->serial);

  return g_ascii_strup (text, -1);
}

/**
 * fast_virtual_orders_is_mute:
 * @orders: a device's orders
 *
 * Returns: whether the device must not answer
 */
gboolean
fast_virtual_orders_is_mute (const FastVirtualOrders *orders)
{
  return orders->mute;
}

/**
 * fast_virtual_orders_wait:
 * @orders: a device's orders; comes back when its delay is over
 */
void
fast_virtual_orders_wait (const FastVirtualOrders *orders)
{
  if (orders->delay_ms > 0)
    g_usleep ((gulong)orders->delay_ms * 1000);
}

/**
 * fast_virtual_orders_take_garbage:
 * @orders: a device's orders
 *
 * Returns: whether the frame that the device is about to send must be garbage
 */
gboolean
fast_virtual_orders_take_garbage (FastVirtualOrders *orders)
{
  if (orders->garbled == 0)
    return FALSE;
  orders->garbled--;
  return TRUE;
}

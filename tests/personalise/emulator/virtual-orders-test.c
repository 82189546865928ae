/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-orders.h"

#include "personalise/apdu/apdu.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define SELECT "\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01"
#define SELECT_SIZE 12
#define LIFE "\x00\xCA\x00\x8A\x00"

typedef struct {
  char *folder;
  FastRadioField *field;
  FastVirtualOrders *orders;
  guint follows;
  GPtrArray *troubles;
} Bench;

static gboolean
follow (gpointer device, GError **error G_GNUC_UNUSED)
{
  Bench *bench = device;

  bench->follows++;
  return TRUE;
}

static void
hear (const GError *error, gpointer data)
{
  Bench *bench = data;

  g_ptr_array_add (bench->troubles,
                   g_strdup (fast_message_get_id (fast_error_get_message (error))));
}

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = NULL;

  bench->folder = fast_test_folder ();
  path = g_build_filename (bench->folder, "chip", NULL);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (path, NULL));
  bench->orders = fast_virtual_orders_new (bench->field, follow, bench);
  bench->troubles = g_ptr_array_new_with_free_func (g_free);
  fast_virtual_orders_listen (bench->orders, hear, bench);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_virtual_orders_free (bench->orders);
  fast_radio_field_free (bench->field);
  g_ptr_array_unref (bench->troubles);
  fast_test_remove_folder (bench->folder);
}

static char *
obey (Bench *bench, const char *line)
{
  g_autoptr (GError) error = NULL;
  char *answer = NULL;

  g_assert_true (fast_virtual_orders_obey (bench->orders, line, &answer, &error));
  g_assert_no_error (error);
  return answer;
}

static char *
exchange (Bench *bench, gconstpointer command, gsize size)
{
  g_autoptr (GBytes) answer = fast_radio_field_exchange (bench->field, command, size);

  return answer == NULL
             ? NULL
             : fast_hex_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static void
check (Bench *bench, gconstpointer command, gsize size, const char *wanted)
{
  g_autofree char *hex = exchange (bench, command, size);

  g_assert_cmpstr (hex, ==, wanted);
}

static void
test_refusals (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const lines[] = {"",
                                      "fly",
                                      "remove now",
                                      "tear",
                                      "tear x",
                                      "tear -1",
                                      "tear 1 maybe",
                                      "tear 1000001",
                                      "delay 60001",
                                      "delay",
                                      "card",
                                      "garbage x",
                                      "garbage 1 x",
                                      "garbage frame 1",
                                      "seed -1",
                                      "seed 0x10",
                                      "count 1",
                                      "air-time 300",
                                      "air-time 424 x",
                                      "replay a b",
                                      "mute 1",
                                      "seed 18446744073709551616"};

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("“%s”", lines[i]);
    g_assert_false (fast_virtual_orders_obey (bench->orders, lines[i], NULL, &error));
    fast_test_assert_id (error, "reader-order");
  }
  g_assert_cmpuint (bench->follows, ==, 0);
}

static void
test_presence (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *count = NULL;

  check (bench, SELECT, SELECT_SIZE, "9000");
  g_free (obey (bench, "remove"));
  check (bench, SELECT, SELECT_SIZE, NULL);
  g_free (obey (bench, " insert\n"));
  check (bench, LIFE, 5, "8a01019000");
  g_free (obey (bench, "tear 1"));
  check (bench, LIFE, 5, "8a01019000");
  check (bench, LIFE, 5, NULL);
  g_assert_false (fast_radio_field_is_occupied (bench->field));
  count = obey (bench, "count");
  g_assert_cmpstr (count, ==, "4");
  g_assert_cmpuint (bench->follows, ==, 4);
}

static void
test_voice (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  gint64 start;

  g_assert_false (fast_virtual_orders_is_mute (bench->orders));
  g_free (obey (bench, "mute"));
  g_assert_true (fast_virtual_orders_is_mute (bench->orders));
  g_free (obey (bench, "speak"));
  g_assert_false (fast_virtual_orders_is_mute (bench->orders));
  g_free (obey (bench, "delay 30"));
  start = g_get_monotonic_time ();
  fast_virtual_orders_wait (bench->orders);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 30000);
}

static void
test_garbage (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *again = NULL;

  g_free (obey (bench, "seed 5"));
  g_free (obey (bench, "garbage 2"));
  first = exchange (bench, LIFE, 5);
  second = exchange (bench, LIFE, 5);
  g_assert_cmpstr (first, !=, "8a01019000");
  g_assert_cmpstr (first, !=, second);
  check (bench, LIFE, 5, "8a01019000");
  g_free (obey (bench, "seed 5"));
  g_free (obey (bench, "garbage"));
  again = exchange (bench, LIFE, 5);
  g_assert_cmpstr (first, ==, again);
  check (bench, LIFE, 5, "8a01019000");
  g_free (obey (bench, "garbage 1 frame"));
  g_assert_true (fast_virtual_orders_take_garbage (bench->orders));
  g_assert_false (fast_virtual_orders_take_garbage (bench->orders));
}

/* With the same seed a chip shows the same identifiers and draws the same challenges. */
static void
test_seed (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  guint8 identifiers[3][FAST_RADIO_FIELD_IDENTIFIER_SIZE];
  static const char *const seeds[] = {"seed 1", "seed 2", "seed 1"};

  for (guint i = 0; i < 3; i++) {
    g_free (obey (bench, seeds[i]));
    fast_radio_field_cut_power (bench->field);
    fast_copy (identifiers[i], sizeof identifiers[i], fast_radio_field_identifier (bench->field),
               FAST_RADIO_FIELD_IDENTIFIER_SIZE);
    g_assert_cmphex (identifiers[i][0], ==, 0x08);
  }
  g_assert_cmpmem (identifiers[0], 4, identifiers[2], 4);
  g_assert_cmpint (memcmp (identifiers[0], identifiers[1], 4), !=, 0);
}

static void
test_replay (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = g_build_filename (bench->folder, "recording", NULL);
  g_autofree char *record = g_strconcat ("record ", path, NULL);
  g_autofree char *replay = g_strconcat ("replay ", path, NULL);

  g_free (obey (bench, record));
  check (bench, SELECT, SELECT_SIZE, "9000");
  check (bench, LIFE, 5, "8a01019000");
  g_free (obey (bench, "tear 0 unanswered"));
  check (bench, LIFE, 5, NULL);
  g_free (obey (bench, "record"));
  g_free (obey (bench, "insert"));
  check (bench, "\x00\x84\x00\x00\x07", 5, "6700");
  g_free (obey (bench, replay));
  check (bench, LIFE, 5, "6f00"); /* told, and the recording waits for its first command */
  check (bench, SELECT, SELECT_SIZE, "9000");
  check (bench, LIFE, 5, "8a01019000");
  check (bench, LIFE, 5, NULL);
  g_assert_false (fast_radio_field_is_occupied (bench->field));
  g_free (obey (bench, "insert"));
  check (bench, LIFE, 5, "6f00");
  g_assert_cmpuint (bench->troubles->len, ==, 2);
  g_assert_cmpstr (bench->troubles->pdata[0], ==, "replay-unexpected");
  g_assert_cmpstr (bench->troubles->pdata[1], ==, "replay-ended");
  g_free (obey (bench, "replay"));
  check (bench, LIFE, 5, "8a01019000");
}

static void
test_air_time (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const orders[] = {"air-time", "air-time 106", "air-time 106 10"};
  /* commands of 5 bytes and answers of 5: blocks of 8; 9 * 8 + 2 = 74 bits each */
  static const char *const wanted[] = {"1.120 ms at 424 kbit/s", "3.140 ms at 106 kbit/s",
                                       "23.140 ms at 106 kbit/s"};

  check (bench, LIFE, 5, "8a01019000");
  check (bench, LIFE, 5, "8a01019000");
  for (guint i = 0; i < 3; i++) {
    g_autofree char *answer = obey (bench, orders[i]);
    g_assert_cmpstr (answer, ==, wanted[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, run)                                                                             \
  g_test_add ("/emulator/virtual-orders/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("refusals", test_refusals);
  ADD ("presence", test_presence);
  ADD ("voice", test_voice);
  ADD ("garbage", test_garbage);
  ADD ("seed", test_seed);
  ADD ("replay", test_replay);
  ADD ("air-time", test_air_time);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/vpcd.h"

#include <gio/gio.h>

#include "personalise/emulator/virtual-card.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define SELECT "000c00a4040c07a0000002471001"
#define LIFE "000500ca008a00"
#define ATR "000a3b85800180739421c082"

typedef struct {
  char *folder;
  char *chip;
  FastRadioField *field;
  FastVpcd *vpcd;
  FastVirtualOrders *orders;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;

  bench->folder = fast_test_folder ();
  bench->chip = g_build_filename (bench->folder, "chip", NULL);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (bench->chip, &error));
  g_assert_no_error (error);
  bench->vpcd = fast_vpcd_new (bench->field);
  bench->orders = fast_virtual_orders_new (bench->field, NULL, NULL);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_virtual_orders_free (bench->orders);
  fast_vpcd_free (bench->vpcd);
  g_free (bench->chip);
  fast_test_remove_folder (bench->folder);
}

static void
check (Bench *bench, const char *in, gboolean answered, const char *wanted)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (in, NULL);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *hex = NULL;

  g_assert_cmpint (fast_vpcd_feed (bench->vpcd, bench->orders, g_bytes_get_data (bytes, NULL),
                                   g_bytes_get_size (bytes), out),
                   ==, answered);
  hex = fast_hex_encode (out->data, out->len);
  g_assert_cmpstr (hex, ==, wanted);
}

static void
order (Bench *bench, const char *line)
{
  g_assert_true (fast_virtual_orders_obey (bench->orders, line, NULL, NULL));
}

static void
test_messages (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  const guint8 *identifier = fast_radio_field_identifier (bench->field);
  guint8 before[FAST_RADIO_FIELD_IDENTIFIER_SIZE];

  check (bench, "000104", TRUE, ATR);
  check (bench, "000101", TRUE, "");
  check (bench, "000102000104", TRUE, ATR);
  check (bench, SELECT LIFE, TRUE, "0002900000058a01019000");
  check (bench, "0000", TRUE, "");
  check (bench, "000103", TRUE, "00026700"); /* one byte, but no signal: a broken command */
  fast_copy (before, sizeof before, identifier, sizeof before);
  check (bench, "000102", TRUE, "");
  g_assert_cmpmem (identifier, sizeof before, before, sizeof before);
  check (bench, "000100", TRUE, ""); /* power off: a random identifier is drawn anew */
  g_assert_cmpint (memcmp (identifier, before, sizeof before), !=, 0);
}

static void
test_pieces (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (SELECT "000104" LIFE, NULL);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *hex = NULL;
  gsize size;
  const guint8 *in = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    g_assert_true (fast_vpcd_feed (bench->vpcd, NULL, in + i, 1, out));
  hex = fast_hex_encode (out->data, out->len);
  g_assert_cmpstr (hex, ==, "00029000" ATR "00058a01019000");
}

static void
test_orders (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  order (bench, "mute");
  check (bench, LIFE, FALSE, "");
  check (bench, "000104", TRUE, ATR); /* the card lies there, it only says nothing */
  order (bench, "speak");
  order (bench, "garbage 1 frame");
  check (bench, LIFE LIFE, TRUE, "00019000058a01019000");
  order (bench, "tear 0");
  check (bench, LIFE, FALSE, "");
  order (bench, "insert");
  check (bench, "0005", TRUE, "");
  fast_vpcd_forget (bench->vpcd); /* the half message went with its connection */
  check (bench, LIFE, TRUE, "00058a01019000");
}

/* The chip takes what its answer to reset promises: extended lengths and chained commands. */
static void
test_promises (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GByteArray) write = g_byte_array_new ();
  g_autofree char *hex = NULL;

  fast_append (write, "\x01\x33\x00\xD6\x00\x00\x00\x01\x2C", 9);
  g_byte_array_set_size (write, 9 + 300);
  for (guint i = 9; i < write->len; i++)
    write->data[i] = (guint8)i;
  hex = fast_hex_encode (write->data, write->len);
  check (bench, SELECT, TRUE, "00029000");
  check (bench,
         "000f00e000000a620880020190830201"
         "1e",
         TRUE, "00029000");
  check (bench, hex, TRUE, "00029000");
  check (bench, "000910d600000401020304", TRUE, "00029000");
  check (bench, "000900d600000405060708", TRUE, "00029000");
}

/* --- over a socket --- */

typedef struct {
  GSocketListener *listener;
  GSocketConnection *connection;
  char *address;
  char *trouble;
} Service;

static void
hear (const GError *error, gpointer data)
{
  Service *service = data;

  g_free (service->trouble);
  service->trouble = g_strdup (fast_message_get_id (fast_error_get_message (error)));
}

static void
listen_anywhere (Service *service)
{
  g_autoptr (GError) error = NULL;
  guint16 port;

  service->listener = g_socket_listener_new ();
  port = g_socket_listener_add_any_inet_port (service->listener, NULL, &error);
  g_assert_no_error (error);
  service->address = g_strdup_printf ("localhost:%u", port);
}

static void
accept_card (Service *service)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&service->connection);
  service->connection = g_socket_listener_accept (service->listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (service->connection), 10);
}

static void
let_it_work (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    g_usleep (1000);
}

/* Sends a message, lets the card work, and gives what comes back; an empty text at the end. */
static char *
say (Service *service, const char *hex)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, NULL);
  GIOStream *stream = G_IO_STREAM (service->connection);
  guint8 answer[100];
  gssize n;

  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream),
                                            g_bytes_get_data (bytes, NULL),
                                            g_bytes_get_size (bytes), NULL, NULL, NULL));
  g_main_context_iteration (NULL, TRUE);
  let_it_work ();
  n = g_input_stream_read (g_io_stream_get_input_stream (stream), answer, sizeof answer, NULL,
                           NULL);
  return n < 0 ? NULL : fast_hex_encode (answer, (gsize)n);
}

static void
assert_says (Service *service, const char *hex, const char *wanted)
{
  g_autofree char *answer = say (service, hex);

  g_assert_cmpstr (answer, ==, wanted);
}

static void
test_socket (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  Service service = {0};
  g_autoptr (FastVirtualCard) card = NULL;
  g_autoptr (FastVirtualCard) none = NULL;

  listen_anywhere (&service);
  card = fast_virtual_card_open (service.address, bench->chip, &error);
  g_assert_no_error (error);
  fast_virtual_card_listen (card, hear, &service);
  accept_card (&service);
  assert_says (&service, LIFE, "00058a01019000");
  g_assert_true (fast_virtual_orders_obey (fast_virtual_card_orders (card), "tear 0", NULL, NULL));
  assert_says (&service, LIFE, ""); /* the card was taken away: the connection ends */
  g_assert_null (service.trouble);
  g_assert_true (fast_virtual_orders_obey (fast_virtual_card_orders (card), "insert", NULL, NULL));
  accept_card (&service);
  assert_says (&service, LIFE, "00058a01019000");
  g_io_stream_close (G_IO_STREAM (service.connection), NULL, NULL);
  g_main_context_iteration (NULL, TRUE);
  let_it_work ();
  g_assert_cmpstr (service.trouble, ==, "vpcd-gone");
  g_socket_listener_close (service.listener);
  none = fast_virtual_card_open (service.address, bench->chip, &error);
  g_assert_null (none);
  fast_test_assert_id (error, "vpcd-absent");
  g_assert_error (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT);
  g_clear_object (&service.connection);
  g_clear_object (&service.listener);
  g_free (service.address);
  g_free (service.trouble);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, run) g_test_add ("/emulator/vpcd/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("messages", test_messages);
  ADD ("pieces", test_pieces);
  ADD ("orders", test_orders);
  ADD ("promises", test_promises);
  ADD ("socket", test_socket);
  return g_test_run ();
}

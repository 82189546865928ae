/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-card.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "personalise/emulator/vpcd.h"
#include "record/base/error.h"

#define PORT 35963
#define CONNECT_LIMIT_S 5
#define AWAY_MS 700

struct _FastVirtualCard {
  char *address;
  FastRadioField *field;
  FastVpcd *vpcd;
  FastVirtualOrders *orders;
  GSocketConnection *connection;
  GSource *source;
  gboolean unanswered;
  gint64 away_since;
  FastTroubleFunc listener;
  gpointer listener_data;
};

/* --- the connection --- */

static void
disconnect (FastVirtualCard *card)
{
  if (card->source != NULL)
    g_source_destroy (card->source);
  g_clear_pointer (&card->source, g_source_unref);
  if (card->connection != NULL)
    g_io_stream_close (G_IO_STREAM (card->connection), NULL, NULL);
  if (card->connection != NULL)
    card->away_since = g_get_monotonic_time ();
  g_clear_object (&card->connection);
  fast_vpcd_forget (card->vpcd);
  card->unanswered = FALSE;
}

/* vpcd sends a message's length and its bytes in pieces and waits for each to be acknowledged: a
 * delayed acknowledgement would cost 40 ms a command. The option holds for one wait only. */
static void
hurry (GSocket *socket)
{
  g_socket_set_option (socket, IPPROTO_TCP, TCP_QUICKACK, 1, NULL);
}

static void
tell_gone (FastVirtualCard *card)
{
  g_autoptr (GError) error = NULL;

  fast_fail (&error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_GONE, "vpcd-gone", "address=%s",
             card->address);
  disconnect (card);
  if (card->listener != NULL)
    card->listener (error, card->listener_data);
}

static gboolean
send_all (GSocketConnection *connection, const GByteArray *bytes)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                    bytes->data, bytes->len, NULL, NULL, NULL);
}

static gboolean
on_bytes (GSocket *socket, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  FastVirtualCard *card = data;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  char buffer[4096];
  gssize n = g_socket_receive (socket, buffer, sizeof buffer, NULL, NULL);

  if (n <= 0) {
    tell_gone (card);
    return G_SOURCE_REMOVE;
  }
  hurry (socket);
  if (!fast_vpcd_feed (card->vpcd, card->orders, buffer, (gsize)n, out))
    card->unanswered = TRUE;
  if (!fast_radio_field_is_occupied (card->field)) {
    disconnect (card);
    return G_SOURCE_REMOVE;
  }
  if (out->len > 0)
    fast_virtual_orders_wait (card->orders);
  if (send_all (card->connection, out))
    return G_SOURCE_CONTINUE;
  tell_gone (card);
  return G_SOURCE_REMOVE;
}

/* pcscd looks for its cards every 400 ms. One that is gone and back between two looks would be the
 * same card to it, powered down for good after a failed command: so a card stays away as long as a
 * hand would keep it. */
static void
stay_away (FastVirtualCard *card)
{
  const gint64 left = card->away_since + AWAY_MS * 1000 - g_get_monotonic_time ();

  if (card->away_since != 0 && left > 0)
    g_usleep ((gulong)left);
}

static gboolean
connect_now (FastVirtualCard *card, GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) cause = NULL;
  GSocket *socket;

  stay_away (card);
  g_socket_client_set_timeout (client, CONNECT_LIMIT_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  card->connection = g_socket_client_connect_to_host (client, card->address, PORT, NULL, &cause);
  if (card->connection == NULL)
    return fast_fail (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT, "vpcd-absent",
                      "address=%s, why=%s", card->address, cause->message);
  socket = g_socket_connection_get_socket (card->connection);
  g_socket_set_timeout (socket, 0);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
  hurry (socket);
  card->source = g_socket_create_source (socket, G_IO_IN | G_IO_HUP, NULL);
  g_source_set_callback (card->source, G_SOURCE_FUNC (on_bytes), card, NULL);
  g_source_attach (card->source, g_main_context_get_thread_default ());
  return TRUE;
}

/* A card that swallowed a command and may speak again starts afresh: vpcd still waits for the
 * answer and would take the next one for it. */
static gboolean
follow (gpointer device, GError **error)
{
  FastVirtualCard *card = device;
  const gboolean stuck = card->unanswered && !fast_virtual_orders_is_mute (card->orders);

  if (!fast_radio_field_is_occupied (card->field) || stuck)
    disconnect (card);
  if (!fast_radio_field_is_occupied (card->field) || card->connection != NULL)
    return TRUE;
  return connect_now (card, error);
}

/* --- the card --- */

/**
 * fast_virtual_card_orders:
 * @card: a card
 *
 * Returns: (transfer none): what takes its orders
 */
FastVirtualOrders *
fast_virtual_card_orders (FastVirtualCard *card)
{
  return card->orders;
}

/**
 * fast_virtual_card_listen:
 * @card: a card
 * @listener: (nullable): is told of trouble, and that vpcd is gone
 * @data: for @listener
 */
void
fast_virtual_card_listen (FastVirtualCard *card, FastTroubleFunc listener, gpointer data)
{
  card->listener = listener;
  card->listener_data = data;
  fast_virtual_orders_listen (card->orders, listener, data);
}

static FastVirtualCard *
start (const char *address, FastVirtualChip *chip)
{
  FastVirtualCard *card = g_new0 (FastVirtualCard, 1);

  card->address = g_strdup (address);
  card->field = fast_radio_field_new (chip);
  card->vpcd = fast_vpcd_new (card->field);
  card->orders = fast_virtual_orders_new (card->field, follow, card);
  return card;
}

/**
 * fast_virtual_card_open:
 * @address: where vpcd listens, as in `localhost:35963`; that port when none is given
 * @card: the file of the chip's memory; a blank one is made when there is none
 * @error: return location for an error
 *
 * Returns: (transfer full): a card that answers from the thread-default main context, or %NULL with
 *   FAST_DEVICE_ERROR_ABSENT when nothing listens there
 */
FastVirtualCard *
fast_virtual_card_open (const char *address, const char *card, GError **error)
{
  FastVirtualChip *chip = fast_virtual_chip_open (card, error);
  g_autoptr (FastVirtualCard) opened = chip == NULL ? NULL : start (address, chip);

  if (opened == NULL || !connect_now (opened, error))
    return NULL;
  return g_steal_pointer (&opened);
}

/**
 * fast_virtual_card_free:
 * @card: (transfer full): taken away
 */
void
fast_virtual_card_free (FastVirtualCard *card)
{
  disconnect (card);
  fast_virtual_orders_free (card->orders);
  fast_vpcd_free (card->vpcd);
  g_free (card->address);
  g_free (card);
}

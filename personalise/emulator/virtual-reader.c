/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-reader.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#include "personalise/emulator/pn532.h"
#include "personalise/emulator/pty.h"

struct _FastVirtualReader {
  FastPty *pty;
  FastPn532 *device;
  FastVirtualOrders *orders;
  GSource *source;
};

/* The line takes what fits; a host that reads nothing loses the rest, as on a real wire. */
static void
send_all (int fd, const GByteArray *bytes)
{
  gsize sent = 0;

  while (sent < bytes->len) {
    gssize n = write (fd, bytes->data + sent, bytes->len - sent);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return;
    sent += (gsize)n;
  }
}

/* A line that picks up noise: every other byte is wrong, so that no sum fits. */
static void
garble (GByteArray *bytes)
{
  for (guint i = 0; i < bytes->len; i += 2)
    bytes->data[i] ^= 0x5A;
}

static gboolean
on_bytes (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  FastVirtualReader *reader = data;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 buffer[1024];
  gssize n = read (fd, buffer, sizeof buffer);

  if (n <= 0)
    return n < 0 && (errno == EINTR || errno == EAGAIN) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  if (fast_virtual_orders_is_mute (reader->orders))
    return G_SOURCE_CONTINUE;
  fast_pn532_feed (reader->device, buffer, (gsize)n, out);
  if (out->len == 0)
    return G_SOURCE_CONTINUE;
  fast_virtual_orders_wait (reader->orders);
  if (fast_virtual_orders_take_garbage (reader->orders))
    garble (out);
  send_all (fd, out);
  return G_SOURCE_CONTINUE;
}

static FastVirtualReader *
start (FastPty *pty, FastVirtualChip *chip)
{
  FastVirtualReader *reader = g_new0 (FastVirtualReader, 1);
  FastRadioField *field = fast_radio_field_new (chip);

  reader->pty = pty;
  reader->device = fast_pn532_new (field);
  reader->orders = fast_virtual_orders_new (field, NULL, NULL);
  reader->source = g_unix_fd_source_new (fast_pty_fd (pty), G_IO_IN);
  g_source_set_callback (reader->source, G_SOURCE_FUNC (on_bytes), reader, NULL);
  g_source_attach (reader->source, g_main_context_get_thread_default ());
  return reader;
}

/**
 * fast_virtual_reader_open:
 * @link: where the link to the pseudo-terminal goes
 * @card: the file of the chip in its field; a blank one is made when there is none
 * @error: return location for an error
 *
 * Returns: (transfer full): a reader that answers from the thread-default main context
 */
FastVirtualReader *
fast_virtual_reader_open (const char *link, const char *card, GError **error)
{
  g_autoptr (FastVirtualChip) chip = fast_virtual_chip_open (card, error);
  FastPty *pty = chip == NULL ? NULL : fast_pty_open (link, error);

  return pty == NULL ? NULL : start (pty, g_steal_pointer (&chip));
}

/**
 * fast_virtual_reader_free:
 * @reader: (transfer full): the line is closed and the link removed
 */
void
fast_virtual_reader_free (FastVirtualReader *reader)
{
  g_source_destroy (reader->source);
  g_source_unref (reader->source);
  fast_virtual_orders_free (reader->orders);
  fast_pn532_free (reader->device);
  fast_pty_free (reader->pty);
  g_free (reader);
}

/**
 * fast_virtual_reader_orders:
 * @reader: a reader
 *
 * Returns: (transfer none): what takes its orders
 */
FastVirtualOrders *
fast_virtual_reader_orders (FastVirtualReader *reader)
{
  return reader->orders;
}

/**
 * fast_virtual_reader_path:
 * @reader: a reader
 *
 * Returns: (transfer none): the path of the terminal that libnfc opens
 */
const char *
fast_virtual_reader_path (FastVirtualReader *reader)
{
  return fast_pty_path (reader->pty);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/virtual-reader.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "personalise/emulator/pn532.h"
#include "personalise/emulator/pty.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/number.h"

#define DELAY_LIMIT_MS 60000
#define TEAR_LIMIT 1000000

struct _FastVirtualReader {
  FastPty *pty;
  FastRadioField *field;
  FastPn532 *device;
  GSource *source;
  gboolean mute;
  guint delay_ms;
};

typedef struct {
  const char *name;
  guint least;
  guint most;
  gboolean (*run) (FastVirtualReader *reader, char **words, GError **error);
} Order;

/* --- the line --- */

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

static gboolean
on_bytes (int fd, GIOCondition condition G_GNUC_UNUSED, gpointer data)
{
  FastVirtualReader *reader = data;
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint8 buffer[1024];
  gssize n = read (fd, buffer, sizeof buffer);

  if (n <= 0)
    return n < 0 && (errno == EINTR || errno == EAGAIN) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
  if (reader->mute)
    return G_SOURCE_CONTINUE;
  fast_pn532_feed (reader->device, buffer, (gsize)n, out);
  if (out->len > 0 && reader->delay_ms > 0)
    g_usleep ((gulong)reader->delay_ms * 1000);
  send_all (fd, out);
  return G_SOURCE_CONTINUE;
}

/* --- orders --- */

static gboolean
run_remove (FastVirtualReader *reader, char **words G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  fast_radio_field_remove (reader->field);
  return TRUE;
}

static gboolean
run_insert (FastVirtualReader *reader, char **words G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  fast_radio_field_insert (reader->field);
  return TRUE;
}

static gboolean
run_mute (FastVirtualReader *reader, char **words, GError **error G_GNUC_UNUSED)
{
  reader->mute = strcmp (words[0], "mute") == 0;
  return TRUE;
}

static gboolean
fail (GError **error, const char *line)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "reader-order", "order=%s",
                    line);
}

static gboolean
read_number (const char *text, guint limit, guint *value, GError **error)
{
  guint64 number;

  if (!fast_number_parse (text, 10, 0, limit, &number))
    return fail (error, text);
  *value = (guint)number;
  return TRUE;
}

static gboolean
run_tear (FastVirtualReader *reader, char **words, GError **error)
{
  FastTear tear = FAST_TEAR_UNHEARD;
  guint after = 0;

  if (!read_number (words[1], TEAR_LIMIT, &after, error))
    return FALSE;
  if (words[2] != NULL) {
    if (strcmp (words[2], "unanswered") != 0)
      return fail (error, words[2]);
    tear = FAST_TEAR_UNANSWERED;
  }
  fast_radio_field_tear (reader->field, after, tear);
  return TRUE;
}

static gboolean
run_delay (FastVirtualReader *reader, char **words, GError **error)
{
  return read_number (words[1], DELAY_LIMIT_MS, &reader->delay_ms, error);
}

static gboolean
run_card (FastVirtualReader *reader, char **words, GError **error)
{
  FastVirtualChip *chip = fast_virtual_chip_open (words[1], error);

  if (chip != NULL)
    fast_radio_field_swap (reader->field, chip);
  return chip != NULL;
}

static const Order orders[] = {
    {"remove", 0, 0, run_remove}, {"insert", 0, 0, run_insert}, {"tear", 1, 2, run_tear},
    {"mute", 0, 0, run_mute},     {"speak", 0, 0, run_mute},    {"delay", 1, 1, run_delay},
    {"card", 1, 1, run_card},
};

/**
 * fast_virtual_reader_order:
 * @reader: a reader
 * @line: an order, as in `tear 12`
 * @error: return location for an error
 *
 * `tear N` lets N more commands be answered; the chip does not hear the next one, or acts on it
 * unanswered. `mute` silences the reader itself, `delay` makes it wait before every answer.
 *
 * Returns: whether the order was carried out
 */
gboolean
fast_virtual_reader_order (FastVirtualReader *reader, const char *line, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (line));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  const guint n = g_strv_length (words);

  for (guint i = 0; n > 0 && i < G_N_ELEMENTS (orders); i++)
    if (strcmp (orders[i].name, words[0]) == 0 && n - 1 >= orders[i].least &&
        n - 1 <= orders[i].most)
      return orders[i].run (reader, words, error);
  return fail (error, text);
}

static FastVirtualReader *
start (FastPty *pty, FastVirtualChip *chip)
{
  FastVirtualReader *reader = g_new0 (FastVirtualReader, 1);

  reader->pty = pty;
  reader->field = fast_radio_field_new (chip);
  reader->device = fast_pn532_new (reader->field);
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
  fast_pn532_free (reader->device);
  fast_pty_free (reader->pty);
  g_free (reader);
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

/**
 * fast_virtual_reader_dup_serial:
 * @reader: a virtual reader
 *
 * Returns: (transfer full): the serial of the chip that lies in its field, as a manufacturer lists
 *   it: uppercase hexadecimal
 */
char *
fast_virtual_reader_dup_serial (FastVirtualReader *reader)
{
  const FastChipState *state = fast_virtual_chip_state (fast_radio_field_chip (reader->field));
  g_autofree char *text = fast_hex_encode (state->serial, sizeof state->serial);

  return g_ascii_strup (text, -1);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/t0.h"

#include "personalise/apdu/apdu.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

#define HEADER 4
#define GET_RESPONSE 0xC0
#define CHANNEL 0x03
#define SW1_MORE 0x61
#define SW1_WRONG_LE 0x6C
#define COLLECTED_MAX 65538

/* Case 1 gets a length of 0, case 4 loses its Le: its answer is fetched with GET RESPONSE
 * (ISO/IEC 7816-3, 12.2). */
static GBytes *
to_t0 (GBytes *command)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (command, &size);
  GByteArray *out;

  if (size == HEADER) {
    out = g_byte_array_new ();
    fast_append (out, data, size);
    fast_append_u8 (out, 0);
    return g_byte_array_free_to_bytes (out);
  }
  if (size > HEADER + 1 && size == (gsize)data[HEADER] + HEADER + 2)
    return g_bytes_new_from_bytes (command, 0, size - 1);
  return g_bytes_ref (command);
}

/* The same command, now with the length that the card named. */
static GBytes *
with_length (GBytes *command, guint8 length)
{
  GByteArray *out = g_byte_array_new ();

  fast_append (out, g_bytes_get_data (command, NULL), HEADER);
  fast_append_u8 (out, length);
  return g_byte_array_free_to_bytes (out);
}

static GBytes *
get_response (GBytes *command, guint8 length)
{
  const guint8 *data = g_bytes_get_data (command, NULL);
  const guint8 bytes[] = {data[0] & CHANNEL, GET_RESPONSE, 0, 0, length};

  return g_bytes_new (bytes, sizeof bytes);
}

/* One exchange; a wrong length is put right once. */
static GBytes *
exchange_once (GBytes *command, FastT0Exchange exchange, gpointer data, FastResponse *response,
               GError **error)
{
  g_autoptr (GBytes) answer = exchange (data, command, error);
  g_autoptr (GBytes) again = NULL;

  if (answer == NULL || !fast_response_parse (response, answer, error))
    return NULL;
  if (response->status >> 8 != SW1_WRONG_LE || g_bytes_get_size (command) != HEADER + 1)
    return g_steal_pointer (&answer);
  again = with_length (command, (guint8)response->status);
  g_bytes_unref (answer);
  answer = exchange (data, again, error);
  if (answer == NULL || !fast_response_parse (response, answer, error))
    return NULL;
  return g_steal_pointer (&answer);
}

static gboolean
collect (GByteArray *out, const FastResponse *response, GError **error)
{
  if (out->len + response->size > COLLECTED_MAX)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT, "apdu-limit",
                      "size=%" G_GSIZE_FORMAT ", limit=%d", out->len + response->size,
                      COLLECTED_MAX);
  fast_append (out, response->data, response->size);
  return TRUE;
}

/**
 * fast_t0_transmit:
 * @command: a short C-APDU of at least four bytes
 * @exchange: sends one command and gives its answer
 * @data: for @exchange
 * @error: return location for an error
 *
 * Carries an APDU over T=0, where a command cannot both bring and fetch data: 61xx is followed by
 * GET RESPONSE until nothing is left, 6Cxx repeats the command with the length that the card names
 * (ISO/IEC 7816-3, 12.2.2 to 12.2.4). A card that goes on announcing more without giving any is
 * refused.
 *
 * Returns: (transfer full): the R-APDU with all data, as another protocol would give it
 */
GBytes *
fast_t0_transmit (GBytes *command, FastT0Exchange exchange, gpointer data, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GBytes) next = to_t0 (command);
  FastResponse response;
  gboolean first = TRUE;

  while (next != NULL) {
    g_autoptr (GBytes) answer = exchange_once (next, exchange, data, &response, error);
    if (answer == NULL || !collect (out, &response, error))
      return NULL;
    if (!first && response.size == 0 && response.status >> 8 == SW1_MORE)
      return fast_fail_null (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_PROTOCOL, "transport-t0",
                             NULL);
    first = FALSE;
    g_clear_pointer (&next, g_bytes_unref);
    if (response.status >> 8 == SW1_MORE)
      next = get_response (command, (guint8)response.status);
  }
  fast_append_u16 (out, response.status);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

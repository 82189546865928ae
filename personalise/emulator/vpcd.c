/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/vpcd.h"

#include "personalise/apdu/answer-to-reset.h"
#include "personalise/apdu/apdu.h"
#include "record/base/bytes.h"

#define HEADER 2
#define NO_PRECISE_DIAGNOSIS 0x6F00 /* ISO/IEC 7816-4, 5.6 */

struct _FastVpcd {
  FastRadioField *field;
  GByteArray *stream;
};

static void
append_message (GByteArray *out, GBytes *payload)
{
  fast_append_u16 (out, (guint16)g_bytes_get_size (payload));
  fast_append_bytes (out, payload);
}

/* What the chip takes: chained commands and extended lengths; how long those may be is in its
 * EF.ATR/INFO, once it has one. */
static GBytes *
answer_to_reset (FastVpcd *vpcd)
{
  g_autoptr (GBytes) history = fast_answer_to_reset_history_for (
      fast_virtual_chip_capabilities (fast_radio_field_chip (vpcd->field)));
  gsize size;
  const guint8 *data = g_bytes_get_data (history, &size);

  return fast_answer_to_reset_contactless (data, size);
}

/* Power does not change what lies in the field: vpcd asks for it before and after. */
static gboolean
obey_signal (FastVpcd *vpcd, guint8 signal, GByteArray *out)
{
  g_autoptr (GBytes) atr = NULL;

  switch (signal) {
  case FAST_VPCD_OFF:
  case FAST_VPCD_ON:
    fast_radio_field_cut_power (vpcd->field);
    return TRUE;
  case FAST_VPCD_RESET:
    fast_radio_field_reset (vpcd->field);
    return TRUE;
  case FAST_VPCD_ATR:
    atr = answer_to_reset (vpcd);
    append_message (out, atr);
    return TRUE;
  default:
    return FALSE;
  }
}

/* A garbage frame is too short to hold a status word. An answer that a message cannot hold (only a
 * recording has such) is a failure. */
static gboolean
answer (FastVpcd *vpcd, FastVirtualOrders *orders, const guint8 *command, gsize size,
        GByteArray *out)
{
  g_autoptr (GBytes) response = NULL;

  if (orders != NULL && fast_virtual_orders_is_mute (orders))
    return FALSE;
  response = fast_radio_field_exchange (vpcd->field, command, size);
  if (response == NULL)
    return FALSE;
  if (orders != NULL && fast_virtual_orders_take_garbage (orders)) {
    g_bytes_unref (response);
    response = g_bytes_new_static ("\x90", 1);
  }
  if (g_bytes_get_size (response) > G_MAXUINT16) {
    g_bytes_unref (response);
    response = fast_response_build (NULL, 0, NO_PRECISE_DIAGNOSIS);
  }
  append_message (out, response);
  return TRUE;
}

static gboolean
take (FastVpcd *vpcd, FastVirtualOrders *orders, const guint8 *payload, gsize size, GByteArray *out)
{
  if (size == 0 || (size == 1 && obey_signal (vpcd, payload[0], out)))
    return TRUE;
  return answer (vpcd, orders, payload, size, out);
}

/**
 * fast_vpcd_feed:
 * @vpcd: the card's side
 * @orders: (nullable): what is ordered of the device
 * @data: bytes from vpcd, in pieces of any size
 * @size: how many
 * @out: gets what the card sends back
 *
 * Returns: whether every command was answered; if not, vpcd goes on waiting for it
 */
gboolean
fast_vpcd_feed (FastVpcd *vpcd, FastVirtualOrders *orders, gconstpointer data, gsize size,
                GByteArray *out)
{
  gboolean answered = TRUE;
  gsize used = 0;

  fast_append (vpcd->stream, data, size);
  while (vpcd->stream->len - used >= HEADER) {
    const guint8 *at = vpcd->stream->data + used;
    const gsize length = (gsize)(at[0] << 8 | at[1]);
    if (vpcd->stream->len - used - HEADER < length)
      break;
    answered = take (vpcd, orders, at + HEADER, length, out) && answered;
    used += HEADER + length;
  }
  g_byte_array_remove_range (vpcd->stream, 0, (guint)used);
  return answered;
}

/**
 * fast_vpcd_forget:
 * @vpcd: its connection is gone: half a message is dropped, and the chip has no power
 */
void
fast_vpcd_forget (FastVpcd *vpcd)
{
  g_byte_array_set_size (vpcd->stream, 0);
  fast_radio_field_reset (vpcd->field);
}

/**
 * fast_vpcd_new:
 * @field: (transfer full): where the chip lies
 *
 * Returns: (transfer full): the card's side of vpcd
 */
FastVpcd *
fast_vpcd_new (FastRadioField *field)
{
  FastVpcd *vpcd = g_new0 (FastVpcd, 1);

  vpcd->field = field;
  vpcd->stream = g_byte_array_new ();
  return vpcd;
}

/**
 * fast_vpcd_free:
 * @vpcd: (transfer full): with its field
 */
void
fast_vpcd_free (FastVpcd *vpcd)
{
  fast_radio_field_free (vpcd->field);
  g_byte_array_unref (vpcd->stream);
  g_free (vpcd);
}

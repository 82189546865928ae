/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/vpcd.h"

#include "personalise/apdu/answer-to-reset.h"
#include "record/base/bytes.h"

#define HEADER 2

struct _FastVpcd {
  FastRadioField *field;
  GBytes *answer_to_reset;
  GByteArray *stream;
};

static void
append_message (GByteArray *out, GBytes *payload)
{
  g_return_if_fail (g_bytes_get_size (payload) <= G_MAXUINT16);
  fast_append_u16 (out, (guint16)g_bytes_get_size (payload));
  fast_append_bytes (out, payload);
}

/* Power does not change what lies in the field: vpcd asks for it before and after. */
static gboolean
obey_signal (FastVpcd *vpcd, guint8 signal, GByteArray *out)
{
  switch (signal) {
  case FAST_VPCD_OFF:
  case FAST_VPCD_ON:
    fast_radio_field_cut_power (vpcd->field);
    return TRUE;
  case FAST_VPCD_RESET:
    fast_radio_field_reset (vpcd->field);
    return TRUE;
  case FAST_VPCD_ATR:
    append_message (out, vpcd->answer_to_reset);
    return TRUE;
  default:
    return FALSE;
  }
}

/* A garbage frame is too short to hold a status word. */
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
 * @capabilities: what its historical bytes announce, a set of #FastCardCapability
 *
 * Returns: (transfer full): the card's side of vpcd
 */
FastVpcd *
fast_vpcd_new (FastRadioField *field, guint capabilities)
{
  g_autoptr (GBytes) history = fast_answer_to_reset_history_for (capabilities);
  FastVpcd *vpcd = g_new0 (FastVpcd, 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (history, &size);

  vpcd->field = field;
  vpcd->answer_to_reset = fast_answer_to_reset_contactless (data, size);
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
  g_bytes_unref (vpcd->answer_to_reset);
  g_byte_array_unref (vpcd->stream);
  g_free (vpcd);
}

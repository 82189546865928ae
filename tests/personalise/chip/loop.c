/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/loop.h"

#include "record/base/error.h"

static gboolean
connect_field (gpointer self, guint timeout_ms G_GNUC_UNUSED,
               GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  if (!fast_radio_field_is_occupied (self))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ABSENT, "transport-no-card", NULL);
  fast_radio_field_reset (self);
  return TRUE;
}

static GBytes *
transmit_field (gpointer self, GBytes *command, GCancellable *cancellable G_GNUC_UNUSED,
                GError **error)
{
  GBytes *answer = fast_radio_field_exchange (self, g_bytes_get_data (command, NULL),
                                              g_bytes_get_size (command));

  if (answer == NULL)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_GONE, "transport-card-gone",
                           NULL);
  return answer;
}

static void
free_field (gpointer self G_GNUC_UNUSED)
{
}

FastTransport *
test_loop_new (FastRadioField *field)
{
  static const FastTransportInterface interface = {
      .connect = connect_field, .transmit = transmit_field, .free = free_field};

  return fast_transport_new (&interface, field);
}

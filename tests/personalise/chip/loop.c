/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/loop.h"

#include "personalise/apdu/perso.h"
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

static void
tell_limits (gpointer self G_GNUC_UNUSED, FastTransportLimits *reader, FastTransportLimits *card)
{
  *reader = (FastTransportLimits){FAST_EXTENDED_COMMAND_SIZE_MAX, FAST_EXTENDED_RESPONSE_SIZE_MAX};
  *card = (FastTransportLimits){FAST_PERSO_APDU_MAX, FAST_PERSO_APDU_MAX};
}

FastTransport *
test_loop_new (FastRadioField *field)
{
  static const FastTransportInterface interface = {
      .connect = connect_field, .transmit = transmit_field, .free = free_field};

  return fast_transport_new (&interface, field);
}

FastTransport *
test_loop_new_extended (FastRadioField *field)
{
  static const FastTransportInterface interface = {.connect = connect_field,
                                                   .transmit = transmit_field,
                                                   .free = free_field,
                                                   .limits = tell_limits};

  return fast_transport_new (&interface, field);
}

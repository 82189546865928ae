/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/loop.h"

#include "personalise/apdu/perso.h"
#include "record/base/error.h"
#include "tests/personalise/chip/small-lds.h"
#include "tests/support.h"

static gboolean
connect_wire (gpointer self, guint timeout_ms G_GNUC_UNUSED,
              GCancellable *cancellable G_GNUC_UNUSED, GError **error)
{
  const TestWire *wire = self;

  if (!fast_radio_field_is_occupied (wire->field))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ABSENT, "transport-no-card", NULL);
  fast_radio_field_reset (wire->field);
  return TRUE;
}

static GBytes *
carry (gpointer data G_GNUC_UNUSED, FastRadioField *field, GBytes *command)
{
  return fast_radio_field_exchange (field, g_bytes_get_data (command, NULL),
                                    g_bytes_get_size (command));
}

static GBytes *
transmit_wire (gpointer self, GBytes *command, GCancellable *cancellable G_GNUC_UNUSED,
               GError **error)
{
  const TestWire *wire = self;
  GBytes *answer = (wire->carry != NULL ? wire->carry : carry) (wire->data, wire->field, command);

  if (answer == NULL)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_GONE, "transport-card-gone",
                           NULL);
  return answer;
}

static void
keep_wire (gpointer self G_GNUC_UNUSED)
{
}

static void
tell_limits (gpointer self, FastTransportLimits *reader, FastTransportLimits *card)
{
  if (!((const TestWire *)self)->extended)
    return;
  *reader = (FastTransportLimits){FAST_EXTENDED_COMMAND_SIZE_MAX, FAST_EXTENDED_RESPONSE_SIZE_MAX};
  *card = (FastTransportLimits){FAST_PERSO_APDU_MAX, FAST_PERSO_APDU_MAX};
}

FastTransport *
test_wire_transport (TestWire *wire)
{
  static const FastTransportInterface interface = {
      .connect = connect_wire, .transmit = transmit_wire, .free = keep_wire, .limits = tell_limits};

  return fast_transport_new (&interface, wire);
}

static FastTransport *
new_loop (FastRadioField *field, gboolean extended)
{
  static const FastTransportInterface interface = {
      .connect = connect_wire, .transmit = transmit_wire, .free = g_free, .limits = tell_limits};
  TestWire *wire = g_new0 (TestWire, 1);

  wire->field = field;
  wire->extended = extended;
  return fast_transport_new (&interface, wire);
}

FastTransport *
test_loop_new (FastRadioField *field)
{
  return new_loop (field, FALSE);
}

FastTransport *
test_loop_new_extended (FastRadioField *field)
{
  return new_loop (field, TRUE);
}

void
test_encode (const FastEncoding *encoding, FastEncodeState wanted, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_auto (FastEncodeResult) result = {0};
  const gboolean made = fast_chip_encode (encoding, &result, NULL, &error);

  if (id == NULL)
    g_assert_no_error (error);
  else
    fast_test_assert_id (error, id);
  g_assert_true (made == (id == NULL));
  g_assert_cmpstr (fast_encode_state_name (result.state), ==, fast_encode_state_name (wanted));
  if (made)
    test_assert_same_lds (result.inspection->lds, encoding->lds);
}

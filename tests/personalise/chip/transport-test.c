/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/transport.h"

#include "record/base/error.h"
#include "tests/support.h"

typedef struct {
  gsize answer;
  guint calls;
} Fake;

static gboolean
connect_fake (gpointer self G_GNUC_UNUSED, guint timeout_ms G_GNUC_UNUSED,
              GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  return TRUE;
}

static GBytes *
transmit_fake (gpointer self, GBytes *command G_GNUC_UNUSED,
               GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  Fake *fake = self;

  fake->calls++;
  return g_bytes_new_take (g_malloc0 (fake->answer), fake->answer);
}

static void
free_fake (gpointer self G_GNUC_UNUSED)
{
}

/* What is too large for libnfc must not reach it: it would end the process. */
static void
test_limits (void)
{
  static const FastTransportInterface interface = {
      .connect = connect_fake, .transmit = transmit_fake, .free = free_fake};
  Fake fake = {.answer = 258};
  g_autoptr (FastTransport) transport = fast_transport_new (&interface, &fake);

  for (gsize size = 259; size <= 300; size++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) command = g_bytes_new_take (g_malloc0 (size), size);
    g_autoptr (GBytes) answer = fast_transport_transmit (transport, command, NULL, &error);

    g_assert_true ((answer != NULL) == (size <= FAST_COMMAND_SIZE_MAX));
    if (answer == NULL)
      g_assert_error (error, FAST_CARD_ERROR, FAST_CARD_ERROR_LIMIT);
  }
  g_assert_cmpuint (fake.calls, ==, 3);
}

static void
test_answers (void)
{
  static const FastTransportInterface interface = {
      .connect = connect_fake, .transmit = transmit_fake, .free = free_fake};
  static const gsize sizes[] = {0, 1, 259, 300};
  g_autoptr (GBytes) command = g_bytes_new_static ("\x00\x84\x00\x00\x08", 5);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GError) error = NULL;
    Fake fake = {.answer = sizes[i]};
    g_autoptr (FastTransport) transport = fast_transport_new (&interface, &fake);

    g_assert_null (fast_transport_transmit (transport, command, NULL, &error));
    g_assert_nonnull (error);
  }
}

typedef struct {
  FastTransportLimits reader;
  FastTransportLimits card;
  gsize answer;
} Able;

static GBytes *
transmit_able (gpointer self, GBytes *command G_GNUC_UNUSED,
               GCancellable *cancellable G_GNUC_UNUSED, GError **error G_GNUC_UNUSED)
{
  const Able *able = self;

  return g_bytes_new_take (g_malloc0 (able->answer), able->answer);
}

static void
tell_able (gpointer self, FastTransportLimits *reader, FastTransportLimits *card)
{
  const Able *able = self;

  *reader = able->reader;
  *card = able->card;
}

static gboolean
fits (FastTransport *transport, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) command = g_bytes_new_take (g_malloc0 (size), size);
  g_autoptr (GBytes) answer = fast_transport_transmit (transport, command, NULL, &error);

  if (answer == NULL)
    fast_test_assert_id (error, "apdu-limit");
  return answer != NULL;
}

/* Extended APDUs only where both sides can: the reader, and the card as it announces. */
static void
test_extended (void)
{
  static const FastTransportInterface interface = {
      .connect = connect_fake, .transmit = transmit_able, .free = free_fake, .limits = tell_able};
  Able able = {{65544, 65538}, {65544, 65538}, 65538};
  g_autoptr (FastTransport) transport = fast_transport_new (&interface, &able);
  g_autoptr (GError) error = NULL;

  g_assert_false (fits (transport, 262)); /* nothing is known of the card before it is there */
  g_assert_true (fast_transport_connect (transport, 0, NULL, &error));
  g_assert_cmpuint (fast_transport_command_limit (transport), ==, 65544);
  g_assert_true (fits (transport, 65544));
  g_assert_false (fits (transport, 65545));
  fast_transport_announce (transport, (FastTransportLimits){1000, 65538});
  g_assert_true (fits (transport, 1000));
  g_assert_false (fits (transport, 1001));
  fast_transport_announce (transport, (FastTransportLimits){0, 0});
  g_assert_cmpuint (fast_transport_command_limit (transport), ==, 261);
  g_assert_cmpuint (fast_transport_response_limit (transport), ==, 258);
  g_assert_false (fits (transport, 10)); /* the card lied: its answer is longer than it announced */
  able.reader = (FastTransportLimits){261, 258};
  g_assert_true (fast_transport_connect (transport, 0, NULL, &error));
  g_assert_false (fits (transport, 262));
}

static void
test_tally (void)
{
  static const FastTransportInterface interface = {
      .connect = connect_fake, .transmit = transmit_fake, .free = free_fake};
  Fake fake = {.answer = 10};
  g_autoptr (FastTransport) transport = fast_transport_new (&interface, &fake);
  const FastTransportTally *tally = fast_transport_tally (transport);

  for (gsize size = 4; size < 8; size++)
    g_assert_true (fits (transport, size));
  g_assert_false (fits (transport, 262));
  g_assert_cmpuint (tally->commands, ==, 4);
  g_assert_cmpuint (tally->sent, ==, 22);
  g_assert_cmpuint (tally->received, ==, 40);
  fast_transport_clear_tally (transport);
  g_assert_cmpuint (tally->commands, ==, 0);
}

static void
test_names (void)
{
  static const char *const names[] = {"", "nfc", "nfc:", "usb:x", "pcsc", "pcsc:"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_transport_open (names[i], &error));
    fast_test_assert_id (error, "transport-reader");
  }
}

static void
test_absent (void)
{
  g_autoptr (GError) error = NULL;
  const gint64 start = g_get_monotonic_time ();
  FastTransport *transport = fast_transport_open ("nfc:pn532_uart:/dev/nowhere:115200", &error);

  g_assert_no_error (error);
  g_assert_false (fast_transport_connect (transport, 1000, NULL, &error));
  g_assert_error (error, FAST_DEVICE_ERROR, FAST_DEVICE_ERROR_ABSENT);
  fast_transport_free (transport);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/transport/limits", test_limits);
  g_test_add_func ("/chip/transport/answers", test_answers);
  g_test_add_func ("/chip/transport/extended", test_extended);
  g_test_add_func ("/chip/transport/tally", test_tally);
  g_test_add_func ("/chip/transport/names", test_names);
  g_test_add_func ("/chip/transport/absent", test_absent);
  return g_test_run ();
}

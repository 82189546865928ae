/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace-selection.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

/* ICAO 9303-11, appendix G.1. */
#define SELECTION "800A04007F00070202040202830101"

static GBytes *
unhex (const char *hex)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (hex, &error);

  g_assert_no_error (error);
  return bytes;
}

static void
test_selection (void)
{
  static const struct {
    const char *hex;
    FastCipher cipher;
    FastPacePassword password;
    guint parameters;
  } rows[] = {
      {SELECTION, FAST_CIPHER_AES_128, FAST_PACE_PASSWORD_MRZ, 0},
      {"800A04007F0007020204020483010284010C", FAST_CIPHER_AES_256, FAST_PACE_PASSWORD_CAN, 12},
      {"800A04007F0007020204020183010284010D", FAST_CIPHER_TDES, FAST_PACE_PASSWORD_CAN, 13},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = unhex (rows[i].hex);
    g_autoptr (GBytes) again = NULL;
    FastPaceSelection selection;

    g_assert_true (fast_pace_selection_parse (&selection, g_bytes_get_data (bytes, NULL),
                                              g_bytes_get_size (bytes), &error));
    g_assert_cmpint (selection.protocol.mapping, ==, FAST_PACE_ECDH_GM);
    g_assert_cmpint (selection.protocol.cipher, ==, rows[i].cipher);
    g_assert_cmpint (selection.password, ==, rows[i].password);
    g_assert_cmpuint (selection.parameters, ==, rows[i].parameters);
    again = fast_pace_selection_build (&selection);
    g_assert_true (g_bytes_equal (bytes, again));
  }
}

#define OID "800A04007F00070202040202"
#define CHAT "7F4C0E060904007F000703010201530100"

static void
test_selection_refused (void)
{
  static const struct {
    const char *hex;
    const char *id;
  } rows[] = {
      {"", "pace-selection"},
      {OID, "pace-selection"},
      {"830101", "pace-selection"},
      {OID "830101" OID, "pace-selection"},
      {OID "8301", "pace-selection"},
      {OID "83020101", "pace-selection"},
      {OID "830100", "pace-selection"},
      {OID "830101840200", "pace-selection"},
      {OID "830101840100", "pace-selection"},
      {OID "830101850101", "pace-selection"},
      {OID "830103", "pace-password"},
      {OID "830104", "pace-password"},
      {OID "830105", "pace-password"},
      {"800A04007F00070202040205830101", "pace-protocol"},
      {"800A04007F00070202040601830101", "pace-protocol"},
      {"800904007F000702020402830101", "pace-protocol"},
      {"800A04007F00070202030202830101", "pace-protocol"},
  };
  g_autoptr (GBytes) chat = unhex (OID "830101" CHAT);
  FastPaceSelection selection;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = unhex (rows[i].hex);

    g_assert_false (fast_pace_selection_parse (&selection, g_bytes_get_data (bytes, NULL),
                                               g_bytes_get_size (bytes), &error));
    fast_test_assert_id (error, rows[i].id);
  }
  g_assert_true (fast_pace_selection_parse (&selection, g_bytes_get_data (chat, NULL),
                                            g_bytes_get_size (chat), NULL));
}

static void
test_protocols (void)
{
  static const char *const unknown[] = {
      "0.4.0.127.0.7.2.2.4.2",   "0.4.0.127.0.7.2.2.4.2.5",   "0.4.0.127.0.7.2.2.4.5.2",
      "0.4.0.127.0.7.2.2.4.2.x", "0.4.0.127.0.7.2.2.4.2.2.1", "0.4.0.127.0.7.2.2.3.2.2",
      "0.4.0.127.0.7.2.2.4.6.1", "0.4.0.127.0.7.2.2.4..2",    ""};
  guint supported = 0;
  guint known = 0;

  for (guint mapping = 0; mapping < 8; mapping++)
    for (guint suite = 0; suite < 6; suite++) {
      g_autofree char *oid = g_strdup_printf ("0.4.0.127.0.7.2.2.4.%u.%u", mapping, suite);
      g_autofree char *again = NULL;
      FastPaceProtocol protocol;
      FastPaceProtocol back;
      guint8 value[FAST_PACE_OID_SIZE];

      if (!fast_pace_protocol_by_oid (&protocol, oid, NULL))
        continue;
      known++;
      supported += fast_pace_protocol_is_supported (&protocol) ? 1 : 0;
      again = fast_pace_protocol_format (&protocol);
      g_assert_cmpstr (oid, ==, again);
      fast_pace_protocol_write (&protocol, value);
      g_assert_true (fast_pace_protocol_read (&back, value, sizeof value, NULL));
      g_assert_cmpint (back.mapping, ==, protocol.mapping);
      g_assert_cmpint (back.cipher, ==, protocol.cipher);
    }
  g_assert_cmpuint (known, ==, 19);
  g_assert_cmpuint (supported, ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++) {
    g_autoptr (GError) error = NULL;
    FastPaceProtocol protocol;

    g_assert_false (fast_pace_protocol_by_oid (&protocol, unknown[i], &error));
    fast_test_assert_id (error, "pace-protocol");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/pace-selection/selection", test_selection);
  g_test_add_func ("/apdu/pace-selection/selection-refused", test_selection_refused);
  g_test_add_func ("/apdu/pace-selection/protocols", test_protocols);
  return g_test_run ();
}

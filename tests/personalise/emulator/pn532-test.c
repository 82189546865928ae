/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/pn532.h"

#include <string.h>

#include "personalise/emulator/pn532-frame.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define ACK "0000ff00ff00"
#define SYNTAX_ERROR "0000ff01ff7f8100"

typedef struct {
  char *folder;
  FastRadioField *field;
  FastPn532 *device;
} Bench;

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  bench->folder = fast_test_folder ();
  path = g_build_filename (bench->folder, "chip", NULL);
  bench->field = fast_radio_field_new (fast_virtual_chip_open (path, &error));
  bench->device = fast_pn532_new (bench->field);
  g_assert_no_error (error);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  fast_pn532_free (bench->device);
  fast_test_remove_folder (bench->folder);
}

static char *
feed (Bench *bench, GByteArray *in)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  fast_pn532_feed (bench->device, in->data, in->len, out);
  return fast_hex_encode (out->data, out->len);
}

static GByteArray *
frame (const char *payload)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (payload, NULL);
  GByteArray *out = g_byte_array_new ();

  fast_pn532_frame_append (out, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return out;
}

static void
check (Bench *bench, const char *payload, const char *wanted)
{
  g_autoptr (GByteArray) in = frame (payload);
  g_autoptr (GByteArray) out = wanted == NULL ? NULL : frame (wanted);
  g_autofree char *answer = feed (bench, in);
  g_autofree char *hex = out == NULL ? NULL : fast_hex_encode (out->data, out->len);
  g_autofree char *expected = g_strconcat (ACK, out == NULL ? SYNTAX_ERROR : hex, NULL);

  g_assert_cmpstr (answer, ==, expected);
}

static void
test_commands (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  check (bench, "D414010000", "D515");
  check (bench, "D400006C69626E6663", "D501006C69626E6663");
  check (bench, "D402", "D50332010607");
  check (bench, "D41214", "D513");
  check (bench, "D4066302", "D50700");
  check (bench, "D408630280630340", "D509");
  check (bench, "D40663036302", "D5074080");
  check (bench, "D4320102", "D533");
  check (bench, "D44A010100FFFF0000", "D54B00");
  check (bench, "D440010084000008", "D54127");
  check (bench, "D40006", "D50101");
  check (bench,
         "D444"
         "00",
         "D54500");
  check (bench, "D41620", "D51700");
  check (bench, "D499", NULL);
  check (bench, "D44A", NULL);
  check (bench, "D408630280", "D509");
  check (bench, "D4086302", NULL);
  check (bench, "D502", NULL);
}

static void
select_chip (Bench *bench)
{
  g_autoptr (GByteArray) in = frame ("D44A0100");
  g_autofree char *answer = feed (bench, in);

  g_assert_nonnull (strstr (answer, "d54b0101000820"));
}

static void
test_exchange (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  select_chip (bench);
  check (bench, "D40006", "D50100");
  check (bench, "D4400100A4040C07A0000002471001", "D541009000");
  check (bench, "D4400100CA008A00", "D541008A01019000");
  check (bench, "D4400200CA008A00", "D54127");
  check (bench, "D45200", "D55300");
  check (bench, "D4400100CA008A00", "D54127");
}

/* Whatever pieces the bytes come in, and whatever noise is between frames. */
static void
test_pieces (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GByteArray) in = g_byte_array_new ();
  g_autoptr (GByteArray) second = frame ("D402");
  g_autofree char *whole = NULL;
  g_autofree char *pieces = NULL;
  g_autoptr (GByteArray) out = g_byte_array_new ();

  fast_append (in, "\x55\x55\x00\x00\x00", 5);
  fast_append (in, second->data, second->len);
  fast_append (in, "\x00\x00\xFF\x02\xFE\xD4\x02\x2B\x00", 9); /* a wrong sum */
  fast_append (in, "\x00\x00\xFF\x02\xFD", 5);                 /* a wrong length sum */
  fast_append (in, second->data, second->len);
  whole = feed (bench, in);
  for (guint i = 0; i < in->len; i++)
    fast_pn532_feed (bench->device, in->data + i, 1, out);
  pieces = fast_hex_encode (out->data, out->len);
  g_assert_cmpstr (whole, ==, pieces);
  g_assert_cmpuint (strlen (whole), ==, 2 * 2 * (6 + 13));
}

static void
test_repeat (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GByteArray) nack = g_byte_array_new ();
  g_autoptr (GByteArray) again = frame ("D50332010607");
  g_autofree char *answer = NULL;
  g_autofree char *hex = fast_hex_encode (again->data, again->len);

  check (bench, "D402", "D50332010607");
  fast_append (nack, "\x00\x00\xFF\xFF\x00\x00", 6);
  answer = feed (bench, nack);
  g_assert_cmpstr (answer, ==, hex);
}

/* InDataExchange carries at most 262 bytes (PN532 user manual, 7.3.8). With one more there is no
 * frame that the device would take: it says nothing, not even ACK, and hears the next one. */
static void
test_too_long (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  for (guint size = 260; size <= 266; size++) {
    g_autoptr (GByteArray) payload = g_byte_array_new ();
    g_autoptr (GByteArray) in = g_byte_array_new ();
    g_autofree char *answer = NULL;

    select_chip (bench);
    fast_append (payload, "\xD4\x40\x01", 3);
    g_byte_array_set_size (payload, 3 + size);
    for (guint i = 3; i < payload->len; i++)
      payload->data[i] = 0x11; /* no start code in it */
    fast_pn532_frame_append (in, payload->data, payload->len);
    answer = feed (bench, in);
    if (size <= 262)
      g_assert_true (g_str_has_prefix (answer, ACK "0000ff05fbd54100"));
    else
      g_assert_cmpstr (answer, ==, "");
    check (bench, "D402", "D50332010607");
  }
}

/* An answer that the device cannot hold ends in its status 07, buffer too small. */
static void
test_answer_too_long (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint size = 262; size <= 263; size++) {
    g_string_append (text, "00B0000000 ");
    for (guint i = 0; i < size; i++)
      g_string_append (text, "42");
    g_string_append (text, "\n");
  }
  fast_radio_field_replay (bench->field, fast_replay_parse (text->str, NULL));
  select_chip (bench);
  {
    g_autoptr (GByteArray) in = frame ("D4400100B0000000");
    g_autofree char *answer = feed (bench, in);
    g_assert_true (g_str_has_prefix (answer, ACK "0000ffffff0109f6d5410042"));
  }
  check (bench, "D4400100B0000000", "D54107");
}

static void
test_sizes (void)
{
  for (gsize size = 1; size <= FAST_PN532_DATA_MAX; size++) {
    g_autoptr (GByteArray) stream = g_byte_array_new ();
    g_autoptr (GByteArray) payload = g_byte_array_new ();
    g_autofree guint8 *data = g_malloc (size);

    for (gsize i = 0; i < size; i++)
      data[i] = (guint8)(i * 7 + size);
    fast_pn532_frame_append (stream, data, size);
    g_assert_true (fast_pn532_frame_take (stream, payload) == FAST_PN532_COMMAND);
    g_assert_cmpmem (payload->data, payload->len, data, size);
    g_assert_cmpuint (stream->len, ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, run) g_test_add ("/emulator/pn532/" name, Bench, NULL, set_up, run, tear_down)
  ADD ("commands", test_commands);
  ADD ("exchange", test_exchange);
  ADD ("pieces", test_pieces);
  ADD ("repeat", test_repeat);
  ADD ("too-long", test_too_long);
  ADD ("answer-too-long", test_answer_too_long);
  g_test_add_func ("/emulator/pn532/sizes", test_sizes);
  return g_test_run ();
}

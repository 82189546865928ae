/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "record/base/tlv.h"
#include "tests/support.h"

static void
test_reader_stops_at_the_end (void)
{
  const guint8 data[] = {1, 2, 3, 4, 5};
  FastReader reader = fast_reader_new (data, sizeof data, "sample");
  g_autoptr (GError) error = NULL;
  guint16 two;
  guint32 four;

  g_assert_true (fast_reader_u16 (&reader, &two, &error));
  g_assert_cmphex (two, ==, 0x0102);
  g_assert_false (fast_reader_u32 (&reader, &four, &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED);
  g_assert_cmpuint (fast_reader_left (&reader), ==, 3);
  g_clear_error (&error);
  g_assert_null (fast_reader_take (&reader, G_MAXSIZE, &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED);
}

static void
test_hex (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_hex_decode ("00 fF\n7a", &error);
  g_autofree char *text = fast_hex_encode (g_bytes_get_data (bytes, NULL), 3);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "00ff7a");
  g_assert_null (fast_hex_decode ("0g", &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (fast_hex_decode ("000", &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_TRUNCATED);
}

static void
test_copy_refuses_what_does_not_fit (void)
{
  char place[4] = "abc";

  g_assert_false (fast_copy (place, sizeof place, "12345", 5));
  g_assert_cmpstr (place, ==, "abc");
  g_assert_true (fast_copy (place, sizeof place, "xyz", 4));
  g_assert_cmpstr (place, ==, "xyz");
}

/* Sizes on both sides of each form of the length (ISO/IEC 7816-4, 5.2.2.2). */
static void
test_tlv_round_trip (void)
{
  const gsize sizes[] = {0, 1, 127, 128, 255, 256, 65535, 65536};
  const guint32 tags[] = {0x02, 0x60, 0x5F2E, 0x7F61, 0x5F8101};

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (tags); j++) {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autofree guint8 *value = g_malloc0 (sizes[i] + 1);
      g_autoptr (GError) error = NULL;
      FastReader reader;
      FastTlv tlv;

      fast_tlv_append (out, tags[j], value, sizes[i]);
      reader = fast_reader_new (out->data, out->len, "sample");
      g_assert_true (fast_tlv_expect (&reader, tags[j], &tlv, &error));
      g_assert_cmpuint (tlv.size, ==, sizes[i]);
      g_assert_cmpuint (tlv.total, ==, out->len);
      g_assert_true (fast_reader_end (&reader, &error));
    }
}

static void
test_tlv_refuses (void)
{
  const struct {
    const char *hex;
    const char *id;
  } cases[] = {
      {"60", "truncated"},
      {"6003 0102", "truncated"},
      {"6080 0000", "tlv-length"},
      {"6085 0000000001", "tlv-length"},
      {"7FFFFFFFFF01 00", "tlv-tag"},
      {"6084 FFFFFFFF", "truncated"},
      {"5F", "truncated"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = fast_hex_decode (cases[i].hex, NULL);
    FastReader reader = fast_reader_from_bytes (bytes, "sample");
    g_autoptr (GError) error = NULL;
    FastTlv tlv;

    g_assert_false (fast_tlv_read (&reader, &tlv, &error));
    fast_test_assert_id (error, cases[i].id);
  }
}

static void
test_tlv_find (void)
{
  g_autoptr (GBytes) bytes =
      fast_hex_decode ("5F0104 30313037 5F3606 303430303030 5C02 6175", NULL);
  g_autoptr (GError) error = NULL;
  FastTlv tlv;

  g_assert_true (fast_tlv_find (fast_reader_from_bytes (bytes, "EF.COM"), 0x5C, &tlv, &error));
  g_assert_cmpmem (tlv.value, tlv.size, "\x61\x75", 2);
  g_assert_false (fast_tlv_find (fast_reader_from_bytes (bytes, "EF.COM"), 0x61, &tlv, &error));
  g_assert_error (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING);
}

/* FIPS 180-4, example of SHA-256. */
static void
test_sha256 (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("abc", 3);
  g_autofree char *digest = fast_sha256_hex (bytes);

  g_assert_cmpstr (digest, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/bytes/reader-stops-at-the-end", test_reader_stops_at_the_end);
  g_test_add_func ("/base/bytes/hex", test_hex);
  g_test_add_func ("/base/bytes/copy-refuses", test_copy_refuses_what_does_not_fit);
  g_test_add_func ("/base/bytes/sha256", test_sha256);
  g_test_add_func ("/base/tlv/round-trip", test_tlv_round_trip);
  g_test_add_func ("/base/tlv/refuses", test_tlv_refuses);
  g_test_add_func ("/base/tlv/find", test_tlv_find);
  return g_test_run ();
}

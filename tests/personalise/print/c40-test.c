/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/c40.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

/* TR-03137-1, annex B; of its second example the decimal row (235 11) is misprinted, 60177 is EB11.
 */
static void
test_vectors (void)
{
  static const char *const vectors[][3] = {
      {"XK<CD", "eb0466a9", "XK CD"}, {"XKCD", "eb11fe45", "XKCD"}, {"BSI01", "62d719c9", "BSI01"}};

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = fast_c40_encode (vectors[i][0], &error);
    g_autofree char *hex = NULL;
    g_autofree char *text = NULL;

    g_assert_no_error (error);
    hex = fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_assert_cmpstr (hex, ==, vectors[i][1]);
    text = fast_c40_decode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (text, ==, vectors[i][2]);
  }
}

static void
test_sizes (void)
{
  static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789";

  for (gsize n = 0; n < sizeof set; n++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *text = g_strndup (set, n);
    g_autoptr (GBytes) bytes = fast_c40_encode (text, &error);
    g_autofree char *back = NULL;

    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (bytes), ==, fast_c40_size (n));
    back = fast_c40_decode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
    g_assert_no_error (error);
    g_assert_cmpstr (back, ==, text);
  }
}

static void
test_refused (void)
{
  static const char *const texts[] = {"abc", "A-B", "É", "A\n"};
  static const guint8 bytes[][4] = {
      {0x00, 0x00, 0, 0}, {0xFE, 0x45, 0x66, 0xA9}, {0xFF, 0xFF, 0, 0}, {0xFE, 0x00, 0, 0}};
  static const gsize sizes[] = {2, 4, 2, 2};

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_c40_encode (texts[i], &error));
    fast_test_assert_id (error, "print-c40-character");
  }
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_c40_decode (bytes[i], sizes[i], &error));
    fast_test_assert_id (error, "print-c40-bytes");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/print/c40/annex-b", test_vectors);
  g_test_add_func ("/print/c40/sizes", test_sizes);
  g_test_add_func ("/print/c40/refused", test_refused);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/intake/tus.h"

#include <string.h>

#include "record/base/error.h"
#include "tests/support.h"

#define ID "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ID_64                                                                                      \
  "ZTNiMGM0NDI5OGZjMWMxNDlhZmJmNGM4OTk2ZmI5MjQyN2FlNDFlNDY0OWI5MzRjYTQ5NTk5MWI3ODUyYjg1NQ=="

static void
test_number (void)
{
  static const char *const bad[] = {"",  "-1", "+1", " 1", "1 ", "0x10", "1e3", "1234567890123456",
                                    NULL};
  gint64 number = -1;

  g_assert_true (fast_tus_parse_number ("0", &number, NULL));
  g_assert_cmpint (number, ==, 0);
  g_assert_true (fast_tus_parse_number ("33554432", &number, NULL));
  g_assert_cmpint (number, ==, 33554432);
  g_assert_false (fast_tus_parse_number (NULL, &number, NULL));
  for (guint i = 0; bad[i] != NULL; i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (fast_tus_parse_number (bad[i], &number, &error));
    fast_test_assert_id (error, "intake-tus-number");
  }
}

static void
test_packet (void)
{
  static const char *const good[] = {"packet " ID_64, "filename d29ybGQ=,packet " ID_64,
                                     "packet " ID_64 ",is_confidential", " packet " ID_64 " "};
  static const char *const bad[] = {"",
                                    "packet",
                                    "packet ",
                                    "packet ZTNi",
                                    "packet !" ID_64,
                                    "packet " ID_64 "=",
                                    "packets " ID_64,
                                    "packet " ID_64 ",packet " ID_64,
                                    "packet Li4vLi4vZXRjL3Bhc3N3ZA==",
                                    "filename d29ybGQ="};

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *packet = fast_tus_parse_packet (good[i], &error);
    g_assert_no_error (error);
    g_assert_cmpstr (packet, ==, ID);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (fast_tus_parse_packet (bad[i], &error));
    fast_test_assert_id (error, "intake-tus-metadata");
  }
  g_assert_null (fast_tus_parse_packet (NULL, NULL));
}

/* The example of tus 1.0.0, Checksum. */
static void
test_checksum (void)
{
  static const char *const bad[] = {"sha1",      "sha1 ", "md5 Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
                                    "sha1 Kq5s", "",      "sha256 Kq5sNclPz7QV2+lfQIuc6R7oRu0="};
  FastTusChecksum checksum = {0};
  g_autofree char *hex = NULL;

  g_assert_true (fast_tus_parse_checksum ("sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=", &checksum, NULL));
  g_assert_cmpint (checksum.type, ==, G_CHECKSUM_SHA1);
  hex = g_compute_checksum_for_string (G_CHECKSUM_SHA1, "hello world", -1);
  g_assert_cmpuint (g_bytes_get_size (checksum.digest), ==, 20);
  g_assert_cmpstr (hex, ==, "2aae6c35c94fcfb415dbe95f408b9ce91ee846ed");
  g_assert_cmpuint (((const guint8 *)g_bytes_get_data (checksum.digest, NULL))[0], ==, 0x2A);
  fast_tus_checksum_clear (&checksum);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (fast_tus_parse_checksum (bad[i], &checksum, &error));
    fast_test_assert_id (error, "intake-tus-checksum");
  }
}

/* The example of RFC 9110, 5.6.7. */
static void
test_date (void)
{
  g_autofree char *date = fast_tus_format_date (784111777);

  g_assert_cmpstr (date, ==, "Sun, 06 Nov 1994 08:49:37 GMT");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/intake/tus/number", test_number);
  g_test_add_func ("/intake/tus/packet", test_packet);
  g_test_add_func ("/intake/tus/checksum", test_checksum);
  g_test_add_func ("/intake/tus/date", test_date);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/lds.h"

#include "personalise/lds/common-data.h"
#include "record/base/error.h"
#include "tests/support.h"

static GBytes *
hex (const char *text)
{
  GBytes *bytes = fast_hex_decode (text, NULL);

  g_assert_nonnull (bytes);
  return bytes;
}

static void
set (FastLds *lds, const char *name, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = hex (text);

  fast_lds_set (lds, fast_file_by_name (name), bytes, &error);
  g_assert_no_error (error);
}

static void
test_table (void)
{
  g_assert_cmphex (fast_file_com ()->fid, ==, 0x011E);
  g_assert_cmphex (fast_file_sod ()->fid, ==, 0x011D);
  g_assert_cmphex (fast_file_sod ()->tag, ==, 0x77);
  g_assert_cmphex (fast_file_group (16)->tag, ==, 0x70);
  g_assert_true (fast_file_by_tag (0x75) == fast_file_group (2));
  g_assert_true (fast_file_by_fid (FAST_PLACE_APPLICATION, 0x0110) == fast_file_group (16));
  g_assert_true (fast_file_by_name ("EF.DG13") == fast_file_group (13));
  g_assert_null (fast_file_group (0));
  g_assert_null (fast_file_by_fid (FAST_PLACE_APPLICATION, 0x0111));
  g_assert_null (fast_file_by_fid (FAST_PLACE_MASTER_FILE, 0x0101));
  g_assert_null (fast_file_by_tag (0));
}

/* One identifier, two files; the place tells which. */
static void
test_places (void)
{
  g_assert_true (fast_file_by_fid (FAST_PLACE_MASTER_FILE, 0x011C) == fast_file_card_access ());
  g_assert_true (fast_file_by_fid (FAST_PLACE_APPLICATION, 0x011C) == fast_file_cvca ());
  g_assert_true (fast_file_by_fid (FAST_PLACE_MASTER_FILE, 0x2F01) == fast_file_atr_info ());
  g_assert_true (fast_file_by_name ("EF.CardAccess") == fast_file_card_access ());
  g_assert_true (fast_file_by_name ("EF.CVCA") == fast_file_cvca ());
  g_assert_true (fast_file_by_name ("EF.ATR-INFO") == fast_file_atr_info ());
  g_assert_cmphex (fast_file_card_access ()->sfi, ==, 0x1C);
  g_assert_cmphex (fast_file_cvca ()->sfi, ==, 0x1C);
  g_assert_cmphex (fast_file_atr_info ()->sfi, ==, 0x01);
}

/* The master file first, since the application must be selected for the rest; EF.SOD last. */
static void
test_order (void)
{
  gsize count;
  const FastFile *files = fast_files (&count);
  gboolean in_application = FALSE;

  for (gsize i = 0; i < count; i++) {
    in_application = in_application || files[i].place == FAST_PLACE_APPLICATION;
    g_assert_cmpint (files[i].place == FAST_PLACE_APPLICATION, ==, in_application);
  }
  g_assert_true (&files[count - 1] == fast_file_sod ());
  for (guint group = 1; group <= 16; group++)
    g_assert_cmpuint (fast_file_group (group)->group, ==, group);
}

static void
check_refused (const char *name, const char *text, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (GBytes) bytes = hex (text);

  g_assert_false (fast_lds_set (lds, fast_file_by_name (name), bytes, &error));
  fast_test_assert_id (error, id);
}

static void
test_set_is_strict (void)
{
  check_refused ("EF.DG1", "750100", "tlv-unexpected");
  check_refused ("EF.DG1", "61010000", "trailing-bytes");
  check_refused ("EF.DG1", "610200", "truncated");
  check_refused ("EF.CardAccess", "3000", "tlv-unexpected");
  check_refused ("EF.CardAccess", "310000", "trailing-bytes");
  check_refused ("EF.CVCA", "3100", "tlv-unexpected");
  check_refused ("EF.CVCA", "420541", "truncated");
  check_refused ("EF.ATR-INFO", "", "truncated");
  check_refused ("EF.ATR-INFO", "470380", "truncated");
}

static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (FastLds) back = NULL;
  char *folder = fast_test_folder ();

  set (lds, "EF.COM", "60165f0104303130375f36063034303030305c0461756b6d");
  set (lds, "EF.DG1", "610158");
  set (lds, "EF.DG13", "6d0159");
  g_assert_true (fast_lds_write_folder (lds, folder, &error));
  g_assert_null (fast_lds_read_folder (folder, &error));
  fast_test_assert_id (error, "lds-file-missing");
  g_clear_error (&error);
  set (lds, "EF.SOD", "770100");
  set (lds, "EF.CardAccess", "3100");
  set (lds, "EF.CVCA", "4201410000");
  set (lds, "EF.ATR-INFO", "47030000804301b1");
  g_assert_true (fast_lds_write_folder (lds, folder, &error));
  back = fast_lds_read_folder (folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fast_lds_total (back), ==, fast_lds_total (lds));
  g_assert_true (g_bytes_equal (fast_lds_get (back, fast_file_group (13)),
                                fast_lds_get (lds, fast_file_group (13))));
  g_assert_nonnull (fast_lds_get (back, fast_file_card_access ()));
  g_assert_nonnull (fast_lds_get (back, fast_file_cvca ()));
  g_assert_nonnull (fast_lds_get (back, fast_file_atr_info ()));
  fast_test_remove_folder (folder);
}

static void
test_common_data (void)
{
  g_autoptr (FastLds) lds = fast_lds_new ();
  g_autoptr (GBytes) made = NULL;
  g_autofree char *text = NULL;
  FastCommonData data;

  set (lds, "EF.DG1", "610158");
  set (lds, "EF.DG2", "750158");
  set (lds, "EF.DG11", "6b0158");
  set (lds, "EF.DG13", "6d0158");
  made = fast_common_data_make (lds);
  text = fast_hex_encode (g_bytes_get_data (made, NULL), g_bytes_get_size (made));
  g_assert_cmpstr (text, ==, "60165f0104303130375f36063034303030305c0461756b6d");
  g_assert_true (fast_common_data_parse (made, &data, NULL));
  g_assert_cmpstr (data.lds_version, ==, "0107");
  g_assert_cmpstr (data.unicode_version, ==, "040000");
  g_assert_cmphex (data.groups, ==, 1u << 1 | 1u << 2 | 1u << 11 | 1u << 13);
}

static void
test_bad_common_data (void)
{
  static const char *const BAD[] = {
      "61165f0104303130375f36063034303030305c0461756b6d", /* P3:LDS_A_1 */
      "60155f0104303130375f36063034303030305c0461756b6d", /* P3:LDS_A_2 */
      "600f5f36063034303030305c0461756b6d",               /* P3:LDS_A_3 none */
      "60155f01033130375f36063034303030305c0461756b6d",   /* P3:LDS_A_3 short */
      "60165f0104303158375f36063034303030305c0461756b6d", /* P3:LDS_A_3 no digit */
      "600d5f0104303130375c0461756b6d",                   /* P3:LDS_A_4 */
      "60105f0104303130375f3606303430303030",             /* P3:LDS_A_5 none */
      "60165f0104303130375f36063034303030305c04617561"
      "6d",                                               /* P3:LDS_A_5 twice */
      "60165f0104303130375f36063034303030305c0461757711", /* P3:LDS_A_5 no group */
      "60145f0104303130375f36063034303030305c02616d",     /* no DG2 */
      "60175f0104303130375f36063034303030305c0461756b6d00",
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GBytes) bytes = hex (BAD[i]);
    FastCommonData data;

    if (fast_common_data_parse (bytes, &data, NULL))
      g_error ("not refused: %s", BAD[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lds/files/table", test_table);
  g_test_add_func ("/lds/files/places", test_places);
  g_test_add_func ("/lds/files/order", test_order);
  g_test_add_func ("/lds/files/set-is-strict", test_set_is_strict);
  g_test_add_func ("/lds/files/folder", test_folder);
  g_test_add_func ("/lds/common-data/make-and-parse", test_common_data);
  g_test_add_func ("/lds/common-data/bad", test_bad_common_data);
  return g_test_run ();
}

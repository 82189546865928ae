/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/cbeff.h"

#include "record/base/error.h"
#include "tests/support.h"

static GPtrArray *
parse_hex (const char *hex, GError **error)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (hex, error);

  g_assert_nonnull (bytes);
  return fast_biometric_group_parse (bytes, error);
}

/* ICAO 9303-10, 4.7.2, laid out by hand. */
#define HEADER                                                                                     \
  "a10e"                                                                                           \
  "810102"                                                                                         \
  "820100"                                                                                         \
  "87020101"                                                                                       \
  "88020008"
#define BLOCK "5f2e03464143"

static void
test_make (void)
{
  g_autoptr (GPtrArray) templates = g_ptr_array_new ();
  FastBiometricTemplate face = {.type = FAST_BIOMETRIC_FACE,
                                .owner = FAST_BIOMETRIC_OWNER_JTC1_SC37,
                                .format = FAST_BIOMETRIC_FORMAT_FACE};
  g_autoptr (GBytes) data = g_bytes_new_static ("FAC", 3);
  g_autoptr (GBytes) group = NULL;
  g_autofree char *hex = NULL;

  face.data = data;
  g_ptr_array_add (templates, &face);
  group = fast_biometric_group_make (templates);
  hex = fast_hex_encode (g_bytes_get_data (group, NULL), g_bytes_get_size (group));
  g_assert_cmpstr (hex, ==,
                   "7f611c"
                   "020101"
                   "7f6016" HEADER BLOCK);
}

/* Two prints with a version: fields in the order of their tags, each template with its own length.
 */
static void
test_make_two (void)
{
  g_autoptr (GBytes) data = g_bytes_new_static ("FIR", 3);
  FastBiometricTemplate right = {.version = FAST_BIOMETRIC_VERSION,
                                 .type = FAST_BIOMETRIC_FINGER,
                                 .subtype = 0x09,
                                 .owner = FAST_BIOMETRIC_OWNER_JTC1_SC37,
                                 .format = FAST_BIOMETRIC_FORMAT_FINGER,
                                 .data = data};
  FastBiometricTemplate left = right;
  g_autoptr (GPtrArray) templates = g_ptr_array_new ();
  g_autoptr (GBytes) group = NULL;
  g_autofree char *hex = NULL;

  left.subtype = 0x0A;
  left.constructed = TRUE;
  g_ptr_array_add (templates, &right);
  g_ptr_array_add (templates, &left);
  group = fast_biometric_group_make (templates);
  hex = fast_hex_encode (g_bytes_get_data (group, NULL), g_bytes_get_size (group));
  g_assert_cmpstr (hex, ==,
                   "7f613d"
                   "020102"
                   "7f601a"
                   "a112"
                   "80020101810108820109"
                   "8702010188020007"
                   "5f2e03464952"
                   "7f601a"
                   "a112"
                   "8002010181010882010a"
                   "8702010188020007"
                   "7f2e03464952");
}

/* ICAO 9303-10, 4.7.3: count 0 and a random object; it parses as what it is. */
static void
test_make_empty (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) group = fast_biometric_group_make_empty (&error);
  g_autoptr (GPtrArray) templates = NULL;
  const guint8 *data;

  g_assert_no_error (error);
  data = g_bytes_get_data (group, NULL);
  g_assert_cmpuint (g_bytes_get_size (group), ==, 24);
  g_assert_cmpmem (data, 8, "\x7F\x61\x15\x02\x01\x00\x53\x10", 8);
  templates = fast_biometric_group_parse (group, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (templates->len, ==, 0);
}

static void
test_subtype (void)
{
  g_autoptr (GPtrArray) with = parse_hex ("7f611c"
                                          "020101"
                                          "7f6016" HEADER BLOCK,
                                          NULL);
  g_autoptr (GPtrArray) without = parse_hex ("7f6119"
                                             "020101"
                                             "7f6013"
                                             "a10b8101028702010188020008" BLOCK,
                                             NULL);

  g_assert_true (((FastBiometricTemplate *)with->pdata[0])->has_subtype);
  g_assert_false (((FastBiometricTemplate *)without->pdata[0])->has_subtype);
}

static void
test_accept (void)
{
  static const struct {
    const char *hex;
    guint count;
  } GOOD[] = {
      {"7f611c"
       "020101"
       "7f6016" HEADER BLOCK,
       1},
      {"7f611c"
       "020101"
       "7f6016" HEADER "7f2e03464143",
       1},
      {"7f6135"
       "020102"
       "7f6016" HEADER BLOCK "7f6016" HEADER BLOCK,
       2},
      {"7f6103"
       "020100",
       0},
      {"7f6109"
       "020100"
       "530401020304",
       0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) templates = parse_hex (GOOD[i].hex, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (templates->len, ==, GOOD[i].count);
  }
}

static const char *const BAD[] = {
    "7f6119"
    "7f6016" HEADER BLOCK, /* P3:LDS_C_4 no count */
    "7f611c"
    "020102"
    "7f6016" HEADER BLOCK, /* 3.2:LDS_G_4 */
    "7f611c"
    "02010a"
    "7f6016" HEADER BLOCK, /* ten */
    "7f611d"
    "02020001"
    "7f6016" HEADER BLOCK, /* count of two bytes */
    "7f611c"
    "020101"
    "7f6116" HEADER BLOCK, /* 3.2:LDS_G_5 */
    "7f611c"
    "020101"
    "7f6016"
    "a20e810102820100870201018802000800"
    "5f2e024641", /* 3.2:LDS_G_6 */
    "7f6118"
    "020101"
    "7f6012"
    "a10a81010282010087020101" BLOCK, /* P3:LDS_C_8 no format type */
    "7f6118"
    "020101"
    "7f6012"
    "a10a81010282010088020008" BLOCK, /* P3:LDS_C_7 no owner */
    "7f611b"
    "020101"
    "7f6015"
    "a10d810102820100870101"
    "88020008" BLOCK, /* 3.2:LDS_G_7 */
    "7f611c"
    "020101"
    "7f6016" HEADER "5f2d03464143", /* 3.2:LDS_G_10 */
    "7f6116"
    "020101"
    "7f6010" HEADER, /* no block */
    "7f6124"
    "020101"
    "7f601e" HEADER BLOCK "5306010203040506"
    "00", /* tail */
    "7f611c"
    "020101"
    "7f6016"
    "a10e"
    "820100"
    "810102"
    "87020101"
    "88020008" BLOCK, /* order */
    "7f6122"
    "020101"
    "7f6016" HEADER BLOCK "530401020304", /* random beside a template */
    "7f611d"
    "020101"
    "7f6016" HEADER BLOCK "00",
};

static void
test_refuse (void)
{

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;

    if (parse_hex (BAD[i], &error) != NULL)
      g_error ("not refused: %s", BAD[i]);
    g_assert_cmpint (error->domain, ==, FAST_INPUT_ERROR);
  }
}

static void
check_file (const char *name, guint tag_size, guint count, guint format)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data (name);
  g_autoptr (GBytes) file = NULL;
  g_autoptr (GBytes) group = NULL;
  g_autoptr (GPtrArray) templates = NULL;

  if (path == NULL)
    return;
  file = fast_bytes_read_file (path, 100000, &error);
  group = g_bytes_new_from_bytes (file, tag_size, g_bytes_get_size (file) - tag_size);
  templates = fast_biometric_group_parse (group, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (templates->len, ==, count);
  g_assert_cmpuint (((FastBiometricTemplate *)templates->pdata[0])->format, ==, format);
}

static void
test_specimen_chip (void)
{
  check_file ("emrtd/bsi2008/Datagroup3.bin", 4, 2, FAST_BIOMETRIC_FORMAT_FINGER);
  check_file ("emrtd/bsi2008/Datagroup4.bin", 4, 2, FAST_BIOMETRIC_FORMAT_IRIS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/cbeff/make", test_make);
  g_test_add_func ("/biometric/cbeff/make-two", test_make_two);
  g_test_add_func ("/biometric/cbeff/make-empty", test_make_empty);
  g_test_add_func ("/biometric/cbeff/subtype", test_subtype);
  g_test_add_func ("/biometric/cbeff/accept", test_accept);
  g_test_add_func ("/biometric/cbeff/refuse", test_refuse);
  g_test_add_func ("/biometric/cbeff/specimen-chip", test_specimen_chip);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/lds/face-group.h"
#include "personalise/lds/personal-details.h"
#include "personalise/lds/programme-group.h"
#include "record/base/error.h"
#include "tests/support.h"

static char *
to_hex (GBytes *bytes)
{
  return fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_personal_details (void)
{
  g_autoptr (GError) error = NULL;
  char *other[] = {"Specimen<<Anne", NULL};
  char *place[] = {"Trois-Rivières", "QC", "CAN", NULL};
  char *address[] = {"12, rue du Spécimen", "Trois-Rivières", "QC", "G9A 0A0", "CAN", NULL};
  const FastPersonalDetails details = {
      "Tremblay-O’Connor", "Anne-Marie Éloïse", other, "1984-02-29", place, address};
  g_autoptr (GBytes) made = fast_personal_details_make (&details, &error);
  g_autoptr (FastPersonalDetails) back = NULL;

  g_assert_no_error (error);
  back = fast_personal_details_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->surname, ==, details.surname);
  g_assert_cmpstr (back->given, ==, details.given);
  g_assert_cmpstr (back->birth, ==, details.birth);
  g_assert_cmpstrv (back->other_names, other);
  g_assert_cmpstrv (back->birth_place, place);
  g_assert_cmpstrv (back->address, address);
}

/* ICAO 9303-10, 4.7.11, laid out by hand: the tag list, then what it lists. */
static void
test_personal_details_bytes (void)
{
  const FastPersonalDetails details = {"SMITH", "JOHN J", NULL, "1970-01-31", NULL, NULL};
  g_autoptr (GBytes) made = fast_personal_details_make (&details, NULL);
  g_autofree char *text = to_hex (made);

  g_assert_cmpstr (text, ==,
                   "6b21"
                   "5c045f0e5f2b"
                   "5f0e0d534d4954483c3c4a4f484e3c4a"
                   "5f2b083139373030313331");
}

static void
test_personal_details_refuse (void)
{
  static const char *const BAD[] = {
      "6b0b5c025f0e5f0e03414243ff",                         /* P3:LDS_N_2 */
      "6b085c005f0e03414243",                               /* P3:LDS_N_3 none listed */
      "6b0a5c025f105f0e03414243",                           /* P3:LDS_N_3 other */
      "6b0c5c045f0e5f105f0e03414243",                       /* P3:LDS_N_3 one missing */
      "6b125c045f0e5f0e5f0e034142435f0e03414243",           /* twice */
      "6b0a5c025f0e5f0e03ffffff",                           /* not UTF-8 */
      "6b175c045f0e5f2b5f0e034142435f2b083139373031333331", /* thirteenth month */
      "6b095c025f205f2002"
      "4142", /* unknown object */
  };
  static const char *const BAD_PARTS[] = {"", "A<B"};

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GBytes) bytes = fast_hex_decode (BAD[i], NULL);

    if (fast_personal_details_parse (bytes, NULL) != NULL)
      g_error ("not refused: %s", BAD[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (BAD_PARTS); i++) {
    const FastPersonalDetails details = {.surname = (char *)BAD_PARTS[i]};

    g_assert_null (fast_personal_details_make (&details, NULL));
  }
}

static void
test_programme_group (void)
{
  g_autoptr (GError) error = NULL;
  char *endorsements[] = {"hazardous-goods", NULL};
  const FastProgrammeGroup group = {"FAST", "500000001", endorsements, "E2801160600002"};
  g_autoptr (GBytes) made = fast_programme_group_make (&group, &error);
  g_autofree char *text = NULL;
  g_autoptr (FastProgrammeGroup) back = NULL;

  g_assert_no_error (error);
  text = to_hex (made);
  g_assert_cmpstr (text, ==,
                   "6d37"
                   "800101"
                   "810446415354"
                   "8209353030303030303031"
                   "a311800f68617a6172646f75732d676f6f6473"
                   "840e4532383031313630363030303032");
  back = fast_programme_group_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back->programme, ==, "FAST");
  g_assert_cmpstr (back->membership, ==, "500000001");
  g_assert_cmpstrv (back->endorsements, endorsements);
  g_assert_cmpstr (back->rfid, ==, "E2801160600002");
}

static void
test_programme_group_empty (void)
{
  g_autoptr (GError) error = NULL;
  const FastProgrammeGroup group = {"FAST", "500000001", NULL, NULL};
  g_autoptr (GBytes) made = fast_programme_group_make (&group, &error);
  g_autoptr (FastProgrammeGroup) back = fast_programme_group_parse (made, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (back->endorsements), ==, 0);
  g_assert_null (back->rfid);
}

static void
test_programme_group_refuse (void)
{
  static const char *const BAD[] = {
      "6d15800101810446415354820935303030303030303101",
      "6d16800102"
      "810446415354"
      "8209353030303030303031"
      "a300", /* version */
      "6d15800101"
      "810446415354"
      "82083530303030303030"
      "a300", /* eight digits */
      "6d16800101"
      "810466415354"
      "8209353030303030303031"
      "a300", /* small letter */
      "6d14800101"
      "810446415354"
      "8209353030303030303031", /* no endorsements */
      "6d18800101"
      "810446415354"
      "8209353030303030303031"
      "a3028000",
      "6d18800101"
      "810446415354"
      "8209353030303030303031"
      "a3008400",
      "6d18800101"
      "810446415354"
      "8209353030303030303031"
      "a3008500",
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GBytes) bytes = fast_hex_decode (BAD[i], NULL);

    if (fast_programme_group_parse (bytes, NULL) != NULL)
      g_error ("not refused: %s", BAD[i]);
  }
}

/* The picture begins at byte 84, as readers of the field expect, and comes back byte for byte. */
static void
test_face_group (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = fast_image_new (140, 180, 3);
  FastFaceRecord record = {.kind = FAST_FACE_FULL_FRONTAL, .width = 140, .height = 180};
  g_autoptr (GBytes) encoded = fast_image_encode_jpeg (image, 80, &error);
  g_autoptr (GBytes) made = NULL;
  g_autoptr (FastFaceRecord) back = NULL;
  const guint8 *data;

  record.image = encoded;
  made = fast_face_group_make (&record, &error);
  g_assert_no_error (error);
  data = g_bytes_get_data (made, NULL);
  g_assert_cmpmem (data + 84, g_bytes_get_size (made) - 84, g_bytes_get_data (encoded, NULL),
                   g_bytes_get_size (encoded));
  back = fast_face_group_parse (made, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back->image, encoded));
}

static void
test_specimen_face (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup2.bin");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 100000, &error);
  g_autoptr (FastFaceRecord) face = NULL;

  if (path == NULL)
    return;
  face = fast_face_group_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (face->kind, ==, FAST_FACE_FULL_FRONTAL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lds/personal-details/round-trip", test_personal_details);
  g_test_add_func ("/lds/personal-details/bytes", test_personal_details_bytes);
  g_test_add_func ("/lds/personal-details/refuse", test_personal_details_refuse);
  g_test_add_func ("/lds/programme-group/round-trip", test_programme_group);
  g_test_add_func ("/lds/programme-group/empty", test_programme_group_empty);
  g_test_add_func ("/lds/programme-group/refuse", test_programme_group_refuse);
  g_test_add_func ("/lds/face-group/round-trip", test_face_group);
  g_test_add_func ("/lds/face-group/specimen-chip", test_specimen_face);
  return g_test_run ();
}

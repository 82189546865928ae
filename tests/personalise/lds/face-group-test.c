/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/face-group.h"

#include <string.h>

#include "record/base/error.h"
#include "record/biometric/face-token.h"
#include "tests/personalise/lds/face-check.h"
#include "tests/support.h"
#include "tests/tlv-text.h"

#define TLV(tag, ...) fast_tlv_text (tag, __VA_ARGS__, NULL)

static FastImage *
draw (guint width, guint height)
{
  FastImage *image = fast_image_new (width, height, 3);
  g_autoptr (GRand) random = g_rand_new_with_seed (9303);

  for (gsize i = 0; i < (gsize)width * height * 3; i++)
    image->pixels[i] = (guint8)(100 + (i / 41) % 50 + (guint)g_rand_int_range (random, 0, 60));
  return image;
}

static GBytes *
make (FastFaceEdition edition, FastImageFormat format)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) original = draw (640, 830);
  g_autoptr (FastFaceToken) token = fast_face_token_make_edition (
      original, format, edition, format == FAST_IMAGE_JPEG ? 60000 : FAST_FACE_TOKEN_BUDGET,
      &error);
  FastFaceRecord record = {.edition = edition,
                           .kind = FAST_FACE_FULL_FRONTAL,
                           .sex = FAST_FACE_SEX_FEMALE,
                           .eyes = FAST_FACE_EYES_GREEN,
                           .source = FAST_FACE_SOURCE_DIGITAL_CAMERA,
                           .format = format};
  GBytes *made;

  g_assert_no_error (error);
  record.width = token->width;
  record.height = token->height;
  record.image = token->image;
  made = fast_face_group_make (&record, &error);
  g_assert_no_error (error);
  return made;
}

static GBytes *made_files[2];

static void
test_written (gconstpointer data)
{
  const FastFaceClause *clause = data;
  GBytes *made = made_files[clause->edition];

  g_assert_true (fast_face_clause_holds (clause, made));
}

static void
test_check_can_fail (void)
{
  for (guint i = 0; i < FAST_FACE_CLAUSES; i++) {
    GBytes *made = made_files[FAST_FACE_CLAUSE[i].edition];
    gsize size = g_bytes_get_size (made);
    g_autofree guint8 *file = g_memdup2 (g_bytes_get_data (made, NULL), size);
    g_autoptr (GBytes) changed = NULL;
    gsize end = FAST_FACE_CLAUSE[i].from_end;

    file[end > 0 ? size - end : FAST_FACE_CLAUSE[i].offset] = FAST_FACE_CLAUSE[i].value;
    changed = g_bytes_new_take (g_steal_pointer (&file), size);
    if (fast_face_clause_holds (&FAST_FACE_CLAUSE[i], changed))
      g_error ("not seen: %s", FAST_FACE_CLAUSE[i].id);
  }
}

/* TR-03121, COM-FI-CHIP: the whole file, whichever edition. */
static void
test_budget (void)
{
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpuint (g_bytes_get_size (made_files[i]), >=, 16538);
    g_assert_cmpuint (g_bytes_get_size (made_files[i]), <=, 17408);
  }
}

static void
test_round_trip (void)
{
  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastFaceRecord) face = fast_face_group_parse (made_files[i], &error);
    g_autoptr (FastImage) image = NULL;

    g_assert_no_error (error);
    g_assert_cmpint (face->edition, ==, i);
    g_assert_cmpint (face->sex, ==, FAST_FACE_SEX_FEMALE);
    g_assert_cmpint (face->eyes, ==, FAST_FACE_EYES_GREEN);
    g_assert_cmpint (face->source, ==, FAST_FACE_SOURCE_DIGITAL_CAMERA);
    g_assert_cmpint (face->kind, ==, FAST_FACE_FULL_FRONTAL);
    image = fast_face_record_decode (face, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (image->width, ==, 622);
    g_assert_cmpuint (image->height, ==, 800);
  }
}

/* JPEG in both editions keeps the clauses about the picture. */
static void
test_jpeg (void)
{
  for (guint i = 0; i < FAST_FACE_CLAUSES; i++) {
    g_autoptr (GBytes) made = NULL;

    if (i != 13 - 1 && i != 24 - 1)
      continue;
    made = make (FAST_FACE_CLAUSE[i].edition, FAST_IMAGE_JPEG);
    g_assert_true (fast_face_clause_holds (&FAST_FACE_CLAUSE[i], made));
  }
}

/* What a reader meets, laid out by hand: a face without feature points, a JPEG by its first bytes.
 */
#define TYPE "810102"
#define OWNER "87020101"
#define FORMAT "88020008"
#define PICTURE "ffd8ffe000104a464946"

typedef struct {
  const char *name;
  const char *text;
  const char *id;
} Fault;

static const char *
face_record (void)
{
  return "46414300"
         "30313000"
         "00000038"
         "0001"
         "0000002a"
         "0000"
         "020300"
         "000000"
         "0000"
         "000000"
         "000000"
         "0100"
         "000a"
         "000c"
         "01"
         "02"
         "0000"
         "0000" PICTURE;
}

/* The record with the byte at @offset changed. */
static const char *
changed (guint offset, guint value)
{
  g_autofree char *text = g_strdup (face_record ());
  g_autofree char *digits = g_strdup_printf ("%02x", value);

  text[2 * offset] = digits[0];
  text[2 * offset + 1] = digits[1];
  return g_intern_string (text);
}

static const char *
bit (const char *header, const char *record)
{
  return TLV ("7f60", TLV ("a1", header), TLV ("5f2e", record));
}

static const char *
group_of_one (const char *header, const char *record)
{
  return TLV ("75", TLV ("7f61", "020101", bit (header, record)));
}

static FastFaceRecord *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = fast_tlv_text_bytes (text);

  return fast_face_group_parse (bytes, error);
}

static void
check_fault (const Fault *fault)
{
  g_autoptr (GError) error = NULL;

  if (parse (fault->text, &error) != NULL)
    g_error ("not refused: %s", fault->name);
  g_test_message ("%s", fault->name);
  fast_test_assert_id (error, fault->id);
}

static void
test_accept (void)
{
  g_autoptr (GError) error = NULL;
  const char *good = group_of_one (TYPE "820100" OWNER FORMAT, face_record ());
  g_autoptr (FastFaceRecord) face = parse (good, &error);
  g_autoptr (FastFaceRecord) bare = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (face->edition, ==, FAST_FACE_19794);
  g_assert_cmpuint (face->height, ==, 12);
  bare = parse (group_of_one (OWNER FORMAT, face_record ()), &error);
  g_assert_no_error (error);
}

/* The length of EF.DG2, one byte after 75, one lower or higher. */
static const char *
with_length (int more)
{
  g_autofree char *text = g_strdup (group_of_one (TYPE OWNER FORMAT, face_record ()));
  g_autofree char *digits = g_strdup_printf (
      "%02x",
      (guint)((int)(g_ascii_xdigit_value (text[2]) * 16 + g_ascii_xdigit_value (text[3])) + more));

  g_assert_cmpuint (strlen (text), <, 2 * 0x80);
  text[2] = digits[0];
  text[3] = digits[1];
  return g_intern_string (text);
}

static void
test_refuse_frame (void)
{
  const char *record = face_record ();
  const char *one = bit (TYPE OWNER FORMAT, record);
  const Fault FAULTS[] = {
      {"5.1:LDS_C_04", TLV ("76", TLV ("7f61", "020101", one)), "tlv-unexpected"},
      {"5.1:LDS_C_05", with_length (-1), "trailing-bytes"},
      {"5.1:LDS_C_06", with_length (1), "truncated"},
      {"5.1:LDS_C_07", TLV ("75", TLV ("7f61", one)), "tlv-unexpected"},
      {"5.1:LDS_C_08", group_of_one (TYPE "870201ff" FORMAT, record), "biometric-group-format"},
      {"5.1:LDS_C_09", group_of_one (TYPE FORMAT, record), "tlv-missing"},
      {"5.1:LDS_C_10", group_of_one (TYPE OWNER "88020007", record), "biometric-group-format"},
      {"5.1:LDS_C_11", group_of_one (TYPE OWNER, record), "tlv-missing"},
      {"5.1:LDS_C_28",
       TLV ("75", TLV ("7f61", "020101", TLV ("7f60", TLV ("a1", TYPE OWNER FORMAT)))),
       "tlv-missing"},
      {"no face", TLV ("75", TLV ("7f61", "020100")), "face-group-empty"},
      {"a finger", group_of_one ("810108" OWNER FORMAT, record), "biometric-group-format"},
      {"a record in 7F2E",
       TLV ("75", TLV ("7f61", "020101",
                       TLV ("7f60", TLV ("a1", TYPE OWNER FORMAT), TLV ("7f2e", record)))),
       "tlv-unexpected"},
      {"a block in 5F2E", group_of_one (TYPE OWNER "8802002a", record), "tlv-unexpected"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* 5.1:LDS_C_14 to 5.1:LDS_C_27: one byte of the record changed. */
static void
test_refuse_fields (void)
{
  static const struct {
    const char *name;
    guint offset;
    guint8 value;
    const char *id;
  } FAULTS[] = {
      {"5.1:LDS_C_14", 0, 'P', "face-record-identifier"},
      {"5.1:LDS_C_15", 5, '9', "face-record-version"},
      {"5.1:LDS_C_16", 19, 9, "truncated"},
      {"5.1:LDS_C_17", 20, 3, "face-record-field"},
      {"5.1:LDS_C_18", 21, 8, "face-record-field"},
      {"5.1:LDS_C_19", 22, 8, "face-record-field"},
      {"5.1:LDS_C_20", 28, 182, "face-record-field"},
      {"5.1:LDS_C_21", 29, 182, "face-record-field"},
      {"5.1:LDS_C_22", 30, 182, "face-record-field"},
      {"5.1:LDS_C_23", 31, 182, "face-record-field"},
      {"5.1:LDS_C_24", 32, 182, "face-record-field"},
      {"5.1:LDS_C_25", 33, 182, "face-record-field"},
      {"5.1:LDS_C_26", 34, 3, "face-record-field"},
      {"5.1:LDS_C_27", 35, 2, "face-record-field"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++) {
    const Fault fault = {
        FAULTS[i].name,
        group_of_one (TYPE "820100" OWNER FORMAT, changed (FAULTS[i].offset, FAULTS[i].value)),
        FAULTS[i].id};

    check_fault (&fault);
  }
}

/* A real chip's face says 337 × 449 and is 413 × 531: read, and its own size told by the picture.
 */
static void
test_specimen_chip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup2.bin");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 100000, &error);
  g_autoptr (FastFaceRecord) face = NULL;
  g_autoptr (FastImage) image = NULL;

  if (path == NULL)
    return;
  face = fast_face_group_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (face->width, ==, 337);
  g_assert_cmpuint (face->height, ==, 449);
  image = fast_face_record_decode (face, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (image->width, ==, 413);
  g_assert_cmpuint (image->height, ==, 531);
  for (guint i = 0; i < FAST_FACE_CLAUSES; i++)
    if (FAST_FACE_CLAUSE[i].edition == FAST_FACE_19794 && i != 13 - 1)
      g_assert_true (fast_face_clause_holds (&FAST_FACE_CLAUSE[i], file));
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  made_files[0] = make (FAST_FACE_19794, FAST_IMAGE_JPEG2000);
  made_files[1] = make (FAST_FACE_39794, FAST_IMAGE_JPEG2000);
  for (guint i = 0; i < FAST_FACE_CLAUSES; i++) {
    g_autofree char *path = g_strdup_printf ("/lds/face-group/%s", FAST_FACE_CLAUSE[i].id);

    g_test_add_data_func (path, &FAST_FACE_CLAUSE[i], test_written);
  }
  g_test_add_func ("/lds/face-group/check-can-fail", test_check_can_fail);
  g_test_add_func ("/lds/face-group/budget", test_budget);
  g_test_add_func ("/lds/face-group/round-trip", test_round_trip);
  g_test_add_func ("/lds/face-group/jpeg", test_jpeg);
  g_test_add_func ("/lds/face-group/accept", test_accept);
  g_test_add_func ("/lds/face-group/refuse-frame 5.1:LDS_C_04-11,28", test_refuse_frame);
  g_test_add_func ("/lds/face-group/refuse-fields 5.1:LDS_C_14-27", test_refuse_fields);
  g_test_add_func ("/lds/face-group/specimen-chip", test_specimen_chip);
  result = g_test_run ();
  g_bytes_unref (made_files[0]);
  g_bytes_unref (made_files[1]);
  return result;
}

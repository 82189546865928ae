/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/finger-group.h"

#include <string.h>

#include "record/base/error.h"
#include "record/biometric/finger-token.h"
#include "tests/personalise/lds/biometric-check.h"
#include "tests/support.h"
#include "tests/tlv-text.h"

#define TLV(tag, ...) fast_tlv_text (tag, __VA_ARGS__, NULL)

static const guint16 FORMATS[] = {0x0007, 0};
static const guint8 SUBTYPES[] = {0x05, 0x06, 0x09, 0x0A, 0x0D, 0x0E, 0x11, 0x12, 0x15, 0x16, 0};
static const FastCheckKind KIND = {.tag = 0x63,
                                   .type = 0x08,
                                   .formats = FORMATS,
                                   .has_subtype = TRUE,
                                   .subtypes = SUBTYPES,
                                   .magic = "FIR"};

static FastFingerRecord *
record_of (FastFinger finger, FastFingerCoding coding, const char *picture)
{
  FastFingerRecord *record = g_new0 (FastFingerRecord, 1);

  record->finger = finger;
  record->coding = coding;
  record->dpi = 500;
  record->width = 20;
  record->height = 10;
  record->quality = 55;
  record->image = fast_tlv_text_bytes (picture);
  return record;
}

/* A series of different fingers from the right index on, WSQ by its first bytes. */
static GPtrArray *
fingers_of (guint count)
{
  GPtrArray *fingers = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_finger_record_free);

  for (guint i = 0; i < count; i++)
    g_ptr_array_add (fingers, record_of (FAST_FINGER_RIGHT_INDEX + i, FAST_FINGER_WSQ,
                                         "ffa0ffa4003a0907000932d3263c000a"));
  return fingers;
}

static GBytes *
make (guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fingers = fingers_of (count);
  GBytes *made = fast_finger_group_make (fingers, &error);

  g_assert_no_error (error);
  return made;
}

/* 3.2:LDS_G_1 to 3.2:LDS_G_11, for no finger, one, two and nine. */
static void
test_written (gconstpointer data)
{
  static const guint COUNTS[] = {0, 1, 2, 9};
  const FastCheckClause *clause = data;

  for (guint i = 0; i < G_N_ELEMENTS (COUNTS); i++) {
    g_autoptr (GBytes) made = make (COUNTS[i]);
    gsize size;
    const guint8 *file = g_bytes_get_data (made, &size);

    g_assert_true (clause->holds (&KIND, file, size));
  }
}

/* Each clause must be able to fail: one byte of two fingers' group changed, which alone breaks it.
 */
static const struct {
  guint clause;
  guint offset;
  guint8 value;
} BREAKS[] = {
    {1, 0, 0x64},  {2, 2, 0x00},  {3, 4, 0x60},  {4, 9, 1},      {5, 11, 0x61}, {6, 13, 0xA2},
    {7, 27, 0x02}, {8, 32, 0x08}, {9, 24, 0x00}, {10, 34, 0x2D}, {11, 36, 'P'},
};

static void
test_check_can_fail (void)
{
  g_autoptr (GBytes) made = make (2);
  gsize size = g_bytes_get_size (made);

  for (guint i = 0; i < G_N_ELEMENTS (BREAKS); i++) {
    g_autofree guint8 *file = g_memdup2 (g_bytes_get_data (made, NULL), size);

    file[BREAKS[i].offset] = BREAKS[i].value;
    if (FAST_CHECK_CLAUSES[BREAKS[i].clause - 1].holds (&KIND, file, size))
      g_error ("not seen: %s", FAST_CHECK_CLAUSES[BREAKS[i].clause - 1].id);
  }
}

static void
test_round_trip (void)
{
  for (guint count = 0; count <= 9; count++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) made = make (count);
    g_autoptr (GPtrArray) back = fast_finger_group_parse (made, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (back->len, ==, count);
    for (guint i = 0; i < count; i++) {
      const FastFingerRecord *record = back->pdata[i];

      g_assert_cmpint (record->finger, ==, FAST_FINGER_RIGHT_INDEX + i);
      g_assert_cmpuint (g_bytes_get_size (record->image), ==, 16);
    }
  }
}

/* Two holders without prints do not have equal groups. */
static void
test_empty_groups_differ (void)
{
  g_autoptr (GBytes) one = make (0);
  g_autoptr (GBytes) two = make (0);

  g_assert_cmpuint (g_bytes_get_size (one), ==, g_bytes_get_size (two));
  g_assert_false (g_bytes_equal (one, two));
}

static void
test_make_refuse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fingers = fingers_of (2);

  ((FastFingerRecord *)fingers->pdata[1])->finger = FAST_FINGER_RIGHT_INDEX;
  g_assert_null (fast_finger_group_make (fingers, &error));
  fast_test_assert_id (error, "finger-group-twice");
  g_clear_error (&error);
  ((FastFingerRecord *)fingers->pdata[1])->finger = FAST_FINGER_UNKNOWN;
  g_assert_null (fast_finger_group_make (fingers, &error));
  fast_test_assert_id (error, "finger-group-twice");
  g_clear_error (&error);
  ((FastFingerRecord *)fingers->pdata[1])->finger = 11;
  g_assert_null (fast_finger_group_make (fingers, &error));
  fast_test_assert_id (error, "finger-group-twice");
}

/* The share is what really fits: with it the file keeps its budget, with one byte more it breaks.
 */
static void
test_share (void)
{
  g_autoptr (GError) error = NULL;
  gsize share = fast_finger_group_share (20000, 2);
  g_autoptr (GPtrArray) fingers = fingers_of (2);
  g_autoptr (GBytes) made = NULL;

  for (guint i = 0; i < 2; i++) {
    FastFingerRecord *record = fingers->pdata[i];
    g_autofree guint8 *data = g_malloc0 (share);

    data[0] = 0xFF;
    data[1] = 0xA0;
    g_bytes_unref (record->image);
    record->image = g_bytes_new (data, share);
  }
  made = fast_finger_group_make (fingers, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (made), <=, 20000);
  g_assert_cmpuint (g_bytes_get_size (made), >, 20000 - 8);
  g_assert_cmpuint (fast_finger_group_share (60, 2), ==, 0);
  g_assert_cmpuint (fast_finger_group_share (0, 2), ==, 0);
}

/* What a reader meets, laid out by hand: a part at a time is left out or replaced. */
#define WSQ "ffa0ffa4003a0907"
#define RAW "00112233"
#define JPEG2000 "0000000c6a5020200d0a870a"

static const char *
fir (const char *identifier, const char *position, const char *coding, const char *size,
     const char *picture)
{
  g_autofree char *header = g_strdup_printf (
      "%s3031300000000000%04x0000001f010101f401f401f401f408%s0000%08x%s01015500%s00", identifier,
      (guint)(46 + strlen (picture) / 2), coding, (guint)(14 + strlen (picture) / 2), position,
      size);

  return TLV ("", header, picture);
}

#define FIR(position, coding, size, picture) fir ("46495200", position, coding, size, picture)
#define VERSION "80020101"
#define TYPE "810108"
#define OWNER "87020101"
#define FORMAT "88020007"

static const char *
bit (const char *header, const char *record)
{
  return TLV ("7f60", TLV ("a1", header), TLV ("5f2e", record));
}

static const char *
index_finger (void)
{
  return bit (TYPE "820109" OWNER FORMAT, FIR ("02", "02", "00100010", WSQ));
}

static const char *
group (const char *count, const char *first, const char *second)
{
  return TLV ("63", TLV ("7f61", count, first, second));
}

static GPtrArray *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = fast_tlv_text_bytes (text);

  return fast_finger_group_parse (bytes, error);
}

/* 5.1:LDS_D_01, 5.1:LDS_D_02, 5.1:LDS_D_03 and 5.1:LDS_D_16, and what TR-03105-3.2 leaves free. */
static void
test_accept (void)
{
  const char *jpeg2000 = bit (TYPE "820109" OWNER FORMAT, FIR ("02", "04", "00100010", JPEG2000));
  const char *raw = bit (TYPE "820109" OWNER FORMAT, FIR ("02", "00", "00020002", RAW));
  const char *other = bit (TYPE "820101"
                                "870200ff"
                                "88020001",
                           "010203");
  const struct {
    const char *name;
    const char *text;
    guint count;
  } GOOD[] = {
      {"5.1:LDS_D_01", group ("020102", jpeg2000, jpeg2000), 2},
      {"5.1:LDS_D_02", group ("020102", index_finger (), index_finger ()), 2},
      {"5.1:LDS_D_03",
       TLV ("63", TLV ("7f61", "020103", index_finger (), index_finger (), index_finger ())), 3},
      {"5.1:LDS_D_16", group ("020102", raw, raw), 2},
      {"version",
       group ("020101", bit (VERSION TYPE "820109" OWNER FORMAT, FIR ("02", "02", "00100010", WSQ)),
              ""),
       1},
      {"no biometric type",
       group ("020101", bit ("820109" OWNER FORMAT, FIR ("02", "02", "00100010", WSQ)), ""), 1},
      {"subtype without information",
       group ("020101", bit (TYPE "820100" OWNER FORMAT, FIR ("02", "02", "00100010", WSQ)), ""),
       1},
      {"record without position",
       group ("020101", bit (TYPE "820109" OWNER FORMAT, FIR ("00", "02", "00100010", WSQ)), ""),
       1},
      {"second of another owner", group ("020102", index_finger (), other), 1},
      {"record in 7F2E",
       group ("020101",
              TLV ("7f60", TLV ("a1", TYPE "820109" OWNER FORMAT),
                   TLV ("7f2e", FIR ("02", "02", "00100010", WSQ))),
              ""),
       1},
      {"none", group ("020100", "", ""), 0},
      {"none, random", group ("020100", "530401020304", ""), 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) fingers = parse (GOOD[i].text, &error);

    g_test_message ("%s", GOOD[i].name);
    g_assert_no_error (error);
    g_assert_cmpuint (fingers->len, ==, GOOD[i].count);
    if (fingers->len > 0)
      g_assert_cmpint (((FastFingerRecord *)fingers->pdata[0])->finger, ==,
                       FAST_FINGER_RIGHT_INDEX);
  }
}

typedef struct {
  const char *name;
  const char *text;
  const char *id;
} Fault;

static void
check_fault (const Fault *fault)
{
  g_autoptr (GError) error = NULL;

  if (parse (fault->text, &error) != NULL)
    g_error ("not refused: %s", fault->name);
  g_test_message ("%s", fault->name);
  fast_test_assert_id (error, fault->id);
}

/* The file with its length one lower or higher. */
static const char *
with_length (const char *text, int more)
{
  g_autofree char *changed = g_strdup (text);
  g_autofree char *digits = NULL;
  char *at = changed + 4;

  g_assert_true (g_str_has_prefix (text, "6381"));
  digits = g_strdup_printf (
      "%02x",
      (guint)((int)(g_ascii_xdigit_value (at[0]) * 16 + g_ascii_xdigit_value (at[1])) + more));
  at[0] = digits[0];
  at[1] = digits[1];
  return g_intern_string (changed);
}

static void
test_refuse_frame (void)
{
  const char *good = index_finger ();
  const char *text = group ("020102", good, good);
  const Fault FAULTS[] = {
      {"5.1:LDS_D_04", TLV ("64", TLV ("7f61", "020101", good)), "tlv-unexpected"},
      {"5.1:LDS_D_05", with_length (text, -1), "trailing-bytes"},
      {"5.1:LDS_D_06", with_length (text, 1), "truncated"},
      {"5.1:LDS_D_07", group ("", good, good), "tlv-unexpected"},
      {"5.1:LDS_D_14",
       group ("020101",
              bit (TYPE "820109" OWNER FORMAT, fir ("50495200", "02", "02", "00100010", WSQ)), ""),
       "finger-record-identifier"},
      {"5.1:LDS_D_15", group ("020102", good, TLV ("7f60", TLV ("a1", TYPE "82010a" OWNER FORMAT))),
       "tlv-missing"},
      {"count too large", group ("020102", good, ""), "truncated"},
      {"count too small", group ("020101", good, good), "trailing-bytes"},
      {"random beside a finger", group ("020101", good, "530401020304"), "trailing-bytes"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

static void
test_refuse_headers (void)
{
  const char *record = FIR ("02", "02", "00100010", WSQ);
  const char *good = index_finger ();
  const Fault FAULTS[] = {
      {"5.1:LDS_D_08",
       group ("020102",
              bit (TYPE "820109"
                        "870201ff" FORMAT,
                   record),
              good),
       "biometric-group-format"},
      {"5.1:LDS_D_09", group ("020102", bit (TYPE "820109" FORMAT, record), good), "tlv-missing"},
      {"5.1:LDS_D_10", group ("020102", bit (TYPE "820109" OWNER "88020009", record), good),
       "biometric-group-format"},
      {"5.1:LDS_D_11", group ("020102", bit (TYPE "820109" OWNER, record), good), "tlv-missing"},
      {"5.1:LDS_D_12", group ("020102", bit (TYPE "8201fe" OWNER FORMAT, record), good),
       "biometric-group-subtype"},
      {"5.1:LDS_D_13", group ("020102", bit (TYPE OWNER FORMAT, record), good),
       "biometric-group-no-subtype"},
      {"second of no subtype", group ("020102", good, bit (TYPE OWNER FORMAT, record)),
       "biometric-group-no-subtype"},
      {"a face",
       group ("020101",
              bit ("810102"
                   "820109" OWNER FORMAT,
                   record),
              ""),
       "biometric-group-format"},
      {"left index by the header", group ("020101", bit (TYPE "82010a" OWNER FORMAT, record), ""),
       "biometric-group-differs"},
      {"subtype of two bytes", group ("020101", bit (TYPE "82020009" OWNER FORMAT, record), ""),
       "cbeff-size"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* P3:LDS_G_12 to P3:LDS_G_14: an ISO/IEC 39794-4 block is recognised and kept, and no more claimed.
 */
static void
test_block (void)
{
  g_autoptr (GError) error = NULL;
  const char *block = TLV ("a1", TLV ("64", "a007800103810207e3", "a1023000"));
  const char *header = TLV ("a1", TYPE "820109" OWNER "88020028");
  g_autoptr (GPtrArray) fingers =
      parse (group ("020101", TLV ("7f60", header, TLV ("7f2e", block)), ""), &error);
  const FastFingerRecord *record;
  const Fault FAULTS[] = {
      {"P3:LDS_G_13", group ("020101", TLV ("7f60", header, TLV ("5f2e", block)), ""),
       "tlv-unexpected"},
      {"P3:LDS_G_14",
       group ("020101", TLV ("7f60", header, TLV ("7f2e", TLV ("a1", TLV ("65", "a000")))), ""),
       "tlv-unexpected"},
      {"no version",
       group ("020101", TLV ("7f60", header, TLV ("7f2e", TLV ("a1", TLV ("64", "a1023000")))), ""),
       "context-block-member"},
  };

  g_assert_no_error (error);
  record = fingers->pdata[0];
  g_assert_cmpint (record->coding, ==, FAST_FINGER_BLOCK);
  g_assert_cmpint (record->finger, ==, FAST_FINGER_RIGHT_INDEX);
  g_assert_null (fast_finger_record_decode (record, &error));
  fast_test_assert_id (error, "finger-record-coding");
  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* Two WSQ prints of a real chip; its own bytes keep every clause too. */
static void
test_specimen_chip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup3.bin");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 100000, &error);
  g_autoptr (GPtrArray) fingers = NULL;

  if (path == NULL)
    return;
  fingers = fast_finger_group_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fingers->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const FastFingerRecord *record = fingers->pdata[i];

    g_assert_cmpint (record->finger, ==, i == 0 ? FAST_FINGER_RIGHT_INDEX : FAST_FINGER_LEFT_INDEX);
    g_assert_cmpint (record->coding, ==, FAST_FINGER_WSQ);
    g_assert_cmpuint (record->width, ==, 620);
  }
  for (guint i = 0; i < G_N_ELEMENTS (FAST_CHECK_CLAUSES); i++)
    g_assert_true (FAST_CHECK_CLAUSES[i].holds (&KIND, g_bytes_get_data (file, NULL),
                                                g_bytes_get_size (file)));
}

/* Real prints, encoded to their share of a budget, come back as pictures of their size. */
static void
test_real_prints (void)
{
  static const char *const NAMES[] = {"folder/quebec-driver/finger-right-index.png",
                                      "folder/quebec-driver/finger-left-index.png"};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) fingers =
      g_ptr_array_new_with_free_func ((GDestroyNotify)fast_finger_record_free);
  g_autoptr (GBytes) made = NULL;
  g_autoptr (GPtrArray) back = NULL;

  for (guint i = 0; i < 2; i++) {
    g_autofree char *path = fast_test_data (NAMES[i]);
    g_autoptr (FastImage) image = path == NULL ? NULL : fast_image_load (path, &error);
    FastFingerRecord *record;

    if (path == NULL)
      return;
    record =
        fast_finger_token_make (image, i == 0 ? FAST_FINGER_RIGHT_INDEX : FAST_FINGER_LEFT_INDEX,
                                fast_finger_group_share (20480, 2), &error);
    g_assert_no_error (error);
    g_ptr_array_add (fingers, record);
  }
  made = fast_finger_group_make (fingers, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (made), <=, 20480);
  g_assert_cmpuint (g_bytes_get_size (made), >=, 20480 * 94 / 100);
  back = fast_finger_group_parse (made, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++) {
    g_autoptr (FastImage) image = fast_finger_record_decode (back->pdata[i], &error);

    g_assert_no_error (error);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (FAST_CHECK_CLAUSES); i++) {
    g_autofree char *path = g_strdup_printf ("/lds/finger-group/3.2:LDS_G_%u", i + 1);

    g_test_add_data_func (path, &FAST_CHECK_CLAUSES[i], test_written);
  }
  g_test_add_func ("/lds/finger-group/check-can-fail", test_check_can_fail);
  g_test_add_func ("/lds/finger-group/round-trip", test_round_trip);
  g_test_add_func ("/lds/finger-group/empty-groups-differ", test_empty_groups_differ);
  g_test_add_func ("/lds/finger-group/make-refuse", test_make_refuse);
  g_test_add_func ("/lds/finger-group/share", test_share);
  g_test_add_func ("/lds/finger-group/accept 5.1:LDS_D_01-03,16", test_accept);
  g_test_add_func ("/lds/finger-group/refuse-frame 5.1:LDS_D_04-07,14,15", test_refuse_frame);
  g_test_add_func ("/lds/finger-group/refuse-headers 5.1:LDS_D_08-13", test_refuse_headers);
  g_test_add_func ("/lds/finger-group/block P3:LDS_G_12-14", test_block);
  g_test_add_func ("/lds/finger-group/specimen-chip", test_specimen_chip);
  g_test_add_func ("/lds/finger-group/real-prints", test_real_prints);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/iris-group.h"

#include <string.h>

#include "record/base/error.h"
#include "tests/personalise/lds/biometric-check.h"
#include "tests/support.h"
#include "tests/tlv-text.h"

#define TLV(tag, ...) fast_tlv_text (tag, __VA_ARGS__, NULL)

static const guint16 FORMATS[] = {0x0009, 0x000B, 0};
static const guint8 SUBTYPES[] = {0x01, 0x02, 0};
static const FastCheckKind KIND = {.tag = 0x76,
                                   .type = 0x10,
                                   .formats = FORMATS,
                                   .has_subtype = TRUE,
                                   .subtypes = SUBTYPES,
                                   .magic = "IIR"};

/* No eye, one, both; the second as an unrolled iris. */
static GPtrArray *
irises_of (guint count)
{
  GPtrArray *irises = g_ptr_array_new_with_free_func ((GDestroyNotify)fast_iris_record_free);

  for (guint i = 0; i < count; i++) {
    FastIrisRecord *record = g_new0 (FastIrisRecord, 1);

    record->eye = FAST_EYE_RIGHT + i;
    record->coding = FAST_IRIS_RAW_GREY;
    record->polar = i == 1;
    record->width = 4;
    record->height = 2;
    record->quality = FAST_IRIS_QUALITY_NONE;
    record->image = fast_tlv_text_bytes ("0011223344556677");
    g_ptr_array_add (irises, record);
  }
  return irises;
}

static GBytes *
make (guint count)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) irises = irises_of (count);
  GBytes *made = fast_iris_group_make (irises, &error);

  g_assert_no_error (error);
  return made;
}

/* 3.2:LDS_H_1 to 3.2:LDS_H_11. */
static void
test_written (gconstpointer data)
{
  const FastCheckClause *clause = data;

  for (guint count = 0; count <= 2; count++) {
    g_autoptr (GBytes) made = make (count);

    g_assert_true (clause->holds (&KIND, g_bytes_get_data (made, NULL), g_bytes_get_size (made)));
  }
}

/* One byte of both eyes' group changed, which alone breaks the clause. */
static const struct {
  guint clause;
  guint offset;
  guint8 value;
} BREAKS[] = {
    {1, 0, 0x77},  {2, 2, 0x00},  {3, 4, 0x60},  {4, 9, 1},      {5, 11, 0x61}, {6, 13, 0xA2},
    {7, 27, 0x02}, {8, 32, 0x0F}, {9, 24, 0xFE}, {10, 34, 0x2D}, {11, 36, 'F'},
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
  for (guint count = 0; count <= 2; count++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) made = make (count);
    g_autoptr (GPtrArray) back = fast_iris_group_parse (made, &error);

    g_assert_no_error (error);
    g_assert_cmpuint (back->len, ==, count);
    for (guint i = 0; i < count; i++) {
      const FastIrisRecord *record = back->pdata[i];

      g_assert_cmpint (record->eye, ==, FAST_EYE_RIGHT + i);
      g_assert_cmpint (record->polar, ==, i == 1);
    }
  }
}

static void
test_make_refuse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) irises = irises_of (2);

  ((FastIrisRecord *)irises->pdata[1])->eye = FAST_EYE_RIGHT;
  g_assert_null (fast_iris_group_make (irises, &error));
  fast_test_assert_id (error, "iris-group-twice");
  g_clear_error (&error);
  ((FastIrisRecord *)irises->pdata[1])->eye = FAST_EYE_UNKNOWN;
  g_assert_null (fast_iris_group_make (irises, &error));
  fast_test_assert_id (error, "iris-group-twice");
}

/* What a reader meets, laid out by hand: a part at a time is left out or replaced. */
#define TYPE "810110"
#define OWNER "87020101"
#define FORMAT "88020009"
#define RAW "0011223344556677"
#define JPEG2000 "0000000c6a5020200d0a870a"

static const char *
iir (const char *identifier, const char *eye, const char *coding, const char *picture)
{
  guint size = (guint)strlen (picture) / 2;
  g_autofree char *header =
      g_strdup_printf ("%s30313000%08x000001002d00000000%s0004000208000000000000000000000000000000"
                       "0000%s00010001feffffffff%08x",
                       identifier, 59 + size, coding, eye, size);

  return TLV ("", header, picture);
}

static const char *
bit (const char *header, const char *record)
{
  return TLV ("7f60", TLV ("a1", header), TLV ("5f2e", record));
}

static const char *
raw_eye (void)
{
  return bit (TYPE "820101" OWNER FORMAT, iir ("49495200", "01", "0002", RAW));
}

static const char *
group (const char *count, const char *first, const char *second)
{
  return TLV ("76", TLV ("7f61", count, first, second));
}

static GPtrArray *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = fast_tlv_text_bytes (text);

  return fast_iris_group_parse (bytes, error);
}

/* 5.1:LDS_E_01 and 5.1:LDS_E_02, and the second format type that TR-03105-3.2 allows. */
static void
test_accept (void)
{
  const char *jpeg2000 = bit (TYPE "820101" OWNER FORMAT, iir ("49495200", "01", "000e", JPEG2000));
  const struct {
    const char *name;
    const char *text;
    guint count;
  } GOOD[] = {
      {"5.1:LDS_E_01", group ("020102", jpeg2000, jpeg2000), 2},
      {"5.1:LDS_E_02", group ("020102", raw_eye (), raw_eye ()), 2},
      {"polar",
       group ("020101", bit (TYPE "820101" OWNER "8802000b", iir ("49495200", "01", "0002", RAW)),
              ""),
       1},
      {"record in 7F2E",
       group ("020101",
              TLV ("7f60", TLV ("a1", TYPE "820101" OWNER FORMAT),
                   TLV ("7f2e", iir ("49495200", "01", "0002", RAW))),
              ""),
       1},
      {"none", group ("020100", "", ""), 0},
      {"none, random", group ("020100", "530401020304", ""), 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (GOOD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) irises = parse (GOOD[i].text, &error);

    g_test_message ("%s", GOOD[i].name);
    g_assert_no_error (error);
    g_assert_cmpuint (irises->len, ==, GOOD[i].count);
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

/* The file with its length one lower or higher; its length takes one byte after 81. */
static const char *
with_length (const char *text, int more)
{
  g_autofree char *changed = g_strdup (text);
  g_autofree char *digits = NULL;

  g_assert_true (g_str_has_prefix (text, "7681"));
  digits = g_strdup_printf (
      "%02x",
      (guint)((int)(g_ascii_xdigit_value (text[4]) * 16 + g_ascii_xdigit_value (text[5])) + more));
  changed[4] = digits[0];
  changed[5] = digits[1];
  return g_intern_string (changed);
}

static void
test_refuse (void)
{
  const char *record = iir ("49495200", "01", "0002", RAW);
  const char *good = raw_eye ();
  const char *text = group ("020102", good, good);
  const Fault FAULTS[] = {
      {"5.1:LDS_E_03", TLV ("77", TLV ("7f61", "020101", good)), "tlv-unexpected"},
      {"5.1:LDS_E_04", with_length (text, -1), "trailing-bytes"},
      {"5.1:LDS_E_05", with_length (text, 1), "truncated"},
      {"5.1:LDS_E_06", group ("", good, good), "tlv-unexpected"},
      {"5.1:LDS_E_07",
       group ("020102",
              bit (TYPE "820101"
                        "870201ff" FORMAT,
                   record),
              good),
       "biometric-group-format"},
      {"5.1:LDS_E_08", group ("020102", bit (TYPE "820101" FORMAT, record), good), "tlv-missing"},
      {"5.1:LDS_E_09", group ("020102", bit (TYPE "820101" OWNER "8802000f", record), good),
       "biometric-group-format"},
      {"5.1:LDS_E_10", group ("020102", bit (TYPE "820101" OWNER, record), good), "tlv-missing"},
      {"5.1:LDS_E_11", group ("020102", bit (TYPE "8201fe" OWNER FORMAT, record), good),
       "biometric-group-subtype"},
      {"5.1:LDS_E_12", group ("020102", bit (TYPE OWNER FORMAT, record), good),
       "biometric-group-no-subtype"},
      {"5.1:LDS_E_13",
       group ("020102", bit (TYPE "820101" OWNER FORMAT, iir ("46495300", "01", "0002", RAW)),
              good),
       "iris-record-identifier"},
      {"5.1:LDS_E_14", group ("020102", good, TLV ("7f60", TLV ("a1", TYPE "820102" OWNER FORMAT))),
       "tlv-missing"},
      {"left eye by the header", group ("020101", bit (TYPE "820102" OWNER FORMAT, record), ""),
       "biometric-group-differs"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* P3:LDS_H_12 to P3:LDS_H_15: an ISO/IEC 39794-6 block is recognised and kept, and no more claimed.
 */
static void
test_block (void)
{
  g_autoptr (GError) error = NULL;
  const char *block = TLV ("a1", TLV ("66", "a007800103810207e3", "a1023000"));
  const char *header = TLV ("a1", TYPE "820102" OWNER "8802002c");
  g_autoptr (GPtrArray) irises =
      parse (group ("020101", TLV ("7f60", header, TLV ("7f2e", block)), ""), &error);
  const FastIrisRecord *record;
  const Fault FAULTS[] = {
      {"P3:LDS_H_13", group ("020101", TLV ("7f60", header, TLV ("5f2e", block)), ""),
       "tlv-unexpected"},
      {"P3:LDS_H_14",
       group ("020101", TLV ("7f60", header, TLV ("7f2e", TLV ("a2", TLV ("66", "a000")))), ""),
       "tlv-unexpected"},
      {"P3:LDS_H_15",
       group ("020101", TLV ("7f60", header, TLV ("7f2e", TLV ("a1", TLV ("66", "a000")))), ""),
       "context-block-member"},
  };

  g_assert_no_error (error);
  record = irises->pdata[0];
  g_assert_cmpint (record->coding, ==, FAST_IRIS_BLOCK);
  g_assert_cmpint (record->eye, ==, FAST_EYE_LEFT);
  g_assert_null (fast_iris_record_decode (record, &error));
  fast_test_assert_id (error, "iris-record-coding");
  for (guint i = 0; i < G_N_ELEMENTS (FAULTS); i++)
    check_fault (&FAULTS[i]);
}

/* Two JPEG 2000 eyes of a real chip; its own bytes keep every clause too. */
static void
test_specimen_chip (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup4.bin");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 100000, &error);
  g_autoptr (GPtrArray) irises = NULL;

  if (path == NULL)
    return;
  irises = fast_iris_group_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (irises->len, ==, 2);
  for (guint i = 0; i < 2; i++) {
    const FastIrisRecord *record = irises->pdata[i];
    g_autoptr (FastImage) image = fast_iris_record_decode (record, &error);

    g_assert_no_error (error);
    g_assert_cmpint (record->eye, ==, FAST_EYE_RIGHT + i);
    g_assert_cmpint (record->coding, ==, FAST_IRIS_JPEG2000_RGB);
    g_assert_cmpuint (image->width, ==, record->width);
  }
  for (guint i = 0; i < G_N_ELEMENTS (FAST_CHECK_CLAUSES); i++)
    g_assert_true (FAST_CHECK_CLAUSES[i].holds (&KIND, g_bytes_get_data (file, NULL),
                                                g_bytes_get_size (file)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (FAST_CHECK_CLAUSES); i++) {
    g_autofree char *path = g_strdup_printf ("/lds/iris-group/3.2:LDS_H_%u", i + 1);

    g_test_add_data_func (path, &FAST_CHECK_CLAUSES[i], test_written);
  }
  g_test_add_func ("/lds/iris-group/check-can-fail", test_check_can_fail);
  g_test_add_func ("/lds/iris-group/round-trip", test_round_trip);
  g_test_add_func ("/lds/iris-group/make-refuse", test_make_refuse);
  g_test_add_func ("/lds/iris-group/accept 5.1:LDS_E_01,02", test_accept);
  g_test_add_func ("/lds/iris-group/refuse 5.1:LDS_E_03-14", test_refuse);
  g_test_add_func ("/lds/iris-group/block P3:LDS_H_12-15", test_block);
  g_test_add_func ("/lds/iris-group/specimen-chip", test_specimen_chip);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/written.h"
#include "tests/support.h"

/* EF.COM and the groups that say who the member is; see written.h. */

static TestPiece
common (void)
{
  return test_written_file ("EF.COM", 0x60);
}

/* --- EF.COM --- */

static void
com_tag_and_length (void)
{
  g_assert_cmpuint (test_piece_count (common ()), ==, 3);
}

static void
com_lds_version (void)
{
  TestPiece piece = test_piece_child (common (), 0);

  g_assert_cmphex (piece.tag, ==, 0x5F01);
  assert_value (piece, "0107");
}

static void
com_unicode_version (void)
{
  TestPiece piece = test_piece_child (common (), 1);

  g_assert_cmphex (piece.tag, ==, 0x5F36);
  assert_value (piece, "040000");
}

/* All that is there, in its order, and nothing else. */
static void
com_list (void)
{
  TestPiece piece = test_piece_child (common (), 2);

  g_assert_cmphex (piece.tag, ==, 0x5C);
  assert_value (piece, "\x61\x75\x67\x6b\x6c\x6d\x6e\x6f");
  for (guint group = 1; group <= 16; group++) {
    const FastFile *at = fast_file_group (group);

    g_assert_cmpint (test_written_has (at->name), ==,
                     memchr (piece.value, at->tag, piece.size) != NULL);
  }
}

/* --- EF.DG1 --- */

static const char *
zone (void)
{
  TestPiece piece = test_piece_child (test_written_file ("EF.DG1", 0x61), 0);

  g_assert_cmphex (piece.tag, ==, 0x5F1F);
  g_assert_cmpuint (piece.size, ==, 90);
  g_assert_cmpuint (test_piece_count (test_written_file ("EF.DG1", 0x61)), ==, 1);
  return (const char *)piece.value;
}

/* ICAO 9303-3, 4.9: weights 7, 3, 1. */
static char
digit_of (const char *text, gsize size, guint *weight, guint *sum)
{
  static const guint WEIGHTS[] = {7, 3, 1};

  for (gsize i = 0; i < size; i++, ++*weight) {
    const char c = text[i];
    const int value = g_ascii_isdigit (c) ? c - '0' : c == '<' ? 0 : c - 'A' + 10;

    *sum += WEIGHTS[*weight % 3] * (guint)value;
  }
  return (char)('0' + *sum % 10);
}

static void
assert_digit (guint offset, gsize size)
{
  guint weight = 0;
  guint sum = 0;

  g_assert_cmpint (digit_of (zone () + offset, size, &weight, &sum), ==, zone ()[offset + size]);
}

static void
assert_field (guint offset, const char *wanted)
{
  g_assert_cmpmem (zone () + offset, strlen (wanted), wanted, strlen (wanted));
}

static void
zone_object (void)
{
  for (guint i = 0; i < 90; i++)
    g_assert_true (g_ascii_isupper (zone ()[i]) || g_ascii_isdigit (zone ()[i]) ||
                   zone ()[i] == '<');
}

static void
zone_code (void)
{
  assert_field (0, "ID");
}

static void
zone_issuer (void)
{
  assert_field (2, "CAN");
}

static void
zone_name (void)
{
  assert_field (60, "BELANGER<DAMOURS<<MAELLE<FRANC");
}

static void
zone_number (void)
{
  assert_field (5, "FB0000017");
  assert_digit (5, 9);
}

static void
zone_nationality (void)
{
  assert_field (45, "CAN");
}

static void
zone_birth (void)
{
  assert_field (30, "860719");
  assert_digit (30, 6);
}

static void
zone_sex (void)
{
  assert_field (37, "F");
}

static void
zone_expiry (void)
{
  assert_field (38, "320719");
  assert_digit (38, 6);
}

static void
zone_optional (void)
{
  assert_field (15, "500000001<<<<<<");
}

static void
zone_composite (void)
{
  guint weight = 0;
  guint sum = 0;

  digit_of (zone () + 5, 25, &weight, &sum);
  digit_of (zone () + 30, 7, &weight, &sum);
  digit_of (zone () + 38, 7, &weight, &sum);
  g_assert_cmpint (digit_of (zone () + 48, 11, &weight, &sum), ==, zone ()[59]);
}

/* --- EF.DG11, EF.DG12 --- */

/* The tag list names what follows, one for one. */
static void
assert_list (TestPiece group)
{
  TestPiece list = test_piece_child (group, 0);
  gsize at = 0;

  g_assert_cmphex (list.tag, ==, 0x5C);
  for (guint i = 1; i < test_piece_count (group); i++) {
    guint32 tag;

    g_assert_cmpuint (at, <, list.size);
    tag = list.value[at++];
    if ((tag & 0x1F) == 0x1F)
      tag = tag << 8 | list.value[at++];
    g_assert_cmphex (tag, ==, test_piece_child (group, i).tag);
  }
  g_assert_cmpuint (at, ==, list.size);
}

static void
details_length (void)
{
  g_assert_cmpuint (test_piece_count (test_written_file ("EF.DG11", 0x6B)), >, 1);
}

static void
details_list (void)
{
  assert_list (test_written_file ("EF.DG11", 0x6B));
}

static void
document_length (void)
{
  g_assert_cmpuint (test_piece_count (test_written_file ("EF.DG12", 0x6C)), >, 1);
}

static void
document_list (void)
{
  assert_list (test_written_file ("EF.DG12", 0x6C));
}

/* A field of EF.DG11 or EF.DG12 by its case; %NULL for what we do not write. */
typedef struct {
  const char *id;
  const char *file;
  guint32 group;
  guint32 tag;
  const char *wanted;
} Field;

#define DG11 "EF.DG11", 0x6B
#define DG12 "EF.DG12", 0x6C

static const Field FIELDS[] = {
    {"P3:LDS_N_4", DG11, 0x5F0E, "Bélanger-D’Amours<<Maëlle<Françoise"},
    {"P3:LDS_N_5", DG11, 0xA0, NULL},
    {"P3:LDS_N_6", DG11, 0x5F10, NULL},
    {"P3:LDS_N_7", DG11, 0x5F2B, "19860719"},
    {"P3:LDS_N_8", DG11, 0x5F11, "Saint-Hyacinthe<QC<CAN"},
    {"P3:LDS_N_9", DG11, 0x5F42, "48, rang de l’Exemple<Saint-Hyacinthe<QC<J2S 0A0<CAN"},
    {"P3:LDS_N_10", DG11, 0x5F12, NULL},
    {"P3:LDS_N_11", DG11, 0x5F13, NULL},
    {"P3:LDS_N_12", DG11, 0x5F14, NULL},
    {"P3:LDS_N_13", DG11, 0x5F15, NULL},
    {"P3:LDS_N_14", DG11, 0x5F16, NULL},
    {"P3:LDS_N_15", DG11, 0x5F17, NULL},
    {"P3:LDS_O_4", DG12, 0x5F19, "Canada Border Services Agency"},
    {"P3:LDS_O_5", DG12, 0x5F26, "20261124"},
    {"P3:LDS_O_6", DG12, 0xA0, NULL},
    {"P3:LDS_O_7", DG12, 0x5F1B, NULL},
    {"P3:LDS_O_8", DG12, 0x5F1C, NULL},
    {"P3:LDS_O_9", DG12, 0x5F1D, NULL},
    {"P3:LDS_O_10", DG12, 0x5F1E, NULL},
    {"P3:LDS_O_11", DG12, 0x5F55, "20261124135901"},
    {"P3:LDS_O_12", DG12, 0x5F56, "BWB-1"},
};

static void
field (gconstpointer data)
{
  const Field *row = data;
  TestPiece found = test_piece_find (test_written_file (row->file, row->group), row->tag);

  g_assert_cmphex (found.tag, ==, row->wanted == NULL ? 0 : row->tag);
  if (row->wanted != NULL)
    g_assert_cmpmem (found.value, found.size, row->wanted, strlen (row->wanted));
}

/* --- EF.DG7, EF.DG13: of no plan, so cases of our own --- */

static void
signature (void)
{
  TestPiece group = test_written_file ("EF.DG7", 0x67);

  g_assert_cmpuint (test_piece_count (group), ==, 2);
  assert_value (test_piece_child (group, 0), "\x01");
  g_assert_cmphex (test_piece_child (group, 1).tag, ==, 0x5F43);
  g_assert_cmpmem (test_piece_child (group, 1).value, 3, "\xFF\xD8\xFF", 3);
  g_assert_cmpuint (test_piece_child (group, 1).size, <=, 6144);
}

static void
programme (void)
{
  TestPiece group = test_written_file ("EF.DG13", 0x6D);

  assert_value (test_piece_find (group, 0x80), "\x01");
  assert_value (test_piece_find (group, 0x81), "FAST");
  assert_value (test_piece_find (group, 0x82), "500000001");
  assert_value (test_piece_child (test_piece_find (group, 0xA3), 0), "hazardous-goods");
  assert_value (test_piece_find (group, 0x84), "E2801160600002");
}

/* --- the table of cases --- */

static const TestCase CASES[] = {
    {"P3:LDS_A_1", com_tag_and_length}, {"P3:LDS_A_2", com_tag_and_length},
    {"P3:LDS_A_3", com_lds_version},    {"P3:LDS_A_4", com_unicode_version},
    {"P3:LDS_A_5", com_list},           {"P3:LDS_B_1", zone_object},
    {"P3:LDS_B_2", zone_object},        {"P3:LDS_B_3", zone_object},
    {"P3:LDS_B_4", zone_code},          {"P3:LDS_B_5", zone_issuer},
    {"P3:LDS_B_6", zone_name},          {"P3:LDS_B_7", zone_number},
    {"P3:LDS_B_8", zone_nationality},   {"P3:LDS_B_9", zone_birth},
    {"P3:LDS_B_10", zone_sex},          {"P3:LDS_B_11", zone_expiry},
    {"P3:LDS_B_12", zone_optional},     {"P3:LDS_B_13", zone_composite},
    {"P3:LDS_N_2", details_length},     {"P3:LDS_N_3", details_list},
    {"P3:LDS_O_2", document_length},    {"P3:LDS_O_3", document_list},
    {"own:LDS_DG7", signature},         {"own:LDS_DG13", programme},
};

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  test_written_set_up ();
  test_written_add (CASES, G_N_ELEMENTS (CASES));
  for (guint i = 0; i < G_N_ELEMENTS (FIELDS); i++) {
    g_autofree char *path = g_strconcat ("/lds/written/", FIELDS[i].id, NULL);

    g_test_add_data_func (path, &FIELDS[i], field);
  }
  result = g_test_run ();
  test_written_tear_down ();
  return result;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/face-check.h"

#include <string.h>

#include "tests/personalise/lds/biometric-check.h"

static const guint16 RECORD_FORMATS[] = {0x0008, 0};
static const guint16 BLOCK_FORMATS[] = {0x002A, 0};
static const FastCheckKind KINDS[] = {
    [FAST_FACE_19794] = {.tag = 0x75, .type = 0x02, .formats = RECORD_FORMATS},
    [FAST_FACE_39794] = {.tag = 0x75, .type = 0x02, .formats = BLOCK_FORMATS},
};

static FastCheckNode
block_of (const guint8 *file, gsize size)
{
  return fast_check_inner (fast_check_template (file, size, 0), 1);
}

static guint
number (const guint8 *at, guint size)
{
  guint value = 0;

  for (guint i = 0; i < size; i++)
    value = value << 8 | at[i];
  return value;
}

static gboolean
in_record (const guint8 *file, gsize size)
{
  return block_of (file, size).tag == 0x5F2E;
}

/* Identifier, version, length of the whole, one face. */
static gboolean
has_header (const guint8 *file, gsize size)
{
  FastCheckNode record = block_of (file, size);

  return record.size > 46 &&
         memcmp (record.value,
                 "FAC\0"
                 "010\0",
                 8) == 0 &&
         number (record.value + 8, 4) == record.size && number (record.value + 12, 2) == 1;
}

/* Length of the face's part; sex, eyes, hair; pose angles and uncertainties. */
static gboolean
has_traits (const guint8 *file, gsize size)
{
  FastCheckNode record = block_of (file, size);
  const guint8 *face = record.value + 14;

  for (guint i = 0; i < 6; i++)
    if (face[14 + i] > 181)
      return FALSE;
  return number (face, 4) == record.size - 14 && (face[6] <= 2 || face[6] == 255) &&
         (face[7] <= 7 || face[7] == 255) && (face[8] <= 7 || face[8] == 255);
}

/* No feature points are announced, and the image information follows at once. */
static gboolean
has_no_points (const guint8 *file, gsize size)
{
  return number (block_of (file, size).value + 18, 2) == 0;
}

/* Full frontal, JPEG or JPEG 2000 as the data say, the size of the picture. */
static gboolean
has_image (const guint8 *file, gsize size)
{
  const guint8 *image = block_of (file, size).value + 34;
  gboolean is_jpeg = image[12] == 0xFF && image[13] == 0xD8;

  return image[0] == 1 && image[1] == (is_jpeg ? 0 : 1) && number (image + 2, 2) == 622 &&
         number (image + 4, 2) == 800;
}

static gboolean
in_block (const guint8 *file, gsize size)
{
  return block_of (file, size).tag == 0x7F2E;
}

/* The @path-th object in the object in …, ended by -1, from the content of 7F2E on. */
static FastCheckNode
inside (const guint8 *file, gsize size, const int *path)
{
  FastCheckNode node = block_of (file, size);

  while (*path >= 0)
    node = fast_check_inner (node, (guint)*path++);
  return node;
}

#define INSIDE(...) inside (file, size, (const int[]){__VA_ARGS__, -1})

static gboolean
is_only (FastCheckNode outer, FastCheckNode node, guint32 tag)
{
  return node.ok && node.tag == tag && node.total == outer.size;
}

static gboolean
has_form (const guint8 *file, gsize size)
{
  return is_only (block_of (file, size), INSIDE (0), 0xA1);
}

static gboolean
has_face (const guint8 *file, gsize size)
{
  return is_only (INSIDE (0), INSIDE (0, 0), 0x65);
}

static gboolean
has_version (const guint8 *file, gsize size)
{
  FastCheckNode version = INSIDE (0, 0, 0);

  return version.ok && version.tag == 0xA0 && version.size == 7 &&
         memcmp (version.value, "\x80\x01\x03\x81\x02\x07\xE3", 7) == 0;
}

static gboolean
has_list (const guint8 *file, gsize size)
{
  FastCheckNode list = INSIDE (0, 0, 1);

  return list.ok && list.tag == 0xA1 && list.total + INSIDE (0, 0, 0).total == INSIDE (0, 0).size;
}

static gboolean
has_one (const guint8 *file, gsize size)
{
  FastCheckNode id = INSIDE (0, 0, 1, 0, 0);

  return is_only (INSIDE (0, 0, 1), INSIDE (0, 0, 1, 0), 0x30) && id.ok && id.tag == 0x80;
}

/* A code in the profile's form: [n] { [1] { [0] code } }. */
static gboolean
is_code (FastCheckNode node, guint32 tag, guint least, guint most)
{
  FastCheckNode choice = fast_check_inner (node, 0);
  FastCheckNode code = fast_check_inner (choice, 0);

  return node.ok && node.tag == tag && choice.ok && choice.tag == 0xA1 && code.ok &&
         code.tag == 0x80 && code.size == 1 && code.value[0] >= least && code.value[0] <= most;
}

static gboolean
has_sex (const guint8 *file, gsize size)
{
  FastCheckNode identity = INSIDE (0, 0, 1, 0, 2);

  return identity.tag == 0xA8 && is_code (fast_check_inner (identity, 0), 0xA0, 1, 3);
}

static gboolean
has_base (const guint8 *file, gsize size)
{
  return INSIDE (0, 0, 1, 0, 1).tag == 0xA1 &&
         is_only (INSIDE (0, 0, 1, 0, 1), INSIDE (0, 0, 1, 0, 1, 0), 0xA0);
}

static gboolean
has_picture (const guint8 *file, gsize size)
{
  FastCheckNode data = INSIDE (0, 0, 1, 0, 1, 0, 0, 0);

  return is_only (INSIDE (0, 0, 1, 0, 1, 0), INSIDE (0, 0, 1, 0, 1, 0, 0), 0xA0) && data.ok &&
         data.tag == 0x80 && data.size > 1000;
}

static gboolean
has_format (const guint8 *file, gsize size)
{
  FastCheckNode data = INSIDE (0, 0, 1, 0, 1, 0, 0, 0);
  FastCheckNode format = INSIDE (0, 0, 1, 0, 1, 0, 0, 1, 0);
  FastCheckNode code = fast_check_inner (format, 0);

  return format.ok && format.tag == 0xA0 && code.ok && code.tag == 0x80 && code.size == 1 &&
         code.value[0] == (data.value[0] == 0xFF ? 2 : 3);
}

static gboolean
has_kind (const guint8 *file, gsize size)
{
  return is_code (INSIDE (0, 0, 1, 0, 1, 0, 0, 1, 1), 0xA1, 0, 0);
}

/* Whether the file keeps the clause. */
gboolean
fast_face_clause_holds (const FastFaceClause *clause, GBytes *file)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (file, &size);

  if (clause->general != 0 &&
      !FAST_CHECK_CLAUSES[clause->general - 1].holds (&KINDS[clause->edition], data, size))
    return FALSE;
  return clause->holds == NULL || clause->holds (data, size);
}

const FastFaceClause FAST_FACE_CLAUSE[FAST_FACE_CLAUSES] = {
    {"P3:LDS_C_1", FAST_FACE_19794, 1, NULL, 0, 0, 0x76},
    {"P3:LDS_C_2", FAST_FACE_19794, 2, NULL, 3, 0, 0},
    {"P3:LDS_C_3", FAST_FACE_19794, 3, NULL, 5, 0, 0x60},
    {"P3:LDS_C_4", FAST_FACE_19794, 4, NULL, 11, 0, 2},
    {"P3:LDS_C_5", FAST_FACE_19794, 5, NULL, 13, 0, 0x61},
    {"P3:LDS_C_6", FAST_FACE_19794, 6, NULL, 17, 0, 0xA2},
    {"P3:LDS_C_7", FAST_FACE_19794, 7, NULL, 27, 0, 2},
    {"P3:LDS_C_8", FAST_FACE_19794, 8, NULL, 32, 0, 7},
    {"P3:LDS_C_9", FAST_FACE_19794, 10, in_record, 33, 0, 0x7F},
    {"P3:LDS_C_10", FAST_FACE_19794, 0, has_header, 43, 0, '2'},
    {"P3:LDS_C_11", FAST_FACE_19794, 0, has_traits, 38 + 14 + 6, 0, 3},
    {"P3:LDS_C_12", FAST_FACE_19794, 0, has_no_points, 38 + 19, 0, 1},
    {"P3:LDS_C_13", FAST_FACE_19794, 0, has_image, 38 + 34, 0, 3},
    {"P3:LDS_C_14", FAST_FACE_39794, 8, NULL, 32, 0, 8},
    {"P3:LDS_C_15", FAST_FACE_39794, 10, in_block, 33, 0, 0x5F},
    {"P3:LDS_C_16", FAST_FACE_39794, 0, has_form, 38, 0, 0xA2},
    {"P3:LDS_C_17", FAST_FACE_39794, 0, has_face, 42, 0, 0x64},
    {"P3:LDS_C_18", FAST_FACE_39794, 0, has_version, 50, 0, 2},
    {"P3:LDS_C_19", FAST_FACE_39794, 0, has_list, 55, 0, 0xA2},
    {"P3:LDS_C_20", FAST_FACE_39794, 0, has_one, 59, 0, 0x31},
    {"P3:LDS_C_21", FAST_FACE_39794, 0, has_sex, 0, 8, 4},
    {"P3:LDS_C_22", FAST_FACE_39794, 0, has_base, 70, 0, 0xA1},
    {"P3:LDS_C_23", FAST_FACE_39794, 0, has_picture, 74, 0, 0xA1},
    {"P3:LDS_C_24", FAST_FACE_39794, 0, has_format, 0, 54, 9},
    {"P3:LDS_C_25", FAST_FACE_39794, 0, has_kind, 0, 47, 9},
};

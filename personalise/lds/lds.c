/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/lds.h"

#include "record/base/durable.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

#define APPLICATION FAST_PLACE_APPLICATION
#define MASTER_FILE FAST_PLACE_MASTER_FILE
#define OBJECT FAST_FILE_FORM_OBJECT
#define OBJECTS FAST_FILE_FORM_OBJECTS
#define PADDED FAST_FILE_FORM_PADDED

/* ICAO 9303-10: identifiers and tags; 9303-11, 9.2.11 for EF.CardAccess, ISO/IEC 7816-4, 12.2.2
 * for EF.ATR/INFO. */
static const FastFile FILES[] = {
    {"EF.ATR-INFO", MASTER_FILE, 0x2F01, 0x01, 0x00, 0, OBJECTS},
    {"EF.CardAccess", MASTER_FILE, 0x011C, 0x1C, 0x31, 0, OBJECT},
    {"EF.COM", APPLICATION, 0x011E, 0x1E, 0x60, 0, OBJECT},
    {"EF.DG1", APPLICATION, 0x0101, 0x01, 0x61, 1, OBJECT},
    {"EF.DG2", APPLICATION, 0x0102, 0x02, 0x75, 2, OBJECT},
    {"EF.DG3", APPLICATION, 0x0103, 0x03, 0x63, 3, OBJECT},
    {"EF.DG4", APPLICATION, 0x0104, 0x04, 0x76, 4, OBJECT},
    {"EF.DG5", APPLICATION, 0x0105, 0x05, 0x65, 5, OBJECT},
    {"EF.DG6", APPLICATION, 0x0106, 0x06, 0x66, 6, OBJECT},
    {"EF.DG7", APPLICATION, 0x0107, 0x07, 0x67, 7, OBJECT},
    {"EF.DG8", APPLICATION, 0x0108, 0x08, 0x68, 8, OBJECT},
    {"EF.DG9", APPLICATION, 0x0109, 0x09, 0x69, 9, OBJECT},
    {"EF.DG10", APPLICATION, 0x010A, 0x0A, 0x6A, 10, OBJECT},
    {"EF.DG11", APPLICATION, 0x010B, 0x0B, 0x6B, 11, OBJECT},
    {"EF.DG12", APPLICATION, 0x010C, 0x0C, 0x6C, 12, OBJECT},
    {"EF.DG13", APPLICATION, 0x010D, 0x0D, 0x6D, 13, OBJECT},
    {"EF.DG14", APPLICATION, 0x010E, 0x0E, 0x6E, 14, OBJECT},
    {"EF.DG15", APPLICATION, 0x010F, 0x0F, 0x6F, 15, OBJECT},
    {"EF.DG16", APPLICATION, 0x0110, 0x10, 0x70, 16, OBJECT},
    {"EF.CVCA", APPLICATION, 0x011C, 0x1C, 0x42, 0, PADDED},
    {"EF.SOD", APPLICATION, 0x011D, 0x1D, 0x77, 0, OBJECT},
};

/* Where the table has what is asked for by name. */
enum {
  INDEX_ATR_INFO = 0,
  INDEX_CARD_ACCESS = 1,
  INDEX_COM = 2,
  INDEX_GROUPS = INDEX_COM, /* and the number of the group added */
  INDEX_CVCA = INDEX_GROUPS + 17,
  INDEX_SOD = INDEX_CVCA + 1,
};

struct _FastLds {
  gatomicrefcount references;
  GBytes *content[G_N_ELEMENTS (FILES)];
};

/**
 * fast_files:
 * @count: (out): how many
 *
 * Returns: (transfer none) (array length=count): all elementary files of LDS1, in order
 */
const FastFile *
fast_files (gsize *count)
{
  *count = G_N_ELEMENTS (FILES);
  return FILES;
}

/**
 * fast_file_atr_info:
 *
 * Returns: (transfer none): EF.ATR/INFO, what the chip can do
 */
const FastFile *
fast_file_atr_info (void)
{
  return &FILES[INDEX_ATR_INFO];
}

/**
 * fast_file_card_access:
 *
 * Returns: (transfer none): EF.CardAccess, what PACE needs
 */
const FastFile *
fast_file_card_access (void)
{
  return &FILES[INDEX_CARD_ACCESS];
}

/**
 * fast_file_com:
 *
 * Returns: (transfer none): EF.COM
 */
const FastFile *
fast_file_com (void)
{
  return &FILES[INDEX_COM];
}

/**
 * fast_file_cvca:
 *
 * Returns: (transfer none): EF.CVCA, whom terminal authentication trusts
 */
const FastFile *
fast_file_cvca (void)
{
  return &FILES[INDEX_CVCA];
}

/**
 * fast_file_sod:
 *
 * Returns: (transfer none): EF.SOD
 */
const FastFile *
fast_file_sod (void)
{
  return &FILES[INDEX_SOD];
}

/**
 * fast_file_group:
 * @group: a data group's number
 *
 * Returns: (transfer none) (nullable): its file; %NULL unless 1 to 16
 */
const FastFile *
fast_file_group (guint group)
{
  return group >= 1 && group <= 16 ? &FILES[INDEX_GROUPS + group] : NULL;
}

/**
 * fast_file_by_fid:
 * @place: where it lies
 * @fid: a file identifier
 *
 * Returns: (transfer none) (nullable): its file
 */
const FastFile *
fast_file_by_fid (FastFilePlace place, guint16 fid)
{
  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    if (FILES[i].place == place && FILES[i].fid == fid)
      return &FILES[i];
  return NULL;
}

/**
 * fast_file_by_tag:
 * @tag: the tag of a file's content
 *
 * Returns: (transfer none) (nullable): its file; never EF.ATR/INFO, which begins with any
 */
const FastFile *
fast_file_by_tag (guint32 tag)
{
  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    if (FILES[i].tag != 0 && FILES[i].tag == tag)
      return &FILES[i];
  return NULL;
}

/**
 * fast_file_by_name:
 * @name: as in `EF.DG1`
 *
 * Returns: (transfer none) (nullable): its file
 */
const FastFile *
fast_file_by_name (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    if (g_str_equal (FILES[i].name, name))
      return &FILES[i];
  return NULL;
}

/**
 * fast_lds_new:
 *
 * Returns: (transfer full): a chip without files
 */
FastLds *
fast_lds_new (void)
{
  FastLds *lds = g_new0 (FastLds, 1);

  g_atomic_ref_count_init (&lds->references);
  return lds;
}

/**
 * fast_lds_ref:
 * @lds: a chip's files
 *
 * Returns: (transfer full): @lds
 */
FastLds *
fast_lds_ref (FastLds *lds)
{
  g_atomic_ref_count_inc (&lds->references);
  return lds;
}

/**
 * fast_lds_unref:
 * @lds: (transfer full): a chip's files
 */
void
fast_lds_unref (FastLds *lds)
{
  if (!g_atomic_ref_count_dec (&lds->references))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    g_clear_pointer (&lds->content[i], g_bytes_unref);
  g_free (lds);
}

static gboolean
check_objects (FastReader *reader, GError **error)
{
  FastTlv tlv;

  do {
    if (!fast_tlv_read (reader, &tlv, error))
      return FALSE;
  } while (fast_reader_left (reader) > 0);
  return TRUE;
}

static gboolean
check_form (const FastFile *file, FastReader *reader, GError **error)
{
  FastTlv tlv;

  if (file->form == FAST_FILE_FORM_OBJECTS)
    return check_objects (reader, error);
  return fast_tlv_expect (reader, file->tag, &tlv, error) &&
         (file->form == FAST_FILE_FORM_PADDED || fast_reader_end (reader, error));
}

static gboolean
check_content (const FastFile *file, GBytes *content, GError **error)
{
  FastReader reader = fast_reader_from_bytes (content, file->name);

  if (g_bytes_get_size (content) > FAST_FILE_LIMIT)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "lds-file-size",
                      "file=%s, size=%" G_GSIZE_FORMAT ", limit=%d", file->name,
                      g_bytes_get_size (content), FAST_FILE_LIMIT);
  return check_form (file, &reader, error);
}

/**
 * fast_lds_set:
 * @lds: a chip's files
 * @file: which
 * @content: its exact bytes, from the tag on
 * @error: return location for an error
 *
 * What the content means is for the parser of each file to judge.
 *
 * Returns: whether @content has the file's form, for most one data object with its tag and nothing
 *   after it
 */
gboolean
fast_lds_set (FastLds *lds, const FastFile *file, GBytes *content, GError **error)
{
  gsize index = (gsize)(file - FILES);

  if (!check_content (file, content, error))
    return FALSE;
  g_bytes_ref (content);
  g_clear_pointer (&lds->content[index], g_bytes_unref);
  lds->content[index] = content;
  return TRUE;
}

/**
 * fast_lds_get:
 * @lds: a chip's files
 * @file: which
 *
 * Returns: (transfer none) (nullable): its exact bytes; %NULL when the chip has no such file
 */
GBytes *
fast_lds_get (FastLds *lds, const FastFile *file)
{
  return lds->content[file - FILES];
}

/**
 * fast_lds_require:
 * @lds: a chip's files
 * @file: which
 * @error: return location for an error
 *
 * Returns: (transfer none) (nullable): its exact bytes; %NULL with FAST_INPUT_ERROR_MISSING when
 *   the chip has no such file
 */
GBytes *
fast_lds_require (FastLds *lds, const FastFile *file, GError **error)
{
  GBytes *content = fast_lds_get (lds, file);

  if (content == NULL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "lds-file-missing",
                           "file=%s", file->name);
  return content;
}

/**
 * fast_lds_total:
 * @lds: a chip's files
 *
 * Returns: the bytes of all files together
 */
gsize
fast_lds_total (FastLds *lds)
{
  gsize total = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    if (lds->content[i] != NULL)
      total += g_bytes_get_size (lds->content[i]);
  return total;
}

/**
 * fast_lds_write_folder:
 * @lds: a chip's files
 * @folder: made when it is not there; files of the same names are replaced
 * @error: return location for an error
 *
 * Returns: whether all files are there, each on stable storage
 */
gboolean
fast_lds_write_folder (FastLds *lds, const char *folder, GError **error)
{
  if (!fast_durable_make_folder (folder, 0700, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++) {
    g_autofree char *path = g_build_filename (folder, FILES[i].name, NULL);

    if (lds->content[i] == NULL)
      continue;
    if (!fast_durable_replace (path, lds->content[i], 0600, FAST_POINT ("lds-write"), error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
read_file (FastLds *lds, const FastFile *file, const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, file->name, NULL);
  g_autoptr (GBytes) content = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  content = fast_bytes_read_file (path, FAST_FILE_LIMIT, error);
  return content != NULL && fast_lds_set (lds, file, content, error);
}

/**
 * fast_lds_read_folder:
 * @folder: a folder of files named as in `EF.DG1`
 * @error: return location for an error
 *
 * EF.COM and EF.SOD must be there; data groups may be.
 *
 * Returns: (transfer full): the files
 */
FastLds *
fast_lds_read_folder (const char *folder, GError **error)
{
  g_autoptr (FastLds) lds = fast_lds_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (FILES); i++)
    if (!read_file (lds, &FILES[i], folder, error))
      return NULL;
  if (fast_lds_require (lds, fast_file_com (), error) == NULL ||
      fast_lds_require (lds, fast_file_sod (), error) == NULL)
    return NULL;
  return g_steal_pointer (&lds);
}

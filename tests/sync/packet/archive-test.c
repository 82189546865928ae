/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/archive.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/support.h"

#define BLOCK 512

static const FastArchiveEntry two[] = {
    {"item.json", "{}", 2},
    {"face.jpg", "\xFF\xD8\0\xFF", 4},
};

static FastSecret *
write_two (void)
{
  g_autoptr (GError) error = NULL;
  FastSecret *tar = fast_archive_write (two, 2, &error);

  g_assert_no_error (error);
  return tar;
}

static void
test_round (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) tar = write_two ();
  g_autoptr (FastSecret) again = write_two ();
  g_autoptr (GHashTable) files =
      fast_archive_read (fast_secret_data (tar), fast_secret_size (tar), &error);
  FastSecret *face;

  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (tar), fast_secret_size (tar), fast_secret_data (again),
                   fast_secret_size (again));
  g_assert_cmpuint (g_hash_table_size (files), ==, 2);
  face = g_hash_table_lookup (files, "face.jpg");
  g_assert_cmpmem (fast_secret_data (face), fast_secret_size (face), "\xFF\xD8\0\xFF", 4);
}

/* A ustar header block with a right checksum (POSIX.1-1988), so that only the named field is at
 * fault. */
static void
put_header (GByteArray *out, const char *name, const char *size, char type, const char *link)
{
  guint8 block[BLOCK] = {0};
  guint sum = 0;
  char text[8];

  fast_copy (block, 100, name, strlen (name));
  fast_copy (block + 100, 8, "0000600", 7);
  fast_copy (block + 108, 8, "0000000", 7);
  fast_copy (block + 116, 8, "0000000", 7);
  fast_copy (block + 124, 12, size, 11);
  fast_copy (block + 136, 12, "00000000000", 11);
  fast_copy (block + 148, 8, "        ", 8);
  block[156] = (guint8)type;
  fast_copy (block + 157, 100, link, strlen (link));
  fast_copy (block + 257, 8, "ustar\00000", 8);
  for (guint i = 0; i < BLOCK; i++)
    sum += block[i];
  g_snprintf (text, sizeof text, "%06o", sum);
  fast_copy (block + 148, 8, text, 7);
  fast_append (out, block, BLOCK);
}

static void
put_zeros (GByteArray *out, guint n)
{
  guint8 block[BLOCK] = {0};

  for (guint i = 0; i < n; i++)
    fast_append (out, block, BLOCK);
}

typedef struct {
  const char *name, *size;
  char type;
  const char *link, *id;
} Bad;

static void
test_refusals (void)
{
  static const Bad bad[] = {
      {"../item.json", "00000000000", '0', "", "archive-name"},
      {"/item.json", "00000000000", '0', "", "archive-name"},
      {"a/b", "00000000000", '0', "", "archive-name"},
      {".hidden", "00000000000", '0', "", "archive-name"},
      {"a..b", "00000000000", '0', "", "archive-name"},
      {"folder", "00000000000", '5', "", "archive-entry-type"},
      {"link", "00000000000", '2', "item.json", "archive-entry-type"},
      {"hard", "00000000000", '1', "item.json", "archive-entry-type"},
      {"fifo", "00000000000", '6', "", "archive-entry-type"},
      {"large", "77777777777", '0', "", "archive-truncated"},
      {"twice", "00000000000", '0', "", "archive-duplicate"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GByteArray) tar = g_byte_array_new ();

    put_header (tar, "twice", "00000000000", '0', "");
    put_header (tar, bad[i].name, bad[i].size, bad[i].type, bad[i].link);
    put_zeros (tar, 2);
    g_assert_null (fast_archive_read (tar->data, tar->len, &error));
    fast_test_assert_id (error, bad[i].id);
  }
}

static void
test_cut (void)
{
  g_autoptr (FastSecret) tar = write_two ();

  for (gsize size = 1; size < BLOCK * 3; size += 37) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GHashTable) files = fast_archive_read (fast_secret_data (tar), size, &error);

    g_assert_true (files == NULL ? error != NULL : g_hash_table_size (files) < 2);
  }
}

static void
test_many (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) tar = g_byte_array_new ();

  for (guint i = 0; i <= FAST_ARCHIVE_MOST_ENTRIES; i++) {
    g_autofree char *name = g_strdup_printf ("part-%u", i);
    put_header (tar, name, "00000000000", '0', "");
  }
  put_zeros (tar, 2);
  g_assert_null (fast_archive_read (tar->data, tar->len, &error));
  fast_test_assert_id (error, "archive-too-large");
}

/* The tar that everybody has reads what we write. */
static void
test_tar_program (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) tar = write_two ();
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "a.tar", NULL);
  g_autofree char *listing = NULL;
  const char *argv[] = {"tar", "tf", path, NULL};

  g_file_set_contents (path, (const char *)fast_secret_data (tar), (gssize)fast_secret_size (tar),
                       &error);
  g_assert_no_error (error);
  g_assert_cmpint (fast_test_run (&listing, NULL, argv), ==, 0);
  g_assert_cmpstr (listing, ==, "item.json\nface.jpg\n");
  fast_test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/packet/archive/round", test_round);
  g_test_add_func ("/sync/packet/archive/refusals", test_refusals);
  g_test_add_func ("/sync/packet/archive/cut", test_cut);
  g_test_add_func ("/sync/packet/archive/many", test_many);
  g_test_add_func ("/sync/packet/archive/tar-program", test_tar_program);
  return g_test_run ();
}

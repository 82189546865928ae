/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/written.h"

static TestPki pki;
static TestChip chip;
static FastLds *written;

/* The data object at *@at; every length must be DER's. */
TestPiece
test_piece_next (const guint8 **at, const guint8 *end)
{
  TestPiece piece = {.start = *at};
  gsize n;

  g_assert_true (*at < end);
  piece.tag = *(*at)++;
  if ((piece.tag & 0x1F) == 0x1F) {
    g_assert_true (*at < end && (**at & 0x80) == 0);
    piece.tag = piece.tag << 8 | *(*at)++;
  }
  g_assert_true (*at < end);
  piece.size = *(*at)++;
  n = piece.size > 0x7F ? piece.size & 0x7F : 0;
  g_assert_cmpuint (n, <=, 2);
  if (n > 0) {
    g_assert_true ((gsize)(end - *at) >= n && **at != 0);
    for (piece.size = 0; n > 0; n--)
      piece.size = piece.size << 8 | *(*at)++;
    g_assert_cmpuint (piece.size, >, piece.size > 0xFF ? 0xFF : 0x7F);
  }
  g_assert_cmpuint (piece.size, <=, (gsize)(end - *at));
  piece.value = *at;
  *at += piece.size;
  return piece;
}

static TestPiece
whole (const guint8 *data, gsize size, guint32 tag)
{
  const guint8 *at = data;
  TestPiece piece = test_piece_next (&at, data + size);

  g_assert_cmphex (piece.tag, ==, tag);
  g_assert_true (at == data + size);
  return piece;
}

gboolean
test_written_has (const char *name)
{
  return fast_lds_get (written, fast_file_by_name (name)) != NULL;
}

GBytes *
test_written_bytes (const char *name)
{
  GBytes *bytes = fast_lds_get (written, fast_file_by_name (name));

  g_assert_nonnull (bytes);
  return bytes;
}

/* The one object that fills the file. */
TestPiece
test_written_file (const char *name, guint32 tag)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (test_written_bytes (name), &size);

  return whole (data, size, tag);
}

/* The child of a number. */
TestPiece
test_piece_child (TestPiece parent, guint number)
{
  const guint8 *at = parent.value;
  TestPiece piece = {0};

  for (guint i = 0; i <= number; i++)
    piece = test_piece_next (&at, parent.value + parent.size);
  return piece;
}

guint
test_piece_count (TestPiece parent)
{
  const guint8 *at = parent.value;
  guint n = 0;

  for (; at < parent.value + parent.size; n++)
    test_piece_next (&at, parent.value + parent.size);
  return n;
}

/* The first child with a tag; its tag is 0 when there is none. */
TestPiece
test_piece_find (TestPiece parent, guint32 tag)
{
  const guint8 *at = parent.value;

  while (at < parent.value + parent.size) {
    TestPiece piece = test_piece_next (&at, parent.value + parent.size);

    if (piece.tag == tag)
      return piece;
  }
  return (TestPiece){0};
}

EVP_PKEY *
test_written_key (const char *curve)
{
  g_autoptr (GError) error = NULL;
  EVP_PKEY *key = fast_key_generate (curve, FAST_KEY_PARAMETERS_EXPLICIT, &error);

  g_assert_no_error (error);
  return key;
}

FastLds *
test_written_build (const FastChipKeys *keys, GError **error)
{
  static const FastAtrInfo INFO = {TRUE, TRUE, 1024, 32768};
  FastLdsInput input = chip.input;

  input.keys = keys;
  input.atr_info = &INFO;
  return fast_lds_build (&input, pki.signer, pki.key, error);
}

void
test_written_set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) agreement = test_written_key ("P-256");
  g_autoptr (EVP_PKEY) signing = test_written_key ("P-256");
  const FastChipKeys keys = {agreement, signing, "CAFASTCVCA00001", NULL};

  test_pki_init (&pki);
  test_chip_init (&chip);
  written = test_written_build (&keys, &error);
  g_assert_no_error (error);
}

void
test_written_tear_down (void)
{
  fast_lds_unref (written);
  test_chip_clear (&chip);
  test_pki_clear (&pki);
}

void
test_written_add (const TestCase *cases, gsize n)
{
  for (gsize i = 0; i < n; i++) {
    g_autofree char *path = g_strconcat ("/lds/written/", cases[i].id, NULL);

    g_test_add_func (path, cases[i].check);
  }
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/small-lds.h"

#include <string.h>

#include "personalise/lds/common-data.h"
#include "personalise/lds/security-object.h"
#include "record/base/tlv.h"

static void
set_group (FastLds *lds, guint group, guint32 inner_tag, const guint8 *value, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *outer = g_byte_array_new ();
  g_autoptr (GBytes) content = NULL;

  fast_tlv_append (inner, inner_tag, value, size);
  fast_tlv_append_array (outer, fast_file_group (group)->tag, inner);
  content = g_byte_array_free_to_bytes (outer);
  fast_lds_set (lds, fast_file_group (group), content, &error);
  g_assert_no_error (error);
}

/* Takes @content. */
void
test_lds_put (FastLds *lds, const FastFile *file, GBytes *content)
{
  g_autoptr (GError) error = NULL;

  fast_lds_set (lds, file, content, &error);
  g_assert_no_error (error);
  g_bytes_unref (content);
}

FastLds *
test_lds_groups (const char *mrz, gsize size)
{
  FastLds *lds = fast_lds_new ();
  g_autofree guint8 *picture = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    picture[i] = (guint8)(i * 31 + i / 256);
  set_group (lds, 1, 0x5F1F, (const guint8 *)mrz, strlen (mrz));
  set_group (lds, 2, 0x5F2E, picture, size);
  set_group (lds, 13, 0x80, (const guint8 *)"\x01", 1);
  return lds;
}

void
test_lds_sign (FastLds *lds, TestPki *pki)
{
  g_autoptr (GError) error = NULL;
  GBytes *object;

  test_lds_put (lds, fast_file_com (), fast_common_data_make (lds));
  object = fast_security_object_make (lds, pki->signer, pki->key, &error);
  g_assert_no_error (error);
  test_lds_put (lds, fast_file_sod (), object);
}

FastLds *
test_lds_of (TestPki *pki, const char *mrz, gsize size)
{
  FastLds *lds = test_lds_groups (mrz, size);

  test_lds_sign (lds, pki);
  return lds;
}

FastLds *
test_small_lds (TestPki *pki, gsize size)
{
  return test_lds_of (pki, TEST_MRZ, size);
}

void
test_assert_same_lds (FastLds *left, FastLds *right)
{
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++) {
    GBytes *a = fast_lds_get (left, &files[i]);
    GBytes *b = fast_lds_get (right, &files[i]);
    g_assert_true ((a == NULL) == (b == NULL));
    g_assert_true (a == NULL || g_bytes_equal (a, b));
  }
}

/* What failed, for the log. */
void
test_tell (GPtrArray *verdicts)
{
  for (guint i = 0; i < verdicts->len; i++) {
    g_autofree char *line = fast_verdict_format (verdicts->pdata[i], "en");
    g_test_message ("%s", line);
  }
}

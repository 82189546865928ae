/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openssl/bn.h>

#include "tests/personalise/lds/written.h"
#include "tests/support.h"

/* The files with which a chip is opened and proves itself; see written.h. */

/* --- EF.CardAccess, EF.DG14 --- */

#define OID_ARC "\x04\x00\x7f\x00\x07\x02\x02"
#define OID_PACE OID_ARC "\x04\x02\x02"
#define OID_CHIP OID_ARC "\x03\x02\x02"
#define OID_KEY OID_ARC "\x01\x02"
#define OID_TERMINAL OID_ARC "\x02"
#define OID_ACTIVE "\x67\x81\x08\x01\x01\x05"
#define OID_SHA256 "\x04\x00\x7f\x00\x07\x01\x01\x04\x01\x03"
#define OID_EC "\x2a\x86\x48\xce\x3d\x02\x01"

static TestPiece
set_of (gboolean access)
{
  return access ? test_written_file ("EF.CardAccess", 0x31)
                : test_piece_child (test_written_file ("EF.DG14", 0x6E), 0);
}

/* The info with an identifier; it must be there, and once. */
static TestPiece
info_of (TestPiece set, const char *oid, gsize size)
{
  TestPiece found = {0};
  guint n = 0;

  for (guint i = 0; i < test_piece_count (set); i++) {
    TestPiece info = test_piece_child (set, i);
    TestPiece name = test_piece_child (info, 0);

    g_assert_cmphex (info.tag, ==, 0x30);
    g_assert_cmphex (name.tag, ==, 0x06);
    if (name.size == size && memcmp (name.value, oid, size) == 0) {
      found = info;
      n++;
    }
  }
  g_assert_cmpuint (n, ==, 1);
  return found;
}

#define info(set, oid) info_of (set, oid, sizeof oid - 1)

static void
assert_number (TestPiece piece, guint number)
{
  g_assert_cmphex (piece.tag, ==, 0x02);
  g_assert_cmpuint (piece.size, ==, 1);
  g_assert_cmpuint (piece.value[0], ==, number);
}

/* A SET OF in DER: its elements ascend. */
static void
assert_ascending (TestPiece set)
{
  g_assert_cmphex (set.tag, ==, 0x31);
  for (guint i = 1; i < test_piece_count (set); i++) {
    TestPiece a = test_piece_child (set, i - 1);
    TestPiece b = test_piece_child (set, i);

    g_assert_cmpint (memcmp (a.start, b.start, MIN (a.size, b.size) + 2), <, 0);
  }
}

static void
access_infos (void)
{
  g_assert_cmpuint (test_piece_count (set_of (TRUE)), ==, 1);
  assert_ascending (set_of (TRUE));
}

static void
access_pace (void)
{
  TestPiece pace = info (set_of (TRUE), OID_PACE);

  g_assert_cmpuint (test_piece_count (pace), ==, 3);
  assert_number (test_piece_child (pace, 1), 2);
}

static void
access_domain (void)
{
  assert_number (test_piece_child (info (set_of (TRUE), OID_PACE), 2), 12);
}

/* No chip authentication mapping, which would ask for another beside it. */
static void
access_mapping (void)
{
  for (guint i = 0; i < test_piece_count (set_of (TRUE)); i++)
    g_assert_cmpuint (test_piece_child (test_piece_child (set_of (TRUE), i), 0).value[8], !=, 6);
}

static void
security_tag_and_length (void)
{
  g_assert_cmpuint (test_piece_count (test_written_file ("EF.DG14", 0x6E)), ==, 1);
  assert_ascending (set_of (FALSE));
}

static void
security_infos (void)
{
  TestPiece set = set_of (FALSE);

  g_assert_cmpuint (test_piece_count (set), ==, 5);
  assert_number (test_piece_child (info (set, OID_CHIP), 1), 1);
  g_assert_cmphex (test_piece_child (info (set, OID_KEY), 1).tag, ==, 0x30);
}

static BIGNUM *
number (TestPiece piece)
{
  return BN_bin2bn (piece.value, (int)piece.size, NULL);
}

/* y² = x³ + ax + b modulo p. */
static void
assert_on_curve (TestPiece parameters, const guint8 *point)
{
  g_autoptr (BIGNUM) p = number (test_piece_child (test_piece_child (parameters, 1), 1));
  g_autoptr (BIGNUM) a = number (test_piece_child (test_piece_child (parameters, 2), 0));
  g_autoptr (BIGNUM) b = number (test_piece_child (test_piece_child (parameters, 2), 1));
  g_autoptr (BIGNUM) x = BN_bin2bn (point, 32, NULL);
  g_autoptr (BIGNUM) y = BN_bin2bn (point + 32, 32, NULL);
  g_autoptr (BIGNUM) right = BN_new ();
  BN_CTX *context = BN_CTX_new ();

  BN_mod_sqr (right, x, p, context);
  BN_mod_add (right, right, a, p, context);
  BN_mod_mul (right, right, x, p, context);
  BN_mod_add (right, right, b, p, context);
  BN_mod_sqr (y, y, p, context);
  BN_CTX_free (context);
  g_assert_cmpint (BN_cmp (y, right), ==, 0);
}

/* SubjectPublicKeyInfo: id-ecPublicKey, the curve in numbers with its cofactor, the whole point. */
static void
assert_key (TestPiece key)
{
  TestPiece algorithm = test_piece_child (key, 0);
  TestPiece parameters = test_piece_child (algorithm, 1);
  TestPiece point = test_piece_child (key, 1);

  assert_value (test_piece_child (algorithm, 0), OID_EC);
  g_assert_cmphex (parameters.tag, ==, 0x30);
  g_assert_cmpuint (test_piece_count (parameters), ==, 6);
  assert_number (test_piece_child (parameters, 5), 1);
  g_assert_cmphex (point.tag, ==, 0x03);
  g_assert_cmpuint (point.size, ==, 66);
  g_assert_cmphex (point.value[0], ==, 0x00);
  g_assert_cmphex (point.value[1], ==, 0x04);
  assert_on_curve (parameters, point.value + 2);
}

static void
security_key (void)
{
  assert_key (test_piece_child (info (set_of (FALSE), OID_KEY), 1));
}

/* One key, so no number on either side. */
static void
security_key_id (void)
{
  g_assert_cmpuint (test_piece_count (info (set_of (FALSE), OID_KEY)), ==, 2);
  g_assert_cmpuint (test_piece_count (info (set_of (FALSE), OID_CHIP)), ==, 2);
}

static void
security_agrees (void)
{
  TestPiece pace = info (set_of (TRUE), OID_PACE);
  TestPiece same = info (set_of (FALSE), OID_PACE);

  g_assert_cmpmem (pace.value, pace.size, same.value, same.size);
}

static void
security_active (void)
{
  TestPiece active = info (set_of (FALSE), OID_ACTIVE);

  g_assert_cmpuint (test_piece_count (active), ==, 3);
  assert_number (test_piece_child (active, 1), 1);
  assert_value (test_piece_child (active, 2), OID_SHA256);
}

static void
security_mapping (void)
{
  TestPiece set = set_of (FALSE);

  for (guint i = 0; i < test_piece_count (set); i++) {
    TestPiece oid = test_piece_child (test_piece_child (set, i), 0);

    g_assert_false (oid.size == sizeof OID_PACE - 1 && memcmp (oid.value, OID_PACE, 8) == 0 &&
                    oid.value[8] == 6);
  }
}

static void
security_terminal (void)
{
  assert_number (test_piece_child (info (set_of (FALSE), OID_TERMINAL), 1), 1);
}

/* Without a file: the usual one, which is there. */
static void
security_cvca (void)
{
  g_assert_cmpuint (test_piece_count (info (set_of (FALSE), OID_TERMINAL)), ==, 2);
  test_written_bytes ("EF.CVCA");
}

/* --- EF.DG15, EF.CVCA, EF.ATR/INFO --- */

static void
key_tag_and_length (void)
{
  g_assert_cmpuint (test_piece_count (test_written_file ("EF.DG15", 0x6F)), ==, 1);
}

static void
key_info (void)
{
  TestPiece key = test_piece_child (test_written_file ("EF.DG15", 0x6F), 0);

  g_assert_cmphex (key.tag, ==, 0x30);
  g_assert_cmpuint (test_piece_count (key), ==, 2);
}

static void
key_itself (void)
{
  assert_key (test_piece_child (test_written_file ("EF.DG15", 0x6F), 0));
}

static void
trust_points (void)
{
  static const char REFERENCE[] = "CAFASTCVCA00001";
  gsize size;
  const guint8 *data = g_bytes_get_data (test_written_bytes ("EF.CVCA"), &size);
  const guint8 *at = data;
  TestPiece piece = test_piece_next (&at, data + size);

  g_assert_cmpuint (size, ==, 36);
  g_assert_cmphex (piece.tag, ==, 0x42);
  g_assert_cmpuint (piece.size, <=, 16);
  assert_value (piece, REFERENCE);
  for (; at < data + size; at++)
    g_assert_cmphex (*at, ==, 0);
}

static TestPiece
atr_info (void)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (test_written_bytes ("EF.ATR-INFO"), &size);

  return (TestPiece){.value = data, .size = size};
}

static void
atr_objects (void)
{
  g_assert_cmpuint (test_piece_count (atr_info ()), ==, 3);
}

static void
atr_extended (void)
{
  g_assert_cmphex (test_piece_find (atr_info (), 0x7F66).tag, ==, 0x7F66);
}

static void
atr_lengths (void)
{
  TestPiece lengths = test_piece_find (atr_info (), 0x7F66);

  g_assert_cmpuint (test_piece_count (lengths), ==, 2);
  for (guint i = 0; i < 2; i++) {
    TestPiece length = test_piece_child (lengths, i);

    g_assert_cmphex (length.tag, ==, 0x02);
    g_assert_cmpuint (length.size, >, 0);
    g_assert_cmphex (length.value[0] & 0x80, ==, 0);
  }
  assert_value (test_piece_child (lengths, 0), "\x04\x00");
  assert_value (test_piece_child (lengths, 1), "\x00\x80\x00");
}

/* Chaining, lengths of three bytes, and that this file tells how long. */
static void
atr_capabilities (void)
{
  TestPiece capabilities = test_piece_find (atr_info (), 0x47);

  g_assert_cmpuint (capabilities.size, ==, 3);
  g_assert_cmphex (capabilities.value[2], ==, 0xE0);
}

/* --- the table of cases --- */

static const TestCase CASES[] = {
    {"P3:LDS_E_1", security_tag_and_length},
    {"P3:LDS_E_2", security_infos},
    {"P3:LDS_E_3", security_key},
    {"P3:LDS_E_4", security_key_id},
    {"P3:LDS_E_5", security_agrees},
    {"P3:LDS_E_6", security_active},
    {"P3:LDS_E_7", security_mapping},
    {"P3:LDS_E_8", security_terminal},
    {"P3:LDS_E_9", security_cvca},
    {"3.2:LDS_E_2", security_terminal},
    {"3.2:LDS_E_5", security_cvca},
    {"3.2:LDS_F_1", trust_points},
    {"P3:LDS_I_1", access_infos},
    {"P3:LDS_I_2", access_pace},
    {"P3:LDS_I_3", access_domain},
    {"P3:LDS_I_4", access_mapping},
    {"P3:LDS_J_1", key_tag_and_length},
    {"P3:LDS_J_2", key_tag_and_length},
    {"P3:LDS_J_3", key_info},
    {"P3:LDS_J_4", key_itself},
    {"P3:LDS_J_5", key_itself},
    {"3.2:LDS_L_1", atr_objects},
    {"3.2:LDS_L_2", atr_extended},
    {"3.2:LDS_L_3", atr_lengths},
    {"3.2:LDS_L_4", atr_capabilities},
};

/* A chip lacks nothing of what its programme asks for. */
static void
test_missing_keys (void)
{
  g_autoptr (EVP_PKEY) key = test_written_key ("P-256");
  g_autoptr (EVP_PKEY) other = test_written_key ("brainpoolP256r1");
  const FastChipKeys ROWS[] = {
      {NULL, key, "CAFASTCVCA00001", NULL},
      {key, NULL, "CAFASTCVCA00001", NULL},
      {key, key, NULL, NULL},
      {other, key, "CAFASTCVCA00001", NULL},
      {key, other, "CAFASTCVCA00001", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (test_written_build (&ROWS[i], &error));
    fast_test_assert_id (error, "lds-key");
  }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  test_written_set_up ();
  test_written_add (CASES, G_N_ELEMENTS (CASES));
  g_test_add_func ("/lds/chip-keys/missing", test_missing_keys);
  result = g_test_run ();
  test_written_tear_down ();
  return result;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/base/merkle-log.h"
#include "record/base/merkle-proof.h"

#include "record/base/error.h"
#include "tests/support.h"

#define HASH FAST_SHA256_SIZE

/* The leaves, roots and proofs that the certificate transparency implementations share. */
static const char *const leaves[] = {
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
};

static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

typedef struct {
  guint64 inner; /* a leaf's index, or the smaller size */
  guint64 outer;
  const char *proof;
} Vector;

static const Vector inclusions[] = {
    {0, 1, ""},
    {0, 8,
     "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
     "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
     "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"},
    {5, 8,
     "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {1, 5,
     "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
     "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
     "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"},
};

static const Vector consistencies[] = {
    {1, 1, ""},
    {1, 8,
     "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
     "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
     "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"},
    {6, 8,
     "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
     "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
     "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {2, 5,
     "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
     "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"},
};

static GBytes *
decode (const char *text)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (text, &error);

  g_assert_no_error (error);
  return bytes;
}

static FastMerkleLog *
make_log (gsize count)
{
  FastMerkleLog *log = fast_merkle_log_new ();

  for (gsize i = 0; i < count; i++) {
    g_autoptr (GBytes) leaf = decode (leaves[i]);
    fast_merkle_log_append (log, g_bytes_get_data (leaf, NULL), g_bytes_get_size (leaf));
  }
  return log;
}

static void
assert_hex (gconstpointer data, gsize size, const char *wanted)
{
  g_autofree char *text = fast_hex_encode (data, size);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_roots (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (roots); i++) {
    g_autoptr (FastMerkleLog) log = make_log (i);
    guint8 root[HASH];

    fast_merkle_log_root (log, root);
    g_assert_cmpuint (fast_merkle_log_size (log), ==, i);
    assert_hex (root, HASH, roots[i]);
  }
}

static void
test_proofs (void)
{
  g_autoptr (FastMerkleLog) log = make_log (G_N_ELEMENTS (leaves));
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (inclusions); i++) {
    g_autoptr (GBytes) proof =
        fast_merkle_log_inclusion (log, inclusions[i].inner, inclusions[i].outer, &error);
    g_assert_no_error (error);
    assert_hex (g_bytes_get_data (proof, NULL), g_bytes_get_size (proof), inclusions[i].proof);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (consistencies); i++) {
    g_autoptr (GBytes) proof =
        fast_merkle_log_consistency (log, consistencies[i].inner, consistencies[i].outer, &error);
    g_assert_no_error (error);
    assert_hex (g_bytes_get_data (proof, NULL), g_bytes_get_size (proof), consistencies[i].proof);
  }
}

static FastMerkleLog *
make_numbers (guint count)
{
  FastMerkleLog *log = fast_merkle_log_new ();

  for (guint i = 0; i < count; i++)
    fast_merkle_log_append (log, &i, sizeof i);
  return log;
}

static GBytes *
flip (GBytes *proof)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (proof, &size);
  g_autoptr (GByteArray) copy = g_byte_array_new ();

  fast_append (copy, data, size);
  copy->data[size / 2] ^= 1;
  return g_byte_array_free_to_bytes (g_steal_pointer (&copy));
}

static void
check_inclusion (FastMerkleLog *log, guint index, guint size, const guint8 root[HASH])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) proof = fast_merkle_log_inclusion (log, index, size, &error);
  g_autoptr (GBytes) wrong = NULL;
  guint8 leaf[HASH];

  g_assert_no_error (error);
  fast_merkle_leaf_hash (&index, sizeof index, leaf);
  g_assert_true (fast_merkle_verify_inclusion (leaf, index, size, proof, root, &error));
  g_assert_no_error (error);
  if (index + 1 < size)
    g_assert_false (fast_merkle_verify_inclusion (leaf, index + 1, size, proof, root, NULL));
  if (g_bytes_get_size (proof) == 0)
    return;
  wrong = flip (proof);
  g_assert_false (fast_merkle_verify_inclusion (leaf, index, size, wrong, root, &error));
  fast_test_assert_id (error, "merkle-inclusion-wrong");
}

static void
check_consistency (FastMerkleLog *log, guint first, const guint8 first_root[HASH], guint second,
                   const guint8 second_root[HASH])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) proof = fast_merkle_log_consistency (log, first, second, &error);
  g_autoptr (GBytes) wrong = NULL;

  g_assert_no_error (error);
  g_assert_true (
      fast_merkle_verify_consistency (first, first_root, second, second_root, proof, &error));
  g_assert_no_error (error);
  if (first != second && first != 0)
    g_assert_false (
        fast_merkle_verify_consistency (first, second_root, second, second_root, proof, NULL));
  if (g_bytes_get_size (proof) == 0)
    return;
  wrong = flip (proof);
  g_assert_false (
      fast_merkle_verify_consistency (first, first_root, second, second_root, wrong, &error));
  fast_test_assert_id (error, "merkle-consistency-wrong");
}

/* Every leaf and every pair of sizes of a log whose edge takes all shapes. */
static void
test_all_sizes (void)
{
  enum { MAX_SIZE = 33 };
  g_autoptr (FastMerkleLog) log = make_numbers (MAX_SIZE);
  guint8 root[MAX_SIZE + 1][HASH];

  for (guint size = 0; size <= MAX_SIZE; size++) {
    g_autoptr (FastMerkleLog) shorter = make_numbers (size);

    fast_merkle_log_root (shorter, root[size]);
    for (guint i = 0; i < size; i++)
      check_inclusion (log, i, size, root[size]);
    for (guint first = 0; first <= size; first++)
      check_consistency (log, first, root[first], size, root[size]);
  }
}

static void
test_refusals (void)
{
  g_autoptr (FastMerkleLog) log = make_numbers (4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) odd = g_bytes_new_static ("short", 5);
  guint8 root[HASH];

  fast_merkle_log_root (log, root);
  g_assert_null (fast_merkle_log_inclusion (log, 4, 4, &error));
  fast_test_assert_id (error, "merkle-range");
  g_clear_error (&error);
  g_assert_null (fast_merkle_log_consistency (log, 5, 4, &error));
  fast_test_assert_id (error, "merkle-range");
  g_clear_error (&error);
  g_assert_false (fast_merkle_verify_inclusion (root, 0, 4, odd, root, &error));
  fast_test_assert_id (error, "merkle-proof-malformed");
}

static void
test_json (void)
{
  g_autoptr (GBytes) proof = decode (inclusions[1].proof);
  g_autoptr (JsonArray) array = fast_merkle_proof_to_json (proof);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) back = fast_merkle_proof_from_json (array, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (array), ==, 3);
  g_assert_true (g_bytes_equal (back, proof));
  json_array_add_int_element (array, 1);
  g_assert_null (fast_merkle_proof_from_json (array, &error));
  fast_test_assert_id (error, "merkle-proof-malformed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/merkle-log/roots", test_roots);
  g_test_add_func ("/base/merkle-log/proofs", test_proofs);
  g_test_add_func ("/base/merkle-log/all-sizes", test_all_sizes);
  g_test_add_func ("/base/merkle-log/refusals", test_refusals);
  g_test_add_func ("/base/merkle-log/json", test_json);
  return g_test_run ();
}

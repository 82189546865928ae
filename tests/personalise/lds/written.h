/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

#include "tests/personalise/lds/chip.h"

G_BEGIN_DECLS

/*
 * What we write, judged from its bytes by the cases of TR-03105-3.2 (3.2:) and of ICAO's test
 * report part 3 (P3:), and not by our own parsers: a reader that shares a writer's mistake finds
 * nothing. Here are a reader of its own, whose lengths must be DER's, and a chip with everything on
 * it.
 */

/* A data object. */
typedef struct {
  guint32 tag;
  const guint8 *start;
  const guint8 *value;
  gsize size;
} TestPiece;

typedef struct {
  const char *id;
  void (*check) (void);
} TestCase;

TestPiece test_piece_next (const guint8 **at, const guint8 *end);
TestPiece test_piece_child (TestPiece parent, guint number);
guint test_piece_count (TestPiece parent);
TestPiece test_piece_find (TestPiece parent, guint32 tag);

#define assert_value(piece, wanted)                                                                \
  g_assert_cmpmem ((piece).value, (piece).size, wanted, sizeof wanted - 1)

void test_written_set_up (void);
void test_written_tear_down (void);
gboolean test_written_has (const char *name);
GBytes *test_written_bytes (const char *name);
TestPiece test_written_file (const char *name, guint32 tag);
FastLds *test_written_build (const FastChipKeys *keys, GError **error);
EVP_PKEY *test_written_key (const char *curve);
void test_written_add (const TestCase *cases, gsize n);

G_END_DECLS

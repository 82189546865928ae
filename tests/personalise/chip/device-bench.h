/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tests/personalise/chip/reader-process.h"
#include "tests/personalise/chip/small-lds.h"

G_BEGIN_DECLS

/* What the tests of both virtual devices share: fast-card as people run it, on files of 3 kB. */
typedef struct {
  char *folder;
  char *lds_folder;
  char *csca;
  FastLds *lds;
  TestReader reader;
} TestBench;

void test_bench_init (TestBench *bench, TestPki *pki);
void test_bench_clear (TestBench *bench);
void test_bench_run (int wanted, const char *text, const char *const *argv);
void test_bench_encode (TestBench *bench, const char *reader, int wanted, const char *text);
void test_bench_inspect (TestBench *bench, const char *mrz, int wanted, const char *text);
void test_bench_forget_journal (TestBench *bench);
void test_bench_assert_read (TestBench *bench);
void test_bench_cut (TestBench *bench, guint first, guint step);
GThread *test_bench_order_later (TestBench *bench, const char *order, guint delay_ms);

G_END_DECLS

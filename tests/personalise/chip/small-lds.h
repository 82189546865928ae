/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"
#include "personalise/lds/verdict.h"
#include "tests/personalise/lds/pki.h"

G_BEGIN_DECLS

#define TEST_MRZ                                                                                   \
  "IDCAND23145890<7349<<<<<<<<<<<3407127M9507122UTO<<<<<<<<<<<2STEVENSON<<PETER<JOHN<<<<<<<<<"

/* The specimen of ICAO 9303-5, appendix B. */
#define TEST_OTHER_MRZ                                                                             \
  "IDCAND231458907<<<<<<<<<<<<<<<7408122F1204159UTO<<<<<<<<<<<6ERIKSSON<<ANNA<MARIA<<<<<<<<<<"

/* A signed LDS of @size bytes and a little, with the MRZ of ICAO 9303-11's example. */
FastLds *test_small_lds (TestPki *pki, gsize size);
FastLds *test_lds_groups (const char *mrz, gsize size);
void test_lds_put (FastLds *lds, const FastFile *file, GBytes *content);
void test_lds_sign (FastLds *lds, TestPki *pki);
FastLds *test_lds_of (TestPki *pki, const char *mrz, gsize size);
void test_assert_same_lds (FastLds *left, FastLds *right);
void test_tell (GPtrArray *verdicts);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A running `fast-emulator reader`. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *out;
  GOutputStream *orders;
  char *link;
  char *reader;
} TestReader;

void test_reader_start (TestReader *reader, const char *folder, const char *card);
void test_reader_order (TestReader *reader, const char *order);
void test_reader_stop (TestReader *reader);

G_END_DECLS

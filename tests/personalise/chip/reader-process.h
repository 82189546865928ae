/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A running `fast-emulator reader`, or `fast-emulator card`, which has no link. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *out;
  GOutputStream *orders;
  char *link;
  char *reader;
} TestReader;

void test_reader_start (TestReader *reader, const char *folder, const char *card);
void test_reader_start_card (TestReader *reader, const char *folder, const char *card,
                             const char *address, const char *name);
void test_reader_order (TestReader *reader, const char *order);
char *test_reader_ask (TestReader *reader, const char *order);
void test_reader_stop (TestReader *reader);
void test_reader_wait (TestReader *reader, int code);

/* The child dies with the test that started it. */
GSubprocess *test_spawn (GSubprocessFlags flags, const char *const *argv);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <eac/eac.h>
#include <stddef.h>
#include <winscard.h>

/*
 * A card in a PC/SC reader and the secure messaging of ICAO 9303-11, 9.8, as somebody else would
 * write them: ciphers, MACs and counters are libeac's, the rest is OpenSSL and libpcsclite.
 * Whatever goes wrong ends the program with a line that says so.
 */

typedef struct {
  unsigned char at[40960];
  size_t size;
} Bytes;

typedef struct {
  SCARDCONTEXT context;
  SCARDHANDLE card;
  const SCARD_IO_REQUEST *protocol;
  EAC_CTX *eac;
  int secured; /* whether commands are protected under the keys of @eac */
} Channel;

typedef struct {
  unsigned char cla, ins, p1, p2;
  const void *data;
  size_t size;
  size_t le; /* 0: none */
} Command;

void die (const char *format, ...) __attribute__ ((noreturn, format (printf, 1, 2)));

void bytes_append (Bytes *bytes, const void *data, size_t size);
void bytes_append_object (Bytes *bytes, unsigned char tag, const void *data, size_t size);
void bytes_take (Bytes *bytes, BUF_MEM *from, const char *what);
BUF_MEM bytes_view (const Bytes *bytes);
void bytes_find (const Bytes *bytes, int tag, Bytes *value);

void channel_open (Channel *channel, const char *reader);
void channel_secure (Channel *channel, int keys);
void channel_close (Channel *channel);
unsigned channel_try (Channel *channel, const Command *command, Bytes *answer);
void channel_send (Channel *channel, const char *what, const Command *command, Bytes *answer);

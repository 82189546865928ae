/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_SHA256_SIZE 32

/**
 * FastReader:
 *
 * A bounded view of bytes with a position. Every accessor checks what is left and names @what in
 * its error. Lives on the stack; does not own the bytes.
 */
typedef struct {
  const guint8 *data;
  gsize size;
  gsize offset;
  const char *what;
} FastReader;

FastReader fast_reader_new (gconstpointer data, gsize size, const char *what);
FastReader fast_reader_from_bytes (GBytes *bytes, const char *what);
gsize fast_reader_left (const FastReader *reader);
const guint8 *fast_reader_take (FastReader *reader, gsize size, GError **error);
gboolean fast_reader_u8 (FastReader *reader, guint8 *value, GError **error);
gboolean fast_reader_u16 (FastReader *reader, guint16 *value, GError **error);
gboolean fast_reader_u32 (FastReader *reader, guint32 *value, GError **error);
gboolean fast_reader_sub (FastReader *reader, gsize size, FastReader *inner, GError **error);
gboolean fast_reader_end (const FastReader *reader, GError **error);

void fast_append_u8 (GByteArray *out, guint8 value);
void fast_append_u16 (GByteArray *out, guint16 value);
void fast_append_u32 (GByteArray *out, guint32 value);
void fast_append (GByteArray *out, gconstpointer data, gsize size);
void fast_append_bytes (GByteArray *out, GBytes *bytes);

gboolean fast_copy (gpointer to, gsize capacity, gconstpointer from, gsize size);
gboolean fast_equal_secret (gconstpointer left, gconstpointer right, gsize size);

char *fast_hex_encode (gconstpointer data, gsize size);
GBytes *fast_hex_decode (const char *text, GError **error);

void fast_sha256 (gconstpointer data, gsize size, guint8 digest[FAST_SHA256_SIZE]);
GBytes *fast_sha256_bytes (GBytes *bytes);
char *fast_sha256_hex (GBytes *bytes);

GBytes *fast_bytes_read_file (const char *path, gsize limit, GError **error);

G_END_DECLS

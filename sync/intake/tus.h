/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_TUS_VERSION "1.0.0"
#define FAST_TUS_EXTENSIONS "creation,creation-with-upload,expiration,checksum"
#define FAST_TUS_ALGORITHMS "sha1,sha256"
#define FAST_TUS_MAX_SIZE (32 * 1024 * 1024)

/**
 * FastTusChecksum:
 * @type: SHA-1 or SHA-256
 * @digest: what the piece must have
 *
 * An Upload-Checksum header.
 */
typedef struct {
  GChecksumType type;
  GBytes *digest;
} FastTusChecksum;

gboolean fast_tus_parse_number (const char *text, gint64 *number, GError **error);
char *fast_tus_parse_packet (const char *metadata, GError **error);
gboolean fast_tus_parse_checksum (const char *text, FastTusChecksum *checksum, GError **error);
void fast_tus_checksum_clear (FastTusChecksum *checksum);
char *fast_tus_format_date (gint64 seconds);

G_END_DECLS

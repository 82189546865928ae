/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_PN532_DATA_MAX 265

/**
 * FastPn532FrameKind:
 * @FAST_PN532_NONE: no whole frame is there yet
 * @FAST_PN532_COMMAND: a command of the host
 * @FAST_PN532_ACK: the host breaks off the running command
 * @FAST_PN532_NACK: the host asks for the last answer again
 *
 * What a host can send (PN532 user manual, 6.2.1).
 */
typedef enum {
  FAST_PN532_NONE,
  FAST_PN532_COMMAND,
  FAST_PN532_ACK,
  FAST_PN532_NACK,
} FastPn532FrameKind;

FastPn532FrameKind fast_pn532_frame_take (GByteArray *stream, GByteArray *payload);
void fast_pn532_frame_append (GByteArray *out, const guint8 *payload, gsize size);
void fast_pn532_frame_append_ack (GByteArray *out);
void fast_pn532_frame_append_error (GByteArray *out);

G_END_DECLS

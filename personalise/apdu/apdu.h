/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The limits of short APDUs, which every chip and reader takes: data and Le of a command, and the
 * sizes of whole C-APDUs and R-APDUs. */
#define FAST_COMMAND_DATA_MAX 255
#define FAST_COMMAND_LE_MAX 256
#define FAST_COMMAND_SIZE_MAX 261
#define FAST_RESPONSE_SIZE_MAX 258

/* The same of extended APDUs. A chip announces (EF.ATR/INFO) how much of that it really takes. */
#define FAST_EXTENDED_DATA_MAX 65535
#define FAST_EXTENDED_LE_MAX 65536
#define FAST_EXTENDED_COMMAND_SIZE_MAX 65544
#define FAST_EXTENDED_RESPONSE_SIZE_MAX 65538

/**
 * FastCommand:
 * @cla: class byte
 * @ins: instruction
 * @p1: first parameter
 * @p2: second parameter
 * @data: (nullable): the command's data; borrowed
 * @size: how many bytes of data, at most 65,535
 * @le: how many bytes are expected at the most, 1 to 65,536; 0 for none
 * @extended: extended lengths even where short ones would do
 *
 * A command APDU in one of the seven cases of ISO/IEC 7816-4, 5.1: without data and answer (1),
 * with an answer (2S, 2E), with data (3S, 3E), with both (4S, 4E). It is short when its lengths
 * allow it and @extended is not set.
 */
typedef struct {
  guint8 cla;
  guint8 ins;
  guint8 p1;
  guint8 p2;
  const guint8 *data;
  gsize size;
  guint le;
  gboolean extended;
} FastCommand;

/**
 * FastResponse:
 * @data: the answer's data; borrowed
 * @size: how many bytes
 * @status: the status word, SW1 first
 *
 * A response APDU.
 */
typedef struct {
  const guint8 *data;
  gsize size;
  guint16 status;
} FastResponse;

gboolean fast_apdu_check_limit (gsize size, gsize limit, GError **error);

gboolean fast_command_is_extended (const FastCommand *command);
GBytes *fast_command_build (const FastCommand *command, GError **error);
gboolean fast_command_parse (FastCommand *command, gconstpointer data, gsize size, GError **error);

GBytes *fast_response_build (gconstpointer data, gsize size, guint16 status);
gboolean fast_response_parse (FastResponse *response, GBytes *bytes, GError **error);
gboolean fast_response_check_size (const FastResponse *response, guint le, GError **error);

G_END_DECLS

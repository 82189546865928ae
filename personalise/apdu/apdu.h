/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_COMMAND_DATA_MAX 255
#define FAST_COMMAND_LE_MAX 256
#define FAST_COMMAND_SIZE_MAX 261
#define FAST_RESPONSE_SIZE_MAX 258

/**
 * FastCommand:
 * @cla: class byte
 * @ins: instruction
 * @p1: first parameter
 * @p2: second parameter
 * @data: (nullable): the command's data; borrowed
 * @size: how many bytes of data, at most 255
 * @le: how many bytes are expected at the most, 1 to 256; 0 for none
 *
 * A command APDU in one of the four short cases of ISO/IEC 7816-4, 5.1. Extended lengths are not
 * used: the readers of our deployments cannot carry them.
 */
typedef struct {
  guint8 cla;
  guint8 ins;
  guint8 p1;
  guint8 p2;
  const guint8 *data;
  gsize size;
  guint le;
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

GBytes *fast_command_build (const FastCommand *command, GError **error);
gboolean fast_command_parse (FastCommand *command, gconstpointer data, gsize size, GError **error);

GBytes *fast_response_build (gconstpointer data, gsize size, guint16 status);
gboolean fast_response_parse (FastResponse *response, GBytes *bytes, GError **error);

G_END_DECLS

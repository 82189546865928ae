/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/channel.h"
#include "personalise/chip/inspect.h"
#include "personalise/chip/journal.h"

G_BEGIN_DECLS

/*
 * Encoding a chip so that it can be torn away at any moment and its state is known nevertheless.
 *
 * The plan (a digest over every file) is in the journal before the first command is sent, the
 * chip's serial before the first write, a phase before its first command, a file after its last.
 * After an interruption the same call goes on: it finds by the chip's serial whether this is the
 * chip of the plan, and writes every file that is not known to be whole again from its first byte,
 * because some writes take hold although an error came back. Before the chip is closed each file is
 * read back through access control; once it is closed it is inspected as by any reader, and the
 * bytes found must be those of the plan. If the answer to the closing command is lost, the next
 * call finds the chip closed and inspects it.
 *
 * On a chip with transport keys all that writes goes through SCP03: the channel opens once the
 * chip's serial is known to be the right one, so that no try with the issuer's keys is made on
 * another, and anew for the closing command, after the files were read back as any reader would. A
 * chip that does not take the keys is neither tried again nor spoiled: nothing was written with
 * them.
 *
 * So each call ends in one of four named states: untouched (nothing was written), resumable (call
 * again), spoiled (this chip will never be right), made.
 */

/**
 * FastEncodeState:
 * @FAST_ENCODE_UNTOUCHED: nothing was written to the chip in the field
 * @FAST_ENCODE_RESUMABLE: interrupted; the same call with the same chip goes on
 * @FAST_ENCODE_IS_SPOILED: this chip must be taken out of the stock
 * @FAST_ENCODE_MADE: closed, read back and equal to the plan
 *
 * In what state a call leaves the chip.
 */
typedef enum {
  FAST_ENCODE_UNTOUCHED,
  FAST_ENCODE_RESUMABLE,
  FAST_ENCODE_IS_SPOILED,
  FAST_ENCODE_MADE,
} FastEncodeState;

const char *fast_encode_state_name (FastEncodeState state);

/**
 * FastEncodeProgress:
 * @phase: the phase that runs
 * @done: how many bytes of it are done
 * @total: how many there are
 * @data: as given
 *
 * Called from the thread that encodes.
 */
typedef void (*FastEncodeProgress) (FastEncodePhase phase, gsize done, gsize total, gpointer data);

/**
 * FastEncoding:
 * @transport: the way to the chip
 * @applet: the driver of its software
 * @lds: what is written
 * @secrets: (nullable): what goes on the chip and is never read; %NULL: the MRZ's access keys alone
 * @trust: (nullable): CSCAs for the final inspection
 * @at: the time by which it judges, in seconds since 1970
 * @terminal: (nullable): what opens the fingers and irises of the finished chip for reading back;
 *   needed when there are any
 * @channel: (nullable): the issuer's keys of a chip that has transport keys; %NULL: in plain
 * @training: whether it is a training card: secrets go in plain to no other
 * @serial: (nullable): the chip that must be in the field; %NULL for any
 * @journal: where the record is kept
 * @progress: (nullable): called as it goes on
 * @progress_data: for @progress
 *
 * One encoding. Filled in by the caller, who keeps all of it alive.
 */
typedef struct {
  FastTransport *transport;
  const FastApplet *applet;
  FastLds *lds;
  const FastChipSecrets *secrets;
  FastTrust *trust;
  gint64 at;
  const FastTerminal *terminal;
  const FastChipChannel *channel;
  gboolean training;
  const char *serial;
  FastEncodeJournal journal;
  FastEncodeProgress progress;
  gpointer progress_data;
} FastEncoding;

/**
 * FastEncodeResult:
 * @state: the state of the chip
 * @serial: (nullable): its serial number, as far as it was told
 * @inspection: (nullable): the final inspection
 */
typedef struct {
  FastEncodeState state;
  char *serial;
  FastInspection *inspection;
} FastEncodeResult;

void fast_encode_result_clear (FastEncodeResult *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FastEncodeResult, fast_encode_result_clear)

gboolean fast_chip_encode (const FastEncoding *encoding, FastEncodeResult *result,
                           GCancellable *cancellable, GError **error);
char *fast_chip_read_serial (FastTransport *transport, const FastApplet *applet,
                             GCancellable *cancellable, GError **error);

G_END_DECLS

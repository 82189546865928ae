/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/message.h"

G_BEGIN_DECLS

/*
 * Errors are divided by who must act. Each carries a message id with parameters and no sentence:
 * the program that shows it formats it in the reader's language (fast_error_format()).
 * Every GError that leaves a room is in one of these domains.
 */

/**
 * FastInputError:
 * @FAST_INPUT_ERROR_TRUNCATED: the data ends before what it announces
 * @FAST_INPUT_ERROR_MALFORMED: the data does not have the form its standard asks for
 * @FAST_INPUT_ERROR_UNSUPPORTED: well-formed, but a variant that is not handled
 * @FAST_INPUT_ERROR_INVALID: a value breaks a rule of its field
 * @FAST_INPUT_ERROR_MISSING: something required is not there
 * @FAST_INPUT_ERROR_CONFIG: the configuration lacks or misstates a key
 *
 * Who gave the data (a file, a form, a configuration) must mend it.
 */
typedef enum {
  FAST_INPUT_ERROR_TRUNCATED,
  FAST_INPUT_ERROR_MALFORMED,
  FAST_INPUT_ERROR_UNSUPPORTED,
  FAST_INPUT_ERROR_INVALID,
  FAST_INPUT_ERROR_MISSING,
  FAST_INPUT_ERROR_CONFIG,
} FastInputError;

/**
 * FastKeyError:
 * @FAST_KEY_ERROR_ABSENT: a key or certificate cannot be found or read
 * @FAST_KEY_ERROR_PASSPHRASE: the passphrase is wrong
 * @FAST_KEY_ERROR_UNTRUSTED: a certificate does not chain to what is trusted
 * @FAST_KEY_ERROR_VALIDITY: a certificate is expired or not yet valid
 * @FAST_KEY_ERROR_SIGNATURE: a signature does not verify
 * @FAST_KEY_ERROR_DECRYPT: the key at hand does not open the envelope, or it was altered
 * @FAST_KEY_ERROR_CRYPTO: the cryptographic library failed
 *
 * Who keeps the keys must act.
 */
typedef enum {
  FAST_KEY_ERROR_ABSENT,
  FAST_KEY_ERROR_PASSPHRASE,
  FAST_KEY_ERROR_UNTRUSTED,
  FAST_KEY_ERROR_VALIDITY,
  FAST_KEY_ERROR_SIGNATURE,
  FAST_KEY_ERROR_DECRYPT,
  FAST_KEY_ERROR_CRYPTO,
} FastKeyError;

/**
 * FastDeviceError:
 * @FAST_DEVICE_ERROR_ABSENT: the device cannot be found or opened
 * @FAST_DEVICE_ERROR_GONE: it vanished while in use
 * @FAST_DEVICE_ERROR_TIMEOUT: it did not answer in time
 * @FAST_DEVICE_ERROR_PROTOCOL: its answer does not follow its protocol
 *
 * The device is missing or broken; somebody looks at the cable.
 */
typedef enum {
  FAST_DEVICE_ERROR_ABSENT,
  FAST_DEVICE_ERROR_GONE,
  FAST_DEVICE_ERROR_TIMEOUT,
  FAST_DEVICE_ERROR_PROTOCOL,
} FastDeviceError;

/**
 * FastCardError:
 * @FAST_CARD_ERROR_ABSENT: no card in the field
 * @FAST_CARD_ERROR_GONE: the card left the field; its state must be read back
 * @FAST_CARD_ERROR_NOT_BLANK: the chip already holds a document
 * @FAST_CARD_ERROR_STATUS: the card answered with an error status word
 * @FAST_CARD_ERROR_ACCESS: the access key (MRZ, CAN) is not this card's
 * @FAST_CARD_ERROR_MAC: a secured answer was altered
 * @FAST_CARD_ERROR_MISMATCH: what was read back is not what was written or signed
 * @FAST_CARD_ERROR_LIMIT: an APDU is larger than card or reader take
 *
 * The card is what is wrong; the officer changes or re-places it.
 */
typedef enum {
  FAST_CARD_ERROR_ABSENT,
  FAST_CARD_ERROR_GONE,
  FAST_CARD_ERROR_NOT_BLANK,
  FAST_CARD_ERROR_STATUS,
  FAST_CARD_ERROR_ACCESS,
  FAST_CARD_ERROR_MAC,
  FAST_CARD_ERROR_MISMATCH,
  FAST_CARD_ERROR_LIMIT,
} FastCardError;

/**
 * FastGateError:
 * @FAST_GATE_ERROR_REFUSED: a rule of the programme said no
 *
 * Not a failure: a rule said no. Programs exit with 3.
 */
typedef enum {
  FAST_GATE_ERROR_REFUSED,
} FastGateError;

/**
 * FastSyncError:
 * @FAST_SYNC_ERROR_UNREACHABLE: no network, name not resolved or connection refused
 * @FAST_SYNC_ERROR_TLS: the peers do not trust each other
 * @FAST_SYNC_ERROR_BUSY: the other side asks to come back later
 * @FAST_SYNC_ERROR_REFUSED: the other side refuses the packet and says why
 * @FAST_SYNC_ERROR_GARBAGE: the answer does not follow the protocol
 * @FAST_SYNC_ERROR_RECEIPT: a receipt does not prove what it should
 * @FAST_SYNC_ERROR_DIFFERENT: two sides that must agree differ
 *
 * The network or a national back end must act.
 */
typedef enum {
  FAST_SYNC_ERROR_UNREACHABLE,
  FAST_SYNC_ERROR_TLS,
  FAST_SYNC_ERROR_BUSY,
  FAST_SYNC_ERROR_REFUSED,
  FAST_SYNC_ERROR_GARBAGE,
  FAST_SYNC_ERROR_RECEIPT,
  FAST_SYNC_ERROR_DIFFERENT,
} FastSyncError;

/**
 * FastStoreError:
 * @FAST_STORE_ERROR_IO: the disk or the database failed
 * @FAST_STORE_ERROR_BUSY: another process holds the store
 * @FAST_STORE_ERROR_NEWER: the file was written by a newer version
 * @FAST_STORE_ERROR_ABSENT: no such record
 * @FAST_STORE_ERROR_CONFLICT: the record is not in a state that allows this
 * @FAST_STORE_ERROR_CORRUPT: what was read is not what was written
 * @FAST_STORE_ERROR_LOCKED: nobody is signed in
 *
 * The store on this machine is what is wrong.
 */
typedef enum {
  FAST_STORE_ERROR_IO,
  FAST_STORE_ERROR_BUSY,
  FAST_STORE_ERROR_NEWER,
  FAST_STORE_ERROR_ABSENT,
  FAST_STORE_ERROR_CONFLICT,
  FAST_STORE_ERROR_CORRUPT,
  FAST_STORE_ERROR_LOCKED,
} FastStoreError;

/**
 * FastUsageError:
 * @FAST_USAGE_ERROR_ARGUMENT: the command line is wrong
 *
 * Raised by programs only; they exit with 2.
 */
typedef enum {
  FAST_USAGE_ERROR_ARGUMENT,
} FastUsageError;

#define FAST_INPUT_ERROR (fast_input_error_quark ())
#define FAST_KEY_ERROR (fast_key_error_quark ())
#define FAST_DEVICE_ERROR (fast_device_error_quark ())
#define FAST_CARD_ERROR (fast_card_error_quark ())
#define FAST_GATE_ERROR (fast_gate_error_quark ())
#define FAST_SYNC_ERROR (fast_sync_error_quark ())
#define FAST_STORE_ERROR (fast_store_error_quark ())
#define FAST_USAGE_ERROR (fast_usage_error_quark ())

GQuark fast_input_error_quark (void);
GQuark fast_key_error_quark (void);
GQuark fast_device_error_quark (void);
GQuark fast_card_error_quark (void);
GQuark fast_gate_error_quark (void);
GQuark fast_sync_error_quark (void);
GQuark fast_store_error_quark (void);
GQuark fast_usage_error_quark (void);

gboolean fast_fail (GError **error, GQuark domain, int code, const char *id, const char *parameters,
                    ...) G_GNUC_PRINTF (5, 6);
gpointer fast_fail_null (GError **error, GQuark domain, int code, const char *id,
                         const char *parameters, ...) G_GNUC_PRINTF (5, 6);
gboolean fast_fail_from (GError **error, GError *cause, GQuark domain, int code, const char *id,
                         const char *parameters, ...) G_GNUC_PRINTF (6, 7);
gboolean fast_error_prefix (GError **error, const char *id, const char *parameters, ...)
    G_GNUC_PRINTF (3, 4);
const FastMessage *fast_error_get_message (const GError *error);
char *fast_error_format (const GError *error, const char *language);

G_END_DECLS

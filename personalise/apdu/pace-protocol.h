/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/cipher.h"

G_BEGIN_DECLS

#define FAST_PACE_OID_SIZE 10

/**
 * FastPaceMapping:
 * @FAST_PACE_DH_GM: generic mapping over integers
 * @FAST_PACE_ECDH_GM: generic mapping over an elliptic curve; the one that we do
 * @FAST_PACE_DH_IM: integrated mapping over integers
 * @FAST_PACE_ECDH_IM: integrated mapping over an elliptic curve
 * @FAST_PACE_ECDH_CAM: chip authentication mapping
 *
 * How the nonce becomes a generator; the last arc but one of the object identifier (ICAO 9303-11,
 * 9.2.3).
 */
typedef enum {
  FAST_PACE_DH_GM = 1,
  FAST_PACE_ECDH_GM = 2,
  FAST_PACE_DH_IM = 3,
  FAST_PACE_ECDH_IM = 4,
  FAST_PACE_ECDH_CAM = 6,
} FastPaceMapping;

/**
 * FastPaceProtocol:
 * @mapping: the mapping
 * @cipher: what encrypts the nonce, makes the tokens and then secures the session
 *
 * What an object identifier under id-PACE says.
 */
typedef struct {
  FastPaceMapping mapping;
  FastCipher cipher;
} FastPaceProtocol;

gboolean fast_pace_protocol_by_oid (FastPaceProtocol *protocol, const char *oid, GError **error);
gboolean fast_pace_protocol_read (FastPaceProtocol *protocol, const guint8 *value, gsize size,
                                  GError **error);
void fast_pace_protocol_write (const FastPaceProtocol *protocol, guint8 value[FAST_PACE_OID_SIZE]);
char *fast_pace_protocol_format (const FastPaceProtocol *protocol);
gboolean fast_pace_protocol_is_supported (const FastPaceProtocol *protocol);

G_END_DECLS

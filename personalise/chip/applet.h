/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/perso.h"
#include "personalise/chip/chip-secrets.h"
#include "personalise/lds/atr-info.h"

G_BEGIN_DECLS

/**
 * FastAppletCapabilities:
 * @FAST_APPLET_BAC: the chip can be given the basic access keys
 * @FAST_APPLET_PACE: passwords of PACE, and EF.CardAccess
 * @FAST_APPLET_CHIP_AUTHENTICATION: a key for it
 * @FAST_APPLET_ACTIVE_ECDSA: an elliptic key for active authentication
 * @FAST_APPLET_ACTIVE_RSA: an RSA key of 1024 bits for it
 * @FAST_APPLET_ACTIVE_RSA_LONG: an RSA key of another size for it
 * @FAST_APPLET_TERMINAL_AUTHENTICATION: a trust point
 * @FAST_APPLET_MASTER_FILES: files under the master file
 * @FAST_APPLET_SERIAL: the chip tells its serial number until it is activated
 * @FAST_APPLET_RESUME: a file half written can be written again
 * @FAST_APPLET_TRAINING: secrets may go to it in plain, which a production unit refuses
 * @FAST_APPLET_CHANNEL: its commands may go through SCP03
 *
 * What a driver declares. A card that needs more is refused.
 */
typedef enum {
  FAST_APPLET_BAC = 1 << 0,
  FAST_APPLET_PACE = 1 << 1,
  FAST_APPLET_CHIP_AUTHENTICATION = 1 << 2,
  FAST_APPLET_ACTIVE_ECDSA = 1 << 3,
  FAST_APPLET_ACTIVE_RSA = 1 << 4,
  FAST_APPLET_TERMINAL_AUTHENTICATION = 1 << 5,
  FAST_APPLET_MASTER_FILES = 1 << 6,
  FAST_APPLET_SERIAL = 1 << 7,
  FAST_APPLET_RESUME = 1 << 8,
  FAST_APPLET_TRAINING = 1 << 9,
  FAST_APPLET_CHANNEL = 1 << 10,
  FAST_APPLET_ACTIVE_RSA_LONG = 1 << 11,
} FastAppletCapabilities;

/**
 * FastApplet:
 * @name: as after `--applet`
 * @capabilities: what it can do
 * @write_max: most bytes of one write, however many an APDU may have
 * @atr_info: (nullable): what EF.ATR/INFO says of its chips, where a programme wants that file;
 *   %NULL: there is none
 * @get_life_cycle: how far the chip's personalisation has come
 * @get_serial: the chip's serial number, as hexadecimal digits in upper case
 * @put_secrets: gives the chip what nothing will read again; may be repeated
 * @create_file: makes a file, or selects one that is there already with just that size
 * @write: writes into the selected file
 * @activate: closes the personalisation for good
 *
 * A driver for one kind of chip software: an entry of the table and a file.
 */
typedef struct {
  const char *name;
  FastAppletCapabilities capabilities;
  gsize write_max;
  const FastAtrInfo *atr_info;
  gboolean (*get_life_cycle) (FastChipSession *session, FastLifeCycle *life, GError **error);
  char *(*get_serial) (FastChipSession *session, GError **error);
  gboolean (*put_secrets) (FastChipSession *session, const FastChipSecrets *secrets,
                           GError **error);
  gboolean (*create_file) (FastChipSession *session, const FastFile *file, gsize size,
                           GError **error);
  gboolean (*write) (FastChipSession *session, gsize offset, const guint8 *data, gsize size,
                     GError **error);
  gboolean (*activate) (FastChipSession *session, GError **error);
} FastApplet;

extern const FastApplet fast_applet_icao_perso;
extern const FastApplet fast_applet_jmrtd;

FastAppletCapabilities fast_applet_needed (const FastChipSecrets *secrets, FastLds *lds);
gboolean fast_applet_check (const FastApplet *applet, const FastChipSecrets *secrets, FastLds *lds,
                            GError **error);
const FastApplet *fast_applet_find (const char *name, FastAppletCapabilities needed,
                                    GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/perso.h"
#include "personalise/chip/session.h"

G_BEGIN_DECLS

/**
 * FastAppletCapabilities:
 * @FAST_APPLET_BAC: the chip can be given basic access keys
 * @FAST_APPLET_SERIAL: the chip tells its serial number until it is activated
 * @FAST_APPLET_RESUME: a file half written can be written again
 *
 * What a driver declares. A profile that needs more is refused.
 */
typedef enum {
  FAST_APPLET_BAC = 1 << 0,
  FAST_APPLET_SERIAL = 1 << 1,
  FAST_APPLET_RESUME = 1 << 2,
} FastAppletCapabilities;

/**
 * FastApplet:
 * @name: as after `--applet`
 * @capabilities: what it can do
 * @write_max: most bytes of one write
 * @get_life_cycle: how far the chip's personalisation has come
 * @get_serial: the chip's serial number, as hexadecimal digits in upper case
 * @set_access_keys: gives the chip its basic access keys; may be repeated
 * @create_file: makes a file, or selects one that is there already with just that size
 * @write: writes into the selected file
 * @activate: closes the personalisation for good
 *
 * A driver for one kind of chip software: an entry of the table and a file. The session has the
 * application selected.
 */
typedef struct {
  const char *name;
  FastAppletCapabilities capabilities;
  gsize write_max;
  gboolean (*get_life_cycle) (FastChipSession *session, FastLifeCycle *life, GError **error);
  char *(*get_serial) (FastChipSession *session, GError **error);
  gboolean (*set_access_keys) (FastChipSession *session, const FastBacKeys *keys, GError **error);
  gboolean (*create_file) (FastChipSession *session, guint16 fid, gsize size, GError **error);
  gboolean (*write) (FastChipSession *session, gsize offset, const guint8 *data, gsize size,
                     GError **error);
  gboolean (*activate) (FastChipSession *session, GError **error);
} FastApplet;

extern const FastApplet fast_applet_icao_perso;

const FastApplet *fast_applet_find (const char *name, FastAppletCapabilities needed,
                                    GError **error);

G_END_DECLS

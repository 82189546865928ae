/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * FastCardInput:
 * @programme: the programme, as in `FAST`: names the artwork and the guilloche
 * @state: the issuing State, `CAN` or `USA`
 * @surname: the primary identifier, as printed; UTF-8
 * @given: (nullable): the secondary identifier, as printed
 * @birth: date of birth, `YYYY-MM-DD`
 * @nationality: three letters
 * @sex: `F`, `M` or `X`
 * @membership: the membership number
 * @serial: the serial of the blank, which is the document number
 * @expiry: date of expiry, `YYYY-MM-DD`
 * @rfid: (nullable): the RFID number of the blank
 * @can: (nullable): the card access number of the chip, six digits (ICAO 9303-11, 4.4); printed on
 *   the front
 * @mrz: the three lines of the MRZ
 * @endorsements: (nullable) (array zero-terminated=1): as in `hazardous-goods`
 * @photo: the portrait, in a format that FastImage decodes
 * @signature: (nullable): the holder's signature, dark on light
 * @seal: the bytes of the visible digital seal
 * @specimen: whether SPECIMEN is printed over both sides
 *
 * What a card shows. Borrowed for the call of fast_card_face_new().
 */
typedef struct {
  const char *programme;
  const char *state;
  const char *surname;
  const char *given;
  const char *birth;
  const char *nationality;
  const char *sex;
  const char *membership;
  const char *serial;
  const char *expiry;
  const char *rfid;
  const char *can;
  const char *mrz[3];
  const char *const *endorsements;
  GBytes *photo;
  GBytes *signature;
  GBytes *seal;
  gboolean specimen;
} FastCardInput;

/**
 * FastCardSide:
 * @FAST_CARD_FRONT: portrait and data
 * @FAST_CARD_BACK: seal and MRZ
 */
typedef enum {
  FAST_CARD_FRONT,
  FAST_CARD_BACK,
} FastCardSide;

#define FAST_CARD_SIDES 2

/**
 * FastPlacement:
 * @slot: the slot's id
 * @area: the rectangle of the ink, in mm on the card
 *
 * Where something of the holder was put.
 */
typedef struct {
  const char *slot;
  cairo_rectangle_t area;
} FastPlacement;

/**
 * FastCardFace:
 *
 * Both sides of one card, laid out. Everything that can be wrong (artwork, fonts, pictures, a seal
 * that is too large) is found by fast_card_face_new(), before a blank is touched. Used by one
 * thread at a time.
 */
typedef struct _FastCardFace FastCardFace;

FastCardFace *fast_card_face_new (const FastCardInput *input, GError **error);
void fast_card_face_free (FastCardFace *face);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastCardFace, fast_card_face_free)

gboolean fast_card_face_paint (FastCardFace *face, FastCardSide side, cairo_t *cr, GError **error);
GArray *fast_card_face_get_placements (FastCardFace *face, FastCardSide side);

gboolean fast_card_face_write_png (FastCardFace *face, const char *base, guint dpi, GError **error);
gboolean fast_card_face_write_pdf (FastCardFace *face, const char *path, GError **error);

G_END_DECLS

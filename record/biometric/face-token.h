/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/face-record.h"

G_BEGIN_DECLS

/**
 * FastFaceToken:
 * @image: the encoded picture, exact bytes
 * @format: JPEG or JPEG 2000
 * @width: pixels across
 * @height: pixels down
 * @quality: the JPEG quality that was found; 0 for JPEG 2000
 * @below_floor: whether the whole EF.DG2 stays under 95 % of its budget although nothing better was
 *   to be had: a small or flat picture. Worth telling, no reason to refuse
 *
 * The face as it goes on the chip. Immutable.
 */
typedef struct {
  GBytes *image;
  FastImageFormat format;
  guint width;
  guint height;
  guint quality;
  gboolean below_floor;
} FastFaceToken;

/** FAST_FACE_TOKEN_BUDGET: 17 KiB, the whole EF.DG2 with its headers (TR-03121, COM-FI-CHIP) */
#define FAST_FACE_TOKEN_BUDGET 17408

/** FAST_FACE_TOKEN_WIDTH: pixels across of a chip face whose original has as many */
#define FAST_FACE_TOKEN_WIDTH 622
/** FAST_FACE_TOKEN_HEIGHT: pixels down */
#define FAST_FACE_TOKEN_HEIGHT 800

void fast_face_token_free (FastFaceToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastFaceToken, fast_face_token_free)

FastFaceToken *fast_face_token_make (const FastImage *original, FastImageFormat format,
                                     gsize budget, GError **error);
FastFaceToken *fast_face_token_make_edition (const FastImage *original, FastImageFormat format,
                                             FastFaceEdition edition, gsize budget, GError **error);
gsize fast_face_token_floor (gsize budget);
FastImage *fast_face_frame (const FastImage *original);

G_END_DECLS

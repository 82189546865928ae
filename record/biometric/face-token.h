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
 *
 * The face as it goes on the chip. Immutable.
 */
typedef struct {
  GBytes *image;
  FastImageFormat format;
  guint width;
  guint height;
  guint quality;
} FastFaceToken;

/** FAST_FACE_TOKEN_BUDGET: 17 KiB, the whole EF.DG2 with its headers (TR-03121, COM-FI-CHIP) */
#define FAST_FACE_TOKEN_BUDGET 17408

void fast_face_token_free (FastFaceToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastFaceToken, fast_face_token_free)

FastFaceToken *fast_face_token_make (const FastImage *original, FastImageFormat format,
                                     gsize budget, GError **error);
FastImage *fast_face_frame (const FastImage *original);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

/**
 * FastEye:
 *
 * Which eye: the numbers of ISO/IEC 19794-6:2005, table 3, and of the biometric subtype (tag 82).
 */
typedef enum {
  FAST_EYE_UNKNOWN = 0,
  FAST_EYE_RIGHT = 1,
  FAST_EYE_LEFT = 2,
} FastEye;

/**
 * FastIrisCoding:
 * @FAST_IRIS_RAW_GREY: rows from the top, a byte a pixel
 * @FAST_IRIS_RAW_RGB: three bytes a pixel
 * @FAST_IRIS_JPEG_GREY: ISO/IEC 10918-1
 * @FAST_IRIS_JPEG_RGB: the same in colour
 * @FAST_IRIS_LS_GREY: ISO/IEC 14495-1 (JPEG-LS); carried, not decoded
 * @FAST_IRIS_LS_RGB: the same in colour
 * @FAST_IRIS_JPEG2000_GREY: ISO/IEC 15444-1
 * @FAST_IRIS_JPEG2000_RGB: the same in colour
 * @FAST_IRIS_BLOCK: not a code of the record: a whole ISO/IEC 39794-6 block, of which only the
 *   envelope is understood
 *
 * Image format, ISO/IEC 19794-6:2005, table 2.
 */
typedef enum {
  FAST_IRIS_RAW_GREY = 2,
  FAST_IRIS_RAW_RGB = 4,
  FAST_IRIS_JPEG_GREY = 6,
  FAST_IRIS_JPEG_RGB = 8,
  FAST_IRIS_LS_GREY = 10,
  FAST_IRIS_LS_RGB = 12,
  FAST_IRIS_JPEG2000_GREY = 14,
  FAST_IRIS_JPEG2000_RGB = 16,
  FAST_IRIS_BLOCK = 256,
} FastIrisCoding;

/** FAST_IRIS_QUALITY_NONE: nobody measured it */
#define FAST_IRIS_QUALITY_NONE 254

/**
 * FastIrisRecord:
 * @eye: which eye
 * @coding: how the picture is encoded
 * @polar: whether the picture is the unrolled iris (format type 000B), not the eye as seen (0009)
 * @width: pixels across
 * @height: pixels down
 * @diameter: expected diameter of the iris in pixels; 0 when unknown
 * @quality: 0 to 100 or %FAST_IRIS_QUALITY_NONE
 * @image: the encoded picture, exact bytes
 *
 * An iris image record with one picture of one eye, ISO/IEC 19794-6:2005, version 010: what a chip
 * has in one template of EF.DG4. Immutable.
 */
typedef struct {
  FastEye eye;
  FastIrisCoding coding;
  gboolean polar;
  guint width;
  guint height;
  guint diameter;
  guint quality;
  GBytes *image;
} FastIrisRecord;

/* Record header, subtype header and image header. */
#define FAST_IRIS_RECORD_OVERHEAD (45 + 3 + 11)

void fast_iris_record_free (FastIrisRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastIrisRecord, fast_iris_record_free)

GBytes *fast_iris_record_make (const FastIrisRecord *record, GError **error);
FastIrisRecord *fast_iris_record_parse (GBytes *encoded, GError **error);
FastImage *fast_iris_record_decode (const FastIrisRecord *record, GError **error);

G_END_DECLS

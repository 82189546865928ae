/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

/**
 * FastFaceSex:
 *
 * ISO/IEC 19794-5:2005, 5.5.3.
 */
typedef enum {
  FAST_FACE_SEX_UNSPECIFIED = 0,
  FAST_FACE_SEX_MALE = 1,
  FAST_FACE_SEX_FEMALE = 2,
  FAST_FACE_SEX_UNKNOWN = 255,
} FastFaceSex;

/**
 * FastFaceEyes:
 *
 * Eye colour, ISO/IEC 19794-5:2005, 5.5.4.
 */
typedef enum {
  FAST_FACE_EYES_UNSPECIFIED = 0,
  FAST_FACE_EYES_BLACK = 1,
  FAST_FACE_EYES_BLUE = 2,
  FAST_FACE_EYES_BROWN = 3,
  FAST_FACE_EYES_GREY = 4,
  FAST_FACE_EYES_GREEN = 5,
  FAST_FACE_EYES_MULTI = 6,
  FAST_FACE_EYES_PINK = 7,
  FAST_FACE_EYES_UNKNOWN = 255,
} FastFaceEyes;

/**
 * FastFaceKind:
 *
 * Face image type, ISO/IEC 19794-5:2005, 5.7.1.
 */
typedef enum {
  FAST_FACE_BASIC = 0,
  FAST_FACE_FULL_FRONTAL = 1,
  FAST_FACE_TOKEN = 2,
} FastFaceKind;

/**
 * FastFaceSource:
 *
 * ISO/IEC 19794-5:2005, 5.7.6: where the picture came from.
 */
typedef enum {
  FAST_FACE_SOURCE_UNSPECIFIED = 0,
  FAST_FACE_SOURCE_UNKNOWN_PHOTO = 1,
  FAST_FACE_SOURCE_DIGITAL_CAMERA = 2,
  FAST_FACE_SOURCE_SCANNER = 3,
} FastFaceSource;

/**
 * FastFaceEdition:
 * @FAST_FACE_19794: ISO/IEC 19794-5:2005, what every reader understands
 * @FAST_FACE_39794: ISO/IEC 39794-5, its successor
 *
 * Which standard a face is encoded by.
 */
typedef enum {
  FAST_FACE_19794,
  FAST_FACE_39794,
} FastFaceEdition;

/**
 * FastFaceRecord:
 * @edition: the standard that it was read by, or that EF.DG2 is to be written by
 * @kind: face image type
 * @sex: sex
 * @eyes: eye colour
 * @source: where the picture came from
 * @feature_points: how many there are (they are checked and passed over)
 * @format: JPEG or JPEG 2000
 * @width: pixels across; 0 when ISO/IEC 39794-5 leaves it out
 * @height: pixels down; likewise
 * @quality: 0 unspecified, else 1 to 100
 * @image: the encoded picture, exact bytes
 *
 * One face: a facial record of ISO/IEC 19794-5:2005, version 010, or a block of ISO/IEC 39794-5.
 * Immutable.
 */
typedef struct {
  FastFaceEdition edition;
  FastFaceKind kind;
  FastFaceSex sex;
  FastFaceEyes eyes;
  FastFaceSource source;
  guint feature_points;
  FastImageFormat format;
  guint width;
  guint height;
  guint quality;
  GBytes *image;
} FastFaceRecord;

/* Facial record header, facial information and image information, without feature points. */
#define FAST_FACE_RECORD_OVERHEAD (14 + 20 + 12)

void fast_face_record_free (FastFaceRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastFaceRecord, fast_face_record_free)

GBytes *fast_face_record_make (const FastFaceRecord *record, GError **error);
FastFaceRecord *fast_face_record_parse (GBytes *encoded, GError **error);
FastImage *fast_face_record_decode (const FastFaceRecord *record, GError **error);

G_END_DECLS

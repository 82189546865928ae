/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/image.h"

G_BEGIN_DECLS

/**
 * FastFinger:
 *
 * Finger position, ISO/IEC 19794-4:2005, table 5: the same numbers as ANSI/NIST-ITL has.
 */
typedef enum {
  FAST_FINGER_UNKNOWN = 0,
  FAST_FINGER_RIGHT_THUMB = 1,
  FAST_FINGER_RIGHT_INDEX = 2,
  FAST_FINGER_RIGHT_MIDDLE = 3,
  FAST_FINGER_RIGHT_RING = 4,
  FAST_FINGER_RIGHT_LITTLE = 5,
  FAST_FINGER_LEFT_THUMB = 6,
  FAST_FINGER_LEFT_INDEX = 7,
  FAST_FINGER_LEFT_MIDDLE = 8,
  FAST_FINGER_LEFT_RING = 9,
  FAST_FINGER_LEFT_LITTLE = 10,
} FastFinger;

/**
 * FastFingerCoding:
 * @FAST_FINGER_RAW: rows from the top, a byte a pixel
 * @FAST_FINGER_PACKED: the same without gaps between pixels; at 8 bits no different
 * @FAST_FINGER_WSQ: FBI wavelet scalar quantisation; carried, not decoded
 * @FAST_FINGER_JPEG: ISO/IEC 10918-1
 * @FAST_FINGER_JPEG2000: ISO/IEC 15444-1
 * @FAST_FINGER_PNG: ISO/IEC 15948
 * @FAST_FINGER_BLOCK: not a code of the record: a whole ISO/IEC 39794-4 block, of which only the
 *   envelope is understood
 *
 * Image compression algorithm, ISO/IEC 19794-4:2005, table 3.
 */
typedef enum {
  FAST_FINGER_RAW = 0,
  FAST_FINGER_PACKED = 1,
  FAST_FINGER_WSQ = 2,
  FAST_FINGER_JPEG = 3,
  FAST_FINGER_JPEG2000 = 4,
  FAST_FINGER_PNG = 5,
  FAST_FINGER_BLOCK = 256,
} FastFingerCoding;

/** FAST_FINGER_QUALITY_NONE: nobody measured it */
#define FAST_FINGER_QUALITY_NONE 254

/**
 * FastFingerRecord:
 * @finger: which finger
 * @coding: how the picture is encoded
 * @dpi: dots per inch, 500 or 1000
 * @width: pixels across
 * @height: pixels down
 * @quality: 0 to 100 (NFIQ 2, where we write it) or %FAST_FINGER_QUALITY_NONE
 * @impression: impression type of table 6; 0 is a live plain print
 * @image: the encoded picture, exact bytes
 *
 * A finger image record with one view of one finger, ISO/IEC 19794-4:2005, version 010: what a chip
 * has in one template of EF.DG3. Immutable.
 */
typedef struct {
  FastFinger finger;
  FastFingerCoding coding;
  guint dpi;
  guint width;
  guint height;
  guint quality;
  guint impression;
  GBytes *image;
} FastFingerRecord;

/* General record header and finger header. */
#define FAST_FINGER_RECORD_OVERHEAD (32 + 14)

void fast_finger_record_free (FastFingerRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastFingerRecord, fast_finger_record_free)

GBytes *fast_finger_record_make (const FastFingerRecord *record, GError **error);
FastFingerRecord *fast_finger_record_parse (GBytes *encoded, GError **error);
FastImage *fast_finger_record_decode (const FastFingerRecord *record, GError **error);

gboolean fast_finger_from_name (const char *name, FastFinger *finger);
guint fast_finger_subtype (FastFinger finger);
gboolean fast_finger_from_subtype (guint subtype, FastFinger *finger);

G_END_DECLS

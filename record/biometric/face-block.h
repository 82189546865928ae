/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/face-record.h"

G_BEGIN_DECLS

/*
 * A face as an ISO/IEC 39794-5 block, the successor of the ISO/IEC 19794-5:2005 record and what
 * stands in 7F2E of EF.DG2 when the format type is 002A. What both editions can say is the same
 * value, FastFaceRecord. Read are the base standard's form and that of ICAO's application profile;
 * the profile's is written.
 */

/* The most that tags, lengths and descriptions add to the picture, from 7F2E's content on. */
#define FAST_FACE_BLOCK_OVERHEAD_MOST 112

GBytes *fast_face_block_make (const FastFaceRecord *record, GError **error);
FastFaceRecord *fast_face_block_parse (GBytes *encoded, GError **error);

G_END_DECLS

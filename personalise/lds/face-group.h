/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/biometric/face-record.h"

G_BEGIN_DECLS

/*
 * EF.DG2, ICAO 9303-10, 4.7.2: one face in a biometric information template, as an
 * ISO/IEC 19794-5:2005 record (5F2E) or an ISO/IEC 39794-5 block (7F2E). The header template has
 * fourteen bytes and the lengths three, so that the picture of a record begins at byte 84: readers
 * exist that look no further.
 */

GBytes *fast_face_group_make (const FastFaceRecord *face, GError **error);
FastFaceRecord *fast_face_group_parse (GBytes *encoded, GError **error);

G_END_DECLS

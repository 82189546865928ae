/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * A biometric information group template (7F61) says how many templates it holds (02), then holds
 * them (7F60): each a header (A1: version, type, subtype, format owner, format type) and a data
 * block, 5F2E for the records of ISO/IEC 19794, 7F2E for the blocks of ISO/IEC 39794. A group of
 * none may carry a random object (53): with it two empty groups do not have equal hashes in their
 * security objects, from which one could learn that a holder has no prints.
 */

/**
 * FastBiometricType:
 *
 * Values of the biometric type (tag 81) in ICAO 9303-10's header templates.
 */
typedef enum {
  FAST_BIOMETRIC_FACE = 0x02,
  FAST_BIOMETRIC_FINGER = 0x08,
  FAST_BIOMETRIC_IRIS = 0x10,
} FastBiometricType;

#define FAST_BIOMETRIC_VERSION 0x0101
#define FAST_BIOMETRIC_OWNER_JTC1_SC37 0x0101

/* Format types of ISO/IEC JTC 1/SC 37: a record of the 19794 series, then a block of 39794. */
#define FAST_BIOMETRIC_FORMAT_FINGER 0x0007
#define FAST_BIOMETRIC_FORMAT_FACE 0x0008
#define FAST_BIOMETRIC_FORMAT_IRIS 0x0009
#define FAST_BIOMETRIC_FORMAT_IRIS_POLAR 0x000B
#define FAST_BIOMETRIC_FORMAT_FINGER_BLOCK 0x0028
#define FAST_BIOMETRIC_FORMAT_FACE_BLOCK 0x002A
#define FAST_BIOMETRIC_FORMAT_IRIS_BLOCK 0x002C

/**
 * FastBiometricTemplate:
 * @version: header version (80), as in 0x0101; 0 when absent
 * @type: biometric type (81); 0 when absent
 * @has_subtype: whether there is a subtype; it is always written
 * @subtype: biometric subtype (82); 0 when absent or without information
 * @owner: format owner (87)
 * @format: format type (88)
 * @constructed: whether the data block is 7F2E instead of 5F2E
 * @data: the biometric data block
 *
 * One biometric information template (7F60): ICAO 9303-10, 4.7.2; ISO/IEC 7816-11.
 */
typedef struct {
  guint16 version;
  guint type;
  gboolean has_subtype;
  guint subtype;
  guint16 owner;
  guint16 format;
  gboolean constructed;
  GBytes *data;
} FastBiometricTemplate;

/* Tags and lengths around one data block of 256 to 65,000 bytes in a group of one, no version. */
#define FAST_BIOMETRIC_GROUP_OVERHEAD 34

void fast_biometric_template_free (FastBiometricTemplate *biometric);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastBiometricTemplate, fast_biometric_template_free)

GBytes *fast_biometric_group_make (GPtrArray *templates);
GBytes *fast_biometric_group_make_empty (GError **error);
GPtrArray *fast_biometric_group_parse (GBytes *encoded, GError **error);

G_END_DECLS

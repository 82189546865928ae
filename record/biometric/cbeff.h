/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

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

#define FAST_BIOMETRIC_OWNER_JTC1_SC37 0x0101
#define FAST_BIOMETRIC_FORMAT_FINGER 0x0007
#define FAST_BIOMETRIC_FORMAT_FACE 0x0008
#define FAST_BIOMETRIC_FORMAT_IRIS 0x0009

/**
 * FastBiometricTemplate:
 * @type: biometric type (81); 0 when absent
 * @subtype: biometric subtype (82); 0 when absent or without information
 * @owner: format owner (87)
 * @format: format type (88)
 * @constructed: whether the data block is 7F2E instead of 5F2E
 * @data: the biometric data block
 *
 * One biometric information template (7F60): ICAO 9303-10, 4.7.2; ISO/IEC 7816-11.
 */
typedef struct {
  guint type;
  guint subtype;
  guint16 owner;
  guint16 format;
  gboolean constructed;
  GBytes *data;
} FastBiometricTemplate;

/* Tags and lengths around one data block of 256 to 65,000 bytes in a group of one. */
#define FAST_BIOMETRIC_GROUP_OVERHEAD 34

void fast_biometric_template_free (FastBiometricTemplate *biometric);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastBiometricTemplate, fast_biometric_template_free)

GBytes *fast_biometric_group_make (GPtrArray *templates);
GPtrArray *fast_biometric_group_parse (GBytes *encoded, GError **error);

G_END_DECLS

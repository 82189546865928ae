/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/lds.h"
#include "record/base/autoptr.h"
#include "record/biometric/face-record.h"
#include "record/document/mrz.h"
#include "record/model/applicant.h"
#include "record/model/profile.h"

G_BEGIN_DECLS

/**
 * FastLdsInput:
 * @profile: the programme: which data groups, in which order, within which budgets
 * @mrz: the zone of the card, TD1
 * @applicant: the person
 * @portrait: the original picture, as captured: a JPEG or PNG file
 * @portrait_name: its name, for errors, as in `face.jpg`
 * @face_format: how the chip's face is encoded: JPEG or JPEG 2000
 * @face_source: where the picture came from
 * @membership: the membership number, nine digits
 * @endorsements: (nullable) (array zero-terminated=1): codes, as in `hazardous-goods`
 * @rfid: (nullable): the number of the card's RFID tag
 *
 * What a chip is made from. All borrowed.
 */
typedef struct {
  const FastProfile *profile;
  const FastMrz *mrz;
  const FastApplicant *applicant;
  GBytes *portrait;
  const char *portrait_name;
  FastImageFormat face_format;
  FastFaceSource face_source;
  const char *membership;
  const char *const *endorsements;
  const char *rfid;
} FastLdsInput;

FastLds *fast_lds_build (const FastLdsInput *input, X509 *signer, EVP_PKEY *key, GError **error);

G_END_DECLS

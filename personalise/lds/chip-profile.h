/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/lds/atr-info.h"
#include "personalise/lds/chip-keys.h"
#include "record/base/autoptr.h"
#include "record/biometric/face-record.h"
#include "record/biometric/finger-token.h"
#include "record/document/mrz.h"
#include "record/model/applicant.h"
#include "record/model/profile.h"

G_BEGIN_DECLS

/**
 * FastFingerSample:
 * @finger: which
 * @image: its print as captured
 * @name: its name, for errors, as in `finger-right-index.png`
 *
 * A print that goes on the chip.
 */
typedef struct {
  FastFinger finger;
  GBytes *image;
  const char *name;
} FastFingerSample;

/**
 * FastLdsInput:
 * @profile: the programme: which data groups, in which order, within which budgets
 * @mrz: the zone of the card, TD1
 * @applicant: the person
 * @portrait: the original picture, as captured: a JPEG or PNG file
 * @portrait_name: its name, for errors, as in `face.jpg`
 * @face_source: where the picture came from
 * @fingers: (nullable) (array length=n_fingers): prints for group 3, at most nine; %NULL leaves the
 *   group out where the programme allows it, no element says that the holder has none
 * @n_fingers: how many
 * @signature: (nullable): the signature as captured, where the programme has group 7
 * @signature_name: its name, for errors, as in `signature.png`
 * @authority: (nullable): who issues the card, where the programme has group 12
 * @issued: (nullable): its date of issue, as in `2026-11-24`
 * @personalised: (nullable): when the card is made, as fourteen digits CCYYMMDDhhmmss
 * @system: (nullable): what makes it
 * @membership: the membership number, nine digits
 * @endorsements: (nullable) (array zero-terminated=1): codes, as in `hazardous-goods`
 * @rfid: (nullable): the number of the card's RFID tag
 * @keys: (nullable): the chip's keys; without them nothing is told of PACE and of the protocols
 * that need keys: no EF.CardAccess, EF.DG14, EF.DG15, EF.CVCA, whatever the programme wants
 * @atr_info: (nullable): what the chip's software can do; without it there is no EF.ATR/INFO
 *
 * What a chip is made from. All borrowed.
 */
typedef struct {
  const FastProfile *profile;
  const FastMrz *mrz;
  const FastApplicant *applicant;
  GBytes *portrait;
  const char *portrait_name;
  FastFaceSource face_source;
  const FastFingerSample *fingers;
  guint n_fingers;
  GBytes *signature;
  const char *signature_name;
  const char *authority;
  const char *issued;
  const char *personalised;
  const char *system;
  const char *membership;
  const char *const *endorsements;
  const char *rfid;
  const FastChipKeys *keys;
  const FastAtrInfo *atr_info;
} FastLdsInput;

FastLds *fast_lds_build (const FastLdsInput *input, X509 *signer, EVP_PKEY *key, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"
#include "record/model/nation.h"
#include "record/model/profile-chip.h"
#include "record/model/texts.h"

G_BEGIN_DECLS

/*
 * A programme (FAST, later NEXUS) is data: `assets/programme/CODE.json`, code in lower case. The
 * engine asks the profile what a programme needs and never asks which programme it is.
 */

/**
 * FastFee:
 * @amount: decimal with two places, as in `50.00`
 * @currencies: ISO 4217 codes in which it may be paid, at the same amount
 */
typedef struct {
  const char *amount;
  const char *const *currencies;
} FastFee;

/**
 * FastProfileBiometric:
 * @name: a sample's name, as in `finger-right-thumb`
 * @suffixes: the kinds of file in which a folder may hold it
 * @declarable: whether it may be declared missing (fingers)
 *
 * A biometric sample that the programme needs.
 */
typedef struct {
  const char *name;
  const char *const *suffixes;
  gboolean declarable;
} FastProfileBiometric;

/**
 * FastProfileCard:
 * @front: asset of the front's artwork
 * @back: asset of the back's
 */
typedef struct {
  const char *front;
  const char *back;
} FastProfileCard;

/**
 * FastQuestion:
 * @code: the answer's member in `interview.AGENCY.answers`
 * @text: what is asked
 */
typedef struct {
  const char *code;
  FastTexts *text;
} FastQuestion;

/**
 * FastProfileInterview:
 * @agency: who asks
 * @questions: (element-type FastQuestion): what
 */
typedef struct {
  int agency;
  GPtrArray *questions;
} FastProfileInterview;

/**
 * FastProfile:
 * @format: `fast-programme/1`
 * @code: as in an application's `programme`
 * @title: the programme's name
 * @role: what its members are
 * @minimum_age: in years, on the day
 * @term_years: how long a membership lasts, to the next birthday
 * @renewal_years: how long before its end it may be renewed
 * @licence_required: whether a valid driving licence is needed
 * @fee: what it costs
 * @biometrics: (element-type FastProfileBiometric): what must be captured
 * @chip: what is on the chip and how it is opened
 * @card: artwork
 * @gates: gates that an override may name
 * @interview: (element-type FastProfileInterview): what each agency asks
 */
typedef struct {
  const char *format;
  const char *code;
  FastTexts *title;
  FastTexts *role;
  gint64 minimum_age;
  gint64 term_years;
  gint64 renewal_years;
  gboolean licence_required;
  FastFee *fee;
  GPtrArray *biometrics;
  FastProfileChip *chip;
  FastProfileCard *card;
  const char *const *gates;
  GPtrArray *interview;
} FastProfile;

FAST_DECLARE_VALUE (FastProfile, fast_profile)

FastProfile *fast_profile_load (const char *code, GError **error);
const FastProfileBiometric *fast_profile_find_biometric (const FastProfile *profile,
                                                         const char *name);
const FastProfileInterview *fast_profile_find_interview (const FastProfile *profile,
                                                         FastAgency agency);
gboolean fast_profile_has_gate (const FastProfile *profile, const char *gate);

G_END_DECLS

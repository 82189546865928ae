/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"
#include "record/model/nation.h"

G_BEGIN_DECLS

/**
 * FastConsent:
 * @nation: to whom
 * @text: which text was read, as in `privacy-CA/1`
 * @language: in which language, `en` or `fr`
 * @given: whether it was given
 *
 * The applicant's consent to one nation's use of the data.
 */
typedef struct {
  int nation;
  const char *text;
  const char *language;
  gboolean given;
} FastConsent;

FAST_DECLARE_VALUE (FastConsent, fast_consent)

G_END_DECLS

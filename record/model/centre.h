/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/texts.h"

G_BEGIN_DECLS

/**
 * FastCentre:
 * @code: as in `BWB`
 * @name: in both languages
 * @state: country, three letters: the issuing State of its cards
 * @mobile: whether it travels
 * @agencies: whose officers work there
 *
 * A place of enrolment.
 */
typedef struct {
  const char *code;
  FastTexts *name;
  const char *state;
  gboolean mobile;
  const char *const *agencies;
} FastCentre;

FAST_DECLARE_VALUE (FastCentre, fast_centre)

G_END_DECLS

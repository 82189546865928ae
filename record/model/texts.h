/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastTexts:
 * @en: English
 * @fr: French
 *
 * One text in both languages.
 */
typedef struct {
  const char *en;
  const char *fr;
} FastTexts;

FAST_DECLARE_VALUE (FastTexts, fast_texts)

const char *fast_texts_get (const FastTexts *texts, const char *language);

G_END_DECLS

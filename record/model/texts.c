/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/texts.h"

static const FastField fields[] = {
    FAST_TEXT (FastTexts, en, FAST_FIELD_REQUIRED),
    FAST_TEXT (FastTexts, fr, FAST_FIELD_REQUIRED),
};

FAST_DEFINE_VALUE (FastTexts, fast_texts, "texts", fields)

/**
 * fast_texts_get:
 * @texts: one text in each language
 * @language: `en` or `fr`
 *
 * Returns: (transfer none): the text in that language, else in English
 */
const char *
fast_texts_get (const FastTexts *texts, const char *language)
{
  return g_strcmp0 (language, "fr") == 0 ? texts->fr : texts->en;
}

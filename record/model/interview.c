/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/interview.h"

#include "record/model/forms.h"

static const FastField fields[] = {
    FAST_FIELD (FastInterview, answers, .type = FAST_FIELD_MAP, .flags = FAST_FIELD_REQUIRED,
                .keys = FAST_PATTERN_CODE, .pattern = FAST_PATTERN_TEXT),
};

FAST_DEFINE_VALUE (FastInterview, fast_interview, "interview", fields)

/**
 * fast_interview_part_name:
 * @agency: who asked
 *
 * Returns: (transfer full): as in `interview-CBP.json`
 */
char *
fast_interview_part_name (FastAgency agency)
{
  return g_strdup_printf ("interview-%s.json", fast_agency_name (agency));
}

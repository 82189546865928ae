/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"
#include "record/model/nation.h"

G_BEGIN_DECLS

/**
 * FastInterview:
 * @answers: (element-type utf8 utf8): question's code to answer
 *
 * What one agency's officer noted of its interview.
 */
typedef struct {
  GHashTable *answers;
} FastInterview;

FAST_DECLARE_VALUE (FastInterview, fast_interview)

char *fast_interview_part_name (FastAgency agency);

G_END_DECLS

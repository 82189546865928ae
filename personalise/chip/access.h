/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/session.h"
#include "personalise/lds/verdict.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

/* Access control, a line each; and the files, one line each. */
#define FAST_CHECK_PACE "check-pace"
#define FAST_CHECK_ACCESS "check-bac"
#define FAST_CHECK_READ "check-read"

/**
 * FastAccessKeys:
 * @mrz_information: (nullable): as fast_mrz_information() gives it
 * @can: (nullable): the card access number printed on the card, digits
 *
 * What who holds a document knows of it; one of the two is enough. Borrowed.
 */
typedef struct {
  FastSecret *mrz_information;
  FastSecret *can;
} FastAccessKeys;

gboolean fast_chip_access (FastChipSession *session, const FastAccessKeys *keys, FastLds *lds,
                           GPtrArray *verdicts, GError **error);

G_END_DECLS

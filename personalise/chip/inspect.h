/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/transport.h"
#include "personalise/lds/passive-authentication.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

/* The checks of the chip itself; those of passive authentication follow them. */
#define FAST_CHECK_PACE "check-pace"
#define FAST_CHECK_ACCESS "check-bac"
#define FAST_CHECK_READ "check-read"
#define FAST_CHECK_MRZ "check-mrz"

/**
 * FastInspection:
 * @lds: the files that could be read
 * @verdicts: (element-type FastVerdict): a line a check
 *
 * What a chip told.
 */
typedef struct {
  FastLds *lds;
  GPtrArray *verdicts;
} FastInspection;

void fast_inspection_free (FastInspection *inspection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastInspection, fast_inspection_free)

FastInspection *fast_chip_inspect (FastTransport *transport, FastSecret *mrz_information,
                                   FastTrust *trust, gint64 at, GCancellable *cancellable,
                                   GError **error);
FastSecret *fast_lds_mrz_information (FastLds *lds, GError **error);

G_END_DECLS

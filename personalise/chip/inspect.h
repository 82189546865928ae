/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/access.h"
#include "personalise/chip/terminal.h"
#include "personalise/lds/passive-authentication.h"

G_BEGIN_DECLS

/* The checks of the chip itself; those of passive authentication follow them. */
#define FAST_CHECK_CHIP "check-chip-authentication"
#define FAST_CHECK_ACTIVE "check-active-authentication"
#define FAST_CHECK_TERMINAL "check-terminal-authentication"
#define FAST_CHECK_MRZ "check-mrz"

/**
 * FastInspectOptions:
 * @access: what is known of the document
 * @trust: (nullable): the CSCAs believed; without them the signer's chain is "not offered"
 * @at: the time to judge by, in seconds since 1970
 * @terminal: (nullable): what this reader has to show for fingers and irises
 *
 * How a chip is to be inspected. All borrowed.
 */
typedef struct {
  FastAccessKeys access;
  FastTrust *trust;
  gint64 at;
  const FastTerminal *terminal;
} FastInspectOptions;

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

FastInspection *fast_chip_inspect (FastTransport *transport, const FastInspectOptions *options,
                                   GCancellable *cancellable, GError **error);
FastSecret *fast_lds_mrz_information (FastLds *lds, GError **error);

G_END_DECLS

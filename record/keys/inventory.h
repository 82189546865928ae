/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/config.h"
#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

/**
 * FastInventoryState:
 * @FAST_INVENTORY_GOOD: nothing to do
 * @FAST_INVENTORY_SOON: it ends within thirty days, or in the last third of a period that is
 * shorter than three months, as a document signer's
 * @FAST_INVENTORY_URGENT: it ends within seven days
 * @FAST_INVENTORY_OVER: it may not be used now
 * @FAST_INVENTORY_BROKEN: it cannot be read, or its key is another's
 */
typedef enum {
  FAST_INVENTORY_GOOD,
  FAST_INVENTORY_SOON,
  FAST_INVENTORY_URGENT,
  FAST_INVENTORY_OVER,
  FAST_INVENTORY_BROKEN,
} FastInventoryState;

extern const char *const fast_inventory_state_names[];

/**
 * FastInventoryEntry:
 * @place: group and key of the configuration, as in `card/ds-certificate`
 * @path: the file that is named there
 * @purpose: name of its certificate profile
 * @subject: (nullable): whom it is for
 * @expires: the last second that it is valid, since 1970
 * @signs_until: the last second that its private key may be used
 * @days_left: whole days until the earlier of the two; negative once it is past
 * @state: what that means
 * @problem: (nullable): why it is broken
 *
 * One certificate of a configuration.
 */
typedef struct {
  char *place;
  char *path;
  const char *purpose;
  char *subject;
  gint64 expires;
  gint64 signs_until;
  gint64 days_left;
  FastInventoryState state;
  GError *problem;
} FastInventoryEntry;

GPtrArray *fast_inventory_load (FastConfig *config, gint64 now, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastBatch:
 * @batch: its id, UNIT-bSEQUENCE
 * @unit: whose day it is
 * @day: YYYY-MM-DD
 * @closed: (nullable): when; %NULL while it is open
 * @closed_by: the two officers who closed it; none while it is open
 * @items: how many its manifest lists
 * @root: (nullable): lowercase hex RFC 6962 root over the lines of its manifest
 *
 * One unit's day, as reports show it.
 */
typedef struct {
  const char *batch;
  const char *unit;
  const char *day;
  const char *closed;
  const char *const *closed_by;
  gint64 items;
  const char *root;
} FastBatch;

FAST_DECLARE_VALUE (FastBatch, fast_batch)

G_END_DECLS

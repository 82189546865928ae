/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/store/store.h"

G_BEGIN_DECLS

/* The tables of sync/link: batches, reservations, places in lanes, uploads, news. */
extern const FastSchema fast_link_schema;

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/inspect.h"

G_BEGIN_DECLS

/*
 * Inside the room only: what can be said of a chip that was written.
 *
 * A blank that is called spoiled is lost, and its card with it: so only what the chip itself
 * refuses, or holds otherwise than the plan, makes it so. An answer that was altered on its way, a
 * file that could not be read, a terminal whose certificates the chip does not take say nothing of
 * the chip; it stays resumable and is put on the reader again.
 */

gboolean fast_encode_is_final (const GError *error);
gboolean fast_encode_fail_differs (const FastFile *file, GError **error);
gboolean fast_encode_judge (FastLds *plan, const FastInspection *inspection, GError **error);

G_END_DECLS

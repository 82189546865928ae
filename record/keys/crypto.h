/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/bytes.h"

G_BEGIN_DECLS

/* The seam to OpenSSL's C interface: its error queue becomes a GError, its buffers GBytes. */

gboolean fast_crypto_fail (GError **error, const char *step);
gpointer fast_crypto_fail_null (GError **error, const char *step);
GBytes *fast_crypto_take_der (guint8 *der, int size, GError **error);

G_END_DECLS

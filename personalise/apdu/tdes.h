/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FAST_TDES_KEY_SIZE 16
#define FAST_TDES_BLOCK_SIZE 8

/*
 * The retail MAC (ISO/IEC 9797-1, MAC algorithm 3 with DES). Its single DES steps are Triple-DES
 * with both keys equal, so that OpenSSL's legacy provider is not needed.
 */

gboolean fast_tdes_mac (const guint8 key[FAST_TDES_KEY_SIZE], const guint8 *data, gsize size,
                        guint8 mac[FAST_TDES_BLOCK_SIZE], GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Data objects as text, so that a test can lay out a file by hand and leave one thing out. */

const char *fast_tlv_text (const char *tag, ...) G_GNUC_NULL_TERMINATED;
GBytes *fast_tlv_text_bytes (const char *text);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/key.h"

G_BEGIN_DECLS

EVP_PKEY *fast_card_load_key (const char *uri, const char *pin_fd, GError **error);

G_END_DECLS

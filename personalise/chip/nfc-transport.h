/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/transport.h"

G_BEGIN_DECLS

FastTransport *fast_nfc_transport_new (const char *connstring, GError **error);

G_END_DECLS

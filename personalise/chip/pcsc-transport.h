/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/chip/transport.h"

G_BEGIN_DECLS

FastTransport *fast_pcsc_transport_new (const char *reader, GError **error);

G_END_DECLS

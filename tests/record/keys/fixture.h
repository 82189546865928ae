/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate-profile.h"

G_BEGIN_DECLS

/* Keys made in memory for the tests of this room. */

#define FIXTURE_NOW G_GINT64_CONSTANT (1795320000)

typedef FastCertificateIssuer Fixture;

Fixture *fixture_new (const char *profile, const char *name, const Fixture *issuer,
                      gboolean training, gint64 now);
void fixture_free (Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Fixture, fixture_free)

X509 *fixture_parse_again (X509 *certificate);
GBytes *fixture_text (const char *text);
GBytes *fixture_flip (GBytes *bytes, gsize at, guint8 mask);
GBytes *fixture_indefinite (GBytes *der);
GPtrArray *fixture_list (X509 *first, X509 *second);

G_END_DECLS

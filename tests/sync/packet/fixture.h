/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "record/keys/trust.h"
#include "sync/packet/packet.h"

G_BEGIN_DECLS

/* A folder of training keys, and an item to seal with them. */
typedef struct {
  char *folder;
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);
char *fixture_path (Fixture *fixture, const char *name);
X509 *fixture_certificate (Fixture *fixture, const char *name);
EVP_PKEY *fixture_key (Fixture *fixture, const char *name);
FastTrust *fixture_trust (Fixture *fixture, const char *name);

FastHeader *fixture_header (const char *nation, const char *kind);
FastParts *fixture_parts (const char *const *names, const char *const *texts);
GBytes *fixture_audit (void);
FastPacket *fixture_packet (Fixture *fixture, const FastHeader *header, FastParts *parts,
                            GBytes *audit, const char *recipient, GError **error);
GBytes *fixture_text (const char *text);

G_END_DECLS

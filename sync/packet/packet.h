/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/certificate.h"
#include "record/keys/cms.h"
#include "record/model/policy.h"
#include "sync/packet/header.h"
#include "sync/packet/parts.h"

G_BEGIN_DECLS

/*
 * A packet: SignedData by the unit's sign key around AuthEnvelopedData (AES-256-GCM) to the
 * nation's recipients around a tar. `openssl cms -verify | openssl cms -decrypt | tar t` opens it.
 *
 * The outer signature can be stripped from the envelope and made again by another unit, which CMS
 * cannot prevent. So the header is said twice: as a signed attribute outside, where whoever carries
 * the packet reads it, and as `item.json` inside, where only the sealing unit could have put it.
 * Outside, the header's unit must be the signer (what the intake checks); inside, the two headers
 * must be one (what opening checks). Taken together: who signed outside is who sealed inside.
 */

#define FAST_PACKET_LIMIT (32u << 20)
#define FAST_PACKET_ATTRIBUTE FAST_OID ("16")
#define FAST_PACKET_SUFFIX ".p7m"

/**
 * FastPacket:
 * @bytes: the `.p7m`
 * @id: lowercase hex SHA-256 of it
 * @header: the clear header
 * @envelope: the AuthEnvelopedData inside the signature
 * @signer: the unit's certificate
 *
 * A packet whose outer signature holds. Immutable.
 */
typedef struct {
  GBytes *bytes;
  char *id;
  FastHeader *header;
  GBytes *envelope;
  X509 *signer;
} FastPacket;

void fast_packet_free (FastPacket *packet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPacket, fast_packet_free)

/**
 * FastSealingKeys:
 * @certificate: the unit's *sign* certificate
 * @key: its key
 * @recipients: (element-type X509): who of the nation can open it
 * @policy: (nullable): which parts the nation gets; %NULL gives all
 *
 * What it takes to seal for one nation. Borrowed.
 */
typedef struct {
  X509 *certificate;
  EVP_PKEY *key;
  GPtrArray *recipients;
  const FastPolicy *policy;
} FastSealingKeys;

FastPacket *fast_packet_build (const FastHeader *header, FastParts *parts, GBytes *audit_json,
                               const FastSealingKeys *keys, GError **error);
char *fast_packet_id (GBytes *p7m);
FastPacket *fast_packet_verify (GBytes *p7m, FastTrust *units, const char *nation, GError **error);
FastPacket *fast_packet_verify_at (GBytes *p7m, FastTrust *units, const char *nation, gint64 at,
                                   GError **error);

G_END_DECLS

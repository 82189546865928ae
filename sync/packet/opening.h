/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sync/packet/packet.h"

G_BEGIN_DECLS

/**
 * FastOpened:
 * @header: as outside
 * @parts_json: the frozen digests of all parts, of both nations
 * @parts: (element-type utf8 FastSecret): the parts that this nation got, by name
 *
 * An opened packet of which everything was checked.
 */
typedef struct {
  FastHeader *header;
  GBytes *parts_json;
  GHashTable *parts;
} FastOpened;

void fast_opened_free (FastOpened *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastOpened, fast_opened_free)

/**
 * FastOpeningKeys:
 * @certificate: the recipient's certificate
 * @key: its key
 * @officers: (nullable): what the certificates of officers chain to; %NULL leaves decisions
 *   unverified and refuses packets that hold one
 * @previous: (nullable): the header of the lane's previous sequence, whose audit head this one's
 *   must go on from; %NULL where it has not arrived
 * @at: when officers' certificates must have been valid, in seconds since 1970: when the packet's
 *   *stored* receipt was given
 *
 * What it takes to open. Borrowed.
 */
typedef struct {
  X509 *certificate;
  EVP_PKEY *key;
  FastTrust *officers;
  const FastHeader *previous;
  gint64 at;
} FastOpeningKeys;

FastOpened *fast_packet_open (const FastPacket *packet, const FastOpeningKeys *keys,
                              GError **error);
FastSecret *fast_opened_get_part (FastOpened *opened, const char *name);

G_END_DECLS

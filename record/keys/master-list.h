/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/keys/signed-document.h"
#include "record/keys/trust.h"

G_BEGIN_DECLS

/** FAST_MASTER_LIST_OID: id-icao-cscaMasterList */
#define FAST_MASTER_LIST_OID "2.23.136.1.1.2"

/**
 * FastMasterList:
 * @document: how it is signed
 * @authorities: (element-type X509): the CSCA certificates in it, link certificates among them
 *
 * A CSCA master list, ICAO 9303-12, 9: one State tells which CSCAs of others it believes.
 */
typedef struct {
  FastSignedDocument *document;
  GPtrArray *authorities;
} FastMasterList;

FastMasterList *fast_master_list_parse (GBytes *encoded, GError **error);
void fast_master_list_free (FastMasterList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastMasterList, fast_master_list_free)

gboolean fast_master_list_verify (const FastMasterList *list, FastTrust *trust, gint64 at,
                                  GError **error);

G_END_DECLS

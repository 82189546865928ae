/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/secure.h"

G_BEGIN_DECLS

/*
 * Keys that never leave their token. OpenSSL 3.0 reaches them through an engine, an interface that
 * it has deprecated without a successor that Debian 12 ships; so every engine call is here and
 * nowhere else, and a provider can replace this file alone.
 *
 * A key is named by a URI of RFC 7512, as in
 *
 *     pkcs11:token=FAST;object=ds?pin-source=file:/etc/fast/ds.pin&module-path=/usr/lib/x.so
 *
 * `pin-source` is a file that only its owner may read; `pin-value` is refused, because a URI stands
 * in configurations and on command lines, which others can read. Without `module-path` the module
 * is p11-kit's, which offers what the machine has registered; a process uses one module. A PIN is
 * tried once: tokens count wrong ones and lock.
 *
 * A token names the curve of its key by an object identifier, whatever the certificate says; the
 * two are compared by their points (fast_certificate_check_key()).
 */

/**
 * FastPinFunc:
 * @token: the URI of the key, without its query
 * @data: what was given with the function
 * @error: return location for an error
 *
 * Asks for a PIN.
 *
 * Returns: (transfer full): the PIN, or %NULL with an error
 */
typedef FastSecret *(*FastPinFunc) (const char *token, gpointer data, GError **error);

EVP_PKEY *fast_pkcs11_load (const char *uri, FastPinFunc ask, gpointer data, GError **error);

G_END_DECLS

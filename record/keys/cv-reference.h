/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/tlv.h"

G_BEGIN_DECLS

#define FAST_CV_REFERENCE_MAX 16

/*
 * The names of keys in card-verifiable certificates (TR-03110-3, A.7.1): a country of two letters
 * (ISO 3166-1), up to nine characters of the holder's own choice and five of `0-9 A-Z`, the
 * sequence number; on the wire ISO 8859-1, in memory UTF-8. Certification authority reference and
 * certificate holder reference have this form.
 */

char *fast_cv_reference_parse (gconstpointer data, gsize size, GError **error);
gboolean fast_cv_reference_append (GByteArray *out, guint32 tag, const char *reference,
                                   GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/tlv.h"

G_BEGIN_DECLS

/* The tag list `5C` of EF.DG11 and EF.DG12 (ICAO 9303-10, 4.7.11 and 4.7.12): the tags of the
 * objects behind it, in their order. */

#define FAST_TAG_LIST 0x5C

/**
 * FastTagListField:
 * @tlv: an object that the list names
 * @into: what was given to fast_tag_list_read()
 * @error: return location for an error
 *
 * Returns: whether it was taken
 */
typedef gboolean (*FastTagListField) (const FastTlv *tlv, gpointer into, GError **error);

void fast_tag_list_append (GByteArray *list, guint32 tag);
gboolean fast_tag_list_read (FastReader *reader, FastTagListField field, gpointer into,
                             GError **error);

G_END_DECLS

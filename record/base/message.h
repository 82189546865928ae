/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastMessage:
 *
 * A message id with named parameters: what a library says. `assets/messages/ROOM.ini` holds, a
 * group an id, the sentence and the remedy in each language, with `{name}` for a parameter.
 *
 * Immutable; may be used from any thread.
 */
typedef struct _FastMessage FastMessage;

FastMessage *fast_message_new (const char *id, const char *parameters, ...) G_GNUC_PRINTF (2, 3);
FastMessage *fast_message_new_valist (const char *id, const char *parameters, va_list arguments)
    G_GNUC_PRINTF (2, 0);
FastMessage *fast_message_ref (FastMessage *message);
void fast_message_unref (FastMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastMessage, fast_message_unref)

const char *fast_message_get_id (const FastMessage *message);
const char *fast_message_get_parameter (const FastMessage *message, const char *name);
char *fast_message_format (const FastMessage *message, const char *language);
char *fast_message_format_remedy (const FastMessage *message, const char *language);

char *fast_text (const char *language, const char *id, const char *parameters, ...)
    G_GNUC_PRINTF (3, 4);
const char *const *fast_message_list_ids (void);
const char *fast_message_lookup (const char *id, const char *key);

G_END_DECLS

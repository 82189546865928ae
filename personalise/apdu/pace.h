/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/pace-selection.h"
#include "personalise/apdu/random-source.h"
#include "personalise/apdu/secure-messaging.h"

G_BEGIN_DECLS

/*
 * PACE (ICAO 9303-11, 4.4) proves that both sides know a password, without letting who listens, or
 * who guesses wrongly, learn anything to try passwords on, and gives them session keys as strong as
 * the curve, however weak the password is.
 *
 *   step  reader sends            chip answers            then both have
 *   1     –                  7C   80 encrypted nonce 7C   the nonce, if they share the password
 *   2     81 mapping key     7C   82 mapping key     7C   a generator that depends on the nonce
 *   3     83 ephemeral key   7C   84 ephemeral key   7C   a shared secret over that generator
 *   4     85 token           7C   86 token           7C   proof that the secrets are the same
 *
 * Only the tokens tell a wrong password: until then its user computes with points that look like
 * all others. The data travels in GENERAL AUTHENTICATE (`86 00 00`), chained up to the last step;
 * MSE:Set AT (FastPaceSelection) comes before.
 *
 * The reader goes round `fast_pace_reader_ask()`, transmit, `fast_pace_reader_take()` until
 * fast_pace_is_done(); the chip answers each command by fast_pace_chip_answer(). Both are driven by
 * one table of steps: what is out of order is refused, and after any error the object refuses all.
 */

#define FAST_PACE_CLASS_CHAINED 0x10
#define FAST_PACE_CLASS_LAST 0x00

/**
 * FastPace:
 *
 * One run of PACE with elliptic curves and generic mapping, in either role. Not shared between
 * threads; wiped when freed.
 */
typedef struct _FastPace FastPace;

FastPace *fast_pace_new_reader (const FastPaceSelection *selection, FastSecret *password,
                                const FastRandomSource *source, GError **error);
FastPace *fast_pace_new_chip (const FastPaceSelection *selection, FastSecret *password,
                              const FastRandomSource *source, GError **error);
void fast_pace_free (FastPace *pace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastPace, fast_pace_free)

guint8 fast_pace_class (const FastPace *pace);
gboolean fast_pace_is_done (const FastPace *pace);

GBytes *fast_pace_reader_ask (FastPace *pace, GError **error);
gboolean fast_pace_reader_take (FastPace *pace, gconstpointer data, gsize size, GError **error);
GBytes *fast_pace_chip_answer (FastPace *pace, gconstpointer data, gsize size, GError **error);

GBytes *fast_pace_dup_identity (const FastPace *pace);
FastSecureMessaging *fast_pace_finish (FastPace *pace, GError **error);

G_END_DECLS

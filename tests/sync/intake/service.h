/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "tests/shim/power-cut.h"
#include "tests/sync/packet/fixture.h"

G_BEGIN_DECLS

/*
 * A nation's intake as a child process, with curl as its client. Nothing of ours stands between the
 * test and the wire.
 */
typedef struct {
  Fixture fixture;
  GSubprocess *process;
  char *url;
  FastPowerCut *cut;
} Service;

typedef struct {
  guint status;
  char *text;
  char *body;
  gsize size;
} Answer;

void service_set_up (Service *service, gconstpointer data);
void service_tear_down (Service *service, gconstpointer data);
gboolean service_start (Service *service, const char *failpoint);
gboolean service_stop (Service *service);
gboolean service_alive (Service *service);
void service_end (Service *service);
void service_begin_power_cut (Service *service, gboolean wanted);
void service_end_power_cut (Service *service, gboolean happens);
int service_verb (Service *service, char **out, const char *const *words);
void service_set (Service *service, const char *group, const char *key, const char *value);

void answer_clear (Answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)
char *answer_header (const Answer *answer, const char *name);
gint64 answer_offset (const Answer *answer);
char *answer_id (const Answer *answer);

Answer service_ask (Service *service, const char *who, const char *path, const char *first,
                    ...) G_GNUC_NULL_TERMINATED;
Answer service_get (Service *service, const char *who, const char *path);
Answer service_create (Service *service, const char *who, const char *packet, gsize length);
Answer service_head (Service *service, const char *who, const char *packet);
Answer service_patch (Service *service, const char *who, const char *packet, GBytes *bytes,
                      gsize from, gsize to, const char *header);
gboolean service_send (Service *service, const char *packet, GBytes *bytes, guint *status);

void service_assert_openssl_accepts (Service *service, GBytes *packet, const Answer *receipt,
                                     const char *signer);
void service_make_unit (Service *service, const char *unit);
FastPacket *service_seal (Service *service, guint number, const char *nation, gsize size);

G_END_DECLS

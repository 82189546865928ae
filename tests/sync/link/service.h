/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Programs that tests talk to: a child with pipes, ended when it is cleared. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *out;
  GOutputStream *in;
} Service;

void service_start (Service *service, const char *const *argv);
char *service_read_line (Service *service);
void service_tell (Service *service, const char *verb);
void service_stop (Service *service);
guint service_free_port (void);
guint service_start_intake (Service *service, const char *folder, const char *nation);

G_END_DECLS

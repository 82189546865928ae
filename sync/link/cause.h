/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * FastCause:
 * @nation: whose service
 * @host: its name
 * @code: a CURLcode
 * @detail: libcurl's own words; only looked through, never shown
 * @os_error: errno of the connection, or 0
 * @verify: OpenSSL's verdict on the server's certificate, or 0
 * @body_too_large: whether the answer was given up for its size
 *
 * How an exchange failed, as the library tells it.
 */
typedef struct {
  const char *nation;
  const char *host;
  int code;
  const char *detail;
  long os_error;
  long verify;
  gboolean body_too_large;
} FastCause;

gboolean fast_cause_fail (const FastCause *cause, GError **error);
gboolean fast_cause_fail_garbage (const char *nation, const char *what, GError **error);
gboolean fast_cause_fail_status (const char *nation, guint status, GBytes *body, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "programs/fast-card/keys-pin.h"

#include "record/base/error.h"
#include "record/base/number.h"

static FastSecret *
read_pin (const char *token G_GNUC_UNUSED, gpointer data, GError **error)
{
  guint64 fd;

  if (!fast_number_parse (data, 10, 0, G_MAXINT, &fd))
    return fast_fail_null (error, FAST_USAGE_ERROR, FAST_USAGE_ERROR_ARGUMENT, "usage-descriptor",
                           "value=%s", (const char *)data);
  return fast_secret_read_fd ((int)fd, error);
}

/* @pin_fd: (nullable): a descriptor to read the PIN of a token from, when its URI names no file */
EVP_PKEY *
fast_card_load_key (const char *uri, const char *pin_fd, GError **error)
{
  return fast_key_load_asking (uri, pin_fd == NULL ? NULL : read_pin, (gpointer)pin_fd, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>

#include "record/model/application.h"

/* Reads applications, one a line, and tells for each whether the model takes it: for
 * validate-schema.py, which compares that with the schema. */
int
main (void)
{
  char *line = NULL;
  size_t capacity = 0;
  ssize_t size;

  while ((size = getline (&line, &capacity, stdin)) > 0) {
    g_autoptr (GBytes) bytes = g_bytes_new (line, (gsize)size);
    g_autoptr (GError) error = NULL;
    g_autoptr (FastApplication) application = fast_application_parse (bytes, &error);

    puts (application != NULL ? "ok" : error->message);
  }
  free (line);
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/replay.h"

#include <string.h>

#include "record/base/bytes.h"
#include "record/base/error.h"

#define FILE_LIMIT (16 * 1024 * 1024)
#define SHOWN 5

typedef struct {
  guint line;
  GBytes *command;
  GBytes *answer;
} Exchange;

struct _FastReplay {
  GPtrArray *exchanges;
  guint next;
};

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_clear_pointer (&exchange->command, g_bytes_unref);
  g_clear_pointer (&exchange->answer, g_bytes_unref);
  g_free (exchange);
}

static gboolean
fail_line (guint line, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "replay-line", "line=%u",
                    line);
}

static GBytes *
read_hex (const char *text)
{
  GBytes *bytes = fast_hex_decode (text, NULL);

  if (bytes != NULL && g_bytes_get_size (bytes) == 0)
    g_clear_pointer (&bytes, g_bytes_unref);
  return bytes;
}

static gboolean
read_line (FastReplay *replay, const char *text, guint line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, " ", 3);
  Exchange *exchange;

  if (g_strv_length (words) != 2)
    return fail_line (line, error);
  exchange = g_new0 (Exchange, 1);
  g_ptr_array_add (replay->exchanges, exchange);
  exchange->line = line;
  exchange->command = read_hex (words[0]);
  if (strcmp (words[1], "-") != 0)
    exchange->answer = read_hex (words[1]);
  if (exchange->command == NULL || (exchange->answer == NULL && strcmp (words[1], "-") != 0))
    return fail_line (line, error);
  return TRUE;
}

/**
 * fast_replay_parse:
 * @text: recorded exchanges
 * @error: return location for an error
 *
 * Returns: (transfer full): them, or %NULL with the number of the first line that is not one
 */
FastReplay *
fast_replay_parse (const char *text, GError **error)
{
  g_autoptr (FastReplay) replay = g_new0 (FastReplay, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  replay->exchanges = g_ptr_array_new_with_free_func (exchange_free);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *line = g_strstrip (lines[i]);
    if (line[0] != '\0' && line[0] != '#' && !read_line (replay, line, i + 1, error))
      return NULL;
  }
  return g_steal_pointer (&replay);
}

/**
 * fast_replay_read:
 * @path: a file of recorded exchanges
 * @error: return location for an error
 *
 * Returns: (transfer full): them
 */
FastReplay *
fast_replay_read (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FILE_LIMIT, error);
  g_autofree char *text = NULL;
  gsize size;
  const char *data;

  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  text = g_strndup (data, size);
  return fast_replay_parse (text, error);
}

/**
 * fast_replay_free:
 * @replay: (transfer full): recorded exchanges
 */
void
fast_replay_free (FastReplay *replay)
{
  g_ptr_array_unref (replay->exchanges);
  g_free (replay);
}

/* Only the header: the data may be a key or a name. */
static char *
show (const guint8 *command, gsize size)
{
  return fast_hex_encode (command, MIN (size, SHOWN));
}

static gboolean
fail_unexpected (const Exchange *exchange, const guint8 *command, gsize size, GError **error)
{
  gsize wanted;
  const guint8 *data = g_bytes_get_data (exchange->command, &wanted);
  g_autofree char *expected = show (data, wanted);
  g_autofree char *came = show (command, size);

  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "replay-unexpected",
                    "line=%u, expected=%s, came=%s", exchange->line, expected, came);
}

/**
 * fast_replay_answer:
 * @replay: recorded exchanges
 * @command: the command that came
 * @size: how many bytes
 * @answer: (out) (transfer full) (nullable): what was answered then; %NULL when nothing was
 * @error: return location for an error
 *
 * A command that is not the next one of the recording does not move it on.
 *
 * Returns: whether this command is the next one of the recording
 */
gboolean
fast_replay_answer (FastReplay *replay, gconstpointer command, gsize size, GBytes **answer,
                    GError **error)
{
  g_autoptr (GBytes) came = g_bytes_new (command, size);
  const Exchange *exchange;

  if (fast_replay_left (replay) == 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "replay-ended", NULL);
  exchange = replay->exchanges->pdata[replay->next];
  if (!g_bytes_equal (came, exchange->command))
    return fail_unexpected (exchange, command, size, error);
  replay->next++;
  *answer = exchange->answer == NULL ? NULL : g_bytes_ref (exchange->answer);
  return TRUE;
}

/**
 * fast_replay_left:
 * @replay: recorded exchanges
 *
 * Returns: how many have not been asked for yet
 */
guint
fast_replay_left (const FastReplay *replay)
{
  return replay->exchanges->len - replay->next;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/channel.h"

#include <string.h>

#include "record/base/error.h"

#define MODE_KEY "issuer-mode"
#define LEVEL_KEY "issuer-level"
#define LEVEL_DEFAULT "33"

/**
 * fast_chip_channel_free:
 * @channel: (transfer full): terms of a channel
 */
void
fast_chip_channel_free (FastChipChannel *channel)
{
  g_clear_pointer (&channel->keys, fast_issuer_keys_unref);
  g_free (channel);
}

static gboolean
fail_term (const char *name, const char *value, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_CONFIG, "chip-channel-term",
                    "name=%s, value=%s", name, value == NULL ? "" : value);
}

static gboolean
read_mode (const char *text, FastScp03Mode *mode, GError **error)
{
  if (g_strcmp0 (text, "S8") == 0)
    *mode = FAST_SCP03_MODE_S8;
  else if (g_strcmp0 (text, "S16") == 0)
    *mode = FAST_SCP03_MODE_S16;
  else
    return fail_term (MODE_KEY, text, error);
  return TRUE;
}

/* Those that encrypt commands: the others are no place for keys. */
static gboolean
read_level (const char *text, guint8 *level, GError **error)
{
  static const struct {
    const char *name;
    guint8 level;
  } levels[] = {{"03", 0x03}, {"13", 0x13}, {LEVEL_DEFAULT, 0x33}};

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++) {
    *level = levels[i].level;
    if (strcmp (levels[i].name, text == NULL ? LEVEL_DEFAULT : text) == 0)
      return TRUE;
  }
  return fail_term (LEVEL_KEY, text, error);
}

/**
 * fast_chip_channel_load:
 * @keys: the file of the issuer's keys, as fast_issuer_keys_load() reads it
 * @mode: (nullable): `S8` or `S16`, as the chip's data sheet names it; has no default
 * @level: (nullable): `03`, `13` or `33`; %NULL is 33, which protects answers too
 * @error: return location for an error
 *
 * Returns: (transfer full): the terms; FAST_INPUT_ERROR_CONFIG, and what fast_issuer_keys_load()
 *   fails with
 */
FastChipChannel *
fast_chip_channel_load (const char *keys, const char *mode, const char *level, GError **error)
{
  g_autoptr (FastChipChannel) channel = g_new0 (FastChipChannel, 1);

  if (!read_mode (mode, &channel->mode, error) || !read_level (level, &channel->level, error))
    return NULL;
  channel->keys = fast_issuer_keys_load (keys, error);
  return channel->keys == NULL ? NULL : g_steal_pointer (&channel);
}

/**
 * fast_chip_channel_from_config:
 * @config: a unit's configuration
 * @channel: (out) (transfer full) (nullable): the terms that `[card]` names by `issuer-keys`,
 *   `issuer-mode` and `issuer-level`; %NULL when it names no keys
 * @error: return location for an error
 *
 * Returns: whether what stands there can be used; FAST_INPUT_ERROR_CONFIG, and what
 *   fast_issuer_keys_load() fails with
 */
gboolean
fast_chip_channel_from_config (FastConfig *config, FastChipChannel **channel, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *mode = fast_config_string_or (config, "card", MODE_KEY, NULL);
  g_autofree char *level = fast_config_string_or (config, "card", LEVEL_KEY, NULL);

  *channel = NULL;
  if (!fast_config_has (config, "card", "issuer-keys"))
    return TRUE;
  path = fast_config_path (config, "card", "issuer-keys", error);
  *channel = path == NULL ? NULL : fast_chip_channel_load (path, mode, level, error);
  return *channel != NULL;
}

/**
 * fast_chip_channel_check:
 * @channel: (nullable): the terms; %NULL for in plain
 * @applet: the driver of the chip's software
 * @training: whether it is a training card
 * @error: return location for an error
 *
 * A chip's keys and passwords go to it encrypted: through a channel whose level encrypts commands.
 * In plain they go to training cards only, by a driver that declares itself fit for them.
 *
 * Returns: whether secrets may be written so; FAST_GATE_ERROR_REFUSED for in plain,
 *   FAST_INPUT_ERROR_UNSUPPORTED for a driver that knows no channel or a level that does not
 * encrypt
 */
gboolean
fast_chip_channel_check (const FastChipChannel *channel, const FastApplet *applet,
                         gboolean training, GError **error)
{
  if (channel == NULL)
    return (training && (applet->capabilities & FAST_APPLET_TRAINING) != 0) ||
           fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "encode-plain-secrets",
                      "applet=%s", applet->name);
  if ((applet->capabilities & FAST_APPLET_CHANNEL) == 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "chip-channel-applet",
                      "applet=%s", applet->name);
  return (channel->level & FAST_SCP03_C_DECRYPTION) != 0 ||
         fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "chip-channel-level",
                    "level=%02X", (guint)channel->level);
}

/**
 * fast_chip_session_open_channel:
 * @session: a session in plain
 * @terms: the issuer's keys, and how
 * @error: return location for an error
 *
 * INITIALIZE UPDATE and EXTERNAL AUTHENTICATE, once each; from here on commands go through the
 * channel. A chip that does not know the keys, or does not take them, is not asked again: whoever
 * calls must not either, for a few wrong tries lock a chip for ever.
 *
 * Returns: whether the channel is open; FAST_CARD_ERROR_ACCESS for keys that are not the chip's
 */
gboolean
fast_chip_session_open_channel (FastChipSession *session, const FastChipChannel *terms,
                                GError **error)
{
  g_autoptr (FastScp03Host) host =
      fast_scp03_host_new (terms->keys, terms->mode, terms->level, error);
  g_autoptr (GBytes) ask = host == NULL ? NULL : fast_scp03_host_initialize_update (host, error);
  g_autoptr (GBytes) told = ask == NULL ? NULL : fast_chip_session_transmit (session, ask, error);
  g_autoptr (GBytes) proof =
      told == NULL ? NULL : fast_scp03_host_external_authenticate (host, told, error);
  g_autoptr (GBytes) accepted =
      proof == NULL ? NULL : fast_chip_session_transmit (session, proof, error);
  FastScp03 *channel = accepted == NULL ? NULL : fast_scp03_host_open (host, accepted, error);

  if (channel == NULL)
    return FALSE;
  fast_chip_session_protect (session, channel);
  return TRUE;
}

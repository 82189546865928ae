/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/bac.h"
#include "personalise/apdu/pace-password.h"
#include "personalise/apdu/status-word.h"
#include "personalise/chip/applet.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/key.h"

/* The driver of the `icao-perso` command set, docs/chip.md. */

static FastCommand
data_command (guint8 ins, guint16 what)
{
  return (FastCommand){.ins = ins, .p1 = (guint8)(what >> 8), .p2 = (guint8)what};
}

/* Reads one data object whose value has exactly @size bytes. */
static gboolean
get_data (FastChipSession *session, guint16 what, guint8 *value, gsize size, GError **error)
{
  FastCommand command = data_command (FAST_INS_GET_DATA, what);
  g_autoptr (GBytes) answer = NULL;
  FastReader reader;
  FastTlv tlv;

  command.le = FAST_COMMAND_LE_MAX;
  answer = fast_chip_session_ask (session, &command, "GET DATA", error);
  if (answer == NULL)
    return FALSE;
  reader = fast_reader_from_bytes (answer, "GET DATA");
  if (!fast_tlv_expect (&reader, what, &tlv, error) || !fast_reader_end (&reader, error))
    return FALSE;
  if (tlv.size == size && fast_copy (value, size, tlv.value, size))
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_STATUS, "chip-data-size", NULL);
}

static gboolean
get_life_cycle (FastChipSession *session, FastLifeCycle *life, GError **error)
{
  guint8 value;

  if (!get_data (session, FAST_DATA_LIFE_CYCLE, &value, 1, error))
    return FALSE;
  if (value != FAST_LIFE_CYCLE_BLANK && value != FAST_LIFE_CYCLE_OPEN &&
      value != FAST_LIFE_CYCLE_ACTIVE)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_STATUS, "chip-life-cycle",
                      "life=%02X", (guint)value);
  *life = (FastLifeCycle)value;
  return TRUE;
}

static char *
get_serial (FastChipSession *session, GError **error)
{
  guint8 serial[FAST_CHIP_SERIAL_SIZE];
  g_autofree char *hex = NULL;

  if (!get_data (session, FAST_DATA_SERIAL, serial, sizeof serial, error))
    return NULL;
  hex = fast_hex_encode (serial, sizeof serial);
  return g_ascii_strup (hex, -1);
}

/* Sends what must not be kept, and wipes it. */
static gboolean
put (FastChipSession *session, guint16 what, GByteArray *data, GError **error)
{
  FastCommand command = data_command (FAST_INS_PUT_DATA, what);
  gboolean done;

  command.data = data->data;
  command.size = data->len;
  done = fast_chip_session_command (session, &command, "PUT DATA", error);
  fast_wipe (data->data, data->len);
  g_byte_array_unref (data);
  return done;
}

static gboolean
put_access_keys (FastChipSession *session, FastSecret *mrz_information, GError **error)
{
  g_auto (FastBacKeys) keys = {{0}, {0}};
  GByteArray *data = g_byte_array_sized_new (64);

  fast_bac_keys_derive (&keys, mrz_information);
  fast_tlv_append (data, FAST_TAG_KEY_ENC, keys.enc, sizeof keys.enc);
  fast_tlv_append (data, FAST_TAG_KEY_MAC, keys.mac, sizeof keys.mac);
  return put (session, FAST_DATA_ACCESS_KEYS, data, error);
}

static gboolean
put_passwords (FastChipSession *session, const FastChipSecrets *secrets, GError **error)
{
  g_autoptr (FastSecret) mrz =
      fast_pace_password (FAST_PACE_PASSWORD_MRZ, secrets->mrz_information, error);
  g_autoptr (FastSecret) can =
      mrz == NULL ? NULL : fast_pace_password (FAST_PACE_PASSWORD_CAN, secrets->can, error);
  GByteArray *data;

  if (can == NULL)
    return FALSE;
  data = g_byte_array_sized_new (64);
  fast_tlv_append (data, FAST_TAG_PASSWORD_MRZ, fast_secret_data (mrz), fast_secret_size (mrz));
  fast_tlv_append (data, FAST_TAG_PASSWORD_CAN, fast_secret_data (can), fast_secret_size (can));
  return put (session, FAST_DATA_PASSWORDS, data, error);
}

static gboolean
put_key (FastChipSession *session, guint16 what, EVP_PKEY *key, GError **error)
{
  g_autoptr (FastSecret) exported = fast_key_export (key, error);
  GByteArray *data;

  if (exported == NULL)
    return FALSE;
  data = g_byte_array_sized_new ((guint)fast_secret_size (exported));
  fast_append (data, fast_secret_data (exported), fast_secret_size (exported));
  return put (session, what, data, error);
}

static gboolean
put_trust_point (FastChipSession *session, GBytes *certificate, GError **error)
{
  GByteArray *data = g_byte_array_new ();

  fast_append_bytes (data, certificate);
  return put (session, FAST_DATA_TRUST_POINT, data, error);
}

static gboolean
put_secrets (FastChipSession *session, const FastChipSecrets *secrets, GError **error)
{
  return put_access_keys (session, secrets->mrz_information, error) &&
         (secrets->can == NULL || put_passwords (session, secrets, error)) &&
         (secrets->chip_key == NULL ||
          put_key (session, FAST_DATA_CHIP_KEY, secrets->chip_key, error)) &&
         (secrets->active_key == NULL ||
          put_key (session, FAST_DATA_ACTIVE_KEY, secrets->active_key, error)) &&
         (secrets->trust_point == NULL || put_trust_point (session, secrets->trust_point, error));
}

static gboolean
read_size (GBytes *parameters, gsize *size, GError **error)
{
  FastReader reader = fast_reader_from_bytes (parameters, "FCP");
  FastReader inner;
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, FAST_TAG_FCP, &tlv, error))
    return FALSE;
  inner = fast_tlv_open (&tlv, "FCP");
  if (!fast_tlv_find (inner, FAST_TAG_FILE_SIZE, &tlv, error))
    return FALSE;
  *size = tlv.size == 2 ? (gsize)(tlv.value[0] << 8 | tlv.value[1]) : 0;
  return TRUE;
}

/* An interrupted run may have made it already: then it must have the size that is wanted. */
static gboolean
select_existing (FastChipSession *session, const FastFile *file, gsize size, GError **error)
{
  const guint8 data[] = {(guint8)(file->fid >> 8), (guint8)file->fid};
  const FastCommand command = {.ins = FAST_INS_SELECT,
                               .p1 = 0x02,
                               .p2 = 0x04,
                               .data = data,
                               .size = sizeof data,
                               .le = FAST_COMMAND_LE_MAX};
  g_autoptr (GBytes) parameters = fast_chip_session_ask (session, &command, "SELECT", error);
  gsize found = 0;

  if (parameters == NULL || !read_size (parameters, &found, error))
    return FALSE;
  return found == size || fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH,
                                     "chip-file-differs", "file=%s", file->name);
}

static gboolean
create_file (FastChipSession *session, const FastFile *file, gsize size, GError **error)
{
  const guint8 data[] = {FAST_TAG_FCP,
                         8,
                         FAST_TAG_FILE_SIZE,
                         2,
                         (guint8)(size >> 8),
                         (guint8)size,
                         FAST_TAG_FILE_IDENTIFIER,
                         2,
                         (guint8)(file->fid >> 8),
                         (guint8)file->fid};
  const FastCommand command = {.ins = FAST_INS_CREATE_FILE, .data = data, .size = sizeof data};
  FastResponse response;

  if (!fast_chip_session_enter (session, file->place, error) ||
      !fast_chip_session_send (session, &command, &response, error))
    return FALSE;
  if (response.status == FAST_SW_FILE_EXISTS)
    return select_existing (session, file, size, error);
  return fast_status_check (response.status, "CREATE FILE", error);
}

static gboolean
write_file (FastChipSession *session, gsize offset, const guint8 *data, gsize size, GError **error)
{
  FastCommand command = data_command (FAST_INS_UPDATE_BINARY, (guint16)offset);

  command.data = data;
  command.size = size;
  return fast_chip_session_command (session, &command, "UPDATE BINARY", error);
}

static gboolean
activate (FastChipSession *session, GError **error)
{
  const FastCommand command = {.ins = FAST_INS_ACTIVATE};

  return fast_chip_session_command (session, &command, "ACTIVATE FILE", error);
}

static const FastAtrInfo atr_info = {.chaining = TRUE,
                                     .extended = TRUE,
                                     .command_max = FAST_PERSO_APDU_MAX,
                                     .response_max = FAST_PERSO_APDU_MAX};

const FastApplet fast_applet_icao_perso = {
    .name = "icao-perso",
    .capabilities = FAST_APPLET_BAC | FAST_APPLET_PACE | FAST_APPLET_CHIP_AUTHENTICATION |
                    FAST_APPLET_ACTIVE_ECDSA | FAST_APPLET_ACTIVE_RSA |
                    FAST_APPLET_ACTIVE_RSA_LONG | FAST_APPLET_TERMINAL_AUTHENTICATION |
                    FAST_APPLET_MASTER_FILES | FAST_APPLET_SERIAL | FAST_APPLET_RESUME |
                    FAST_APPLET_TRAINING | FAST_APPLET_CHANNEL,
    .write_max = FAST_CHIP_FILE_MAX,
    .atr_info = &atr_info,
    .get_life_cycle = get_life_cycle,
    .get_serial = get_serial,
    .put_secrets = put_secrets,
    .create_file = create_file,
    .write = write_file,
    .activate = activate,
};

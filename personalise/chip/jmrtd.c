/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/jmrtd.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

#include "personalise/apdu/status-word.h"
#include "personalise/chip/applet.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

/*
 * The driver of the open JMRTD applet, docs/chip.md. The applet tells neither how far it is nor
 * which chip it runs on: the first shows in what it refuses, the second the card manager knows.
 */

#define DATE_SIZE 6
#define DIGIT_SIZE 1
#define DATES_SIZE (2 * (DATE_SIZE + DIGIT_SIZE))
#define WRITE_MAX 255

static gboolean
send (FastChipSession *session, guint8 ins, guint16 parameters, const guint8 *data, gsize size,
      FastResponse *response, GError **error)
{
  const FastCommand command = {.ins = ins,
                               .p1 = (guint8)(parameters >> 8),
                               .p2 = (guint8)parameters,
                               .data = data,
                               .size = size};

  return fast_chip_session_send (session, &command, response, error);
}

/* --- how far it is --- */

/* GET CHALLENGE is refused until the applet has keys. */
static gboolean
has_keys (FastChipSession *session, gboolean *keys, GError **error)
{
  const FastCommand command = {.ins = FAST_INS_GET_CHALLENGE, .le = 8};
  FastResponse response;

  if (!fast_chip_session_send (session, &command, &response, error))
    return FALSE;
  *keys = response.status == FAST_SW_OK;
  return *keys || response.status == FAST_SW_SECURITY ||
         fast_status_check (response.status, "GET CHALLENGE", error);
}

/* A locked applet refuses every SELECT in plain; before, EF.COM is there or it is not. */
static gboolean
get_life_cycle (FastChipSession *session, FastLifeCycle *life, GError **error)
{
  const guint16 fid = fast_file_com ()->fid;
  const guint8 data[] = {(guint8)(fid >> 8), (guint8)fid};
  FastResponse response;
  gboolean keys;

  if (!send (session, FAST_INS_SELECT, 0x020C, data, sizeof data, &response, error))
    return FALSE;
  if (response.status == FAST_SW_SECURITY) {
    *life = FAST_LIFE_CYCLE_ACTIVE;
    return TRUE;
  }
  if (response.status != FAST_SW_FILE_ABSENT &&
      !fast_status_check (response.status, "SELECT", error))
    return FALSE;
  if (!has_keys (session, &keys, error))
    return FALSE;
  *life = keys || response.status == FAST_SW_OK ? FAST_LIFE_CYCLE_OPEN : FAST_LIFE_CYCLE_BLANK;
  return TRUE;
}

static char *
read_chip (GBytes *answer, GError **error)
{
  FastReader reader = fast_reader_from_bytes (answer, "CPLC");
  g_autofree char *hex = NULL;
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, FAST_CPLC_TAG, &tlv, error) || !fast_reader_end (&reader, error))
    return NULL;
  if (tlv.size != FAST_CPLC_SIZE)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_STATUS, "chip-data-size", NULL);
  hex = fast_hex_encode (tlv.value + FAST_CPLC_CHIP_OFFSET, FAST_CPLC_CHIP_SIZE);
  return g_ascii_strup (hex, -1);
}

/* By way of the card manager, which is selected without a name; then back to the applet. */
static char *
get_serial (FastChipSession *session, GError **error)
{
  const FastCommand manager = {.ins = FAST_INS_SELECT, .p1 = 0x04, .le = FAST_COMMAND_LE_MAX};
  const FastCommand data = {.ins = FAST_INS_GET_DATA,
                            .p1 = FAST_CPLC_TAG >> 8,
                            .p2 = FAST_CPLC_TAG & 0xFF,
                            .le = FAST_COMMAND_LE_MAX};
  g_autoptr (GBytes) selected = fast_chip_session_ask (session, &manager, "SELECT", error);
  g_autoptr (GBytes) answer =
      selected == NULL ? NULL : fast_chip_session_ask (session, &data, "GET DATA", error);

  fast_chip_session_secure (session, NULL);
  if (answer == NULL || !fast_chip_session_enter (session, FAST_PLACE_APPLICATION, error))
    return NULL;
  return read_chip (answer, error);
}

/* --- secrets --- */

/* Takes @data, and wipes it. */
static gboolean
put (FastChipSession *session, guint16 what, GByteArray *data, GError **error)
{
  FastResponse response;
  const gboolean done =
      send (session, FAST_INS_PUT_DATA, what, data->data, data->len, &response, error) &&
      fast_status_check (response.status, "PUT DATA", error);

  fast_wipe (data->data, data->len);
  g_byte_array_unref (data);
  return done;
}

/* The parts of the MRZ information without their check digits, from which the applet makes the keys
 * itself. */
static gboolean
put_zone (FastChipSession *session, FastSecret *information, GError **error)
{
  const guint8 *text = fast_secret_data (information);
  const gsize number = fast_secret_size (information) - DATES_SIZE - DIGIT_SIZE;
  const guint8 *dates = text + number + DIGIT_SIZE;
  GByteArray *inner = g_byte_array_sized_new (64);
  GByteArray *data = g_byte_array_sized_new (64);

  fast_tlv_append (inner, FAST_JMRTD_TAG_PART, text, number);
  fast_tlv_append (inner, FAST_JMRTD_TAG_PART, dates, DATE_SIZE);
  fast_tlv_append (inner, FAST_JMRTD_TAG_PART, dates + DATE_SIZE + DIGIT_SIZE, DATE_SIZE);
  fast_tlv_append_array (data, FAST_JMRTD_ZONE, inner);
  fast_wipe (inner->data, inner->len);
  g_byte_array_unref (inner);
  return put (session, FAST_JMRTD_ZONE, data, error);
}

static gboolean
put_number (FastChipSession *session, guint16 what, EVP_PKEY *key, const char *name, GError **error)
{
  g_autoptr (FastSecret) bytes = fast_secret_new (FAST_JMRTD_RSA_SIZE);
  GByteArray *data = g_byte_array_sized_new (2 * FAST_JMRTD_RSA_SIZE);
  BIGNUM *number = NULL;
  const gboolean fits =
      EVP_PKEY_get_bn_param (key, name, &number) == 1 &&
      BN_bn2binpad (number, fast_secret_data (bytes), FAST_JMRTD_RSA_SIZE) == FAST_JMRTD_RSA_SIZE;

  BN_clear_free (number);
  if (!fits) {
    g_byte_array_unref (data);
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "applet-cannot",
                      "applet=%s", fast_applet_jmrtd.name);
  }
  fast_tlv_append (data, what, NULL, 0);
  fast_tlv_append (data, FAST_JMRTD_TAG_PART, fast_secret_data (bytes), FAST_JMRTD_RSA_SIZE);
  return put (session, what, data, error);
}

static gboolean
put_secrets (FastChipSession *session, const FastChipSecrets *secrets, GError **error)
{
  EVP_PKEY *key = secrets->active_key;

  return put_zone (session, secrets->mrz_information, error) &&
         (key == NULL ||
          (put_number (session, FAST_JMRTD_MODULUS, key, OSSL_PKEY_PARAM_RSA_N, error) &&
           put_number (session, FAST_JMRTD_EXPONENT, key, OSSL_PKEY_PARAM_RSA_D, error)));
}

/* --- files --- */

/* A file that is there is made again, which changes nothing, and it must be selected. */
static gboolean
create_file (FastChipSession *session, const FastFile *file, gsize size, GError **error)
{
  const guint8 data[FAST_JMRTD_FILE_SIZE] = {FAST_JMRTD_TAG_FILE,      4,
                                             (guint8)(size >> 8),      (guint8)size,
                                             (guint8)(file->fid >> 8), (guint8)file->fid};
  FastResponse response;

  return fast_chip_session_enter (session, file->place, error) &&
         send (session, FAST_INS_CREATE_FILE, 0, data, sizeof data, &response, error) &&
         fast_status_check (response.status, "CREATE FILE", error) &&
         fast_chip_session_select (session, file, error);
}

static gboolean
write_file (FastChipSession *session, gsize offset, const guint8 *data, gsize size, GError **error)
{
  FastResponse response;

  return send (session, FAST_INS_UPDATE_BINARY, (guint16)offset, data, size, &response, error) &&
         fast_status_check (response.status, "UPDATE BINARY", error);
}

static gboolean
activate (FastChipSession *session, GError **error)
{
  FastResponse response;

  return send (session, FAST_INS_PUT_DATA, FAST_JMRTD_LOCK, NULL, 0, &response, error) &&
         fast_status_check (response.status, "PUT DATA", error);
}

const FastApplet fast_applet_jmrtd = {
    .name = "jmrtd",
    .capabilities = FAST_APPLET_BAC | FAST_APPLET_ACTIVE_RSA | FAST_APPLET_SERIAL |
                    FAST_APPLET_RESUME | FAST_APPLET_TRAINING,
    .write_max = WRITE_MAX,
    .get_life_cycle = get_life_cycle,
    .get_serial = get_serial,
    .put_secrets = put_secrets,
    .create_file = create_file,
    .write = write_file,
    .activate = activate,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/pn532.h"

#include "personalise/apdu/apdu.h"
#include "personalise/emulator/pn532-frame.h"
#include "record/base/bytes.h"

#define TFI_HOST 0xD4
#define TFI_DEVICE 0xD5
#define TYPE_A_106 0x00
#define RF_FIELD 0x01
#define TARGET 1
#define DATA_IN_MAX 262

/* Status bytes of PN532 user manual, 7.1. */
enum {
  STATUS_OK = 0x00,
  STATUS_TIMEOUT = 0x01,
  STATUS_BUFFER = 0x07,
  STATUS_CONTEXT = 0x27,
};

struct _FastPn532 {
  FastRadioField *field;
  GByteArray *stream;
  GByteArray *last;
  GHashTable *registers;
  gboolean listed;
};

/* One command: its parameters without the code, and the answer's data. */
typedef struct {
  FastPn532 *device;
  const guint8 *data;
  gsize size;
  GByteArray *out;
} Call;

/* A handler gives %FALSE for parameters that the device does not know. */
typedef struct {
  guint8 code;
  gboolean (*run) (Call *call);
} Handler;

static gboolean
run_diagnose (Call *call)
{
  if (call->size == 0)
    return FALSE;
  switch (call->data[0]) {
  case 0x00: /* communication line test: echo */
    fast_append (call->out, call->data, call->size);
    return TRUE;
  case 0x06: /* attention request: is the card still there? */
    fast_append_u8 (call->out,
                    call->device->listed && fast_radio_field_is_occupied (call->device->field)
                        ? STATUS_OK
                        : STATUS_TIMEOUT);
    return TRUE;
  default:
    return FALSE;
  }
}

static gboolean
run_get_firmware_version (Call *call)
{
  fast_append (call->out, "\x32\x01\x06\x07", 4);
  return TRUE;
}

static gpointer
register_key (const guint8 *address)
{
  return GUINT_TO_POINTER ((guint)(address[0] << 8 | address[1]));
}

static gboolean
run_read_register (Call *call)
{
  if (call->size == 0 || call->size % 2 != 0)
    return FALSE;
  for (gsize i = 0; i < call->size; i += 2)
    fast_append_u8 (call->out, (guint8)GPOINTER_TO_UINT (g_hash_table_lookup (
                                   call->device->registers, register_key (call->data + i))));
  return TRUE;
}

static gboolean
run_write_register (Call *call)
{
  if (call->size == 0 || call->size % 3 != 0)
    return FALSE;
  for (gsize i = 0; i < call->size; i += 3)
    g_hash_table_insert (call->device->registers, register_key (call->data + i),
                         GUINT_TO_POINTER ((guint)call->data[i + 2]));
  return TRUE;
}

/* Settings that change nothing here: parameters, SAM mode. */
static gboolean
run_accept (Call *call)
{
  return call->size > 0;
}

static void
let_go (FastPn532 *device)
{
  device->listed = FALSE;
  if (fast_radio_field_is_occupied (device->field))
    fast_radio_field_reset (device->field);
}

static gboolean
run_power_down (Call *call)
{
  let_go (call->device);
  fast_append_u8 (call->out, STATUS_OK);
  return TRUE;
}

static gboolean
run_rf_configuration (Call *call)
{
  if (call->size < 2)
    return FALSE;
  if (call->data[0] == RF_FIELD && (call->data[1] & 0x01) == 0) {
    let_go (call->device);
    fast_radio_field_cut_power (call->device->field);
  }
  return TRUE;
}

/* Type A only: SENS_RES, SEL_RES with bit 6 for ISO/IEC 14443-4, identifier, ATS (TL T0 TA TB TC:
 * frames of 256 bytes). */
static gboolean
run_in_list_passive_target (Call *call)
{
  FastPn532 *device = call->device;

  if (call->size < 2 || call->data[0] == 0 || call->data[0] > 2)
    return FALSE;
  let_go (device);
  if (call->data[1] != TYPE_A_106 || !fast_radio_field_is_occupied (device->field)) {
    fast_append_u8 (call->out, 0);
    return TRUE;
  }
  device->listed = TRUE;
  fast_append (call->out, "\x01\x01\x00\x08\x20", 5);
  fast_append_u8 (call->out, FAST_RADIO_FIELD_IDENTIFIER_SIZE);
  fast_append (call->out, fast_radio_field_identifier (device->field),
               FAST_RADIO_FIELD_IDENTIFIER_SIZE);
  fast_append (call->out, "\x05\x78\x77\x80\x02", 5);
  return TRUE;
}

/* At most 262 bytes either way (PN532 user manual, 7.3.8): a longer command is no frame at all, a
 * longer answer does not fit the device's buffer. */
static gboolean
run_in_data_exchange (Call *call)
{
  FastPn532 *device = call->device;
  g_autoptr (GBytes) answer = NULL;

  if (call->size < 1)
    return FALSE;
  if (!device->listed || call->data[0] != TARGET) {
    fast_append_u8 (call->out, STATUS_CONTEXT);
    return TRUE;
  }
  answer = fast_radio_field_exchange (device->field, call->data + 1, call->size - 1);
  if (answer == NULL || g_bytes_get_size (answer) > DATA_IN_MAX) {
    fast_append_u8 (call->out, answer == NULL ? STATUS_TIMEOUT : STATUS_BUFFER);
    return TRUE;
  }
  fast_append_u8 (call->out, STATUS_OK);
  fast_append_bytes (call->out, answer);
  return TRUE;
}

/* Raw frames find no card that would answer them. */
static gboolean
run_in_communicate_thru (Call *call)
{
  fast_append_u8 (call->out, STATUS_TIMEOUT);
  return TRUE;
}

static gboolean
run_in_release (Call *call)
{
  let_go (call->device);
  fast_append_u8 (call->out, STATUS_OK);
  return TRUE;
}

static gboolean
run_in_select (Call *call)
{
  fast_append_u8 (call->out, call->device->listed ? STATUS_OK : STATUS_CONTEXT);
  return TRUE;
}

static gboolean
run_in_auto_poll (Call *call)
{
  fast_append_u8 (call->out, 0);
  return TRUE;
}

static const Handler handlers[] = {
    {0x00, run_diagnose},         {0x02, run_get_firmware_version},
    {0x06, run_read_register},    {0x08, run_write_register},
    {0x12, run_accept},           {0x14, run_accept},
    {0x16, run_power_down},       {0x32, run_rf_configuration},
    {0x40, run_in_data_exchange}, {0x42, run_in_communicate_thru},
    {0x44, run_in_release},       {0x4A, run_in_list_passive_target},
    {0x52, run_in_release},       {0x54, run_in_select},
    {0x60, run_in_auto_poll},
};

static gboolean
run (Call *call, guint8 code)
{
  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    if (handlers[i].code == code)
      return handlers[i].run (call);
  return FALSE;
}

/* An answer's code is the command's plus one. */
static void
answer (FastPn532 *device, const GByteArray *payload)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Call call = {.device = device, .out = out};

  g_byte_array_set_size (device->last, 0);
  if (payload->len < 2 || payload->data[0] != TFI_HOST) {
    fast_pn532_frame_append_error (device->last);
    return;
  }
  call.data = payload->data + 2;
  call.size = payload->len - 2;
  fast_append_u8 (out, TFI_DEVICE);
  fast_append_u8 (out, (guint8)(payload->data[1] + 1));
  if (run (&call, payload->data[1]))
    fast_pn532_frame_append (device->last, out->data, out->len);
  else
    fast_pn532_frame_append_error (device->last);
}

/**
 * fast_pn532_feed:
 * @device: the device
 * @data: bytes from the host, in pieces of any size
 * @size: how many
 * @out: gets what the device sends back: for each command an ACK frame, then the answer
 */
void
fast_pn532_feed (FastPn532 *device, gconstpointer data, gsize size, GByteArray *out)
{
  g_autoptr (GByteArray) payload = g_byte_array_new ();
  FastPn532FrameKind kind;

  fast_append (device->stream, data, size);
  while ((kind = fast_pn532_frame_take (device->stream, payload)) != FAST_PN532_NONE) {
    if (kind == FAST_PN532_ACK)
      continue;
    if (kind == FAST_PN532_COMMAND) {
      fast_pn532_frame_append_ack (out);
      answer (device, payload);
    }
    fast_append (out, device->last->data, device->last->len);
  }
}

/**
 * fast_pn532_new:
 * @field: (transfer full): its radio field
 *
 * Returns: (transfer full): a device with power
 */
FastPn532 *
fast_pn532_new (FastRadioField *field)
{
  FastPn532 *device = g_new0 (FastPn532, 1);

  device->field = field;
  device->stream = g_byte_array_new ();
  device->last = g_byte_array_new ();
  device->registers = g_hash_table_new (NULL, NULL);
  return device;
}

/**
 * fast_pn532_free:
 * @device: (transfer full): with its field
 */
void
fast_pn532_free (FastPn532 *device)
{
  fast_radio_field_free (device->field);
  g_byte_array_unref (device->stream);
  g_byte_array_unref (device->last);
  g_hash_table_unref (device->registers);
  g_free (device);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The instructions of ISO/IEC 7816-4, -8 and -9 that an eMRTD of ICAO 9303-10 and -11 answers, and
 * the `icao-perso` personalisation commands that chip and writer share (docs/chip.md tells them in
 * full). Personalisation runs in plain, or through SCP03 on a chip with transport keys, and only
 * until the chip is activated; activation is final.
 */
enum {
  FAST_INS_MANAGE_ENVIRONMENT = 0x22,
  FAST_INS_VERIFY_CERTIFICATE = 0x2A,
  FAST_INS_ACTIVATE = 0x44,
  FAST_INS_EXTERNAL_AUTHENTICATE = 0x82,
  FAST_INS_GET_CHALLENGE = 0x84,
  FAST_INS_GENERAL_AUTHENTICATE = 0x86,
  FAST_INS_INTERNAL_AUTHENTICATE = 0x88,
  FAST_INS_SELECT = 0xA4,
  FAST_INS_READ_BINARY = 0xB0,
  FAST_INS_GET_DATA = 0xCA,
  FAST_INS_UPDATE_BINARY = 0xD6,
  FAST_INS_PUT_DATA = 0xDA,
  FAST_INS_CREATE_FILE = 0xE0,
};

/* What MANAGE SECURITY ENVIRONMENT sets, by P1 and P2 (ICAO 9303-11, 4.4.4.1 and 6.2.4). */
enum {
  FAST_ENVIRONMENT_PACE = 0xC1A4,
  FAST_ENVIRONMENT_CHIP_KEY = 0x41A6,
  FAST_ENVIRONMENT_CHIP = 0x41A4,
  FAST_ENVIRONMENT_CERTIFICATE = 0x81B6,
  FAST_ENVIRONMENT_TERMINAL = 0x81A4,
};

/* What GET DATA and PUT DATA name in P1 and P2. */
enum {
  FAST_DATA_ACCESS_KEYS = 0x0062,
  FAST_DATA_PASSWORDS = 0x0063,
  FAST_DATA_CHIP_KEY = 0x0064,
  FAST_DATA_ACTIVE_KEY = 0x0065,
  FAST_DATA_TRUST_POINT = 0x0066,
  FAST_DATA_ISSUER_KEYS = 0x0067, /* from the factory: neither command knows it */
  FAST_DATA_LIFE_CYCLE = 0x008A,
  FAST_DATA_SERIAL = 0x9F7F,
};

/* Tags inside the file control parameters, the access keys and the passwords. */
enum {
  FAST_TAG_FCP = 0x62,
  FAST_TAG_FILE_SIZE = 0x80,
  FAST_TAG_FILE_DESCRIPTOR = 0x82,
  FAST_TAG_FILE_IDENTIFIER = 0x83,
  FAST_TAG_KEY_ENC = 0x80,
  FAST_TAG_KEY_MAC = 0x81,
  FAST_TAG_PASSWORD_MRZ = 0x80,
  FAST_TAG_PASSWORD_CAN = 0x81,
};

/**
 * FastLifeCycle:
 * @FAST_LIFE_CYCLE_BLANK: nothing was written yet
 * @FAST_LIFE_CYCLE_OPEN: personalisation has begun
 * @FAST_LIFE_CYCLE_ACTIVE: personalisation is closed for good
 *
 * The life cycle status byte of ISO/IEC 7816-4, 7.4.10.
 */
typedef enum {
  FAST_LIFE_CYCLE_BLANK = 0x01,
  FAST_LIFE_CYCLE_OPEN = 0x03,
  FAST_LIFE_CYCLE_ACTIVE = 0x05,
} FastLifeCycle;

/* The longest APDU that a chip of this command set takes and gives. */
#define FAST_PERSO_APDU_MAX 2048

#define FAST_CHIP_SERIAL_SIZE 8
#define FAST_EMRTD_AID "\xA0\x00\x00\x02\x47\x10\x01"
#define FAST_EMRTD_AID_SIZE 7
#define FAST_MASTER_FILE "\x3F\x00"
#define FAST_MASTER_FILE_SIZE 2
#define FAST_CHIP_FILE_MAX 32767

/* Bit of the class byte: more of the same command follows (ISO/IEC 7816-4, 5.4.1). */
#define FAST_CLASS_CHAINED 0x10

G_END_DECLS

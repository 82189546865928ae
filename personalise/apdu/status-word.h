/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Status words of ISO/IEC 7816-4, 5.6, as chips of ICAO 9303-10 and -11 use them. */
enum {
  FAST_SW_OK = 0x9000,
  FAST_SW_END_OF_FILE = 0x6282,
  FAST_SW_AUTHENTICATION = 0x6300,
  FAST_SW_LENGTH = 0x6700,
  FAST_SW_MEMORY = 0x6581,
  FAST_SW_SECURITY = 0x6982,
  FAST_SW_CONDITIONS = 0x6985,
  FAST_SW_NO_FILE_SELECTED = 0x6986,
  FAST_SW_SM_MISSING = 0x6987,
  FAST_SW_SM_WRONG = 0x6988,
  FAST_SW_DATA = 0x6A80,
  FAST_SW_FILE_ABSENT = 0x6A82,
  FAST_SW_NO_SPACE = 0x6A84,
  FAST_SW_P1P2 = 0x6A86,
  FAST_SW_DATA_ABSENT = 0x6A88,
  FAST_SW_FILE_EXISTS = 0x6A89,
  FAST_SW_OFFSET = 0x6B00,
  FAST_SW_INSTRUCTION = 0x6D00,
  FAST_SW_CLASS = 0x6E00,
};

gboolean fast_status_check (guint16 status, const char *command, GError **error);

G_END_DECLS

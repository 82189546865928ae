/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/access.h"

#include <string.h>

#include "personalise/apdu/chip-authentication.h"
#include "personalise/apdu/perso.h"
#include "personalise/apdu/status-word.h"
#include "personalise/chip/authentic.h"
#include "personalise/lds/security-group.h"
#include "tests/personalise/chip/altered-chip.h"
#include "tests/support.h"

/*
 * What the chip decides, in each of its states (docs/chip.md, "How a chip is opened"): the families
 * of TR-03105-3.2 and of ICAO's test report part 3 that ask it, each on a finished chip with every
 * protocol.
 */

static TestAlteredChip chip;

/* --- in plain --- */

static guint16
status_of (GBytes *answer)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);

  g_assert_cmpuint (size, >=, 2);
  return (guint16)(data[size - 2] << 8 | data[size - 1]);
}

static GBytes *
send_plain (const char *hex)
{
  g_autoptr (GBytes) command = fast_hex_decode (hex, NULL);

  return fast_radio_field_exchange (chip.field, g_bytes_get_data (command, NULL),
                                    g_bytes_get_size (command));
}

static void
expect_plain (const char *hex, guint16 status)
{
  g_autoptr (GBytes) answer = send_plain (hex);

  if (status_of (answer) != status)
    g_error ("%s: %04X instead of %04X", hex, status_of (answer), status);
}

#define APPLICATION "00A4040C07A0000002471001"
#define MASTER_FILE "00A4000C023F00"

static void
power_up (void)
{
  test_altered_chip_lay (&chip, test_altered_chip_copy (&chip));
  fast_radio_field_reset (chip.field);
}

static void
test_select (void)
{
  power_up ();
  expect_plain (APPLICATION, FAST_SW_OK);
  expect_plain ("00A4040007A0000002471001", FAST_SW_OK);
  expect_plain ("00A4040C07A0000002471003", FAST_SW_FILE_ABSENT);
  expect_plain ("00A4040C06A00000024710", FAST_SW_FILE_ABSENT);
  expect_plain ("80A4040C07A0000002471001", FAST_SW_CLASS);
  expect_plain ("00A4070C07A0000002471001", FAST_SW_P1P2);
}

/* Before BAC or PACE no file of the application is told, by either of its identifiers, and nothing
 * that comes after access control is heard. */
static void
test_before_access (void)
{
  static const char *const early[] = {"0088000008010203040506070800", "002A00BE0201027F",
                                      "002241A40480020102"};
  gsize n;
  const FastFile *files = fast_files (&n);

  power_up ();
  expect_plain (APPLICATION, FAST_SW_OK);
  for (gsize i = 0; i < n; i++) {
    g_autofree char *select = g_strdup_printf ("00A4020C02%04X", files[i].fid);
    g_autofree char *read = g_strdup_printf ("00B0%02X0001", 0x80 | files[i].sfi);

    if (files[i].place != FAST_PLACE_APPLICATION)
      continue;
    expect_plain (select, FAST_SW_SECURITY);
    expect_plain (read, FAST_SW_SECURITY);
  }
  for (guint i = 0; i < G_N_ELEMENTS (early); i++)
    expect_plain (early[i], FAST_SW_SECURITY);
}

/* The files of the master file are for everybody: selected, and read by the short identifier. */
static void
test_master_file (gconstpointer data)
{
  const FastFile *file = data;
  g_autofree char *select = g_strdup_printf ("00A4020C02%04X", file->fid);
  g_autofree char *read = g_strdup_printf ("00B0%02X0000", 0x80 | file->sfi);
  GBytes *content = fast_lds_get (chip.full.lds, file);
  g_autoptr (GBytes) answer = NULL;

  power_up ();
  expect_plain (MASTER_FILE, FAST_SW_OK);
  expect_plain (select, FAST_SW_OK);
  expect_plain ("00B0000001", FAST_SW_OK);
  answer = send_plain (read);
  g_assert_cmphex (status_of (answer), ==, FAST_SW_OK);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer) - 2,
                   g_bytes_get_data (content, NULL), g_bytes_get_size (content));
}

/* --- in a session --- */

/* By PACE; on a chip that only knows it when @basic is unset, else by BAC. */
static FastChipSession *
open_chip (gboolean basic)
{
  const FastAccessKeys keys = {.mrz_information = chip.information};
  FastChipSession *session = fast_chip_session_new (chip.transport, NULL);
  FastChipState *state = test_altered_chip_copy (&chip);
  g_autoptr (GError) error = NULL;

  if (basic)
    test_altered_chip_remove (state, fast_file_card_access ());
  test_altered_chip_lay (&chip, state);
  fast_chip_access (session, &keys, NULL, NULL, &error);
  g_assert_no_error (error);
  return session;
}

static guint16
ask (FastChipSession *session, const FastCommand *command)
{
  g_autoptr (GError) error = NULL;
  FastResponse response;

  fast_chip_session_send (session, command, &response, &error);
  g_assert_no_error (error);
  return response.status;
}

static guint16
try_select (FastChipSession *session, const FastFile *file)
{
  const guint8 fid[] = {(guint8)(file->fid >> 8), (guint8)file->fid};
  const FastCommand command = {
      .ins = FAST_INS_SELECT, .p1 = 0x02, .p2 = 0x0C, .data = fid, .size = sizeof fid};

  return ask (session, &command);
}

static guint16
try_read (FastChipSession *session, const FastFile *file)
{
  const FastCommand command = {
      .ins = FAST_INS_READ_BINARY, .p1 = (guint8)(0x80 | file->sfi), .le = 4};

  return ask (session, &command);
}

static void
check_shut (FastChipSession *session, guint group)
{
  g_assert_cmphex (try_select (session, fast_file_group (group)), ==, FAST_SW_SECURITY);
  g_assert_cmphex (try_read (session, fast_file_group (group)), ==, FAST_SW_SECURITY);
}

static void
check_open (FastChipSession *session, const FastFile *file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = fast_chip_session_read_file (session, file, &error);

  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (content, fast_lds_get (chip.full.lds, file)));
  g_assert_cmphex (try_read (session, file), ==, FAST_SW_OK);
}

/* Every file that is not guarded, by both identifiers. */
static void
test_read (gconstpointer data)
{
  g_autoptr (FastChipSession) session = open_chip (GPOINTER_TO_INT (data));
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++)
    if (files[i].place == FAST_PLACE_APPLICATION &&
        (FAST_GUARDED_GROUPS & 1u << files[i].group) == 0 &&
        fast_lds_get (chip.full.lds, &files[i]) != NULL)
      check_open (session, &files[i]);
  g_assert_cmphex (try_select (session, fast_file_group (16)), ==, FAST_SW_FILE_ABSENT);
  g_assert_cmphex (try_read (session, fast_file_group (16)), ==, FAST_SW_FILE_ABSENT);
}

static GBytes *
authenticate_chip (FastChipSession *session)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos =
      fast_security_group_parse (fast_lds_get (chip.full.lds, fast_file_group (14)), NULL);
  GBytes *ephemeral = NULL;

  fast_chip_authenticate_chip (session, infos, &ephemeral, &error);
  g_assert_no_error (error);
  return ephemeral;
}

static void
authenticate_terminal (FastChipSession *session, GBytes *ephemeral)
{
  g_autoptr (GError) error = NULL;

  fast_chip_authenticate_terminal (session, chip.full.terminal,
                                   fast_lds_get (chip.full.lds, fast_file_cvca ()), ephemeral,
                                   &error);
  g_assert_no_error (error);
}

/* EF.DG3 and EF.DG4 are shut after access control and after chip authentication, and open once
 * the terminal has proved itself; EF.CVCA is told as soon as there is a session. A plain command
 * shuts them again. */
static void
test_guarded (gconstpointer data)
{
  g_autoptr (FastChipSession) session = open_chip (GPOINTER_TO_INT (data));
  g_autoptr (GBytes) ephemeral = NULL;

  check_shut (session, 3);
  check_shut (session, 4);
  check_open (session, fast_file_cvca ());
  ephemeral = authenticate_chip (session);
  check_shut (session, 3);
  check_shut (session, 4);
  check_open (session, fast_file_cvca ());
  authenticate_terminal (session, ephemeral);
  check_open (session, fast_file_group (3));
  check_open (session, fast_file_group (4));
  expect_plain ("00B0830001", FAST_SW_SECURITY);
  expect_plain ("00B09C0001", FAST_SW_SECURITY);
}

static void
test_active (void)
{
  g_autoptr (FastChipSession) session = open_chip (FALSE);
  g_autoptr (GPtrArray) infos =
      fast_security_group_parse (fast_lds_get (chip.full.lds, fast_file_group (14)), NULL);
  static const guint8 challenge[8];
  const FastCommand twisted = {.ins = FAST_INS_INTERNAL_AUTHENTICATE,
                               .p1 = 1,
                               .data = challenge,
                               .size = sizeof challenge,
                               .le = FAST_COMMAND_LE_MAX};
  const FastCommand brief = {.ins = FAST_INS_INTERNAL_AUTHENTICATE,
                             .data = challenge,
                             .size = sizeof challenge - 1,
                             .le = FAST_COMMAND_LE_MAX};
  g_autoptr (GError) error = NULL;

  fast_chip_authenticate_active (session, infos, fast_lds_get (chip.full.lds, fast_file_group (15)),
                                 &error);
  g_assert_no_error (error);
  g_assert_cmphex (ask (session, &twisted), !=, FAST_SW_OK);
  g_assert_cmphex (ask (session, &brief), !=, FAST_SW_OK);
}

/* A plain command ends the session and what was begun in it: chip authentication does not go on in
 * the clear, and what it proved is gone. */
static void
test_left_in_plain (void)
{
  g_autoptr (FastChipSession) session = open_chip (FALSE);
  FastCipher cipher;
  g_autoptr (FastChipAuthentication) run = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autofree char *hex = NULL;
  FastCommand command;

  g_assert_true (fast_chip_authentication_cipher (FAST_SECURITY_CA_ECDH_AES_128, &cipher, NULL));
  run = fast_chip_authentication_new_reader (cipher, chip.full.secrets->chip_key,
                                             FAST_CHIP_KEY_UNNUMBERED, NULL);
  g_assert_true (fast_chip_authentication_reader_ask (run, &command, NULL));
  g_assert_cmphex (ask (session, &command), ==, FAST_SW_OK);
  g_assert_true (fast_chip_authentication_reader_take (run, NULL, 0, NULL));
  g_assert_true (fast_chip_authentication_reader_ask (run, &command, NULL));
  plain = fast_command_build (&command, NULL);
  hex = fast_hex_encode (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain));
  expect_plain (hex, FAST_SW_CONDITIONS);
  expect_plain ("0088000008010203040506070800", FAST_SW_SECURITY);
}

/* Each link of a chain is asked whether it may come, not the last one alone. */
static void
test_chain (void)
{
  power_up ();
  expect_plain (APPLICATION, FAST_SW_OK);
  expect_plain ("10DA00620101", FAST_SW_CONDITIONS);
  expect_plain ("102A00BE0101", FAST_SW_SECURITY);
}

int
main (int argc, char **argv)
{
  int code;

  g_test_init (&argc, &argv, NULL);
  test_altered_chip_init (&chip);
  g_test_add_func ("/chip/guard/select/P3:ISO7816_A", test_select);
  g_test_add_func ("/chip/guard/before-access/P3:ISO7816_B", test_before_access);
  g_test_add_data_func ("/chip/guard/3.2:LDS_L_5 P3:ISO7816_T", fast_file_atr_info (),
                        test_master_file);
  g_test_add_data_func ("/chip/guard/card-access/P3:ISO7816_Q", fast_file_card_access (),
                        test_master_file);
  g_test_add_data_func ("/chip/guard/read/pace/P3:ISO7816_D-G", GINT_TO_POINTER (FALSE), test_read);
  g_test_add_data_func ("/chip/guard/read/bac/P3:ISO7816_D-G", GINT_TO_POINTER (TRUE), test_read);
  g_test_add_data_func ("/chip/guard/fingers/pace/3.2:ISO7816_H", GINT_TO_POINTER (FALSE),
                        test_guarded);
  g_test_add_data_func ("/chip/guard/fingers/bac/3.2:ISO7816_H", GINT_TO_POINTER (TRUE),
                        test_guarded);
  g_test_add_func ("/chip/guard/active/P3:ISO7816_R", test_active);
  g_test_add_func ("/chip/guard/left-in-plain", test_left_in_plain);
  g_test_add_func ("/chip/guard/chain", test_chain);
  code = g_test_run ();
  test_altered_chip_clear (&chip);
  return code;
}

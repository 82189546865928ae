/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include <winscard.h>

/* pcsc-client READER: a reader's program as somebody else would write it, straight on PC/SC and
 * with nothing of ours. Selects the eMRTD application and reads EF.CardAccess, if there is one;
 * prints a line for each. Exit code 0, 1 when the application is not there, 2 when the reader or
 * card is not. */

typedef struct {
  SCARDCONTEXT context;
  SCARDHANDLE card;
  const SCARD_IO_REQUEST *protocol;
} Session;

static LONG
connect_card (Session *session, const char *reader)
{
  DWORD protocol = 0;
  LONG code = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &session->context);

  if (code == SCARD_S_SUCCESS)
    code = SCardConnect (session->context, reader, SCARD_SHARE_SHARED,
                         SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &session->card, &protocol);
  session->protocol = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  return code;
}

/* Gives the status word, or 0 when nothing came; prints the data. */
static unsigned
send_command (Session *session, const char *name, const unsigned char *command, DWORD size)
{
  unsigned char answer[258];
  DWORD length = sizeof answer;
  LONG code =
      SCardTransmit (session->card, session->protocol, command, size, NULL, answer, &length);

  if (code != SCARD_S_SUCCESS || length < 2) {
    printf ("%s: %s\n", name, pcsc_stringify_error (code));
    return 0;
  }
  printf ("%s: %02X%02X", name, answer[length - 2], answer[length - 1]);
  for (DWORD i = 0; i + 2 < length; i++)
    printf ("%s%02X", i == 0 ? " " : "", answer[i]);
  printf ("\n");
  return (unsigned)(answer[length - 2] << 8 | answer[length - 1]);
}

int
main (int argc, char **argv)
{
  static const unsigned char master_file[] = {0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00};
  static const unsigned char card_access[] = {0x00, 0xB0, 0x9C, 0x00, 0x00};
  static const unsigned char application[] = {0x00, 0xA4, 0x04, 0x0C, 0x07, 0xA0,
                                              0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
  Session session = {0};
  LONG code = connect_card (&session, argc > 1 ? argv[1] : "");
  unsigned status;

  if (code != SCARD_S_SUCCESS) {
    printf ("connect: %s\n", pcsc_stringify_error (code));
    return 2;
  }
  send_command (&session, "master file", master_file, sizeof master_file);
  send_command (&session, "EF.CardAccess", card_access, sizeof card_access);
  status = send_command (&session, "eMRTD", application, sizeof application);
  SCardDisconnect (session.card, SCARD_RESET_CARD);
  SCardReleaseContext (session.context);
  return status == 0x9000 ? 0 : 1;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "eac-channel.h"

#include <openssl/asn1.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECURED 0x0C
#define MAC_SIZE 8

void
die (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  printf ("\n");
  exit (1);
}

void
bytes_append (Bytes *bytes, const void *data, size_t size)
{
  if (size > sizeof bytes->at - bytes->size)
    die ("too long");
  if (size > 0)
    memcpy (bytes->at + bytes->size, data, size);
  bytes->size += size;
}

/* A tag of one byte, a DER length, a value. */
void
bytes_append_object (Bytes *bytes, unsigned char tag, const void *data, size_t size)
{
  const unsigned char head[] = {tag, 0x82, (unsigned char)(size >> 8), (unsigned char)size};
  const unsigned char medium[] = {tag, 0x81, (unsigned char)size};
  const unsigned char small[] = {tag, (unsigned char)size};

  if (size < 128)
    bytes_append (bytes, small, sizeof small);
  else if (size < 256)
    bytes_append (bytes, medium, sizeof medium);
  else
    bytes_append (bytes, head, sizeof head);
  bytes_append (bytes, data, size);
}

/* What libeac gave, which is freed. */
void
bytes_take (Bytes *bytes, BUF_MEM *from, const char *what)
{
  if (from == NULL)
    die ("%s: libeac refuses", what);
  bytes->size = 0;
  bytes_append (bytes, from->data, from->length);
  BUF_MEM_free (from);
}

/* The same bytes as libeac takes them; borrowed. */
BUF_MEM
bytes_view (const Bytes *bytes)
{
  return (BUF_MEM){.length = bytes->size, .data = (char *)bytes->at, .max = sizeof bytes->at};
}

/* The first object with this number, whatever its class. */
void
bytes_find (const Bytes *bytes, int tag, Bytes *value)
{
  const unsigned char *at = bytes->at;
  const unsigned char *end = at + bytes->size;

  value->size = 0;
  while (at < end) {
    long size;
    int found;
    int class;

    if ((ASN1_get_object (&at, &size, &found, &class, end - at) & 0x80) != 0)
      die ("a data object is broken");
    if (found == tag) {
      bytes_append (value, at, (size_t)size);
      return;
    }
    at += size;
  }
}

void
channel_open (Channel *channel, const char *reader)
{
  DWORD protocol = 0;
  LONG code = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &channel->context);

  if (code == SCARD_S_SUCCESS)
    code = SCardConnect (channel->context, reader, SCARD_SHARE_EXCLUSIVE,
                         SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &channel->card, &protocol);
  if (code != SCARD_S_SUCCESS) {
    printf ("connect: %s\n", pcsc_stringify_error (code));
    exit (2);
  }
  channel->protocol = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  channel->eac = EAC_CTX_new ();
}

void
channel_close (Channel *channel)
{
  EAC_CTX_clear_free (channel->eac);
  SCardDisconnect (channel->card, SCARD_RESET_CARD);
  SCardReleaseContext (channel->context);
}

/* From now on commands are protected under the keys of PACE or of chip authentication. */
void
channel_secure (Channel *channel, int keys)
{
  if (EAC_CTX_set_encryption_ctx (channel->eac, keys) != 1)
    die ("secure messaging: libeac refuses");
  channel->secured = 1;
}

/* ISO/IEC 7816-3, 12.1.3: short where it fits, else extended. */
static void
build (const Command *command, Bytes *out)
{
  const unsigned char header[] = {command->cla, command->ins, command->p1, command->p2};
  const int extended = command->size > 255 || command->le > 256;
  const unsigned char length[] = {0, (unsigned char)(command->size >> 8),
                                  (unsigned char)command->size};
  const unsigned char le[] = {(unsigned char)(command->le >> 8), (unsigned char)command->le};

  out->size = 0;
  bytes_append (out, header, sizeof header);
  if (command->size > 0)
    bytes_append (out, extended ? length : length + 2, extended ? 3 : 1);
  bytes_append (out, command->data, command->size);
  if (command->le > 0 && extended)
    bytes_append (out, le, 2);
  else if (command->le > 0)
    bytes_append (out, le + 1, 1);
}

static unsigned
transmit (Channel *channel, const Command *command, Bytes *answer)
{
  static Bytes sent;
  DWORD size = sizeof answer->at;
  LONG code;

  build (command, &sent);
  code =
      SCardTransmit (channel->card, channel->protocol, sent.at, sent.size, NULL, answer->at, &size);
  if (code != SCARD_S_SUCCESS || size < 2)
    die ("transmit: %s", pcsc_stringify_error (code));
  answer->size = size - 2;
  return (unsigned)(answer->at[size - 2] << 8 | answer->at[size - 1]);
}

/* Adds @data to what the MAC covers, padded to whole blocks. */
static void
cover (Channel *channel, const void *data, size_t size, Bytes *covered)
{
  static Bytes plain;
  static Bytes padded;
  BUF_MEM view;

  plain.size = 0;
  bytes_append (&plain, data, size);
  view = bytes_view (&plain);
  bytes_take (&padded, EAC_add_iso_pad (channel->eac, &view), "padding");
  bytes_append (covered, padded.at, padded.size);
}

static void
encrypt (Channel *channel, const Command *command, Bytes *body)
{
  static Bytes padded;
  static Bytes object;
  BUF_MEM view;

  padded.size = 0;
  cover (channel, command->data, command->size, &padded);
  view = bytes_view (&padded);
  bytes_take (&padded, EAC_encrypt (channel->eac, &view), "encryption");
  object.size = 0;
  bytes_append (&object, "\x01", 1);
  bytes_append (&object, padded.at, padded.size);
  bytes_append_object (body, 0x87, object.at, object.size);
}

/* 87 data, 97 Le, 8E MAC (ICAO 9303-11, 9.8.4). */
static Command
protect (Channel *channel, const Command *command, Bytes *body)
{
  static Bytes covered;
  static Bytes mac;
  const unsigned char header[] = {SECURED, command->ins, command->p1, command->p2};
  const unsigned char le = (unsigned char)command->le;
  BUF_MEM view;

  if (EAC_increment_ssc (channel->eac) != 1)
    die ("counter: libeac refuses");
  body->size = 0;
  if (command->size > 0)
    encrypt (channel, command, body);
  if (command->le > 0)
    bytes_append_object (body, 0x97, &le, 1);
  covered.size = 0;
  cover (channel, header, sizeof header, &covered);
  if (body->size > 0)
    cover (channel, body->at, body->size, &covered);
  view = bytes_view (&covered);
  bytes_take (&mac, EAC_authenticate (channel->eac, &view), "MAC");
  bytes_append_object (body, 0x8E, mac.at, mac.size);
  return (Command){.cla = SECURED,
                   .ins = command->ins,
                   .p1 = command->p1,
                   .p2 = command->p2,
                   .data = body->at,
                   .size = body->size,
                   .le = body->size > 255 ? 65536 : 256};
}

static void
decrypt (Channel *channel, const Bytes *object, Bytes *answer)
{
  static Bytes cryptogram;
  static Bytes plain;
  BUF_MEM view;

  cryptogram.size = 0;
  bytes_append (&cryptogram, object->at + 1, object->size - 1);
  view = bytes_view (&cryptogram);
  bytes_take (&plain, EAC_decrypt (channel->eac, &view), "decryption");
  view = bytes_view (&plain);
  bytes_take (answer, EAC_remove_iso_pad (&view), "padding");
}

/* The MAC stands at the end and covers all before it. */
static void
check_mac (Channel *channel, const Bytes *answer)
{
  static Bytes covered;
  static Bytes mac;
  BUF_MEM view;
  BUF_MEM mac_view;

  bytes_find (answer, 0x0E, &mac);
  if (mac.size != MAC_SIZE)
    die ("secure messaging: an answer without a MAC");
  covered.size = 0;
  cover (channel, answer->at, answer->size - MAC_SIZE - 2, &covered);
  view = bytes_view (&covered);
  mac_view = bytes_view (&mac);
  if (EAC_verify_authentication (channel->eac, &view, &mac_view) != 1)
    die ("secure messaging: the MAC is wrong");
}

static unsigned
unprotect (Channel *channel, const Bytes *secured, Bytes *answer)
{
  static Bytes object;

  if (EAC_increment_ssc (channel->eac) != 1)
    die ("counter: libeac refuses");
  check_mac (channel, secured);
  answer->size = 0;
  bytes_find (secured, 0x07, &object);
  if (object.size > 1)
    decrypt (channel, &object, answer);
  bytes_find (secured, 0x19, &object);
  if (object.size != 2)
    die ("secure messaging: no status");
  return (unsigned)(object.at[0] << 8 | object.at[1]);
}

/* Gives the status word; of a protected answer the one under its MAC. */
unsigned
channel_try (Channel *channel, const Command *command, Bytes *answer)
{
  static Bytes body;
  static Bytes secured;
  Command protected;
  unsigned status;

  if (!channel->secured)
    return transmit (channel, command, answer);
  protected = protect (channel, command, &body);
  status = transmit (channel, &protected, &secured);
  if (secured.size == 0)
    die ("secure messaging: ended with %04X", status);
  return unprotect (channel, &secured, answer);
}

void
channel_send (Channel *channel, const char *what, const Command *command, Bytes *answer)
{
  unsigned status = channel_try (channel, command, answer);

  if (status != 0x9000)
    die ("%s: %04X", what, status);
}

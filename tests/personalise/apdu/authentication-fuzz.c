/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/active-authentication.h"
#include "personalise/apdu/chip-authentication.h"
#include "personalise/apdu/terminal-check.h"
#include "record/base/tlv.h"
#include "record/keys/key.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static EVP_PKEY *ec;
static EVP_PKEY *rsa;
static GBytes *identity;

static void
start (void)
{
  if (ec != NULL)
    return;
  ec = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, NULL);
  rsa = EVP_PKEY_Q_keygen (NULL, NULL, "RSA", (gsize)1024);
  identity = g_bytes_new_static ("L898902C<3", 10);
}

/* A chip hears the input as a series of commands: four header bytes, two of length, data. */
static void
hear (const guint8 *data, gsize size)
{
  FastReader reader = fast_reader_new (data, size, "commands");
  g_autoptr (GDate) today = g_date_new_dmy (1, G_DATE_MARCH, 2026);
  g_autoptr (FastCvTrust) trust = fast_cv_trust_new (today);
  g_autoptr (FastTerminalCheck) check = fast_terminal_check_new (trust, identity, identity, NULL);
  g_autoptr (FastChipAuthentication) chip = fast_chip_authentication_new_chip (ec, 1);
  g_autoptr (GByteArray) out = g_byte_array_new ();

  while (fast_reader_left (&reader) > 0) {
    const guint8 *header = fast_reader_take (&reader, 4, NULL);
    FastCommand command = {0};
    guint16 length;

    if (header == NULL || !fast_reader_u16 (&reader, &length, NULL))
      return;
    command = (FastCommand){.cla = header[0], .ins = header[1], .p1 = header[2], .p2 = header[3]};
    command.size = MIN (length, fast_reader_left (&reader));
    command.data = fast_reader_take (&reader, command.size, NULL);
    fast_chip_authentication_chip_answer (chip, &command, out, NULL);
    fast_terminal_check_answer (check, &command, out, NULL);
  }
  g_assert (fast_terminal_check_get_rights (check) == FAST_CV_RIGHT_NONE);
}

/* The input as what a chip signed: whole, and as what RSA opens to. */
static void
recover (const guint8 *data, gsize size)
{
  static const guint8 challenge[FAST_ACTIVE_CHALLENGE_SIZE] = {0};

  g_assert (!fast_active_authentication_verify (rsa, NULL, challenge, data, size, NULL));
  g_assert (!fast_active_authentication_verify (ec, "0.4.0.127.0.7.1.1.4.1.3", challenge, data,
                                                size, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  start ();
  hear (data, size);
  recover (data, size);
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/terminal-authentication.h"

#include "personalise/apdu/perso.h"
#include "record/base/error.h"
#include "record/base/tlv.h"
#include "record/keys/cv-reference.h"

#define INS_MANAGE_ENVIRONMENT 0x22
#define INS_PERFORM_OPERATION 0x2A
#define TAG_KEY_REFERENCE 0x83

/* Both dates of the MRZ information, with their check digits (ICAO 9303-11, 4.3.2). */
#define DATES_SIZE 14

typedef enum {
  STEP_SELECT,
  STEP_VERIFY,
  STEP_TERMINAL,
  STEP_CHALLENGE,
  STEP_AUTHENTICATE,
  STEP_DONE,
} Step;

/* @at counts the certificates of the chain that were verified; @asked owns the data of the last
 * command. */
struct _FastTerminalAuthentication {
  Step step;
  GPtrArray *chain;
  guint at;
  EVP_PKEY *key;
  GBytes *identity;
  GBytes *terminal_key;
  guint8 challenge[FAST_TERMINAL_CHALLENGE_SIZE];
  GByteArray *asked;
};

/**
 * fast_terminal_identity:
 * @mrz_information: as fast_mrz_information() gives it
 *
 * Returns: (transfer full): the identity of a chip that BAC opened: the document number with its
 *   check digit
 */
GBytes *
fast_terminal_identity (FastSecret *mrz_information)
{
  const gsize size = fast_secret_size (mrz_information);

  g_return_val_if_fail (size > DATES_SIZE, NULL);
  return g_bytes_new (fast_secret_data (mrz_information), size - DATES_SIZE);
}

static void
certificate_free (gpointer data)
{
  fast_cv_certificate_unref (data);
}

static const FastCvBody *
last_of (GPtrArray *chain)
{
  return fast_cv_certificate_get_body (chain->pdata[chain->len - 1]);
}

/**
 * fast_terminal_authentication_new:
 * @chain: (element-type FastCvCertificate): link certificates where the chip needs them, the DV's,
 *   the terminal's: see fast_cv_path_find()
 * @key: the terminal's private key
 * @identity: the chip's, see fast_terminal_identity()
 * @terminal_key: see fast_chip_authentication_get_terminal_key()
 * @error: return location for an error
 *
 * Returns: (transfer full): the reader's side
 */
FastTerminalAuthentication *
fast_terminal_authentication_new (GPtrArray *chain, EVP_PKEY *key, GBytes *identity,
                                  GBytes *terminal_key, GError **error)
{
  FastTerminalAuthentication *self;

  if (chain->len == 0 || last_of (chain)->role != FAST_CV_ROLE_TERMINAL)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "ta-no-terminal",
                           NULL);
  self = g_new0 (FastTerminalAuthentication, 1);
  self->chain = g_ptr_array_new_with_free_func (certificate_free);
  for (guint i = 0; i < chain->len; i++)
    g_ptr_array_add (self->chain, fast_cv_certificate_ref (chain->pdata[i]));
  EVP_PKEY_up_ref (key);
  self->key = key;
  self->identity = g_bytes_ref (identity);
  self->terminal_key = g_bytes_ref (terminal_key);
  return self;
}

/**
 * fast_terminal_authentication_free:
 * @self: (transfer full): the reader's side
 */
void
fast_terminal_authentication_free (FastTerminalAuthentication *self)
{
  g_ptr_array_unref (self->chain);
  EVP_PKEY_free (self->key);
  g_bytes_unref (self->identity);
  g_bytes_unref (self->terminal_key);
  g_clear_pointer (&self->asked, g_byte_array_unref);
  g_free (self);
}

static gboolean
ask_reference (FastTerminalAuthentication *self, const char *reference, guint8 template,
               FastCommand *command, GError **error)
{
  *command = (FastCommand){.ins = INS_MANAGE_ENVIRONMENT, .p1 = 0x81, .p2 = template};
  return fast_cv_reference_append (self->asked, TAG_KEY_REFERENCE, reference, error);
}

static gboolean
ask_select (FastTerminalAuthentication *self, FastCommand *command, GError **error)
{
  const FastCvBody *body = fast_cv_certificate_get_body (self->chain->pdata[self->at]);

  return ask_reference (self, body->authority, 0xB6, command, error);
}

static gboolean
ask_verify (FastTerminalAuthentication *self, FastCommand *command, GError **error G_GNUC_UNUSED)
{
  g_autoptr (GBytes) parts = fast_cv_certificate_dup_parts (self->chain->pdata[self->at]);

  *command = (FastCommand){.ins = INS_PERFORM_OPERATION, .p1 = 0x00, .p2 = 0xBE};
  fast_append_bytes (self->asked, parts);
  return TRUE;
}

static gboolean
ask_terminal (FastTerminalAuthentication *self, FastCommand *command, GError **error)
{
  return ask_reference (self, last_of (self->chain)->holder, 0xA4, command, error);
}

static gboolean
ask_challenge (FastTerminalAuthentication *self G_GNUC_UNUSED, FastCommand *command,
               GError **error G_GNUC_UNUSED)
{
  *command = (FastCommand){.ins = FAST_INS_GET_CHALLENGE, .le = FAST_TERMINAL_CHALLENGE_SIZE};
  return TRUE;
}

static gboolean
ask_authenticate (FastTerminalAuthentication *self, FastCommand *command, GError **error)
{
  const FastCvAlgorithm algorithm = fast_cv_key_get_algorithm (last_of (self->chain)->key);
  GByteArray *text = g_byte_array_new ();
  g_autoptr (GBytes) message = NULL;
  g_autoptr (GBytes) signature = NULL;

  *command = (FastCommand){.ins = FAST_INS_EXTERNAL_AUTHENTICATE};
  fast_append_bytes (text, self->identity);
  fast_append (text, self->challenge, sizeof self->challenge);
  fast_append_bytes (text, self->terminal_key);
  message = g_byte_array_free_to_bytes (text);
  signature = fast_cv_sign (self->key, algorithm, message, error);
  if (signature != NULL)
    fast_append_bytes (self->asked, signature);
  return signature != NULL;
}

/**
 * fast_terminal_authentication_ask:
 * @self: the reader's side
 * @command: (out caller-allocates): the next command; its data belongs to @self. A certificate may
 *   be longer than a short APDU holds: the caller chains it or uses extended lengths
 * @error: return location for an error
 *
 * Returns: whether there is one
 */
gboolean
fast_terminal_authentication_ask (FastTerminalAuthentication *self, FastCommand *command,
                                  GError **error)
{
  static gboolean (*const steps[]) (FastTerminalAuthentication *, FastCommand *, GError **) = {
      [STEP_SELECT] = ask_select,
      [STEP_VERIFY] = ask_verify,
      [STEP_TERMINAL] = ask_terminal,
      [STEP_CHALLENGE] = ask_challenge,
      [STEP_AUTHENTICATE] = ask_authenticate,
  };

  if (self->step == STEP_DONE)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ta-order", NULL);
  g_clear_pointer (&self->asked, g_byte_array_unref);
  self->asked = g_byte_array_new ();
  if (!steps[self->step](self, command, error))
    return FALSE;
  command->data = self->asked->data;
  command->size = self->asked->len;
  return TRUE;
}

/* After a certificate comes the next one, or the terminal's key. */
static Step
next_step (FastTerminalAuthentication *self)
{
  if (self->step != STEP_VERIFY)
    return self->step + 1;
  self->at++;
  return self->at < self->chain->len ? STEP_SELECT : STEP_TERMINAL;
}

/**
 * fast_terminal_authentication_take:
 * @self: the reader's side
 * @data: (nullable): what the chip answered with 9000 to the last command
 * @size: its size in bytes
 * @error: return location for an error
 *
 * Returns: whether the run goes on; FAST_CARD_ERROR_MISMATCH for an answer out of form
 */
gboolean
fast_terminal_authentication_take (FastTerminalAuthentication *self, gconstpointer data, gsize size,
                                   GError **error)
{
  const gsize wanted = self->step == STEP_CHALLENGE ? FAST_TERMINAL_CHALLENGE_SIZE : 0;

  if (self->asked == NULL)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ta-order", NULL);
  if (size != wanted)
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "ta-answer",
                      "found=%" G_GSIZE_FORMAT ", wanted=%" G_GSIZE_FORMAT, size, wanted);
  fast_copy (self->challenge, sizeof self->challenge, data, size);
  g_clear_pointer (&self->asked, g_byte_array_unref);
  self->step = next_step (self);
  return TRUE;
}

/**
 * fast_terminal_authentication_is_done:
 * @self: the reader's side
 *
 * Returns: whether the chip accepted the terminal
 */
gboolean
fast_terminal_authentication_is_done (const FastTerminalAuthentication *self)
{
  return self->step == STEP_DONE;
}

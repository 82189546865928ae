/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/print/card-layout.h"

#include <string.h>

#include "personalise/print/card-text.h"
#include "personalise/print/card-wording.h"
#include "record/base/error.h"

#define CAN_DIGITS 6

typedef char *(*TextFunc) (const FastCardInput *input, GError **error);

/* A slot with a message shows that label in both languages; one with a function shows data. */
typedef struct {
  FastCardSide side;
  const char *slot;
  const char *message;
  TextFunc text;
} Line;

const char *const fast_card_slots[FAST_CARD_SIDES][28] = {
    {"guilloche",
     "rosette",
     "microtext",
     "photo",
     "ghost",
     "signature",
     "specimen",
     "issuer",
     "title",
     "label-name",
     "surname",
     "given",
     "label-birth",
     "birth",
     "label-nationality",
     "nationality",
     "label-sex",
     "sex",
     "label-number",
     "number",
     "label-expiry",
     "expiry",
     "label-document",
     "document",
     "endorsement",
     "can",
     NULL},
    {"guilloche", "rosette", "microtext", "specimen", "seal", "mrz-1", "mrz-2", "mrz-3",
     "authority", "notice", "label-serial", "serial", "label-rfid", "rfid", "label-signature",
     NULL},
};

const char *const fast_card_reserved[FAST_CARD_SIDES][4] = {
    {"hologram", NULL},
    {"chip-window", "signature-panel", NULL},
};

static char *
issuer (const FastCardInput *input, GError **error G_GNUC_UNUSED)
{
  g_autofree char *id = g_strconcat ("card-issuer-", input->state, NULL);

  return fast_wording_label (input->state, id, " · ");
}

static char *
authority (const FastCardInput *input, GError **error G_GNUC_UNUSED)
{
  g_autofree char *id = g_strconcat ("card-authority-", input->state, NULL);

  return fast_wording_label (input->state, id, "\n");
}

static char *
notice (const FastCardInput *input, GError **error G_GNUC_UNUSED)
{
  return fast_wording_label (input->state, "card-notice", "\n");
}

static char *
surname (const FastCardInput *input, GError **error)
{
  if (input->surname == NULL || input->surname[0] == '\0' ||
      !g_utf8_validate (input->surname, -1, NULL))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-field",
                           "field=surname");
  return g_utf8_strup (input->surname, -1);
}

static char *
given (const FastCardInput *input, GError **error)
{
  if (input->given == NULL)
    return g_strdup ("");
  if (!g_utf8_validate (input->given, -1, NULL))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-field",
                           "field=given");
  return g_utf8_strup (input->given, -1);
}

static char *
birth (const FastCardInput *input, GError **error)
{
  return fast_wording_date (input->state, input->birth, error);
}

static char *
expiry (const FastCardInput *input, GError **error)
{
  return fast_wording_date (input->state, input->expiry, error);
}

static char *
require (const char *value, const char *field, GError **error)
{
  if (value != NULL && value[0] != '\0' && g_str_is_ascii (value))
    return g_strdup (value);
  return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MISSING, "print-field",
                         "field=%s", field);
}

static char *
nationality (const FastCardInput *input, GError **error)
{
  return require (input->nationality, "nationality", error);
}

static char *
sex (const FastCardInput *input, GError **error)
{
  return require (input->sex, "sex", error);
}

static char *
number (const FastCardInput *input, GError **error)
{
  g_autofree char *value = require (input->membership, "membership", error);

  return value != NULL ? fast_wording_group (value, 3) : NULL;
}

static char *
serial (const FastCardInput *input, GError **error)
{
  return require (input->serial, "serial", error);
}

static char *
rfid (const FastCardInput *input, GError **error G_GNUC_UNUSED)
{
  return input->rfid != NULL ? fast_wording_group (input->rfid, 4) : g_strdup ("—");
}

static char *
endorsement (const FastCardInput *input, GError **error G_GNUC_UNUSED)
{
  g_autofree char *id = NULL;

  if (input->endorsements == NULL || input->endorsements[0] == NULL)
    return g_strdup ("");
  id = g_strconcat ("card-endorsement-", input->endorsements[0], NULL);
  return fast_wording_label (input->state, id, "\n");
}

/* ICAO 9303-11, 4.4: six digits. It stands alone, without a label and without gaps, as inspectors
 * type it. The error does not repeat it. */
static char *
can (const FastCardInput *input, GError **error)
{
  if (input->can == NULL)
    return g_strdup ("");
  if (strlen (input->can) != CAN_DIGITS || strspn (input->can, "0123456789") != CAN_DIGITS)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-can", NULL);
  return g_strdup (input->can);
}

static const Line lines[] = {
    {FAST_CARD_FRONT, "issuer", NULL, issuer},
    {FAST_CARD_FRONT, "title", "card-title", NULL},
    {FAST_CARD_FRONT, "label-name", "card-name", NULL},
    {FAST_CARD_FRONT, "surname", NULL, surname},
    {FAST_CARD_FRONT, "given", NULL, given},
    {FAST_CARD_FRONT, "label-birth", "card-birth", NULL},
    {FAST_CARD_FRONT, "birth", NULL, birth},
    {FAST_CARD_FRONT, "label-nationality", "card-nationality", NULL},
    {FAST_CARD_FRONT, "nationality", NULL, nationality},
    {FAST_CARD_FRONT, "label-sex", "card-sex", NULL},
    {FAST_CARD_FRONT, "sex", NULL, sex},
    {FAST_CARD_FRONT, "label-number", "card-number", NULL},
    {FAST_CARD_FRONT, "number", NULL, number},
    {FAST_CARD_FRONT, "label-expiry", "card-expiry", NULL},
    {FAST_CARD_FRONT, "expiry", NULL, expiry},
    {FAST_CARD_FRONT, "label-document", "card-document", NULL},
    {FAST_CARD_FRONT, "document", NULL, serial},
    {FAST_CARD_FRONT, "endorsement", NULL, endorsement},
    {FAST_CARD_FRONT, "can", NULL, can},
    {FAST_CARD_BACK, "authority", NULL, authority},
    {FAST_CARD_BACK, "notice", NULL, notice},
    {FAST_CARD_BACK, "label-serial", "card-serial", NULL},
    {FAST_CARD_BACK, "serial", NULL, serial},
    {FAST_CARD_BACK, "label-rfid", "card-rfid", NULL},
    {FAST_CARD_BACK, "rfid", NULL, rfid},
    {FAST_CARD_BACK, "label-signature", "card-signature", NULL},
};

static void
line_free (gpointer data)
{
  FastCardLine *line = data;

  g_object_unref (line->layout);
  g_free (line);
}

/* Asking Fontconfig for all families is slow; most slots have the family of the one before. */
static gboolean
is_checked (GPtrArray *found, const char *family)
{
  FastCardLine *last = found->len > 0 ? found->pdata[found->len - 1] : NULL;

  return last != NULL && strcmp (last->slot->font_family, family) == 0;
}

static gboolean
add_line (GPtrArray *found, const Line *line, const FastCardInput *input,
          const FastArtwork *artwork, PangoContext *context, GError **error)
{
  const FastSlot *slot = fast_artwork_get_slot (artwork, line->slot);
  g_autofree char *text = line->message != NULL
                              ? fast_wording_label (input->state, line->message, " / ")
                              : line->text (input, error);
  FastCardLine *laid;

  if (text == NULL)
    return FALSE;
  if (slot->font_family == NULL || slot->font_size <= 0)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "print-slot-font", "id=%s",
                      slot->id);
  if (!is_checked (found, slot->font_family) &&
      !fast_text_check_family (context, slot->font_family, "fonts-clear-sans", error))
    return FALSE;
  laid = g_new0 (FastCardLine, 1);
  laid->slot = slot;
  laid->layout = fast_text_fit (context, slot, text);
  g_ptr_array_add (found, laid);
  return TRUE;
}

/**
 * fast_card_layout_new:
 * @input: what the card shows
 * @side: a side
 * @artwork: its artwork; must outlive the result
 * @context: a context of fast_text_context_new()
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type FastCardLine): the texts of the side, fitted, or %NULL
 *   with FAST_INPUT_ERROR that names the field
 */
GPtrArray *
fast_card_layout_new (const FastCardInput *input, FastCardSide side, const FastArtwork *artwork,
                      PangoContext *context, GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (line_free);

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    if (lines[i].side == side && !add_line (found, &lines[i], input, artwork, context, error))
      return NULL;
  }
  return g_steal_pointer (&found);
}

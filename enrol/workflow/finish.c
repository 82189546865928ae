/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/finish.h"

#include <string.h>

#include "enrol/workflow/card-reading.h"
#include "enrol/workflow/card-secrets.h"
#include "personalise/chip/inspect.h"
#include "personalise/lds/face-group.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/print/seal.h"
#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/model/card.h"
#include "record/model/item.h"
#include "record/store/draft.h"

/*
 * A card is *made* when three independent readings of the finished card agree: the chip, read
 * through access control and verified up to the country signing certificate; the MRZ; the seal,
 * verified with the seal signer. What was printed is not believed, only what was read.
 */

static void
card_file_free (gpointer data)
{
  FastCardFile *file = data;

  g_free ((gpointer)file->digest);
  g_free (file);
}

typedef struct {
  FastSubject *subject;
  FastStockEntry *blank;
  FastContent *content;
  FastInspection *inspection;
  FastMrz *chip_mrz;
} Check;

static void
check_clear (Check *check)
{
  g_clear_pointer (&check->subject, fast_subject_free);
  g_clear_pointer (&check->blank, fast_stock_entry_free);
  g_clear_pointer (&check->content, fast_content_free);
  g_clear_pointer (&check->inspection, fast_inspection_free);
  g_clear_pointer (&check->chip_mrz, fast_mrz_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Check, check_clear)

static gboolean
differs (GError **error, const char *what, const char *serial)
{
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "finish-differs",
                    "what=%s, serial=%s", what, serial);
}

/* The same, with the reason that reading it gave. */
static gboolean
differs_because (GError **error, GError *cause, const char *what, const char *serial)
{
  return fast_fail_from (error, cause, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "finish-differs",
                         "what=%s, serial=%s", what, serial);
}

static char *
without_breaks (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (!g_ascii_isspace (*text))
      g_string_append_c (out, *text);
  return g_string_free (out, FALSE);
}

static gboolean
load (Check *check, FastUnit *unit, const char *item, GError **error)
{
  check->subject = fast_subject_load (unit, item, error);
  if (check->subject == NULL ||
      !fast_enrolment_can (check->subject->enrolment, FAST_EVENT_MADE, error))
    return FALSE;
  check->blank =
      fast_stock_find_serial (fast_unit_store (unit), check->subject->enrolment->serial, error);
  check->content =
      check->blank == NULL ? NULL : fast_content_load (unit, check->subject->enrolment, error);
  return check->content != NULL;
}

/* The chip in the field holds, byte for byte, what was signed for this enrolment. */
static gboolean
same_files (const Check *check, GError **error)
{
  gsize count;
  const FastFile *files = fast_files (&count);

  for (gsize i = 0; i < count; i++) {
    GBytes *kept = fast_lds_get (check->content->lds, &files[i]);
    GBytes *found = fast_lds_get (check->inspection->lds, &files[i]);

    if ((kept == NULL) != (found == NULL) || (kept != NULL && !g_bytes_equal (kept, found)))
      return differs (error, files[i].name, check->blank->serial);
  }
  return TRUE;
}

/* A chip that answers and yet does not open is another card's, or none at all any more; one that
 * does not answer may do so when it is placed anew. */
static gboolean
is_other_chip (const GError *error)
{
  return error->domain == FAST_CARD_ERROR && error->code != FAST_CARD_ERROR_GONE &&
         error->code != FAST_CARD_ERROR_ABSENT;
}

static gboolean
inspect_chip (Check *check, FastTransport *transport, const FastCardReading *reading,
              FastSecret *information, GError **error)
{
  GError *why = NULL;

  check->inspection =
      fast_chip_inspect (transport,
                         &(FastInspectOptions){.access = {.mrz_information = information},
                                               .trust = reading->trust,
                                               .at = fast_clock_now (),
                                               .terminal = reading->terminal},
                         NULL, &why);
  if (check->inspection == NULL && is_other_chip (why))
    return differs_because (error, why, "chip", check->blank->serial);
  if (check->inspection == NULL) {
    g_propagate_error (error, why);
    return FALSE;
  }
  return fast_verdicts_hold (check->inspection->verdicts) ||
         differs (error, "chip", check->blank->serial);
}

static gboolean
read_chip (Check *check, FastUnit *unit, FastTransport *transport, GError **error)
{
  g_auto (FastCardReading) reading = {NULL, NULL};
  g_autoptr (FastSecret) information = fast_lds_mrz_information (check->content->lds, error);
  GBytes *group;

  if (information == NULL || !fast_card_reading_load (&reading, unit, error) ||
      !fast_card_reading_check (&reading, check->content, error) ||
      !inspect_chip (check, transport, &reading, information, error))
    return FALSE;
  group = fast_lds_require (check->inspection->lds, fast_file_group (1), error);
  check->chip_mrz = group == NULL ? NULL : fast_mrz_group_parse (group, error);
  return check->chip_mrz != NULL && same_files (check, error);
}

static gboolean
mrz_agrees (const Check *check, const char *read, GError **error)
{
  g_autofree char *text = without_breaks (read);

  return strcmp (text, check->chip_mrz->text) == 0 || differs (error, "MRZ", check->blank->serial);
}

static GPtrArray *
load_seal_signers (FastUnit *unit, GError **error)
{
  g_autofree char *path =
      fast_config_path (fast_unit_config (unit), "card", "seal-certificate", error);
  const char *const paths[] = {path, NULL};

  return path == NULL ? NULL : fast_certificates_load (paths, error);
}

/* Whether a seal was signed for this card; no error is set when it was, for another one. */
static gboolean
seal_is_ours (const Check *check, GBytes *bytes, GPtrArray *signers, GError **error)
{
  g_autoptr (FastSeal) seal = fast_seal_parse (bytes, error);
  GBytes *group =
      seal == NULL ? NULL : fast_lds_require (check->inspection->lds, fast_file_group (2), error);
  g_autoptr (FastFaceRecord) face = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *mrz = NULL;
  g_autofree char *serial = NULL;

  if (group == NULL || fast_seal_verify (seal, signers, error) == NULL)
    return FALSE;
  lines = fast_seal_dup_mrz (seal, error);
  mrz = lines == NULL ? NULL : without_breaks (lines);
  serial = mrz == NULL ? NULL : fast_seal_dup_serial (seal, error);
  face = serial == NULL ? NULL : fast_face_group_parse (group, error);
  return face != NULL && strcmp (mrz, check->chip_mrz->text) == 0 &&
         strcmp (serial, check->blank->serial) == 0 && fast_seal_matches_face (seal, face->image);
}

static gboolean
seal_agrees (const Check *check, FastUnit *unit, GBytes *bytes, GError **error)
{
  g_autoptr (GPtrArray) signers = load_seal_signers (unit, error);
  GError *why = NULL;

  if (signers == NULL)
    return FALSE;
  if (seal_is_ours (check, bytes, signers, &why))
    return TRUE;
  return why != NULL ? differs_because (error, why, "seal", check->blank->serial)
                     : differs (error, "seal", check->blank->serial);
}

static gboolean
rfid_agrees (const Check *check, const char *read, GError **error)
{
  return read == NULL || strcmp (read, check->blank->rfid) == 0 ||
         differs (error, "RFID", check->blank->serial);
}

static GPtrArray *
list_files (FastLds *lds)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (card_file_free);
  gsize count;
  const FastFile *files = fast_files (&count);

  for (gsize i = 0; i < count; i++) {
    GBytes *bytes = fast_lds_get (lds, &files[i]);
    FastCardFile *file;

    if (bytes == NULL)
      continue;
    file = g_new0 (FastCardFile, 1);
    file->name = files[i].name;
    file->digest = fast_sha256_hex (bytes);
    g_ptr_array_add (list, file);
  }
  return list;
}

/* How the chip opened, as card.json names it. */
static const char *
name_access (const FastInspection *inspection)
{
  for (guint i = 0; i < inspection->verdicts->len; i++) {
    const FastVerdict *verdict = inspection->verdicts->pdata[i];

    if (strcmp (verdict->check, FAST_CHECK_PACE) == 0 && verdict->outcome == FAST_VERDICT_DONE)
      return "pace";
  }
  return "bac";
}

/* card.json: what the nations learn of a made card. */
static GBytes *
describe (const Check *check, FastUnit *unit, const char *rfid_read, GError **error)
{
  g_autoptr (GDate) today = fast_clock_today ();
  g_autofree char *issued = fast_date_format (today);
  g_autoptr (GPtrArray) files = list_files (check->content->lds);
  g_autoptr (FastMember) member = fast_membership_load (unit, check->subject->enrolment, error);
  g_autoptr (FastCard) card =
      member == NULL
          ? NULL
          : fast_card_new (&(FastCard){.enrolment = check->subject->enrolment->item,
                                       .serial = check->blank->serial,
                                       .chip = check->blank->chip,
                                       .rfid = check->blank->rfid,
                                       .rfid_read = rfid_read,
                                       .programme = check->subject->profile->code,
                                       .membership = member->number,
                                       .state = fast_nation_state (fast_unit_nation (unit)),
                                       .issued = issued,
                                       .expiry = member->expiry,
                                       .access = name_access (check->inspection),
                                       .files = files},
                           error);

  return card == NULL ? NULL : fast_card_to_bytes (card);
}

static gboolean
freeze_card (FastTransaction *transaction, FastUnit *unit, const Check *check, gboolean rfid_read,
             GError **error)
{
  const FastEnrolment *enrolment = check->subject->enrolment;
  g_autoptr (GBytes) card = describe (check, unit, rfid_read ? "equal" : "unread", error);
  g_autoptr (FastDraft) draft =
      fast_draft_new (fast_item_kind_name (FAST_ITEM_CARD), enrolment->record);
  g_autoptr (FastRevision) revision = NULL;

  if (card == NULL)
    return FALSE;
  fast_draft_set_about (draft, enrolment->item);
  fast_draft_add_bytes (draft, "card.json", FAST_CLASS_PERSONAL, card);
  revision = fast_draft_freeze (draft, transaction, fast_unit_vault (unit), error);
  return revision != NULL;
}

static gboolean
store_made (FastUnit *unit, const Check *check, gboolean rfid_read, GError **error)
{
  FastStore *store = fast_unit_store (unit);
  const FastActor *actor = fast_unit_actor (unit, error);
  g_autoptr (FastTransaction) transaction =
      actor == NULL ? NULL : fast_transaction_begin (store, error);
  g_autoptr (FastEnrolment) enrolment =
      transaction == NULL ? NULL
                          : fast_enrolment_load (store, check->subject->enrolment->item, error);

  return enrolment != NULL &&
         fast_enrolment_move (transaction, enrolment, FAST_EVENT_MADE, NULL, actor->name, error) &&
         fast_stock_made (transaction, actor->name, check->blank->serial, error) &&
         fast_card_secrets_drop_keys (transaction, enrolment->item, error) &&
         freeze_card (transaction, unit, check, rfid_read, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("card-made"), error);
}

/* Then an earlier run may have been stopped before it could empty the log. */
static gboolean
is_made (FastUnit *unit, const char *item)
{
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (fast_unit_store (unit), item, NULL);

  return enrolment != NULL && enrolment->state == FAST_ENROLMENT_MADE;
}

/**
 * fast_finish_card:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment whose chip is encoded
 * @transport: the way to the chip
 * @read: what was read from the finished card
 * @rfid_read: (out): whether the RFID number was read as well; if not the card is made, RFID unread
 * @error: return location for an error
 *
 * Decides *made*: reads the chip, and compares it with MRZ, seal and ledger. From then on nobody
 * has the chip's keys but the chip.
 *
 * Returns: whether the card is made; FAST_GATE_ERROR names what differs
 */
gboolean
fast_finish_card (FastUnit *unit, const char *item, FastTransport *transport,
                  const FastReadBack *read, gboolean *rfid_read, GError **error)
{
  g_auto (Check) check = {0};

  *rfid_read = read->rfid != NULL;
  if (is_made (unit, item))
    fast_unit_empty_log (unit);
  if (!load (&check, unit, item, error) || !read_chip (&check, unit, transport, error) ||
      !mrz_agrees (&check, read->mrz, error) || !seal_agrees (&check, unit, read->seal, error) ||
      !rfid_agrees (&check, read->rfid, error) || !store_made (unit, &check, *rfid_read, error))
    return FALSE;
  fast_unit_empty_log (unit);
  return TRUE;
}

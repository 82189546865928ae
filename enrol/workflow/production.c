/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "enrol/workflow/production.h"

#include <string.h>

#include "enrol/workflow/card-reading.h"
#include "enrol/workflow/card-secrets.h"
#include "enrol/workflow/journal.h"
#include "personalise/lds/passive-authentication.h"
#include "record/base/clock.h"
#include "record/base/error.h"

/* Everything that making one card needs, loaded once. */
typedef struct {
  FastSubject *subject;
  FastGrants *grants;
  FastMember *member;
  FastStockEntry *blank;
  FastContent *content;
} Job;

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->subject, fast_subject_free);
  g_clear_pointer (&job->grants, fast_grants_free);
  g_clear_pointer (&job->member, fast_member_free);
  g_clear_pointer (&job->blank, fast_stock_entry_free);
  g_clear_pointer (&job->content, fast_content_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/* The gates before a blank may be touched. */
static gboolean
load_granted (Job *job, FastUnit *unit, const char *item, GError **error)
{
  job->subject = fast_subject_load (unit, item, error);
  if (job->subject == NULL)
    return FALSE;
  job->grants = fast_grants_load (unit, job->subject->enrolment, error);
  return job->grants != NULL && fast_grants_allow_card (job->grants, error);
}

/* A card that is begun: what was fixed when its blank was taken. */
static gboolean
load_begun (Job *job, FastUnit *unit, const char *item, GError **error)
{
  job->subject = fast_subject_load (unit, item, error);
  if (job->subject == NULL)
    return FALSE;
  if (job->subject->enrolment->serial == NULL)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "production-no-card",
                      "item=%s", item);
  if (job->subject->enrolment->state == FAST_ENROLMENT_HANDED_OVER)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "production-handed-over",
                      "item=%s", item);
  job->blank =
      fast_stock_find_serial (fast_unit_store (unit), job->subject->enrolment->serial, error);
  job->member =
      job->blank == NULL ? NULL : fast_membership_load (unit, job->subject->enrolment, error);
  job->content =
      job->member == NULL ? NULL : fast_content_load (unit, job->subject->enrolment, error);
  return job->content != NULL;
}

static gboolean
is_begun (FastUnit *unit, const char *item, gboolean *begun, GError **error)
{
  g_autoptr (FastEnrolment) enrolment = fast_enrolment_load (fast_unit_store (unit), item, error);

  if (enrolment != NULL)
    *begun = enrolment->serial != NULL;
  return enrolment != NULL;
}

static gboolean
make_content (Job *job, FastUnit *unit, const FastApplet *applet, GError **error)
{
  const FastActor *actor = fast_unit_actor (unit, error);

  if (actor == NULL)
    return FALSE;
  job->member = fast_membership_ensure (unit, job->subject, job->grants, actor->name, error);
  if (job->member == NULL)
    return FALSE;
  job->content = fast_content_make (unit, job->subject, job->member, job->blank, applet, error);
  return job->content != NULL;
}

/**
 * fast_production_applet:
 * @unit: a unit
 * @name: (nullable): an applet; %NULL for the one that `[card]` names
 * @error: return location for an error
 *
 * Returns: (transfer none): its driver
 */
const FastApplet *
fast_production_applet (FastUnit *unit, const char *name, GError **error)
{
  g_autofree char *configured = fast_config_string_or (fast_unit_config (unit), "card", "applet",
                                                       fast_applet_icao_perso.name);

  return fast_applet_find (name != NULL ? name : configured, FAST_APPLET_BAC, error);
}

/**
 * fast_production_content:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment's item id
 * @preview: (out): whether no card is begun yet: then it is what the next allotted blank would get,
 *   and is not kept
 * @error: return location for an error
 *
 * Returns: (transfer full): what the card holds; FAST_GATE_ERROR while no card may be made
 */
FastContent *
fast_production_content (FastUnit *unit, const char *item, gboolean *preview, GError **error)
{
  g_auto (Job) job = {0};
  const FastApplet *applet;
  gboolean begun;

  if (!is_begun (unit, item, &begun, error))
    return NULL;
  *preview = !begun;
  if (begun)
    return load_begun (&job, unit, item, error) ? g_steal_pointer (&job.content) : NULL;
  applet = fast_production_applet (unit, NULL, error);
  if (applet == NULL || !load_granted (&job, unit, item, error))
    return NULL;
  job.blank = fast_stock_first_allotted (fast_unit_store (unit), error);
  if (job.blank == NULL || !make_content (&job, unit, applet, error))
    return NULL;
  return g_steal_pointer (&job.content);
}

/* What every reader of the chip will check, before a blank is given to it: with the wrong document
 * signer or signing authority in the configuration each blank would be written, closed, and spoiled
 * by its own inspection. */
static gboolean
check_authentic (const Job *job, FastTrust *trust, GError **error)
{
  g_autoptr (GPtrArray) verdicts = fast_verdicts_new ();

  fast_passive_authentication (job->content->lds, trust, fast_clock_now (), verdicts);
  for (guint i = 0; i < verdicts->len; i++) {
    FastVerdict *verdict = verdicts->pdata[i];

    if (verdict->outcome == FAST_VERDICT_FAILED)
      return fast_fail_from (error, g_steal_pointer (&verdict->why), FAST_GATE_ERROR,
                             FAST_GATE_ERROR_REFUSED, "production-not-authentic", NULL);
  }
  return TRUE;
}

/* What the chip's software cannot do, or may not be told, costs no blank either. */
static gboolean
check_applet (const Job *job, FastUnit *unit, const FastApplet *applet, GError **error)
{
  g_autoptr (FastChipChannel) channel = NULL;

  return fast_applet_check (applet, job->content->secrets, job->content->lds, error) &&
         fast_chip_channel_from_config (fast_unit_config (unit), &channel, error) &&
         fast_chip_channel_check (channel, applet, fast_unit_is_training (unit), error);
}

static gboolean
check_content (const Job *job, FastUnit *unit, const FastApplet *applet, GError **error)
{
  g_auto (FastCardReading) reading = {NULL, NULL};

  return check_applet (job, unit, applet, error) &&
         fast_card_reading_load (&reading, unit, error) &&
         check_authentic (job, reading.trust, error) &&
         fast_card_reading_check (&reading, job->content, error);
}

static gboolean
commit_begin (const Job *job, FastUnit *unit, const char *actor, GError **error)
{
  FastStore *store = fast_unit_store (unit);
  const char *item = job->subject->enrolment->item;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, error);
  g_autoptr (FastEnrolment) enrolment =
      transaction == NULL ? NULL : fast_enrolment_load (store, item, error);

  return enrolment != NULL &&
         fast_enrolment_move (transaction, enrolment, FAST_EVENT_BLANK_TAKEN, job->blank->serial,
                              actor, error) &&
         fast_stock_take (transaction, actor, job->blank->serial, item, error) &&
         fast_content_keep (transaction, unit, enrolment, job->content, error) &&
         fast_transaction_commit (transaction, FAST_POINT ("card-begun"), error);
}

/**
 * fast_production_begin:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment's item id
 * @serial: an allotted blank
 * @applet: the driver of its chip's software
 * @error: return location for an error
 *
 * Takes the blank for this enrolment and fixes what its chip and face will hold. No device is
 * touched.
 *
 * Returns: whether production began; FAST_GATE_ERROR with what the card still lacks
 */
gboolean
fast_production_begin (FastUnit *unit, const char *item, const char *serial,
                       const FastApplet *applet, GError **error)
{
  g_auto (Job) job = {0};
  const FastActor *actor = fast_unit_actor (unit, error);

  if (actor == NULL || !load_granted (&job, unit, item, error) ||
      !fast_enrolment_can (job.subject->enrolment, FAST_EVENT_BLANK_TAKEN, error))
    return FALSE;
  job.blank = fast_stock_find_serial (fast_unit_store (unit), serial, error);
  if (job.blank == NULL)
    return FALSE;
  if (job.blank->state != FAST_BLANK_ALLOTTED)
    return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "stock-move",
                      "serial=%s, state=%s, wanted=%s", serial,
                      fast_blank_state_name (job.blank->state),
                      fast_blank_state_name (FAST_BLANK_ALLOTTED));
  return make_content (&job, unit, applet, error) && check_content (&job, unit, applet, error) &&
         commit_begin (&job, unit, actor->name, error);
}

/* The blank whose chip lies in the field. Asked before one is taken: once it is, the enrolment is
 * bound to it until it is made or spoiled. */
static char *
blank_in_field (FastUnit *unit, const char *wanted, FastTransport *transport,
                const FastApplet *applet, GError **error)
{
  g_autofree char *chip = fast_chip_read_serial (transport, applet, NULL, error);
  g_autoptr (FastStockEntry) entry =
      chip == NULL ? NULL : fast_stock_find_chip (fast_unit_store (unit), chip, error);

  if (entry == NULL)
    return NULL;
  if (wanted != NULL && strcmp (wanted, entry->serial) != 0)
    return fast_fail_null (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH,
                           "production-blank-in-field", "wanted=%s, found=%s", wanted,
                           entry->serial);
  return g_strdup (entry->serial);
}

static gboolean
begin_if_needed (FastUnit *unit, const char *item, const char *serial, FastTransport *transport,
                 const FastApplet *applet, GError **error)
{
  g_autofree char *found = NULL;
  gboolean begun;

  if (!is_begun (unit, item, &begun, error))
    return FALSE;
  if (begun)
    return TRUE;
  found = blank_in_field (unit, serial, transport, applet, error);
  return found != NULL && fast_production_begin (unit, item, found, applet, error);
}

/* Meanwhile another desk may have seen to this blank, and begun the next. */
static gboolean
is_still_on (const FastEnrolment *enrolment, const char *serial, GError **error)
{
  return g_strcmp0 (enrolment->serial, serial) == 0 ||
         fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "production-other-blank",
                    "item=%s, begun=%s, given=%s", enrolment->item,
                    enrolment->serial == NULL ? "–" : enrolment->serial, serial);
}

/* Nobody needs the keys of a chip that will be no card. */
static gboolean
note_result (FastUnit *unit, const char *item, const char *serial, FastEncodeState state,
             GError **error)
{
  const gboolean made = state == FAST_ENCODE_MADE;
  const FastActor *actor = fast_unit_actor (unit, error);
  g_autoptr (FastTransaction) transaction =
      actor == NULL ? NULL : fast_transaction_begin (fast_unit_store (unit), error);
  g_autoptr (FastEnrolment) enrolment =
      transaction == NULL ? NULL : fast_enrolment_load (fast_unit_store (unit), item, error);

  return enrolment != NULL && is_still_on (enrolment, serial, error) &&
         fast_enrolment_move (transaction, enrolment,
                              made ? FAST_EVENT_ENCODED : FAST_EVENT_CHIP_SPOILED, NULL,
                              actor->name, error) &&
         (made || fast_card_secrets_drop_keys (transaction, item, error)) &&
         fast_transaction_commit (transaction, FAST_POINT ("card-encoded"), error);
}

/* The encoding's own error is what the officer must see. Should this fail too, the journal still
 * says that the chip is spoiled, and the next call comes here again. */
static void
note_spoiled (FastUnit *unit, const char *item, const char *serial)
{
  g_autoptr (GError) error = NULL;

  if (note_result (unit, item, serial, FAST_ENCODE_IS_SPOILED, &error))
    fast_unit_empty_log (unit);
  else
    g_warning ("a spoiled chip could not be noted: %s", error->message);
}

/**
 * fast_production_trust:
 * @unit: a unit
 * @error: return location for an error
 *
 * Returns: (transfer full): the country signing certificates that inspections believe
 */
FastTrust *
fast_production_trust (FastUnit *unit, GError **error)
{
  g_auto (GStrv) paths = fast_config_paths (fast_unit_config (unit), "card", "csca", error);
  FastTrustFlags flags = FAST_TRUST_ICAO;

  if (fast_unit_is_training (unit))
    flags |= FAST_TRUST_TRAINING;
  return paths == NULL ? NULL : fast_trust_load ((const char *const *)paths, flags, error);
}

static gboolean
check_blank (const Job *job, const char *serial, GError **error)
{
  if (serial == NULL || strcmp (serial, job->blank->serial) == 0)
    return TRUE;
  return fast_fail (error, FAST_GATE_ERROR, FAST_GATE_ERROR_REFUSED, "production-other-blank",
                    "item=%s, begun=%s, given=%s", job->subject->enrolment->item,
                    job->blank->serial, serial);
}

/* A blank of the ledger whose chip somebody else wrote to before can become no card either. */
static gboolean
can_never_be_made (const FastEncodeResult *result, const FastStockEntry *blank, const GError *why)
{
  return result->state == FAST_ENCODE_IS_SPOILED ||
         (g_error_matches (why, FAST_CARD_ERROR, FAST_CARD_ERROR_NOT_BLANK) &&
          result->serial != NULL && g_ascii_strcasecmp (result->serial, blank->chip) == 0);
}

/* What an earlier run left, should this one be refused before it asks the chip. */
static gboolean
tell_begun (FastCardJournal *kept, FastEncodeResult *result, GError **error)
{
  const FastEncodeJournal journal = fast_card_journal (kept);
  g_autoptr (FastEncodeRecord) record = fast_encode_record_new ();

  if (!journal.load (journal.self, record, error))
    return FALSE;
  if (record->phase > FAST_ENCODE_PREPARE && record->phase < FAST_ENCODE_DONE)
    result->state = FAST_ENCODE_RESUMABLE;
  return TRUE;
}

/**
 * fast_production_encode:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment's item id
 * @serial: (nullable): the blank; %NULL for the allotted one whose chip is in the field, or the one
 *   that was begun
 * @transport: the way to the chip
 * @applet: the driver of its software
 * @progress: (nullable): called as it goes on
 * @data: for @progress
 * @result: (out caller-allocates): the state of the chip and its inspection
 * @error: return location for an error
 *
 * Takes a blank where none is taken yet, writes its chip or goes on after an interruption, and
 * reads it back. Blocks for as long as the chip takes.
 *
 * Returns: whether the chip is made; @result tells its state in any case
 */
gboolean
fast_production_encode (FastUnit *unit, const char *item, const char *serial,
                        FastTransport *transport, const FastApplet *applet,
                        FastEncodeProgress progress, gpointer data, FastEncodeResult *result,
                        GError **error)
{
  g_auto (Job) job = {0};
  g_auto (FastCardReading) reading = {NULL, NULL};
  g_autoptr (FastChipChannel) channel = NULL;
  FastCardJournal journal = {.store = fast_unit_store (unit)};
  GError *why = NULL;

  *result = (FastEncodeResult){.state = FAST_ENCODE_UNTOUCHED};
  if (!fast_card_reading_load (&reading, unit, error) ||
      !begin_if_needed (unit, item, serial, transport, applet, error) ||
      !load_begun (&job, unit, item, error))
    return FALSE;
  journal.serial = job.blank->serial;
  if (!tell_begun (&journal, result, error) || !check_blank (&job, serial, error) ||
      !fast_enrolment_can (job.subject->enrolment, FAST_EVENT_ENCODED, error) ||
      !check_authentic (&job, reading.trust, error) ||
      !fast_card_reading_check (&reading, job.content, error) ||
      !fast_chip_channel_from_config (fast_unit_config (unit), &channel, error))
    return FALSE;
  if (fast_chip_encode (&(FastEncoding){.transport = transport,
                                        .applet = applet,
                                        .lds = job.content->lds,
                                        .secrets = job.content->secrets,
                                        .trust = reading.trust,
                                        .at = fast_clock_now (),
                                        .terminal = reading.terminal,
                                        .channel = channel,
                                        .training = fast_unit_is_training (unit),
                                        .serial = job.blank->chip,
                                        .journal = fast_card_journal (&journal),
                                        .progress = progress,
                                        .progress_data = data},
                        result, NULL, &why))
    return note_result (unit, item, journal.serial, FAST_ENCODE_MADE, error);
  if (can_never_be_made (result, job.blank, why))
    note_spoiled (unit, item, journal.serial);
  g_propagate_error (error, why);
  return FALSE;
}

/**
 * fast_production_face:
 * @unit: the unit, with somebody signed in
 * @item: an enrolment whose card is begun
 * @error: return location for an error
 *
 * Returns: (transfer full): the card's face, laid out; FAST_GATE_ERROR before a blank was taken
 */
FastCardFace *
fast_production_face (FastUnit *unit, const char *item, GError **error)
{
  g_auto (Job) job = {0};

  if (!load_begun (&job, unit, item, error))
    return NULL;
  return fast_content_face (unit, job.subject, job.member, job.blank, job.content, error);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/encode.h"

#include "personalise/chip/encode-judge.h"
#include "record/base/bytes.h"
#include "record/base/error.h"

/* One run of the state machine. */
typedef struct {
  const FastEncoding *encoding;
  FastEncodeResult *result;
  FastEncodeRecord *record;
  FastChipSession *session;
  FastChipSecrets secrets; /* the encoding's, with the MRZ information of its EF.DG1 */
  char *plan;
  gboolean again;   /* the journal says that the plan's chip was made already */
  gboolean spoiled; /* it says that this chip is spoiled */
  gboolean closed;  /* the chip was closed already when it came into the field */
  gboolean opening; /* the issuer's keys are being tried */
  GCancellable *cancellable;
} Run;

typedef struct {
  FastEncodePhase phase;
  gboolean (*run) (Run *run, GError **error);
} Phase;

/**
 * fast_encode_state_name:
 * @state: a state
 *
 * Returns: (transfer none): its name in JSON
 */
const char *
fast_encode_state_name (FastEncodeState state)
{
  static const char *const names[] = {"untouched", "resumable", "spoiled", "made"};

  return names[state];
}

/**
 * fast_encode_result_clear:
 * @result: what it holds is freed
 */
void
fast_encode_result_clear (FastEncodeResult *result)
{
  g_clear_pointer (&result->serial, g_free);
  g_clear_pointer (&result->inspection, fast_inspection_free);
}

static void
report (Run *run, FastEncodePhase phase, gsize done, gsize total)
{
  if (run->encoding->progress != NULL)
    run->encoding->progress (phase, done, total, run->encoding->progress_data);
}

static gboolean
save (Run *run, GError **error)
{
  return run->encoding->journal.save (run->encoding->journal.self, run->record, error);
}

static gboolean
open_channel (Run *run, GError **error)
{
  const FastChipChannel *channel = run->encoding->channel;

  if (channel == NULL)
    return TRUE;
  run->opening = TRUE;
  if (!fast_chip_session_open_channel (run->session, channel, error))
    return FALSE;
  run->opening = FALSE;
  return TRUE;
}

/* --- prepare --- */

static gboolean
fail_not_blank (GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_NOT_BLANK, "encode-not-blank", NULL);
}

static gboolean
fail_spoiled (Run *run, GError **error)
{
  run->spoiled = TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_NOT_BLANK, "encode-spoiled",
                    "serial=%s", run->result->serial);
}

static gboolean
is_resumed (const Run *run)
{
  return run->record->phase > FAST_ENCODE_PREPARE && run->record->phase < FAST_ENCODE_DONE;
}

static gboolean
check_serial (Run *run, GError **error)
{
  const char *wanted = run->encoding->serial;

  run->result->serial = run->encoding->applet->get_serial (run->session, error);
  if (run->result->serial == NULL)
    return FALSE;
  if (wanted == NULL || g_ascii_strcasecmp (wanted, run->result->serial) == 0)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "encode-other-chip",
                    "wanted=%s, found=%s", wanted, run->result->serial);
}

/* A blank chip starts the plan anew, also when an earlier one was left unfinished. */
static gboolean
prepare_blank (Run *run, GError **error)
{
  if (!is_resumed (run) || g_strcmp0 (run->record->serial, run->result->serial) != 0)
    fast_encode_record_begin (run->record, run->plan);
  g_free (run->record->serial);
  run->record->serial = g_strdup (run->result->serial);
  return save (run, error);
}

/* A spoiled chip stays so: whoever asks again is told again. */
static gboolean
prepare_open (Run *run, GError **error)
{
  const gboolean same = g_strcmp0 (run->record->serial, run->result->serial) == 0;

  if (is_resumed (run) && same)
    return TRUE;
  if (run->record->phase == FAST_ENCODE_SPOILED && same)
    return fail_spoiled (run, error);
  return fail_not_blank (error);
}

/* A closed chip tells no serial: it is the plan's only if closing it had begun, and the inspection
 * must find the plan's bytes on it. One that was made is inspected again, and one that was spoiled
 * is told again: the caller may have been stopped before it could note it. */
static gboolean
prepare_active (Run *run, GError **error)
{
  if (run->record->phase == FAST_ENCODE_SPOILED) {
    run->result->serial = g_strdup (run->record->serial);
    return fail_spoiled (run, error);
  }
  run->again = run->record->phase == FAST_ENCODE_DONE;
  run->closed = TRUE;
  if (!run->again && (!is_resumed (run) || run->record->phase < FAST_ENCODE_ACTIVATE))
    return fail_not_blank (error);
  run->record->phase = FAST_ENCODE_INSPECT;
  run->result->serial = g_strdup (run->record->serial);
  return TRUE;
}

static gboolean
check_applet (const Run *run, GError **error)
{
  const FastEncoding *encoding = run->encoding;

  return fast_applet_check (encoding->applet, &run->secrets, encoding->lds, error) &&
         fast_chip_channel_check (encoding->channel, encoding->applet, encoding->training, error);
}

/* What the chip shows after terminal authentication only is read back by the inspection. */
static gboolean
is_guarded (const FastFile *file)
{
  return (FAST_GUARDED_GROUPS & 1u << file->group) != 0;
}

/* Without a terminal a finished chip could not be read back, and would be taken for spoiled. */
static gboolean
check_terminal (const Run *run, GError **error)
{
  gsize n;
  const FastFile *files = fast_files (&n);

  if (run->encoding->terminal != NULL)
    return TRUE;
  for (gsize i = 0; i < n; i++)
    if (is_guarded (&files[i]) && fast_lds_get (run->encoding->lds, &files[i]) != NULL)
      return fast_fail (error, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "encode-no-terminal",
                        "file=%s", files[i].name);
  return TRUE;
}

static gboolean
load_plan (Run *run, GError **error)
{
  const FastEncodeJournal *journal = &run->encoding->journal;

  if (run->encoding->secrets != NULL)
    run->secrets = *run->encoding->secrets;
  run->secrets.mrz_information = fast_lds_mrz_information (run->encoding->lds, error);
  if (run->secrets.mrz_information == NULL || !check_applet (run, error) ||
      !check_terminal (run, error) ||
      fast_lds_require (run->encoding->lds, fast_file_com (), error) == NULL ||
      fast_lds_require (run->encoding->lds, fast_file_sod (), error) == NULL)
    return FALSE;
  if (journal->load != NULL && !journal->load (journal->self, run->record, error))
    return FALSE;
  if (g_strcmp0 (run->record->plan, run->plan) == 0 && run->record->phase > FAST_ENCODE_PREPARE)
    return TRUE;
  fast_encode_record_begin (run->record, run->plan);
  return save (run, error);
}

/* The keys are asked for where they will be written: of a chip that is closed, or spoiled, nobody
 * keeps them any more. */
static gboolean
prepare (Run *run, GError **error)
{
  FastLifeCycle life;

  if (!load_plan (run, error) || !fast_chip_session_start (run->session, error) ||
      !run->encoding->applet->get_life_cycle (run->session, &life, error))
    return FALSE;
  if (life == FAST_LIFE_CYCLE_ACTIVE)
    return prepare_active (run, error);
  if (!check_serial (run, error) ||
      !(life == FAST_LIFE_CYCLE_BLANK ? prepare_blank : prepare_open) (run, error))
    return FALSE;
  return fast_chip_secrets_check (&run->secrets, run->encoding->lds, error) &&
         open_channel (run, error);
}

/* --- authenticate, write --- */

static gboolean
authenticate (Run *run, GError **error)
{
  return run->encoding->applet->put_secrets (run->session, &run->secrets, error);
}

static gboolean
write_content (Run *run, GBytes *content, gsize *done, gsize total, GError **error)
{
  const FastApplet *applet = run->encoding->applet;
  const gsize most = MIN (applet->write_max, fast_chip_session_write_max (run->session));
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);

  for (gsize offset = 0; offset < size; offset += most) {
    const gsize piece = MIN (most, size - offset);
    if (!applet->write (run->session, offset, data + offset, piece, error))
      return FALSE;
    *done += piece;
    report (run, FAST_ENCODE_WRITE, *done, total);
  }
  return TRUE;
}

static gboolean
write_file (Run *run, const FastFile *file, GBytes *content, gsize *done, gsize total,
            GError **error)
{
  if (!run->encoding->applet->create_file (run->session, file, g_bytes_get_size (content), error) ||
      !write_content (run, content, done, total, error))
    return fast_error_prefix (error, "encode-file", "file=%s", file->name);
  fast_encode_record_add (run->record, file);
  return save (run, error);
}

static gboolean
write_place (Run *run, FastFilePlace place, gsize *done, GError **error)
{
  const gsize total = fast_lds_total (run->encoding->lds);
  gsize n;
  const FastFile *files = fast_files (&n);

  for (gsize i = 0; i < n; i++) {
    GBytes *content = fast_lds_get (run->encoding->lds, &files[i]);
    if (content == NULL || files[i].place != place)
      continue;
    if (fast_encode_record_has (run->record, &files[i]))
      *done += g_bytes_get_size (content);
    else if (!write_file (run, &files[i], content, done, total, error))
      return FALSE;
  }
  return TRUE;
}

/* The session stands in the application: its files first spares the way there and back. */
static gboolean
write_files (Run *run, GError **error)
{
  gsize done = 0;

  return write_place (run, FAST_PLACE_APPLICATION, &done, error) &&
         write_place (run, FAST_PLACE_MASTER_FILE, &done, error);
}

/* --- verify, activate, inspect --- */

static gboolean
verify_file (Run *run, const FastFile *file, GBytes *content, GError **error)
{
  g_autoptr (GBytes) found = fast_chip_session_read_file (run->session, file, error);

  if (found == NULL)
    return FALSE;
  return g_bytes_equal (found, content) || fast_encode_fail_differs (file, error);
}

static gboolean
verify (Run *run, GError **error)
{
  const gsize total = fast_lds_total (run->encoding->lds);
  gsize done = 0;
  gsize n;
  const FastFile *files = fast_files (&n);
  const FastAccessKeys access = {.mrz_information = run->secrets.mrz_information,
                                 .can = run->secrets.can};

  if (!fast_chip_access (run->session, &access, NULL, NULL, error))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    GBytes *content = fast_lds_get (run->encoding->lds, &files[i]);
    if (content == NULL || is_guarded (&files[i]))
      continue;
    if (!verify_file (run, &files[i], content, error))
      return FALSE;
    done += g_bytes_get_size (content);
    report (run, FAST_ENCODE_VERIFY, done, total);
  }
  fast_chip_session_secure (run->session, NULL);
  return fast_chip_session_enter (run->session, FAST_PLACE_APPLICATION, error);
}

static gboolean
activate (Run *run, GError **error)
{
  return open_channel (run, error) && run->encoding->applet->activate (run->session, error);
}

static gboolean
inspect (Run *run, GError **error)
{
  const FastInspectOptions options = {.access = {.mrz_information = run->secrets.mrz_information},
                                      .trust = run->encoding->trust,
                                      .at = run->encoding->at,
                                      .terminal = run->encoding->terminal};

  run->result->inspection =
      fast_chip_inspect (run->encoding->transport, &options, run->cancellable, error);
  return run->result->inspection != NULL &&
         fast_encode_judge (run->encoding->lds, run->result->inspection, error);
}

/* --- the machine --- */

static const Phase phases[] = {
    {FAST_ENCODE_AUTHENTICATE, authenticate},
    {FAST_ENCODE_WRITE, write_files},
    {FAST_ENCODE_VERIFY, verify},
    {FAST_ENCODE_ACTIVATE, activate},
    {FAST_ENCODE_INSPECT, inspect},
};

/* Each phase is in the journal before its first command. A run that goes on repeats the phases that
 * an open chip allows; those that are not needed any more find nothing to do. */
static gboolean
run_phases (Run *run, GError **error)
{
  const gboolean closed = run->record->phase == FAST_ENCODE_INSPECT;

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++) {
    if (closed && phases[i].phase < FAST_ENCODE_INSPECT)
      continue;
    run->record->phase = phases[i].phase;
    report (run, phases[i].phase, 0, 0);
    if (!save (run, error) || !phases[i].run (run, error))
      return FALSE;
  }
  run->record->phase = FAST_ENCODE_DONE;
  return save (run, error);
}

/* A closed chip came into the field that the plan's keys do not open: another card. */
static gboolean
is_other_card (const Run *run, const GError *why)
{
  return run->closed && g_error_matches (why, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS);
}

/* The chip does not know the issuer's keys, or asks for some: it was not written to. */
static gboolean
is_locked_out (const Run *run, const GError *why)
{
  return run->opening || (run->record->phase == FAST_ENCODE_AUTHENTICATE &&
                          g_error_matches (why, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS));
}

/* Where a made chip differs now, another one lies in the field. */
static void
settle (Run *run, const GError *why)
{
  const gboolean spoiled = !run->again && !is_other_card (run, why) && !is_locked_out (run, why) &&
                           fast_encode_is_final (why);

  run->result->state = spoiled ? FAST_ENCODE_IS_SPOILED : FAST_ENCODE_RESUMABLE;
  if (!spoiled && !run->again)
    return;
  run->record->phase = spoiled ? FAST_ENCODE_SPOILED : FAST_ENCODE_DONE;
  save (run, NULL);
}

/* Nothing was written in this run; an earlier one may still wait for its chip. */
static void
settle_early (Run *run, const GError *why)
{
  const gboolean foreign = g_error_matches (why, FAST_CARD_ERROR, FAST_CARD_ERROR_NOT_BLANK) ||
                           g_error_matches (why, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH);

  run->result->state = run->spoiled                   ? FAST_ENCODE_IS_SPOILED
                       : is_resumed (run) && !foreign ? FAST_ENCODE_RESUMABLE
                                                      : FAST_ENCODE_UNTOUCHED;
}

static gboolean
run_all (Run *run, GError **error)
{
  GError *why = NULL;

  if (!prepare (run, &why)) {
    settle_early (run, why);
    g_propagate_error (error, why);
    return FALSE;
  }
  if (run_phases (run, &why)) {
    run->result->state = FAST_ENCODE_MADE;
    return TRUE;
  }
  settle (run, why);
  g_propagate_error (error, why);
  return FALSE;
}

/**
 * fast_chip_encode:
 * @encoding: what to do
 * @result: (out caller-allocates): the state of the chip, after an error too; clear with
 *   fast_encode_result_clear()
 * @cancellable: (nullable): ends it early; the chip is then resumable
 * @error: return location for an error
 *
 * Writes, closes and inspects a chip, or goes on where an earlier call was interrupted.
 *
 * Returns: whether the chip is made
 */
gboolean
fast_chip_encode (const FastEncoding *encoding, FastEncodeResult *result, GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (FastChipSession) session = fast_chip_session_new (encoding->transport, cancellable);
  g_autoptr (FastEncodeRecord) record = fast_encode_record_new ();
  g_autofree char *plan = fast_encode_digest_plan (encoding->applet->name, encoding->lds);
  Run run = {.encoding = encoding,
             .result = result,
             .record = record,
             .session = session,
             .plan = plan,
             .cancellable = cancellable};
  gboolean made;

  *result = (FastEncodeResult){.state = FAST_ENCODE_UNTOUCHED};
  made = run_all (&run, error);
  g_clear_pointer (&run.secrets.mrz_information, fast_secret_free);
  return made;
}

/**
 * fast_chip_read_serial:
 * @transport: the way to the chip
 * @applet: the driver of its software
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Returns: (transfer full): the serial number of the blank in the field; FAST_CARD_ERROR_NOT_BLANK
 *   when its chip is closed, since it tells no serial then
 */
char *
fast_chip_read_serial (FastTransport *transport, const FastApplet *applet,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (FastChipSession) session = fast_chip_session_new (transport, cancellable);

  FastLifeCycle life;

  if (!fast_chip_session_start (session, error) || !applet->get_life_cycle (session, &life, error))
    return NULL;
  if (life == FAST_LIFE_CYCLE_ACTIVE) {
    fail_not_blank (error);
    return NULL;
  }
  return applet->get_serial (session, error);
}

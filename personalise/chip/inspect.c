/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/inspect.h"

#include <string.h>

#include "personalise/apdu/mrz-information.h"
#include "personalise/apdu/perso.h"
#include "personalise/chip/authentic.h"
#include "personalise/lds/common-data.h"
#include "personalise/lds/security-group.h"
#include "record/base/tlv.h"

#define TAG_MRZ 0x5F1F

/* Enough of EF.CVCA to know it again. */
#define SHORT_READ 36

/* One inspection as it goes on. */
typedef struct {
  const FastInspectOptions *options;
  FastChipSession *session;
  FastInspection *inspection;
  guint32 groups;
  FastSecurityObject *object;
  GPtrArray *infos;
  GBytes *ephemeral;
} Job;

/**
 * fast_inspection_free:
 * @inspection: (transfer full): an inspection
 */
void
fast_inspection_free (FastInspection *inspection)
{
  fast_lds_unref (inspection->lds);
  g_ptr_array_unref (inspection->verdicts);
  g_free (inspection);
}

/**
 * fast_lds_mrz_information:
 * @lds: a chip's files
 * @error: return location for an error
 *
 * Returns: (transfer full): the MRZ information of EF.DG1, from which the access keys come
 */
FastSecret *
fast_lds_mrz_information (FastLds *lds, GError **error)
{
  GBytes *content = fast_lds_require (lds, fast_file_group (1), error);
  FastReader reader;
  FastReader inner;
  FastTlv tlv;

  if (content == NULL)
    return NULL;
  reader = fast_reader_from_bytes (content, "EF.DG1");
  if (!fast_tlv_expect (&reader, fast_file_group (1)->tag, &tlv, error))
    return NULL;
  inner = fast_tlv_open (&tlv, "EF.DG1");
  if (!fast_tlv_find (inner, TAG_MRZ, &tlv, error))
    return NULL;
  return fast_mrz_information ((const char *)tlv.value, tlv.size, error);
}

/* A group that the chip keeps from this reader is no fault of the chip's. */
static gboolean
is_withheld (const FastFile *file, const GError *why)
{
  return (FAST_GUARDED_GROUPS & 1u << file->group) != 0 &&
         g_error_matches (why, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS);
}

/* Takes @why, whose own remedy would be that of a missing access key: access control went well, and
 * what lacks is terminal authentication, or its right to this group (ICAO 9303-11, 7.1). */
static void
tell_withheld (Job *job, const FastFile *file, GError *why)
{
  GError *withheld = NULL;

  fast_fail_from (&withheld, why, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "inspect-withheld",
                  "file=%s", file->name);
  g_ptr_array_add (
      job->inspection->verdicts,
      fast_verdict_new (FAST_CHECK_READ, file->name, FAST_VERDICT_NOT_OFFERED, withheld));
}

/* One file, which lies at @where: a verdict for what the chip or the file itself gets wrong; only a
 * lost chip ends the inspection. */
static gboolean
read_file_at (Job *job, const FastFile *file, const FastFile *where, GError **error)
{
  GError *why = NULL;
  g_autoptr (GBytes) content = fast_chip_session_read_file (job->session, where, &why);

  if (content != NULL)
    fast_lds_set (job->inspection->lds, file, content, &why);
  if (why != NULL && fast_chip_is_lost (why)) {
    g_propagate_error (error, why);
    return FALSE;
  }
  if (why != NULL && is_withheld (file, why))
    tell_withheld (job, file, why);
  else
    fast_verdicts_add (job->inspection->verdicts, FAST_CHECK_READ, file->name, why);
  return TRUE;
}

static gboolean
read_file (Job *job, const FastFile *file, GError **error)
{
  return read_file_at (job, file, file, error);
}

static gboolean
is_listed (const Job *job, guint group)
{
  return (job->groups & 1u << group) != 0;
}

static gboolean
read_group (Job *job, guint group, GError **error)
{
  return !is_listed (job, group) || read_file (job, fast_file_group (group), error);
}

/* The lists: what EF.COM names is read; where EF.SOD disagrees, passive authentication tells. */
static gboolean
read_lists (Job *job, GError **error)
{
  GBytes *content;
  FastCommonData data = {.groups = 0};

  if (!read_file (job, fast_file_com (), error) || !read_file (job, fast_file_sod (), error))
    return FALSE;
  content = fast_lds_get (job->inspection->lds, fast_file_com ());
  if (content != NULL && fast_common_data_parse (content, &data, NULL))
    job->groups = data.groups;
  content = fast_lds_get (job->inspection->lds, fast_file_sod ());
  job->object = content == NULL ? NULL : fast_security_object_parse (content, NULL);
  return TRUE;
}

/* EF.DG14 under a signature that holds: only then its keys prove anything (ICAO 9303-11, 6.2.1).
 * Whether the signer is one is judged, and told, with the rest. */
static GPtrArray *
read_infos (Job *job, GError **why)
{
  GBytes *content = fast_lds_get (job->inspection->lds, fast_file_group (14));

  if (content == NULL || job->object == NULL ||
      !fast_security_object_verify_signature (job->object, why) ||
      !fast_security_object_verify_group (job->object, 14, content, why))
    return NULL;
  return fast_security_group_parse (content, why);
}

/* Takes @why. A chip that left meanwhile ends the inspection. */
static gboolean
tell (Job *job, const char *check, GError *why, GError **error)
{
  if (why != NULL && fast_chip_is_lost (why)) {
    g_propagate_error (error, why);
    return FALSE;
  }
  fast_verdicts_add (job->inspection->verdicts, check, NULL, why);
  return TRUE;
}

static gboolean
authenticate_chip (Job *job, GError **error)
{
  GError *why = NULL;
  const gboolean listed = is_listed (job, 14);

  job->infos = listed ? read_infos (job, &why) : NULL;
  if (job->infos == NULL && why != NULL)
    return tell (job, FAST_CHECK_CHIP, why, error);
  if (job->infos == NULL || fast_security_infos_find (job->infos, FAST_SECURITY_CHIP_KEY) == NULL) {
    fast_verdicts_add_not_offered (job->inspection->verdicts, FAST_CHECK_CHIP, NULL);
    return TRUE;
  }
  if (!fast_chip_authenticate_chip (job->session, job->infos, &job->ephemeral, &why))
    g_clear_pointer (&job->ephemeral, g_bytes_unref);
  return tell (job, FAST_CHECK_CHIP, why, error);
}

/* EF.CVCA stands where EF.DG14 says, or in its usual place (TR-03110-3, A.1.1.3). */
static gboolean
read_trust_points (Job *job, const FastSecurityInfo *info, GError **error)
{
  FastFile where = *fast_file_cvca ();

  if (info->cvca_fid != FAST_SECURITY_NONE)
    where.fid = (guint16)info->cvca_fid;
  return read_file_at (job, fast_file_cvca (), &where, error);
}

/* A short identifier that EF.DG14 states must be that of the same file. */
static gboolean
check_short_identifier (Job *job, const FastSecurityInfo *info, GBytes *points, GError **error)
{
  const FastCommand command = {.ins = FAST_INS_READ_BINARY,
                               .p1 = (guint8)(0x80 | (info->cvca_sfi & 0x1F)),
                               .le = (guint)MIN (g_bytes_get_size (points), SHORT_READ)};
  g_autoptr (GBytes) start = NULL;

  if (info->cvca_sfi == FAST_SECURITY_NONE)
    return TRUE;
  start = fast_chip_session_ask (job->session, &command, "READ BINARY", error);
  if (start == NULL)
    return fast_error_prefix (error, "chip-read", "file=%s", fast_file_cvca ()->name);
  if (g_bytes_get_size (start) == command.le &&
      memcmp (g_bytes_get_data (start, NULL), g_bytes_get_data (points, NULL), command.le) == 0)
    return TRUE;
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "inspect-cvca-place",
                    "sfi=%02X", (guint)info->cvca_sfi);
}

static gboolean
authenticate_terminal (Job *job, GError **error)
{
  const FastSecurityInfo *info =
      job->infos == NULL
          ? NULL
          : fast_security_infos_find (job->infos, FAST_SECURITY_TERMINAL_AUTHENTICATION);
  GError *why = NULL;
  GBytes *points;

  if (info == NULL) {
    fast_verdicts_add_not_offered (job->inspection->verdicts, FAST_CHECK_TERMINAL, NULL);
    return TRUE;
  }
  if (!read_trust_points (job, info, error))
    return FALSE;
  points = fast_lds_get (job->inspection->lds, fast_file_cvca ());
  if (job->options->terminal == NULL || job->ephemeral == NULL || points == NULL) {
    fast_fail (&why, FAST_KEY_ERROR, FAST_KEY_ERROR_ABSENT, "inspect-no-terminal", NULL);
    fast_verdicts_add_not_offered (job->inspection->verdicts, FAST_CHECK_TERMINAL, why);
    return TRUE;
  }
  if (check_short_identifier (job, info, points, &why))
    fast_chip_authenticate_terminal (job->session, job->options->terminal, points, job->ephemeral,
                                     &why);
  return tell (job, FAST_CHECK_TERMINAL, why, error);
}

static gboolean
authenticate_active (Job *job, GError **error)
{
  GBytes *content = fast_lds_get (job->inspection->lds, fast_file_group (15));
  GError *why = NULL;

  if (content == NULL) {
    fast_verdicts_add_not_offered (job->inspection->verdicts, FAST_CHECK_ACTIVE, NULL);
    return TRUE;
  }
  fast_chip_authenticate_active (job->session, job->infos, content, &why);
  return tell (job, FAST_CHECK_ACTIVE, why, error);
}

/* In the order of ICAO 9303-11, 3: whether the chip is genuine, whether we may see what it guards,
 * then the groups. */
static gboolean
read_chip (Job *job, GError **error)
{
  if (!read_lists (job, error) || !read_group (job, 14, error) || !authenticate_chip (job, error) ||
      !authenticate_terminal (job, error))
    return FALSE;
  for (guint group = 1; group <= 16; group++)
    if (group != 14 && !read_group (job, group, error))
      return FALSE;
  return authenticate_active (job, error);
}

/* DG1 must be the document whose MRZ opened the chip. */
static void
check_mrz (FastInspection *inspection, FastSecret *wanted)
{
  GError *why = NULL;
  g_autoptr (FastSecret) found = fast_lds_mrz_information (inspection->lds, &why);

  if (found != NULL && (fast_secret_size (found) != fast_secret_size (wanted) ||
                        !fast_equal_secret (fast_secret_data (found), fast_secret_data (wanted),
                                            fast_secret_size (found))))
    fast_fail (&why, FAST_CARD_ERROR, FAST_CARD_ERROR_MISMATCH, "inspect-mrz", NULL);
  fast_verdicts_add (inspection->verdicts, FAST_CHECK_MRZ, NULL, why);
}

static void
job_clear (Job *job)
{
  g_clear_pointer (&job->session, fast_chip_session_free);
  g_clear_pointer (&job->inspection, fast_inspection_free);
  g_clear_pointer (&job->object, fast_security_object_free);
  g_clear_pointer (&job->infos, g_ptr_array_unref);
  g_clear_pointer (&job->ephemeral, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

/**
 * fast_chip_inspect:
 * @transport: the way to the chip
 * @options: what is known and believed
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Reads a chip as any reader would, and judges it: access control, EF.COM and EF.SOD, chip and
 * terminal authentication, the data groups, active authentication, passive authentication (ICAO
 * 9303-11, 3). Every check is made that can be, also after one failed.
 *
 * Returns: (transfer full): what it told, or %NULL when it cannot be read at all
 */
FastInspection *
fast_chip_inspect (FastTransport *transport, const FastInspectOptions *options,
                   GCancellable *cancellable, GError **error)
{
  g_auto (Job) job = {.options = options,
                      .session = fast_chip_session_new (transport, cancellable),
                      .inspection = g_new0 (FastInspection, 1)};
  FastInspection *inspection = job.inspection;

  inspection->lds = fast_lds_new ();
  inspection->verdicts = fast_verdicts_new ();
  if (!fast_chip_access (job.session, &options->access, inspection->lds, inspection->verdicts,
                         error) ||
      !read_chip (&job, error))
    return NULL;
  if (options->access.mrz_information != NULL)
    check_mrz (inspection, options->access.mrz_information);
  fast_passive_authentication (inspection->lds, options->trust, options->at, inspection->verdicts);
  return g_steal_pointer (&job.inspection);
}

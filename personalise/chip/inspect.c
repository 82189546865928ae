/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/chip/inspect.h"

#include "personalise/apdu/mrz-information.h"
#include "personalise/chip/session.h"
#include "personalise/lds/common-data.h"
#include "record/base/tlv.h"

#define TAG_MRZ 0x5F1F

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

/* One file: a verdict for what the chip or the file itself gets wrong; only a lost chip ends the
 * inspection. */
static gboolean
read_file (FastChipSession *session, const FastFile *file, FastInspection *inspection,
           GError **error)
{
  GError *why = NULL;
  g_autoptr (GBytes) content = fast_chip_session_read_file (session, file, &why);

  if (content != NULL)
    fast_lds_set (inspection->lds, file, content, &why);
  if (why != NULL && fast_chip_is_lost (why)) {
    g_propagate_error (error, why);
    return FALSE;
  }
  fast_verdicts_add (inspection->verdicts, FAST_CHECK_READ, file->name, why);
  return TRUE;
}

static gboolean
read_groups (FastChipSession *session, FastInspection *inspection, GError **error)
{
  GBytes *common = fast_lds_get (inspection->lds, fast_file_com ());
  FastCommonData data = {.groups = 0};

  if (common != NULL && !fast_common_data_parse (common, &data, NULL))
    data.groups = 0;
  for (guint group = 1; group <= 16; group++)
    if ((data.groups & 1u << group) != 0 &&
        !read_file (session, fast_file_group (group), inspection, error))
      return FALSE;
  return TRUE;
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

/**
 * fast_chip_inspect:
 * @transport: the way to the chip
 * @options: what is known and believed
 * @cancellable: (nullable): ends it early
 * @error: return location for an error
 *
 * Reads a chip as any reader would: access control, EF.COM, the data groups that it lists, EF.SOD,
 * then passive authentication (ICAO 9303-11, 5.1).
 *
 * Returns: (transfer full): what it told, or %NULL when it cannot be read at all
 */
FastInspection *
fast_chip_inspect (FastTransport *transport, const FastInspectOptions *options,
                   GCancellable *cancellable, GError **error)
{
  g_autoptr (FastChipSession) session = fast_chip_session_new (transport, cancellable);
  g_autoptr (FastInspection) inspection = g_new0 (FastInspection, 1);

  inspection->lds = fast_lds_new ();
  inspection->verdicts = fast_verdicts_new ();
  if (!fast_chip_access (session, &options->access, inspection->lds, inspection->verdicts, error) ||
      !read_file (session, fast_file_com (), inspection, error) ||
      !read_groups (session, inspection, error) ||
      !read_file (session, fast_file_sod (), inspection, error))
    return NULL;
  if (options->access.mrz_information != NULL)
    check_mrz (inspection, options->access.mrz_information);
  fast_passive_authentication (inspection->lds, options->trust, options->at, inspection->verdicts);
  return g_steal_pointer (&inspection);
}

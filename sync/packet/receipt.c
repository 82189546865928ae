/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/receipt.h"

#include <string.h>

#include "record/base/error.h"

#define POLICY_LIMIT 128
#define RECEIPT_LIMIT 65536

typedef struct {
  const char *name;
  const char *policy;
  const char *suffix;
  gboolean by_opened;
} Kind;

static const Kind kinds[] = {
    [FAST_RECEIPT_STORED] = {"stored", FAST_TIMESTAMP_STORED, ".tsr", FALSE},
    [FAST_RECEIPT_OPENED] = {"opened", FAST_TIMESTAMP_OPENED, ".opened.tsr", TRUE},
    [FAST_RECEIPT_BATCH] = {"batch", FAST_TIMESTAMP_BATCH, ".batch.tsr", TRUE},
    [FAST_RECEIPT_TIME] = {"time", FAST_TIMESTAMP_TIME, ".time.tsr", FALSE},
};

/**
 * fast_receipt_kind_name:
 * @kind: a kind
 *
 * Returns: (transfer none): as in `/v1/packets/ID/receipts/stored`
 */
const char *
fast_receipt_kind_name (FastReceiptKind kind)
{
  return kinds[kind].name;
}

/**
 * fast_receipt_kind_parse:
 * @name: a name
 * @kind: (out): the kind
 *
 * Returns: whether there is such a kind
 */
gboolean
fast_receipt_kind_parse (const char *name, FastReceiptKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0) {
      *kind = (FastReceiptKind)i;
      return TRUE;
    }
  return FALSE;
}

/**
 * fast_receipt_kind_policy:
 * @kind: a kind
 *
 * Returns: (transfer none): the policy of its tokens, dotted
 */
const char *
fast_receipt_kind_policy (FastReceiptKind kind)
{
  return kinds[kind].policy;
}

/**
 * fast_receipt_file_name:
 * @kind: a kind
 * @packet_id: a packet
 *
 * Returns: (transfer full): `ID.tsr` (stored), `ID.opened.tsr` or `ID.batch.tsr`
 */
char *
fast_receipt_file_name (FastReceiptKind kind, const char *packet_id)
{
  return g_strconcat (packet_id, kinds[kind].suffix, NULL);
}

/**
 * fast_receipt_issue:
 * @kind: what is said
 * @packet_id: about which packet
 * @extension: (nullable): with a batch receipt, the nation's roots and counts as canonical JSON
 * @certificate: `receipt` for stored and time, `opened` for opened and batch
 * @key: its key
 * @error: return location for an error
 *
 * Returns: (transfer full): a complete RFC 3161 TimeStampResp, which `openssl ts -verify` accepts
 */
GBytes *
fast_receipt_issue (FastReceiptKind kind, const char *packet_id, GBytes *extension,
                    X509 *certificate, EVP_PKEY *key, GError **error)
{
  g_autoptr (GBytes) digest = fast_hex_decode (packet_id, error);

  return digest == NULL ? NULL
                        : fast_timestamp_issue (digest, kinds[kind].policy, certificate, key,
                                                extension, error);
}

/* The policy that a response claims; nothing of it is believed yet. */
static gboolean
read_policy (GBytes *tsr, char policy[POLICY_LIMIT])
{
  const guint8 *data = g_bytes_get_data (tsr, NULL);
  g_autoptr (TS_RESP) response = NULL;
  TS_TST_INFO *info;

  if (g_bytes_get_size (tsr) > RECEIPT_LIMIT)
    return FALSE;
  response = d2i_TS_RESP (NULL, &data, (long)g_bytes_get_size (tsr));
  info = response == NULL ? NULL : TS_RESP_get_tst_info (response);
  return info != NULL &&
         OBJ_obj2txt (policy, POLICY_LIMIT, TS_TST_INFO_get_policy_id (info), 1) > 0;
}

static const char *
name_of_policy (const char *policy)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].policy, policy) == 0)
      return kinds[i].name;
  return policy;
}

/* Told apart before the signature is looked at: an opened receipt offered as a stored one has a
 * good signature, of the wrong kind, and whoever reads the error must not go hunting for a key. */
static gboolean
check_kind (GBytes *tsr, FastReceiptKind kind, GError **error)
{
  char policy[POLICY_LIMIT];

  if (!read_policy (tsr, policy))
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_RECEIPT, "receipt-malformed", NULL);
  if (strcmp (policy, kinds[kind].policy) != 0)
    return fast_fail (error, FAST_SYNC_ERROR, FAST_SYNC_ERROR_RECEIPT, "receipt-other-kind",
                      "found=%s, wanted=%s", name_of_policy (policy), kinds[kind].name);
  return TRUE;
}

/**
 * fast_receipt_verify:
 * @tsr: a TimeStampResp
 * @kind: what it must say
 * @packet_id: about which packet
 * @signers: the nation's two certificates; the one that signs this kind is judged at the token's
 *   time, so that old receipts outlive it
 * @error: return location for an error
 *
 * Returns: (transfer full): the token, or %NULL: FAST_SYNC_ERROR_RECEIPT with `receipt-other-kind`
 *   when it is of another kind, else with why it proves nothing
 */
FastTimestamp *
fast_receipt_verify (GBytes *tsr, FastReceiptKind kind, const char *packet_id,
                     const FastReceiptSigners *signers, GError **error)
{
  X509 *signer = kinds[kind].by_opened ? signers->opened : signers->receipt;
  g_autoptr (GBytes) digest = fast_hex_decode (packet_id, error);
  g_autoptr (FastTimestamp) token = NULL;

  if (digest != NULL && check_kind (tsr, kind, error))
    token = fast_timestamp_verify (tsr, digest, kinds[kind].policy, signer, error);
  if (token != NULL &&
      fast_trust_verify (signers->trust, signer, FAST_PURPOSE_TIMESTAMP, token->time, error))
    return g_steal_pointer (&token);
  fast_error_prefix (error, "receipt-refused", "kind=%s, packet=%s", kinds[kind].name, packet_id);
  return NULL;
}

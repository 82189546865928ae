/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace.h"

#include "personalise/apdu/kdf.h"
#include "personalise/apdu/pace-data.h"
#include "personalise/apdu/pace-domain.h"
#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

#define TOKEN FAST_CIPHER_MAC_SIZE
#define NONCE_MAX 64

/* ICAO 9303-11, 4.4.3.4: what the tokens are computed over. */
enum {
  TAG_PUBLIC_KEY = 0x7F49,
  TAG_OBJECT_IDENTIFIER = 0x06,
  TAG_POINT = 0x86,
};

typedef enum { ROLE_READER, ROLE_CHIP } Role;

struct _FastPace {
  Role role;
  FastPaceSelection selection;
  FastRandomSource source;
  FastPaceDomain *domain;
  FastSecret *key;
  FastSecret *nonce;
  FastSecret *own;
  FastSecret *shared;
  GBytes *own_public;
  GBytes *other_public;
  guint step;
  gboolean asked;
  gboolean failed;
};

/* One row a step. @make gives what this side sends, @take looks at what the other one sent. */
typedef struct {
  guint32 asked;
  guint32 answered;
  GBytes *(*reader_make) (FastPace *pace, GError **error);
  gboolean (*reader_take) (FastPace *pace, GBytes *value, GError **error);
  gboolean (*chip_take) (FastPace *pace, GBytes *value, GError **error);
  GBytes *(*chip_make) (FastPace *pace, GError **error);
} Step;

static gboolean
fail_form (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "pace-data", NULL);
}

static gboolean
fail_order (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "pace-order", NULL);
}

static gboolean
fail_refused (GError **error)
{
  return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "pace-refused", NULL);
}

/* --- step 1: the nonce --- */

/* ICAO 9303-11, 4.4.3.3: whole blocks, and not shorter than the cipher's key. */
static gsize
nonce_size (const FastPace *pace)
{
  const gsize block = fast_cipher_block_size (pace->selection.protocol.cipher);
  const gsize key = fast_cipher_key_size (pace->selection.protocol.cipher);

  return (key + block - 1) / block * block;
}

static GBytes *
chip_make_nonce (FastPace *pace, GError **error)
{
  const gsize size = nonce_size (pace);
  guint8 encrypted[NONCE_MAX];

  pace->nonce = fast_secret_new (size);
  if (!fast_random_source_draw (&pace->source, fast_secret_data (pace->nonce), size, error) ||
      !fast_cipher_encrypt (pace->selection.protocol.cipher, fast_secret_data (pace->key), NULL,
                            fast_secret_data (pace->nonce), encrypted, size, error))
    return NULL;
  return g_bytes_new (encrypted, size);
}

static gboolean
reader_take_nonce (FastPace *pace, GBytes *value, GError **error)
{
  const FastCipher cipher = pace->selection.protocol.cipher;
  const gsize size = g_bytes_get_size (value);

  if (size == 0 || size > NONCE_MAX || size % fast_cipher_block_size (cipher) != 0)
    return fail_form (error);
  pace->nonce = fast_secret_new (size);
  return fast_cipher_decrypt (cipher, fast_secret_data (pace->key), NULL,
                              g_bytes_get_data (value, NULL), fast_secret_data (pace->nonce), size,
                              error);
}

/* --- steps 2 and 3: the two key agreements --- */

static GBytes *
make_key (FastPace *pace, GError **error)
{
  g_clear_pointer (&pace->own, fast_secret_free);
  g_clear_pointer (&pace->own_public, g_bytes_unref);
  pace->own = fast_pace_domain_draw (pace->domain, &pace->source, error);
  if (pace->own == NULL)
    return NULL;
  pace->own_public = fast_pace_domain_public (pace->domain, pace->own, error);
  return pace->own_public != NULL ? g_bytes_ref (pace->own_public) : NULL;
}

/* ICAO 9303-11, 4.4.1: the public keys differ, or one side merely reflects the other. */
static gboolean
meet (FastPace *pace, GBytes *value, GError **error)
{
  g_clear_pointer (&pace->other_public, g_bytes_unref);
  pace->other_public = g_bytes_ref (value);
  if (g_bytes_equal (pace->own_public, value))
    return fast_fail (error, FAST_CARD_ERROR, FAST_CARD_ERROR_ACCESS, "pace-reflected", NULL);
  return TRUE;
}

static gboolean
take_mapping (FastPace *pace, GBytes *value, GError **error)
{
  return meet (pace, value, error) &&
         fast_pace_domain_map (pace->domain, pace->nonce, pace->own, value, error);
}

static gboolean
take_agreement (FastPace *pace, GBytes *value, GError **error)
{
  if (!meet (pace, value, error))
    return FALSE;
  pace->shared = fast_pace_domain_agree (pace->domain, pace->own, value, error);
  return pace->shared != NULL;
}

static gboolean
chip_take_mapping (FastPace *pace, GBytes *value, GError **error)
{
  g_autoptr (GBytes) own = make_key (pace, error);

  return own != NULL && take_mapping (pace, value, error);
}

static gboolean
chip_take_agreement (FastPace *pace, GBytes *value, GError **error)
{
  g_autoptr (GBytes) own = make_key (pace, error);

  return own != NULL && take_agreement (pace, value, error);
}

static GBytes *
chip_make_public (FastPace *pace, GError **error G_GNUC_UNUSED)
{
  return g_bytes_ref (pace->own_public);
}

/* --- step 4: the tokens --- */

/* ICAO 9303-11, 4.4.3.4: a MAC over the other side's public key with its protocol. */
static gboolean
compute_token (FastPace *pace, GBytes *point, guint8 token[TOKEN], GError **error)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint8 oid[FAST_PACE_OID_SIZE];
  guint8 key[FAST_CIPHER_KEY_MAX];
  gboolean done;

  fast_pace_protocol_write (&pace->selection.protocol, oid);
  fast_tlv_append (inner, TAG_OBJECT_IDENTIFIER, oid, sizeof oid);
  fast_tlv_append_bytes (inner, TAG_POINT, point);
  fast_tlv_append_array (data, TAG_PUBLIC_KEY, inner);
  fast_kdf (pace->selection.protocol.cipher, fast_secret_data (pace->shared),
            fast_secret_size (pace->shared), FAST_KDF_MAC, key);
  done =
      fast_cipher_mac (pace->selection.protocol.cipher, key, data->data, data->len, token, error);
  fast_wipe (key, sizeof key);
  return done;
}

static GBytes *
make_token (FastPace *pace, GError **error)
{
  guint8 token[TOKEN];

  if (!compute_token (pace, pace->other_public, token, error))
    return NULL;
  return g_bytes_new (token, sizeof token);
}

static gboolean
take_token (FastPace *pace, GBytes *value, GError **error)
{
  guint8 token[TOKEN];

  if (g_bytes_get_size (value) != TOKEN)
    return fail_form (error);
  if (!compute_token (pace, pace->own_public, token, error))
    return FALSE;
  return fast_equal_secret (token, g_bytes_get_data (value, NULL), TOKEN) || fail_refused (error);
}

/* --- the table --- */

static const Step steps[] = {
    {FAST_PACE_NOTHING, FAST_PACE_NONCE, NULL, reader_take_nonce, NULL, chip_make_nonce},
    {FAST_PACE_MAP_READER, FAST_PACE_MAP_CHIP, make_key, take_mapping, chip_take_mapping,
     chip_make_public},
    {FAST_PACE_KEY_READER, FAST_PACE_KEY_CHIP, make_key, take_agreement, chip_take_agreement,
     chip_make_public},
    {FAST_PACE_TOKEN_READER, FAST_PACE_TOKEN_CHIP, make_token, take_token, take_token, make_token},
};

#define LAST (G_N_ELEMENTS (steps) - 1)

static gboolean
may_go_on (FastPace *pace, Role role, gboolean asked, GError **error)
{
  if (!pace->failed && pace->role == role && pace->asked == asked &&
      pace->step < G_N_ELEMENTS (steps))
    return TRUE;
  return fail_order (error);
}

/* Nothing that was agreed on outlives a failure. */
static gpointer
give_up (FastPace *pace)
{
  pace->failed = TRUE;
  g_clear_pointer (&pace->nonce, fast_secret_free);
  g_clear_pointer (&pace->own, fast_secret_free);
  g_clear_pointer (&pace->shared, fast_secret_free);
  return NULL;
}

/* --- what both roles drive --- */

static FastPace *
new_role (Role role, const FastPaceSelection *selection, FastSecret *password,
          const FastRandomSource *source, GError **error)
{
  g_autofree char *oid = NULL;
  FastPaceDomain *domain;
  FastPace *pace;

  if (!fast_pace_protocol_is_supported (&selection->protocol)) {
    oid = fast_pace_protocol_format (&selection->protocol);
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "pace-protocol",
                           "oid=%s", oid);
  }
  domain = fast_pace_domain_new (selection->parameters, error);
  if (domain == NULL || !fast_pace_password_check (selection->password, error)) {
    g_clear_pointer (&domain, fast_pace_domain_free);
    return NULL;
  }
  pace = g_new0 (FastPace, 1);
  pace->role = role;
  pace->selection = *selection;
  pace->domain = domain;
  if (source != NULL)
    pace->source = *source;
  pace->key = fast_secret_new (fast_cipher_key_size (selection->protocol.cipher));
  fast_kdf (selection->protocol.cipher, fast_secret_data (password), fast_secret_size (password),
            FAST_KDF_PASSWORD, fast_secret_data (pace->key));
  return pace;
}

/**
 * fast_pace_new_reader:
 * @selection: what MSE:Set AT told the chip, with the domain parameters named
 * @password: as fast_pace_password() gives it
 * @source: (nullable): where ephemeral keys come from; what it points to outlives the run
 * @error: return location for an error
 *
 * Returns: (transfer full): a run in the reader's role, or %NULL with FAST_INPUT_ERROR_UNSUPPORTED
 */
FastPace *
fast_pace_new_reader (const FastPaceSelection *selection, FastSecret *password,
                      const FastRandomSource *source, GError **error)
{
  return new_role (ROLE_READER, selection, password, source, error);
}

/**
 * fast_pace_new_chip:
 * @selection: what MSE:Set AT asked for, with the domain parameters named
 * @password: the password that it refers to, as fast_pace_password() gives it
 * @source: (nullable): where nonce and ephemeral keys come from; what it points to outlives the run
 * @error: return location for an error
 *
 * Returns: (transfer full): a run in the chip's role, or %NULL with FAST_INPUT_ERROR_UNSUPPORTED
 */
FastPace *
fast_pace_new_chip (const FastPaceSelection *selection, FastSecret *password,
                    const FastRandomSource *source, GError **error)
{
  return new_role (ROLE_CHIP, selection, password, source, error);
}

/**
 * fast_pace_free:
 * @pace: (transfer full): wiped
 */
void
fast_pace_free (FastPace *pace)
{
  give_up (pace);
  fast_secret_free (pace->key);
  fast_pace_domain_free (pace->domain);
  g_clear_pointer (&pace->own_public, g_bytes_unref);
  g_clear_pointer (&pace->other_public, g_bytes_unref);
  g_free (pace);
}

/**
 * fast_pace_class:
 * @pace: a run
 *
 * ISO/IEC 7816-4, 5.1.1.1: every command but the last of a chain has bit 5 set.
 *
 * Returns: the class byte of the next GENERAL AUTHENTICATE
 */
guint8
fast_pace_class (const FastPace *pace)
{
  return pace->step < LAST ? FAST_PACE_CLASS_CHAINED : FAST_PACE_CLASS_LAST;
}

/**
 * fast_pace_is_done:
 * @pace: a run
 *
 * Returns: whether all steps were made and the other side's token was right
 */
gboolean
fast_pace_is_done (const FastPace *pace)
{
  return !pace->failed && pace->step == G_N_ELEMENTS (steps);
}

/**
 * fast_pace_reader_ask:
 * @pace: a run in the reader's role
 * @error: return location for an error
 *
 * Returns: (transfer full): the data of the next GENERAL AUTHENTICATE, or %NULL; the previous
 *   answer must have been taken
 */
GBytes *
fast_pace_reader_ask (FastPace *pace, GError **error)
{
  const Step *step = &steps[MIN (pace->step, LAST)];
  g_autoptr (GBytes) value = NULL;

  if (!may_go_on (pace, ROLE_READER, FALSE, error))
    return give_up (pace);
  if (step->reader_make != NULL) {
    value = step->reader_make (pace, error);
    if (value == NULL)
      return give_up (pace);
  }
  pace->asked = TRUE;
  return fast_pace_data_build (step->asked, value);
}

/**
 * fast_pace_reader_take:
 * @pace: a run in the reader's role
 * @data: what the chip answered to GENERAL AUTHENTICATE
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: whether the step was made; FAST_CARD_ERROR_ACCESS when the chip's token is wrong
 */
gboolean
fast_pace_reader_take (FastPace *pace, gconstpointer data, gsize size, GError **error)
{
  const Step *step = &steps[MIN (pace->step, LAST)];
  g_autoptr (GBytes) value = NULL;

  if (!may_go_on (pace, ROLE_READER, TRUE, error) ||
      !fast_pace_data_parse (data, size, step->answered, &value, error) ||
      !step->reader_take (pace, value, error)) {
    give_up (pace);
    return FALSE;
  }
  pace->asked = FALSE;
  pace->step++;
  return TRUE;
}

/**
 * fast_pace_chip_answer:
 * @pace: a run in the chip's role
 * @data: the data of GENERAL AUTHENTICATE
 * @size: how many bytes
 * @error: return location for an error
 *
 * Returns: (transfer full): the answer's data; or %NULL with FAST_CARD_ERROR_ACCESS when the
 *   reader's token is wrong or it reflects the chip's key (6300), FAST_INPUT_ERROR for what is
 *   malformed, no point of the curve or out of order (6A80)
 */
GBytes *
fast_pace_chip_answer (FastPace *pace, gconstpointer data, gsize size, GError **error)
{
  const Step *step = &steps[MIN (pace->step, LAST)];
  g_autoptr (GBytes) asked = NULL;
  g_autoptr (GBytes) answer = NULL;

  if (!may_go_on (pace, ROLE_CHIP, FALSE, error) ||
      !fast_pace_data_parse (data, size, step->asked, &asked, error) ||
      (step->chip_take != NULL && !step->chip_take (pace, asked, error)))
    return give_up (pace);
  answer = step->chip_make (pace, error);
  if (answer == NULL)
    return give_up (pace);
  pace->step++;
  return fast_pace_data_build (step->answered, answer);
}

/**
 * fast_pace_dup_identity:
 * @pace: a run that is done and not finished yet
 *
 * What terminal authentication takes for the chip after PACE: its ephemeral key of step 3, in the
 * compressed form of TR-03110-3, A.2.2.3.
 *
 * Returns: (transfer full) (nullable): the x coordinate; %NULL before the run is done
 */
GBytes *
fast_pace_dup_identity (const FastPace *pace)
{
  GBytes *point = pace->role == ROLE_CHIP ? pace->own_public : pace->other_public;

  if (!fast_pace_is_done (pace) || point == NULL)
    return NULL;
  return g_bytes_new_from_bytes (point, 1, g_bytes_get_size (point) / 2);
}

/**
 * fast_pace_finish:
 * @pace: a run that is done
 * @error: return location for an error
 *
 * Ends the run: a second call is refused.
 *
 * Returns: (transfer full): the secured session, its counter at zero (ICAO 9303-11, 9.8.7.3)
 */
FastSecureMessaging *
fast_pace_finish (FastPace *pace, GError **error)
{
  FastSecureMessaging *session;

  if (!fast_pace_is_done (pace)) {
    fail_order (error);
    return give_up (pace);
  }
  session = fast_secure_messaging_from_secret (pace->selection.protocol.cipher,
                                               fast_secret_data (pace->shared),
                                               fast_secret_size (pace->shared), error);
  give_up (pace);
  return session;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/emulator/chip-state.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/tlv.h"

#define VERSION 2
#define EF_ATR_INFO 0x2F01
#define EF_ATR_INFO_SHORT 0x01

/* The tags of the state file. */
enum {
  TAG_STATE = 0x70,
  TAG_VERSION = 0x80,
  TAG_SERIAL = 0x81,
  TAG_LIFE = 0x82,
  TAG_SOFTWARE = 0x83,
  TAG_SECRET = 0xA5,
  TAG_FILE = 0xA4,
  TAG_NUMBER = 0x80,
  TAG_CONTENT = 0x81,
  TAG_FOLDER = 0x82,
  TAG_DIGEST = 0x8F,
};

static void
file_free (gpointer data)
{
  FastChipFile *file = data;

  fast_wipe (file->content->data, file->content->len);
  g_byte_array_unref (file->content);
  g_free (file);
}

static FastChipState *
state_new (void)
{
  FastChipState *state = g_new0 (FastChipState, 1);

  state->life = FAST_LIFE_CYCLE_BLANK;
  state->secrets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)fast_secret_free);
  state->files = g_ptr_array_new_with_free_func (file_free);
  return state;
}

/**
 * fast_chip_state_free:
 * @state: (transfer full): wiped
 */
void
fast_chip_state_free (FastChipState *state)
{
  g_ptr_array_unref (state->files);
  g_hash_table_unref (state->secrets);
  g_free (state);
}

/**
 * fast_chip_state_new_blank:
 * @software: the number of its software
 * @error: return location for an error
 *
 * Returns: (transfer full): a chip fresh from the factory, with a random serial number
 */
FastChipState *
fast_chip_state_new_blank (guint8 software, GError **error)
{
  g_autoptr (FastChipState) state = state_new ();

  state->software = software;
  if (!fast_random (state->serial, sizeof state->serial, error))
    return NULL;
  return g_steal_pointer (&state);
}

/**
 * fast_chip_state_set_secret:
 * @state: a chip's state
 * @number: what is set, as PUT DATA names it
 * @data: its bytes; copied
 * @size: how many
 */
void
fast_chip_state_set_secret (FastChipState *state, guint16 number, gconstpointer data, gsize size)
{
  g_hash_table_insert (state->secrets, GUINT_TO_POINTER (number),
                       fast_secret_new_from (data, size));
}

/**
 * fast_chip_state_get_secret:
 * @state: a chip's state
 * @number: what is asked for, as PUT DATA names it
 *
 * Returns: (transfer none) (nullable): it
 */
FastSecret *
fast_chip_state_get_secret (const FastChipState *state, guint16 number)
{
  return g_hash_table_lookup (state->secrets, GUINT_TO_POINTER (number));
}

/**
 * fast_chip_state_find:
 * @state: a chip's state
 * @folder: where to look
 * @fid: file identifier
 *
 * Returns: (transfer none) (nullable): that file
 */
FastChipFile *
fast_chip_state_find (const FastChipState *state, FastChipFolder folder, guint16 fid)
{
  for (guint i = 0; i < state->files->len; i++) {
    FastChipFile *file = g_ptr_array_index (state->files, i);
    if (file->folder == folder && file->fid == fid)
      return file;
  }
  return NULL;
}

/**
 * fast_chip_state_find_short:
 * @state: a chip's state
 * @folder: where to look
 * @sfi: short file identifier: the last five bits of the file identifier (ICAO 9303-10, table 38),
 *   but 01 in the master file, which is EF.ATR/INFO
 *
 * Returns: (transfer none) (nullable): that file
 */
FastChipFile *
fast_chip_state_find_short (const FastChipState *state, FastChipFolder folder, guint8 sfi)
{
  if (folder == FAST_CHIP_MASTER_FILE && sfi == EF_ATR_INFO_SHORT)
    return fast_chip_state_find (state, folder, EF_ATR_INFO);
  return fast_chip_state_find (state, folder, (guint16)(0x0100 | sfi));
}

/**
 * fast_chip_state_add:
 * @state: a chip's state, without such a file
 * @folder: where it will lie
 * @fid: file identifier
 * @size: in bytes
 *
 * Returns: (transfer none): the new file, filled with zeros
 */
FastChipFile *
fast_chip_state_add (FastChipState *state, FastChipFolder folder, guint16 fid, gsize size)
{
  FastChipFile *file = g_new0 (FastChipFile, 1);
  guint8 *zeros = g_malloc0 (size);

  file->folder = folder;
  file->fid = fid;
  file->content = g_byte_array_new_take (zeros, size);
  g_ptr_array_add (state->files, file);
  return file;
}

/**
 * fast_chip_state_used:
 * @state: a chip's state
 *
 * Returns: how many bytes its files take
 */
gsize
fast_chip_state_used (const FastChipState *state)
{
  gsize used = 0;

  for (guint i = 0; i < state->files->len; i++)
    used += ((FastChipFile *)g_ptr_array_index (state->files, i))->content->len;
  return used;
}

static void
append_file (GByteArray *out, const FastChipFile *file)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  const guint8 fid[] = {(guint8)(file->fid >> 8), (guint8)file->fid};
  const guint8 folder = (guint8)file->folder;

  fast_tlv_append (inner, TAG_FOLDER, &folder, 1);
  fast_tlv_append (inner, TAG_NUMBER, fid, sizeof fid);
  fast_tlv_append_array (inner, TAG_CONTENT, file->content);
  fast_tlv_append_array (out, TAG_FILE, inner);
}

static void
append_secret (GByteArray *out, guint number, FastSecret *secret)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  const guint8 name[] = {(guint8)(number >> 8), (guint8)number};

  fast_tlv_append (inner, TAG_NUMBER, name, sizeof name);
  fast_tlv_append (inner, TAG_CONTENT, fast_secret_data (secret), fast_secret_size (secret));
  fast_tlv_append_array (out, TAG_SECRET, inner);
  fast_wipe (inner->data, inner->len);
}

static gint
compare_numbers (gconstpointer left, gconstpointer right)
{
  return GPOINTER_TO_INT (left) - GPOINTER_TO_INT (right);
}

/* In the order of their numbers, so that the same state has the same bytes. */
static void
append_secrets (GByteArray *out, const FastChipState *state)
{
  g_autoptr (GList) numbers = g_list_sort (g_hash_table_get_keys (state->secrets), compare_numbers);

  for (GList *at = numbers; at != NULL; at = at->next)
    append_secret (out, GPOINTER_TO_UINT (at->data),
                   g_hash_table_lookup (state->secrets, at->data));
}

/**
 * fast_chip_state_format:
 * @state: a chip's state
 *
 * Returns: (transfer full): the bytes of its file
 */
GBytes *
fast_chip_state_format (const FastChipState *state)
{
  g_autoptr (GByteArray) inner = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();
  const guint8 version = VERSION;
  const guint8 life = (guint8)state->life;
  guint8 digest[FAST_SHA256_SIZE];

  fast_tlv_append (inner, TAG_VERSION, &version, 1);
  fast_tlv_append (inner, TAG_SERIAL, state->serial, sizeof state->serial);
  fast_tlv_append (inner, TAG_LIFE, &life, 1);
  fast_tlv_append (inner, TAG_SOFTWARE, &state->software, 1);
  append_secrets (inner, state);
  for (guint i = 0; i < state->files->len; i++)
    append_file (inner, g_ptr_array_index (state->files, i));
  fast_sha256 (inner->data, inner->len, digest);
  fast_tlv_append (inner, TAG_DIGEST, digest, sizeof digest);
  fast_tlv_append_array (out, TAG_STATE, inner);
  return g_byte_array_free_to_bytes (out);
}

static gboolean
fail (GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_MALFORMED, "chip-state-malformed",
                    NULL);
}

static gboolean
read_fixed (FastReader *reader, guint32 tag, gpointer to, gsize size, GError **error)
{
  FastTlv tlv;

  if (!fast_tlv_expect (reader, tag, &tlv, error))
    return FALSE;
  return (tlv.size == size && fast_copy (to, size, tlv.value, size)) || fail (error);
}

static gboolean
read_life (FastReader *reader, FastChipState *state, GError **error)
{
  guint8 life;

  if (!read_fixed (reader, TAG_LIFE, &life, 1, error))
    return FALSE;
  if (life != FAST_LIFE_CYCLE_BLANK && life != FAST_LIFE_CYCLE_OPEN &&
      life != FAST_LIFE_CYCLE_ACTIVE)
    return fail (error);
  state->life = (FastLifeCycle)life;
  return TRUE;
}

static gboolean
read_head (FastReader *reader, FastChipState *state, GError **error)
{
  guint8 version;

  if (!read_fixed (reader, TAG_VERSION, &version, 1, error))
    return FALSE;
  if (version != VERSION)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "chip-state-version",
                      "version=%u", version);
  return read_fixed (reader, TAG_SERIAL, state->serial, sizeof state->serial, error) &&
         read_life (reader, state, error) &&
         read_fixed (reader, TAG_SOFTWARE, &state->software, 1, error);
}

/* What stands inside a file or a secret: its number, then its content. */
static gboolean
read_content (FastReader *inner, guint16 *number, FastTlv *content, GError **error)
{
  guint8 name[2];

  if (!read_fixed (inner, TAG_NUMBER, name, sizeof name, error) ||
      !fast_tlv_expect (inner, TAG_CONTENT, content, error) || !fast_reader_end (inner, error))
    return FALSE;
  *number = (guint16)(name[0] << 8 | name[1]);
  return TRUE;
}

static gboolean
read_file (const FastTlv *tlv, FastChipState *state, GError **error)
{
  FastReader inner = fast_tlv_open (tlv, "chip file");
  FastTlv content;
  FastChipFile *file;
  guint16 fid;
  guint8 folder;

  if (!read_fixed (&inner, TAG_FOLDER, &folder, 1, error) ||
      !read_content (&inner, &fid, &content, error))
    return FALSE;
  if (folder > FAST_CHIP_APPLICATION || content.size > FAST_CHIP_FILE_MAX ||
      fast_chip_state_find (state, (FastChipFolder)folder, fid) != NULL)
    return fail (error);
  file = fast_chip_state_add (state, (FastChipFolder)folder, fid, content.size);
  return fast_copy (file->content->data, file->content->len, content.value, content.size) ||
         fail (error);
}

static gboolean
read_secret (const FastTlv *tlv, FastChipState *state, GError **error)
{
  FastReader inner = fast_tlv_open (tlv, "chip secret");
  FastTlv content;
  guint16 number;

  if (!read_content (&inner, &number, &content, error))
    return FALSE;
  if (state->files->len > 0 || fast_chip_state_get_secret (state, number) != NULL)
    return fail (error);
  fast_chip_state_set_secret (state, number, content.value, content.size);
  return TRUE;
}

static gboolean
read_digest (const FastReader *reader, const FastTlv *tlv, GError **error)
{
  guint8 digest[FAST_SHA256_SIZE];

  fast_sha256 (reader->data, (gsize)(tlv->start - reader->data), digest);
  if (tlv->size != sizeof digest || !fast_equal_secret (digest, tlv->value, sizeof digest))
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "chip-state-digest", NULL);
  return fast_reader_end (reader, error);
}

/* Secrets, then files, then the digest, which ends it. */
static gboolean
read_rest (FastReader *reader, FastChipState *state, GError **error)
{
  FastTlv tlv;

  while (fast_tlv_read (reader, &tlv, error)) {
    if (tlv.tag == TAG_DIGEST)
      return read_digest (reader, &tlv, error);
    if (tlv.tag != TAG_SECRET && tlv.tag != TAG_FILE)
      return fail (error);
    if (!(tlv.tag == TAG_SECRET ? read_secret : read_file) (&tlv, state, error))
      return FALSE;
  }
  return FALSE;
}

/**
 * fast_chip_state_parse:
 * @bytes: a state file
 * @error: return location for an error
 *
 * Returns: (transfer full): the state, or %NULL when any byte of the file is not as it was written
 */
FastChipState *
fast_chip_state_parse (GBytes *bytes, GError **error)
{
  g_autoptr (FastChipState) state = state_new ();
  FastReader reader = fast_reader_from_bytes (bytes, "chip state");
  FastReader inner;
  FastTlv tlv;

  if (!fast_tlv_expect (&reader, TAG_STATE, &tlv, error) || !fast_reader_end (&reader, error))
    return NULL;
  inner = fast_tlv_open (&tlv, "chip state");
  if (!read_head (&inner, state, error) || !read_rest (&inner, state, error))
    return NULL;
  return g_steal_pointer (&state);
}

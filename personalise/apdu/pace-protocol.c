/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/pace-protocol.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "record/base/number.h"

#define PREFIX_SIZE 8
#define PREFIX_TEXT "0.4.0.127.0.7.2.2.4."

/* bsi-de protocols(2) smartcard(2) 4, the arc of PACE. */
static const guint8 prefix[PREFIX_SIZE] = {0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04};

/* Arcs of ICAO 9303-11, 9.2.3; chip authentication mapping has no Triple-DES. */
static const struct {
  guint8 mapping;
  guint8 suite;
  FastCipher cipher;
} arcs[] = {
    {FAST_PACE_DH_GM, 1, FAST_CIPHER_TDES},       {FAST_PACE_DH_GM, 2, FAST_CIPHER_AES_128},
    {FAST_PACE_DH_GM, 3, FAST_CIPHER_AES_192},    {FAST_PACE_DH_GM, 4, FAST_CIPHER_AES_256},
    {FAST_PACE_ECDH_GM, 1, FAST_CIPHER_TDES},     {FAST_PACE_ECDH_GM, 2, FAST_CIPHER_AES_128},
    {FAST_PACE_ECDH_GM, 3, FAST_CIPHER_AES_192},  {FAST_PACE_ECDH_GM, 4, FAST_CIPHER_AES_256},
    {FAST_PACE_DH_IM, 1, FAST_CIPHER_TDES},       {FAST_PACE_DH_IM, 2, FAST_CIPHER_AES_128},
    {FAST_PACE_DH_IM, 3, FAST_CIPHER_AES_192},    {FAST_PACE_DH_IM, 4, FAST_CIPHER_AES_256},
    {FAST_PACE_ECDH_IM, 1, FAST_CIPHER_TDES},     {FAST_PACE_ECDH_IM, 2, FAST_CIPHER_AES_128},
    {FAST_PACE_ECDH_IM, 3, FAST_CIPHER_AES_192},  {FAST_PACE_ECDH_IM, 4, FAST_CIPHER_AES_256},
    {FAST_PACE_ECDH_CAM, 2, FAST_CIPHER_AES_128}, {FAST_PACE_ECDH_CAM, 3, FAST_CIPHER_AES_192},
    {FAST_PACE_ECDH_CAM, 4, FAST_CIPHER_AES_256},
};

static gboolean
find (FastPaceProtocol *protocol, guint64 mapping, guint64 suite)
{
  for (guint i = 0; i < G_N_ELEMENTS (arcs); i++)
    if (arcs[i].mapping == mapping && arcs[i].suite == suite) {
      *protocol = (FastPaceProtocol){(FastPaceMapping)arcs[i].mapping, arcs[i].cipher};
      return TRUE;
    }
  return FALSE;
}

static gboolean
fail (const char *oid, GError **error)
{
  return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "pace-protocol",
                    "oid=%s", oid);
}

/**
 * fast_pace_protocol_by_oid:
 * @protocol: (out caller-allocates): what it says
 * @oid: an object identifier in dotted form, as EF.CardAccess names it
 * @error: return location for an error
 *
 * Returns: whether it is one of PACE (ICAO 9303-11, 9.2.3), be it supported or not;
 *   FAST_INPUT_ERROR_UNSUPPORTED otherwise
 */
gboolean
fast_pace_protocol_by_oid (FastPaceProtocol *protocol, const char *oid, GError **error)
{
  g_auto (GStrv) last = NULL;
  guint64 mapping;
  guint64 suite;

  if (!g_str_has_prefix (oid, PREFIX_TEXT))
    return fail (oid, error);
  last = g_strsplit (oid + sizeof PREFIX_TEXT - 1, ".", 3);
  if (g_strv_length (last) != 2 || !fast_number_parse (last[0], 10, 1, 0x7F, &mapping) ||
      !fast_number_parse (last[1], 10, 1, 0x7F, &suite) || !find (protocol, mapping, suite))
    return fail (oid, error);
  return TRUE;
}

/**
 * fast_pace_protocol_read:
 * @protocol: (out caller-allocates): what it says
 * @value: the value bytes of an object identifier
 * @size: how many
 * @error: return location for an error
 *
 * Returns: as fast_pace_protocol_by_oid() does
 */
gboolean
fast_pace_protocol_read (FastPaceProtocol *protocol, const guint8 *value, gsize size,
                         GError **error)
{
  g_autofree char *hex = NULL;
  gboolean known = size == FAST_PACE_OID_SIZE;

  for (gsize i = 0; known && i < PREFIX_SIZE; i++)
    known = value[i] == prefix[i];
  if (known && find (protocol, value[PREFIX_SIZE], value[PREFIX_SIZE + 1]))
    return TRUE;
  hex = fast_hex_encode (value, MIN (size, 32));
  return fail (hex, error);
}

static guint8
suite_of (const FastPaceProtocol *protocol)
{
  for (guint i = 0; i < G_N_ELEMENTS (arcs); i++)
    if (arcs[i].mapping == (guint8)protocol->mapping && arcs[i].cipher == protocol->cipher)
      return arcs[i].suite;
  g_assert_not_reached ();
}

/**
 * fast_pace_protocol_write:
 * @protocol: a protocol
 * @value: (out caller-allocates): the value bytes of its object identifier
 */
void
fast_pace_protocol_write (const FastPaceProtocol *protocol, guint8 value[FAST_PACE_OID_SIZE])
{
  fast_copy (value, FAST_PACE_OID_SIZE, prefix, PREFIX_SIZE);
  value[PREFIX_SIZE] = (guint8)protocol->mapping;
  value[PREFIX_SIZE + 1] = suite_of (protocol);
}

/**
 * fast_pace_protocol_format:
 * @protocol: a protocol
 *
 * Returns: (transfer full): its object identifier in dotted form
 */
char *
fast_pace_protocol_format (const FastPaceProtocol *protocol)
{
  return g_strdup_printf (PREFIX_TEXT "%d.%d", protocol->mapping, suite_of (protocol));
}

/**
 * fast_pace_protocol_is_supported:
 * @protocol: a protocol
 *
 * Returns: whether #FastPace can do it: generic mapping over elliptic curves, with every cipher
 */
gboolean
fast_pace_protocol_is_supported (const FastPaceProtocol *protocol)
{
  return protocol->mapping == FAST_PACE_ECDH_GM;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"

G_BEGIN_DECLS

/*
 * The visible digital seal (ICAO 9303-13, BSI TR-03137-1): header, message zone of tagged features,
 * `FF`, and a raw ECDSA signature over header and message zone. It is checked with nothing but the
 * signer's certificate, so a roadside officer needs no network. What our features are is in
 * docs/seal.md; features that a reader does not know are kept and never void a good signature.
 *
 * Parsing proves nothing: only fast_seal_verify() does. Flipping any bit of a seal makes either the
 * parsing or the verification fail, since the signature covers all that stands before it and its
 * own length is fixed by the signer's curve.
 */

#define FAST_SEAL_FEATURE_REFERENCE 0x46
#define FAST_SEAL_TYPE_CATEGORY 0x54

/**
 * FastSealTag:
 * @FAST_SEAL_TAG_MRZ: the three lines of the MRZ, C40
 * @FAST_SEAL_TAG_SERIAL: the serial of the card, C40
 * @FAST_SEAL_TAG_RFID: the RFID number of the card, C40
 * @FAST_SEAL_TAG_FACE: SHA-256 of the face image of the chip
 *
 * The features of our type category.
 */
typedef enum {
  FAST_SEAL_TAG_MRZ = 0x01,
  FAST_SEAL_TAG_SERIAL = 0x02,
  FAST_SEAL_TAG_RFID = 0x03,
  FAST_SEAL_TAG_FACE = 0x04,
} FastSealTag;

/**
 * FastSealContent:
 * @state: the issuing State, three letters as in the MRZ
 * @mrz: the MRZ, its lines one after the other without separators (90 characters)
 * @serial: the serial of the card
 * @rfid: (nullable): its RFID number, if it has one
 * @face: (nullable): the face image of the chip, whose digest goes into the seal
 * @issued: when the document is issued
 * @signed_on: when the seal is signed
 *
 * What a seal is made of. Borrowed for the call.
 */
typedef struct {
  const char *state;
  const char *mrz;
  const char *serial;
  const char *rfid;
  GBytes *face;
  const GDate *issued;
  const GDate *signed_on;
} FastSealContent;

/**
 * FastSeal:
 * @version: 3 or 4, the format's version
 * @state: the issuing State
 * @signer: country and name of the signer, four characters
 * @reference: the serial of its certificate, hexadecimal
 * @issued: when the document was issued
 * @signed_on: when the seal was signed
 * @feature_reference: which list of features the type category uses
 * @type_category: the kind of document
 *
 * A parsed seal; read only.
 */
typedef struct {
  guint version;
  char *state;
  char *signer;
  char *reference;
  GDate issued;
  GDate signed_on;
  guint8 feature_reference;
  guint8 type_category;
  GHashTable *features;
  GBytes *covered;
  GBytes *signature;
} FastSeal;

GBytes *fast_seal_make (const FastSealContent *content, X509 *certificate, EVP_PKEY *key,
                        GError **error);
FastSeal *fast_seal_parse (GBytes *bytes, GError **error);
void fast_seal_free (FastSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSeal, fast_seal_free)

X509 *fast_seal_verify (const FastSeal *seal, GPtrArray *signers, GError **error);

gboolean fast_seal_is_card (const FastSeal *seal);
GBytes *fast_seal_get_feature (const FastSeal *seal, guint8 tag);
char *fast_seal_dup_mrz (const FastSeal *seal, GError **error);
char *fast_seal_dup_serial (const FastSeal *seal, GError **error);
char *fast_seal_dup_rfid (const FastSeal *seal, GError **error);
gboolean fast_seal_matches_face (const FastSeal *seal, GBytes *face);

guint32 fast_seal_date_encode (const GDate *date);
gboolean fast_seal_date_decode (guint32 number, GDate *date, GError **error);

G_END_DECLS

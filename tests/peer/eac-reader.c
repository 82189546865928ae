/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <eac/ca.h>
#include <eac/pace.h>
#include <eac/ta.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eac-channel.h"

/*
 * eac-reader READER mrz|can SECRET [CVCA DV TERMINAL KEY]: an inspection system with nothing of
 * ours. PACE, chip authentication, secure messaging and the judging of certificates are those of
 * OpenPACE's libeac; EF.SOD and the terminal's signature are OpenSSL's. Follows ICAO 9303-11 and
 * TR-03110; the commands are those of TR-03110-3, appendix B.
 *
 * Prints a line for each step and file, the file's SHA-256 and whether EF.SOD has it. Exit code 0,
 * 1 when the chip or libeac refused, 2 when there is no reader or no card.
 */

#define READ_SIZE 0xDF
#define COORDINATE_SIZE 32 /* of P-256 and of brainpoolP256r1 */
#define STATUS_REFUSED 0x6982

#define FID_CARD_ACCESS 0x011C
#define FID_COM 0x011E
#define FID_SOD 0x011D
#define FID_GROUP(n) (0x0100 + (n))

typedef struct {
  Channel channel;
  Bytes identity; /* of the chip, as PACE found it: idPICC of TR-03110 */
  Bytes key;      /* the terminal's ephemeral key, compressed */
  Bytes list;     /* the signed content of EF.SOD */
} Reader;

static void
print_hex (const void *data, size_t size)
{
  const unsigned char *at = data;

  for (size_t i = 0; i < size; i++)
    printf ("%02x", at[i]);
}

static void
read_disk (const char *path, Bytes *out)
{
  FILE *file = fopen (path, "rb");

  if (file == NULL)
    die ("%s: cannot be read", path);
  out->size = fread (out->at, 1, sizeof out->at, file);
  fclose (file);
}

/* --- files --- */

/* Selects and reads a file; gives the status word of the command that was refused, or 9000. */
static unsigned
read_file (Channel *channel, unsigned fid, Bytes *out)
{
  static Bytes piece;
  const unsigned char name[] = {(unsigned char)(fid >> 8), (unsigned char)fid};
  const Command select = {.ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = name, .size = sizeof name};
  unsigned status = channel_try (channel, &select, &piece);

  out->size = 0;
  while (status == 0x9000) {
    const Command read = {.ins = 0xB0,
                          .p1 = (unsigned char)(out->size >> 8),
                          .p2 = (unsigned char)out->size,
                          .le = READ_SIZE};

    status = channel_try (channel, &read, &piece);
    bytes_append (out, piece.at, piece.size);
    if (status == 0x6B00 || status == 0x6282 || (status == 0x9000 && piece.size < READ_SIZE))
      return 0x9000;
  }
  return status;
}

/* Whether the LDSSecurityObject (ICAO 9303-10, 4.6.2.3) has this hash for this group. */
static int
is_signed (const Bytes *list, unsigned group, const unsigned char *digest)
{
  const unsigned char entry[] = {0x02, 0x01, (unsigned char)group, 0x04, SHA256_DIGEST_LENGTH};

  for (size_t i = 0; i + sizeof entry + SHA256_DIGEST_LENGTH <= list->size; i++)
    if (memcmp (list->at + i, entry, sizeof entry) == 0)
      return memcmp (list->at + i + sizeof entry, digest, SHA256_DIGEST_LENGTH) == 0;
  return 0;
}

static void
print_file (Reader *reader, const char *name, unsigned fid, Bytes *content)
{
  unsigned char digest[SHA256_DIGEST_LENGTH];
  const unsigned status = read_file (&reader->channel, fid, content);

  printf ("%s: %04X", name, status);
  if (status == 0x9000) {
    SHA256 (content->at, content->size, digest);
    printf (" ");
    print_hex (digest, sizeof digest);
    if (fid > FID_GROUP (0) && fid <= FID_GROUP (16))
      printf (is_signed (&reader->list, fid - FID_GROUP (0), digest) ? " signed" : " not signed");
  }
  printf ("\n");
}

/* EF.SOD is a CMS SignedData in tag 77; its signature holds by the certificate inside. */
static void
open_security_object (Reader *reader)
{
  static Bytes content;
  static Bytes inner;
  const unsigned char *at = inner.at;
  BIO *out = BIO_new (BIO_s_mem ());
  CMS_ContentInfo *cms;
  char *list;
  long size;

  print_file (reader, "EF.SOD", FID_SOD, &content);
  bytes_find (&content, 0x17, &inner);
  cms = d2i_CMS_ContentInfo (NULL, &at, (long)inner.size);
  if (cms == NULL ||
      CMS_verify (cms, NULL, NULL, NULL, out, CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1)
    die ("EF.SOD: the signature is wrong");
  size = BIO_get_mem_data (out, &list);
  bytes_append (&reader->list, list, (size_t)size);
  BIO_free (out);
  CMS_ContentInfo_free (cms);
}

/* --- PACE, ICAO 9303-11, 4.4 --- */

/* One object inside 7C, there and back. */
static void
general_authenticate (Channel *channel, const char *what, int last, const Bytes *asked,
                      unsigned char tag, Bytes *answer)
{
  static Bytes inner;
  static Bytes data;
  static Bytes got;
  Command command = {.cla = last ? 0x00 : 0x10, .ins = 0x86, .le = 256};

  inner.size = 0;
  if (asked != NULL)
    bytes_append_object (&inner, tag, asked->at, asked->size);
  data.size = 0;
  bytes_append_object (&data, 0x7C, inner.at, inner.size);
  command.data = data.at;
  command.size = data.size;
  channel_send (channel, what, &command, &got);
  bytes_find (&got, 0x1C, &inner);
  bytes_find (&inner, (tag + 1) & 0x1F, answer);
}

static void
append_oid (Bytes *bytes, int nid)
{
  const ASN1_OBJECT *oid = EAC_OBJ_nid2obj (nid);

  bytes_append_object (bytes, 0x80, OBJ_get0_data (oid), OBJ_length (oid));
}

static void
start_pace (Reader *reader, enum s_type password)
{
  static Bytes access;
  static Bytes data;
  EAC_CTX *eac = reader->channel.eac;
  const unsigned char kind = (unsigned char)password;
  Command command = {.ins = 0x22, .p1 = 0xC1, .p2 = 0xA4};

  print_file (reader, "EF.CardAccess", FID_CARD_ACCESS, &access);
  if (EAC_CTX_init_ef_cardaccess (access.at, access.size, eac) != 1 || eac->pace_ctx == NULL)
    die ("EF.CardAccess: libeac refuses");
  append_oid (&data, eac->pace_ctx->protocol);
  bytes_append_object (&data, 0x83, &kind, 1);
  command.data = data.at;
  command.size = data.size;
  channel_send (&reader->channel, "PACE", &command, &data);
}

static void
map (Channel *channel, const PACE_SEC *secret)
{
  static Bytes nonce;
  static Bytes ours;
  static Bytes theirs;
  BUF_MEM view;

  general_authenticate (channel, "PACE", 0, NULL, 0x7F, &nonce);
  view = bytes_view (&nonce);
  if (PACE_STEP2_dec_nonce (channel->eac, secret, &view) != 1)
    die ("PACE: libeac refuses the nonce");
  bytes_take (&ours, PACE_STEP3A_generate_mapping_data (channel->eac), "PACE");
  general_authenticate (channel, "PACE", 0, &ours, 0x81, &theirs);
  view = bytes_view (&theirs);
  if (PACE_STEP3A_map_generator (channel->eac, &view) != 1)
    die ("PACE: libeac refuses the mapping");
}

static void
agree (Reader *reader)
{
  static Bytes ours;
  static Bytes theirs;
  static Bytes token;
  EAC_CTX *eac = reader->channel.eac;
  BUF_MEM key;
  BUF_MEM view;

  bytes_take (&ours, PACE_STEP3B_generate_ephemeral_key (eac), "PACE");
  general_authenticate (&reader->channel, "PACE", 0, &ours, 0x83, &theirs);
  key = bytes_view (&theirs);
  if (PACE_STEP3B_compute_shared_secret (eac, &key) != 1 || PACE_STEP3C_derive_keys (eac) != 1)
    die ("PACE: libeac refuses the key");
  bytes_take (&token, PACE_STEP3D_compute_authentication_token (eac, &key), "PACE");
  general_authenticate (&reader->channel, "PACE", 1, &token, 0x85, &token);
  view = bytes_view (&token);
  if (PACE_STEP3D_verify_authentication_token (eac, &view) != 1)
    die ("PACE: libeac refuses the token");
  bytes_take (&reader->identity, EAC_Comp (eac, EAC_ID_PACE, &key), "PACE");
}

static void
run_pace (Reader *reader, const char *kind, const char *text)
{
  const enum s_type password = strcmp (kind, "can") == 0 ? PACE_CAN : PACE_MRZ;
  PACE_SEC *secret = PACE_SEC_new (text, strlen (text), password);

  if (secret == NULL)
    die ("PACE: libeac refuses the %s", kind);
  start_pace (reader, password);
  map (&reader->channel, secret);
  agree (reader);
  PACE_SEC_clear_free (secret);
  channel_secure (&reader->channel, EAC_ID_PACE);
  printf ("PACE: done\n");
}

/* --- chip authentication, ICAO 9303-11, 6.2 --- */

/* The SecurityInfo of EF.DG14 whose object identifier begins so: what follows the identifier. */
static const unsigned char *
find_info (const Bytes *group, const char *prefix, ASN1_OBJECT **oid, long *left)
{
  static Bytes set;
  static Bytes inner;
  const unsigned char *at = set.at;
  const unsigned char *end;

  bytes_find (group, 0x0E, &inner);
  bytes_find (&inner, V_ASN1_SET, &set);
  end = set.at + set.size;
  while (at < end) {
    char text[80] = "";
    const unsigned char *next;
    int tag;
    int class;
    long size;

    if ((ASN1_get_object (&at, &size, &tag, &class, end - at) & 0x80) != 0)
      die ("EF.DG14: broken");
    next = at + size;
    *oid = d2i_ASN1_OBJECT (NULL, &at, size);
    *left = next - at;
    OBJ_obj2txt (text, sizeof text, *oid, 1);
    if (strncmp (text, prefix, strlen (prefix)) == 0)
      return at;
    ASN1_OBJECT_free (*oid);
    at = next;
  }
  die ("EF.DG14: no %s", prefix);
}

/* The chip's static key as a point, and libeac's number of its curve. */
static int
read_chip_key (const Bytes *group, Bytes *point)
{
  ASN1_OBJECT *oid;
  long left;
  const unsigned char *at = find_info (group, "0.4.0.127.0.7.2.2.1.2", &oid, &left);
  EVP_PKEY *key = d2i_PUBKEY (NULL, &at, left);
  char curve[40] = "";

  if (key == NULL || EVP_PKEY_get_octet_string_param (key, OSSL_PKEY_PARAM_PUB_KEY, point->at,
                                                      sizeof point->at, &point->size) != 1)
    die ("EF.DG14: OpenSSL refuses the chip's key");
  EVP_PKEY_get_group_name (key, curve, sizeof curve, NULL);
  ASN1_OBJECT_free (oid);
  EVP_PKEY_free (key);
  return strcmp (curve, "brainpoolP256r1") == 0 ? 13 : 12;
}

static void
start_chip_authentication (Reader *reader, const Bytes *group, int curve)
{
  static Bytes data;
  ASN1_OBJECT *oid;
  long left;
  int nid;
  Command command = {.ins = 0x22, .p1 = 0x41, .p2 = 0xA4};

  find_info (group, "0.4.0.127.0.7.2.2.3.2.", &oid, &left);
  nid = EAC_OBJ_obj2nid (oid);
  ASN1_OBJECT_free (oid);
  if (EAC_CTX_init_ca (reader->channel.eac, nid, curve) != 1)
    die ("chip authentication: libeac refuses");
  append_oid (&data, nid);
  command.data = data.at;
  command.size = data.size;
  channel_send (&reader->channel, "chip authentication", &command, &data);
}

/* libeac knows the second version, in which the chip's answer brings a nonce and a token; in the
 * first, which passports have, there are none, and the keys follow from the secret alone. */
static void
run_chip_authentication (Reader *reader, const Bytes *group)
{
  static Bytes point;
  static Bytes ours;
  static Bytes nothing;
  EAC_CTX *eac = reader->channel.eac;
  const int curve = read_chip_key (group, &point);
  BUF_MEM view = bytes_view (&point);

  start_chip_authentication (reader, group, curve);
  bytes_take (&reader->key, TA_STEP3_generate_ephemeral_key (eac), "chip authentication");
  bytes_take (&ours, CA_STEP2_get_eph_pubkey (eac), "chip authentication");
  general_authenticate (&reader->channel, "chip authentication", 1, &ours, 0x80, &nothing);
  if (CA_STEP4_compute_shared_secret (eac, &view) != 1)
    die ("chip authentication: libeac refuses the chip's key");
  CA_STEP6_derive_keys (eac, NULL, NULL);
  channel_secure (&reader->channel, EAC_ID_CA);
}

/* --- terminal authentication, TR-03110-1, 3.5 --- */

/* By which authority, and for whom: 42 and 5F20. */
static void
set_key (Channel *channel, unsigned char p2, char *name)
{
  static Bytes data;
  Command command = {.ins = 0x22, .p1 = 0x81, .p2 = p2};

  if (name == NULL)
    die ("terminal authentication: libeac cannot read a certificate");
  data.size = 0;
  bytes_append_object (&data, 0x83, name, strlen (name));
  command.data = data.at;
  command.size = data.size;
  channel_send (channel, "terminal authentication", &command, &data);
  free (name);
}

static CVC_CERT *
parse_certificate (const Bytes *bytes)
{
  const unsigned char *at = bytes->at;
  CVC_CERT *certificate = CVC_d2i_CVC_CERT (NULL, &at, (long)bytes->size);

  if (certificate == NULL)
    die ("terminal authentication: libeac cannot read a certificate");
  return certificate;
}

/* The chip takes what is inside 7F21. */
static void
show_certificate (Channel *channel, EAC_CTX *judge, const char *path)
{
  static Bytes bytes;
  static Bytes inner;
  CVC_CERT *certificate;
  Command command = {.ins = 0x2A, .p2 = 0xBE};

  read_disk (path, &bytes);
  certificate = parse_certificate (&bytes);
  if (TA_STEP2_import_certificate (judge, bytes.at, bytes.size) == 1)
    printf ("certificate: libeac believes it\n");
  set_key (channel, 0xB6, CVC_get_car (certificate));
  bytes_find (&bytes, 0x21, &inner);
  command.data = inner.at;
  command.size = inner.size;
  channel_send (channel, "certificate", &command, &bytes);
  CVC_CERT_free (certificate);
}

/* libeac judges the chain in a context of its own: one that has the terminal's key too takes that
 * for the CVCA's. */
static EAC_CTX *
new_judge (const char *authority)
{
  static Bytes root;
  EAC_CTX *judge = EAC_CTX_new ();

  read_disk (authority, &root);
  if (EAC_CTX_init_ta (judge, NULL, 0, root.at, root.size) != 1)
    die ("terminal authentication: libeac refuses the CVCA");
  return judge;
}

static EVP_PKEY *
load_key (const char *path)
{
  BIO *file = BIO_new_file (path, "rb");
  EVP_PKEY *key = file == NULL ? NULL : PEM_read_bio_PrivateKey (file, NULL, NULL, NULL);

  if (key == NULL)
    die ("%s: OpenSSL cannot read the key", path);
  BIO_free (file);
  return key;
}

/* r and s, 32 bytes each (TR-03111, 5.2.1). */
static void
sign (EVP_PKEY *key, const Bytes *text, Bytes *signature)
{
  unsigned char der[200];
  const unsigned char *at = der;
  size_t size = sizeof der;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  ECDSA_SIG *pair;

  if (EVP_DigestSignInit (context, NULL, EVP_sha256 (), NULL, key) != 1 ||
      EVP_DigestSign (context, der, &size, text->at, text->size) != 1)
    die ("terminal authentication: OpenSSL cannot sign");
  pair = d2i_ECDSA_SIG (NULL, &at, (long)size);
  BN_bn2binpad (ECDSA_SIG_get0_r (pair), signature->at, 32);
  BN_bn2binpad (ECDSA_SIG_get0_s (pair), signature->at + 32, 32);
  signature->size = 64;
  ECDSA_SIG_free (pair);
  EVP_MD_CTX_free (context);
}

/* A coordinate is as long as the field's elements (TR-03111, 3.1.3); libeac drops the zeros that
 * one begins with, once in 256 keys. */
static void
append_coordinate (Bytes *bytes, const Bytes *coordinate)
{
  static const unsigned char zeros[COORDINATE_SIZE];

  if (coordinate->size < COORDINATE_SIZE)
    bytes_append (bytes, zeros, COORDINATE_SIZE - coordinate->size);
  bytes_append (bytes, coordinate->at, coordinate->size);
}

/* The signature is over idPICC, the chip's challenge and the ephemeral key of chip
 * authentication. */
static void
sign_challenge (Reader *reader, const char *path)
{
  static Bytes challenge;
  static Bytes text;
  static Bytes signature;
  EVP_PKEY *key = load_key (path);
  const Command ask = {.ins = 0x84, .le = 8};
  Command prove = {.ins = 0x82};

  channel_send (&reader->channel, "challenge", &ask, &challenge);
  append_coordinate (&text, &reader->identity);
  bytes_append (&text, challenge.at, challenge.size);
  append_coordinate (&text, &reader->key);
  sign (key, &text, &signature);
  prove.data = signature.at;
  prove.size = signature.size;
  channel_send (&reader->channel, "terminal authentication", &prove, &challenge);
  EVP_PKEY_free (key);
}

static void
run_terminal_authentication (Reader *reader, char **paths)
{
  static Bytes bytes;
  EAC_CTX *judge = new_judge (paths[0]);
  CVC_CERT *certificate;

  show_certificate (&reader->channel, judge, paths[1]);
  show_certificate (&reader->channel, judge, paths[2]);
  read_disk (paths[2], &bytes);
  certificate = parse_certificate (&bytes);
  set_key (&reader->channel, 0xA4, CVC_get_chr (certificate));
  CVC_CERT_free (certificate);
  EAC_CTX_clear_free (judge);
  sign_challenge (reader, paths[3]);
  printf ("terminal authentication: done\n");
}

/* --- the order of an inspection, ICAO 9303-11, 4 to 7 --- */

static void
select_folders (Channel *channel, int application)
{
  static const unsigned char master_file[] = {0x3F, 0x00};
  static const unsigned char emrtd[] = {0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01};
  static Bytes nothing;
  const Command outside = {
      .ins = 0xA4, .p2 = 0x0C, .data = master_file, .size = sizeof master_file};
  const Command inside = {.ins = 0xA4, .p1 = 0x04, .p2 = 0x0C, .data = emrtd, .size = sizeof emrtd};

  channel_send (channel, "SELECT", application ? &inside : &outside, &nothing);
}

static void
inspect (Reader *reader, char **terminal)
{
  static Bytes content;
  static Bytes group;

  select_folders (&reader->channel, 1);
  print_file (reader, "EF.COM", FID_COM, &content);
  open_security_object (reader);
  print_file (reader, "EF.DG1", FID_GROUP (1), &content);
  print_file (reader, "EF.DG14", FID_GROUP (14), &group);
  run_chip_authentication (reader, &group);
  print_file (reader, "EF.DG2", FID_GROUP (2), &content);
  printf ("chip authentication: done\n");
  print_file (reader, "EF.DG3", FID_GROUP (3), &content);
  if (terminal == NULL)
    return;
  run_terminal_authentication (reader, terminal);
  print_file (reader, "EF.DG3", FID_GROUP (3), &content);
}

int
main (int argc, char **argv)
{
  static Reader reader;

  if (argc != 4 && argc != 8) {
    fprintf (stderr, "eac-reader READER mrz|can SECRET [CVCA DV TERMINAL KEY]\n");
    return 2;
  }
  EAC_init ();
  channel_open (&reader.channel, argv[1]);
  select_folders (&reader.channel, 0);
  run_pace (&reader, argv[2], argv[3]);
  inspect (&reader, argc == 8 ? argv + 4 : NULL);
  channel_close (&reader.channel);
  EAC_cleanup ();
  return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/base/autoptr.h"
#include "record/base/bytes.h"

G_BEGIN_DECLS

/*
 * A SecurityInfo (ICAO 9303-11, 9.2) tells one thing that the chip can do: SEQUENCE of an object
 * identifier and one or two objects whose form the identifier decides. EF.CardAccess, EF.DG14 and
 * EF.CardSecurity are sets of them.
 *
 * Reading is tolerant: an info that is known but wrong is kept with its defect, an unknown one is
 * kept as it is, because chips of other States carry both and the rest of the set is still needed.
 * Who judges asks for the defects.
 */

/* Protocols that we write; readers know all of 9303-11. */
#define FAST_SECURITY_PACE_ECDH_GM_AES_128 "0.4.0.127.0.7.2.2.4.2.2"
#define FAST_SECURITY_PACE_ECDH_GM_AES_256 "0.4.0.127.0.7.2.2.4.2.4"
#define FAST_SECURITY_CA_ECDH_AES_128 "0.4.0.127.0.7.2.2.3.2.2"
#define FAST_SECURITY_CA_ECDH_AES_256 "0.4.0.127.0.7.2.2.3.2.4"
#define FAST_SECURITY_AA_ECDSA_SHA256 "0.4.0.127.0.7.1.1.4.1.3"

/* Standardised domain parameters, ICAO 9303-11, 9.5.1. */
#define FAST_SECURITY_PARAMETERS_P256 12
#define FAST_SECURITY_PARAMETERS_BRAINPOOL256 13

/* A number that is not there. */
#define FAST_SECURITY_NONE (-1)

/**
 * FastSecurityKind:
 * @FAST_SECURITY_UNKNOWN: an identifier that 9303-11 does not name; kept raw
 * @FAST_SECURITY_PACE: PACEInfo
 * @FAST_SECURITY_PACE_DOMAIN: PACEDomainParameterInfo
 * @FAST_SECURITY_ACTIVE_AUTHENTICATION: ActiveAuthenticationInfo
 * @FAST_SECURITY_CHIP_AUTHENTICATION: ChipAuthenticationInfo
 * @FAST_SECURITY_CHIP_KEY: ChipAuthenticationPublicKeyInfo
 * @FAST_SECURITY_TERMINAL_AUTHENTICATION: TerminalAuthenticationInfo
 *
 * What an info is about.
 */
typedef enum {
  FAST_SECURITY_UNKNOWN,
  FAST_SECURITY_PACE,
  FAST_SECURITY_PACE_DOMAIN,
  FAST_SECURITY_ACTIVE_AUTHENTICATION,
  FAST_SECURITY_CHIP_AUTHENTICATION,
  FAST_SECURITY_CHIP_KEY,
  FAST_SECURITY_TERMINAL_AUTHENTICATION,
} FastSecurityKind;

/**
 * FastSecurityMapping:
 * @FAST_SECURITY_DH_GM: generic mapping, or plain agreement, in a modulus group
 * @FAST_SECURITY_ECDH_GM: the same on a curve
 * @FAST_SECURITY_DH_IM: integrated mapping in a modulus group
 * @FAST_SECURITY_ECDH_IM: integrated mapping on a curve
 * @FAST_SECURITY_ECDH_CAM: chip authentication mapping
 *
 * How keys are agreed: the second last arc of a protocol's identifier.
 */
typedef enum {
  FAST_SECURITY_DH_GM = 1,
  FAST_SECURITY_ECDH_GM = 2,
  FAST_SECURITY_DH_IM = 3,
  FAST_SECURITY_ECDH_IM = 4,
  FAST_SECURITY_ECDH_CAM = 6,
} FastSecurityMapping;

/**
 * FastSecurityInfo:
 * @kind: what it is about
 * @oid: its object identifier in dots
 * @encoded: its exact bytes
 * @version: or %FAST_SECURITY_NONE
 * @identifier: of domain parameters (PACE) or of a key (chip authentication), or
 *   %FAST_SECURITY_NONE
 * @algorithm: (nullable): of active authentication's signature, an object identifier in dots
 * @key: (nullable): SubjectPublicKeyInfo of chip authentication
 * @cvca_fid: the file that names the trust points, or %FAST_SECURITY_NONE for the usual one
 * @cvca_sfi: its short identifier, or %FAST_SECURITY_NONE
 * @defect: (nullable): what is wrong with it by itself
 *
 * One SecurityInfo. Immutable once made.
 */
typedef struct {
  FastSecurityKind kind;
  char *oid;
  GBytes *encoded;
  gint64 version;
  gint64 identifier;
  char *algorithm;
  GBytes *key;
  gint64 cvca_fid;
  gint64 cvca_sfi;
  GError *defect;
} FastSecurityInfo;

FastSecurityInfo *fast_security_info_read (FastReader *reader, GError **error);
void fast_security_info_free (FastSecurityInfo *info);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastSecurityInfo, fast_security_info_free)

gboolean fast_security_info_is_mapping (const FastSecurityInfo *info, FastSecurityMapping mapping);
gboolean fast_security_info_is_explicit (const FastSecurityInfo *info);
EVP_PKEY *fast_security_info_load_key (const FastSecurityInfo *info, GError **error);

FastSecurityInfo *fast_security_info_new_pace (const char *oid, guint parameters, GError **error);
FastSecurityInfo *fast_security_info_new_active_authentication (const char *algorithm,
                                                                GError **error);
FastSecurityInfo *fast_security_info_new_chip_authentication (const char *oid, gint64 key_id,
                                                              GError **error);
FastSecurityInfo *fast_security_info_new_chip_key (EVP_PKEY *key, gint64 key_id, GError **error);
FastSecurityInfo *fast_security_info_new_terminal_authentication (GError **error);

G_END_DECLS

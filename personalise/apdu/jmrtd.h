/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The personalisation commands of the open JMRTD applet, version 2006 to 2012, which its driver and
 * the emulator share; docs/chip.md has the sequence.
 *
 * CREATE FILE (E0): 63 04, size and identifier of two bytes each. PUT DATA (DA): P1 and P2 name the
 * object. The applet reads the modulus and the exponent behind the outer object, the MRZ's parts
 * inside it.
 */

#define FAST_JMRTD_TAG_FILE 0x63
#define FAST_JMRTD_FILE_SIZE 6 /* of what CREATE FILE is given */
#define FAST_JMRTD_TAG_PART 0x04

#define FAST_JMRTD_MODULUS 0x0060
#define FAST_JMRTD_EXPONENT 0x0061
#define FAST_JMRTD_ZONE 0x0062
#define FAST_JMRTD_LOCK 0xDEAD

#define FAST_JMRTD_RSA_SIZE 128

/* The card's production data (GlobalPlatform card specification, H.6; VISA's CPLC): 42 bytes, of
 * which date of fabrication, serial number and batch of the chip, together, no other chip has. */
#define FAST_CPLC_TAG 0x9F7F
#define FAST_CPLC_SIZE 42
#define FAST_CPLC_CHIP_OFFSET 10
#define FAST_CPLC_CHIP_SIZE 8

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "personalise/apdu/bac.h"
#include "personalise/apdu/chip-authentication.h"
#include "personalise/apdu/pace.h"
#include "personalise/apdu/scp03-card.h"
#include "personalise/apdu/terminal-check.h"
#include "personalise/emulator/virtual-chip.h"

G_BEGIN_DECLS

/*
 * Inside the room only: what the files of the virtual chip share.
 *
 * A chip is a table of commands (one row an instruction: in which states it is heard, with which
 * status word it is refused otherwise, who carries it out) over a state of four parts: what is in
 * its memory (FastChipState), which folder and file are selected, how far access control has come
 * (FastChipAccess), and the protocol that is under way. Its software adds rows of its own, those of
 * personalisation.
 */

/* The class of INITIALIZE UPDATE (Amendment D, 7.1.1), and how many wrong keys a chip bears. */
#define FAST_CHIP_CLASS_HANDSHAKE 0x80
#define FAST_CHIP_ISSUER_TRIES 3

/**
 * FastChipAccess:
 * @FAST_CHIP_ACCESS_NONE: nobody proved anything
 * @FAST_CHIP_ACCESS_BASIC: BAC or PACE: who reads has the document in hand
 * @FAST_CHIP_ACCESS_CHIP: chip authentication was made too
 * @FAST_CHIP_ACCESS_TERMINAL: terminal authentication was made too
 *
 * How far access control has come (ICAO 9303-11, 4 and 7).
 */
typedef enum {
  FAST_CHIP_ACCESS_NONE,
  FAST_CHIP_ACCESS_BASIC,
  FAST_CHIP_ACCESS_CHIP,
  FAST_CHIP_ACCESS_TERMINAL,
} FastChipAccess;

/**
 * FastChipCall:
 * @chip: the chip
 * @command: one command, unwrapped
 * @secured: whether it came through secure messaging or a channel
 * @in_channel: whether it came through a channel
 * @out: the answer's data goes here
 *
 * One command as its handler sees it.
 */
typedef struct {
  FastVirtualChip *chip;
  FastCommand command;
  gboolean secured;
  gboolean in_channel;
  GByteArray *out;
} FastChipCall;

/* Carries a command out; gives its status word. */
typedef guint16 (*FastChipHandler) (FastChipCall *call);

/**
 * FastChipCommand:
 * @ins: instruction
 * @until_active: personalisation: heard until the chip is activated, in plain or, with transport
 *   keys, in the channel; else refused with 6985, or 6982 for want of the channel
 * @least: what access control must have reached, else refused with 6982
 * @run: carries it out
 * @in_steps: whether a chained class byte means one more step of a protocol, not a piece of a
 *   longer command (GENERAL AUTHENTICATE)
 *
 * One row of a chip's table of commands.
 */
typedef struct {
  guint8 ins;
  gboolean until_active;
  FastChipAccess least;
  FastChipHandler run;
  gboolean in_steps;
} FastChipCommand;

/**
 * FastChipSoftware:
 * @number: as the state file has it
 * @name: what it is called, as an applet after `--applet`
 * @capabilities: bits of #FastCardCapability that the card announces
 * @alone: whether these are all its commands; otherwise those of every eMRTD are there too
 * @commands: its rows: those of its personalisation, and what it does in its own way
 * @count: how many
 *
 * One kind of chip software.
 */
typedef struct {
  guint8 number;
  const char *name;
  guint capabilities;
  gboolean alone;
  const FastChipCommand *commands;
  gsize count;
} FastChipSoftware;

struct _FastVirtualChip {
  char *path;
  FastChipState *state;
  const FastChipSoftware *software;
  gboolean seeded;
  guint64 seed;
  guint64 drawn;
  FastRandomSource source;

  FastChipFolder folder;
  FastChipFile *current;
  FastChipAccess access;
  FastSecureMessaging *session;
  FastSecureMessaging *next;
  FastScp03Card *issuer;
  FastScp03 *channel;
  FastCvRights rights;

  GByteArray *chain;
  guint8 chain_ins;

  gboolean challenged;
  FastBacSide side;
  FastPace *pace;
  FastChipAuthentication *chip_authentication;
  GBytes *identity;
  FastCvTrust *trust;
  FastTerminalCheck *terminal;
};

extern const FastChipSoftware fast_chip_icao_perso;
extern const FastChipSoftware fast_chip_jmrtd;

guint16 fast_chip_call_parameters (const FastChipCall *call);
const FastRandomSource *fast_chip_random_source (FastVirtualChip *chip);
guint16 fast_chip_save (FastVirtualChip *chip);
void fast_chip_end_session (FastVirtualChip *chip);

gboolean fast_chip_has_issuer (const FastChipState *state);
gboolean fast_chip_put_issuer (FastChipState *state, FastIssuerKeys *keys, guint8 options,
                               GError **error);
gboolean fast_chip_is_handshake (const FastChipCall *call);
gboolean fast_chip_is_in_channel (const FastChipCall *call);
guint16 fast_chip_initialize_update (FastChipCall *call);
guint16 fast_chip_open_channel (FastChipCall *call);
GBytes *fast_chip_unwrap_channel (FastChipCall *call);
GBytes *fast_chip_wrap_channel (FastChipCall *call, guint16 status);

guint16 fast_chip_select (FastChipCall *call);
guint16 fast_chip_read_binary (FastChipCall *call);
guint16 fast_chip_locate (FastChipCall *call, gsize *offset);

void fast_chip_drop_protocol (FastVirtualChip *chip);
guint16 fast_chip_get_challenge (FastChipCall *call);
guint16 fast_chip_external_authenticate (FastChipCall *call);
guint16 fast_chip_manage_environment (FastChipCall *call);
guint16 fast_chip_general_authenticate (FastChipCall *call);

gboolean fast_chip_is_terminal_step (const FastChipCall *call);
guint16 fast_chip_start_chip_authentication (FastChipCall *call);
guint16 fast_chip_run_chip_authentication (FastChipCall *call);
guint16 fast_chip_run_terminal_authentication (FastChipCall *call);
guint16 fast_chip_internal_authenticate (FastChipCall *call);
GBytes *fast_chip_make_trust (gconstpointer certificate, gsize size);

guint16 fast_chip_select_pace (FastChipCall *call);
guint16 fast_chip_run_pace (FastChipCall *call);

G_END_DECLS

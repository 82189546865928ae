/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/document/state-code.h"

#include <string.h>

#define WIDTH 6
#define COUNTRY 2
#define STATE 3

/* ISO 3166-1: two letters, three letters and a space each, in order. */
static const char countries[] =
    "ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW "
    "AXALA AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN "
    "BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG "
    "CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE "
    "DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN "
    "FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL "
    "GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV "
    "HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM "
    "JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO "
    "LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE "
    "MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS "
    "MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL "
    "NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI "
    "PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN "
    "SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV "
    "SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON "
    "TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN "
    "VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE ";

/* ICAO 9303-3, 5: States and organisations whose code in a zone or a certificate is their own. A
 * zone says D for Germany. */
static const struct {
  const char *country;
  const char *state;
} special[] = {
    {"DE", "D"},   {"EU", "EUE"}, {"UN", "UNO"}, {"UN", "UNA"}, {"UN", "UNK"}, {"KS", "RKS"},
    {"XK", "RKS"}, {"XK", "XKX"}, {"UT", "UTO"}, {"XO", "XOM"}, {"XP", "XPO"},
};

/* Where the three letters of a country begin. */
static const char *
find_country (const char *country)
{
  if (strlen (country) != COUNTRY)
    return NULL;
  for (gsize i = 0; i + WIDTH < sizeof countries; i += WIDTH)
    if (g_ascii_strncasecmp (countries + i, country, COUNTRY) == 0)
      return countries + i + COUNTRY;
  return NULL;
}

/**
 * fast_state_code_matches:
 * @country: code with two letters, as in a certificate's C (ICAO 9303-12, 7.1.1.1); upper or lower
 *   case, both occur
 * @state: issuing State of a zone, without fillers, as in `CAN` or `D`
 *
 * Returns: whether they name the same State or organisation
 */
gboolean
fast_state_code_matches (const char *country, const char *state)
{
  const char *found = find_country (country);

  if (found != NULL && strlen (state) == STATE && strncmp (found, state, STATE) == 0)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (special); i++)
    if (g_ascii_strcasecmp (special[i].country, country) == 0 &&
        g_str_equal (special[i].state, state))
      return TRUE;
  return FALSE;
}

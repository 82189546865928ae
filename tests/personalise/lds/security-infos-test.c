/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/security-infos.h"

#include "personalise/lds/card-access.h"
#include "personalise/lds/public-key-group.h"
#include "personalise/lds/security-group.h"
#include "record/base/error.h"
#include "record/keys/key.h"
#include "tests/support.h"

/* PACE, ECDH generic mapping, AES-128, P-256: 9303-11's example of EF.CardAccess. */
#define PACE "3012060a04007f0007020204020202010202010d"
#define PACE_P256 "3012060a04007f0007020204020202010202010c"
#define TERMINAL "300d060804007f00070202020201 01"
#define CHIP "300f060a04007f00070202030202020101"
#define ACTIVE "30170606678108010105020101060a04007f00070101040103"

static GPtrArray *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = fast_hex_decode (text, NULL);
  FastReader reader = fast_reader_from_bytes (bytes, "test");
  GPtrArray *infos = fast_security_infos_read (&reader, &error);

  g_assert_no_error (error);
  return infos;
}

static GPtrArray *
parse_list (const char *first, ...)
{
  g_autoptr (GByteArray) content = g_byte_array_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *hex = NULL;
  va_list more;

  va_start (more, first);
  for (const char *at = first; at != NULL; at = va_arg (more, const char *))
    g_string_append (text, at);
  va_end (more);
  bytes = fast_hex_decode (text->str, NULL);
  g_assert_nonnull (bytes);
  g_assert_cmpuint (g_bytes_get_size (bytes), <, 128);
  hex = g_strdup_printf ("31%02x%s", (guint)g_bytes_get_size (bytes), text->str);
  return parse (hex);
}

static char *
to_hex (GBytes *bytes)
{
  return fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* ICAO 9303-11, appendix G.1: EF.CardAccess of the worked example of PACE. */
static void
test_card_access_example (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = fast_hex_decode ("3114" PACE, NULL);
  g_autoptr (GPtrArray) infos = fast_card_access_parse (file, &error);
  const FastSecurityInfo *info;

  g_assert_no_error (error);
  info = fast_security_infos_find (infos, FAST_SECURITY_PACE);
  g_assert_cmpstr (info->oid, ==, FAST_SECURITY_PACE_ECDH_GM_AES_128);
  g_assert_cmpint (info->version, ==, 2);
  g_assert_cmpint (info->identifier, ==, FAST_SECURITY_PARAMETERS_BRAINPOOL256);
  g_assert_true (fast_security_info_is_mapping (info, FAST_SECURITY_ECDH_GM));
}

static void
test_made (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();
  g_autoptr (GBytes) made = NULL;
  g_autofree char *text = NULL;

  g_ptr_array_add (infos,
                   fast_security_info_new_pace (FAST_SECURITY_PACE_ECDH_GM_AES_128,
                                                FAST_SECURITY_PARAMETERS_BRAINPOOL256, &error));
  g_assert_no_error (error);
  made = fast_card_access_make (infos, &error);
  g_assert_no_error (error);
  text = to_hex (made);
  g_assert_cmpstr (text, ==, "3114" PACE);
}

/* Whatever the order in which they were added: X.690 sorts a SET OF by its bytes. */
static void
test_sorted (void)
{
  g_autoptr (GPtrArray) infos = parse_list (ACTIVE, PACE, TERMINAL, NULL);
  g_autoptr (GPtrArray) others = parse_list (TERMINAL, ACTIVE, PACE, NULL);
  g_autoptr (GBytes) made = fast_security_infos_encode (infos);
  g_autoptr (GBytes) same = fast_security_infos_encode (others);
  g_autofree char *text = to_hex (made);

  g_assert_true (g_bytes_equal (made, same));
  g_assert_true (g_str_has_prefix (text, "313c300d0608"));
  g_assert_cmpuint (infos->len, ==, 3);
}

static void
check_number (guint number, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecurityInfo) info =
      fast_security_info_new_chip_authentication (FAST_SECURITY_CA_ECDH_AES_256, number, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = to_hex (info->encoded);
  g_assert_true (g_str_has_suffix (text, wanted));
  g_assert_cmpint (info->identifier, ==, number);
}

static void
test_numbers (void)
{
  check_number (0, "020101020100");
  check_number (127, "02010102017f");
  check_number (128, "02010102020080");
  check_number (65535, "020101020300ffff");
}

typedef struct {
  const char *infos; /* the set's content */
  FastSecurityFile file;
  const char *ids; /* of the messages that name its defects, in order */
} Row;

/* Each test case's fault and what names it. */
static const Row ROWS[] = {
    {PACE, FAST_SECURITY_FILE_CARD_ACCESS, ""},
    /* 3.2:LDS_E_2, P3:LDS_E_8 */
    {TERMINAL, FAST_SECURITY_FILE_DG14, "security-infos-missing"},
    {"300d060804007f0007020202020102", FAST_SECURITY_FILE_DG14,
     "security-info-version security-infos-missing"},
    {"300f060a04007f00070202020202020101", FAST_SECURITY_FILE_DG14,
     "security-info-protocol security-infos-missing"},
    /* 3.2:LDS_E_5, P3:LDS_E_9 */
    {"3013060804007f0007020202020101300402 02011c", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-malformed security-infos-missing"},
    {"3016060804007f000702020202010130070402011c02011c", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-malformed security-infos-missing"},
    {"3014060804007f000702020202010130050403 01011c", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-malformed security-infos-missing"},
    /* P3:LDS_E_2 */
    {CHIP, FAST_SECURITY_FILE_DG14, "security-infos-missing"},
    {"300f060a04007f00070202030202020102", FAST_SECURITY_FILE_DG14, "security-info-version"},
    {"300f060a04007f00070202030205020101", FAST_SECURITY_FILE_DG14, "security-info-protocol"},
    {"300f060a04007f00070202030602020101", FAST_SECURITY_FILE_DG14, "security-info-protocol"},
    /* P3:LDS_E_4 */
    {"3012060a04007f00070202030202020101020107", FAST_SECURITY_FILE_DG14, "security-infos-missing"},
    /* P3:LDS_E_6 */
    {ACTIVE, FAST_SECURITY_FILE_DG14, ""},
    {"30170606678108010105020102060a04007f00070101040103", FAST_SECURITY_FILE_DG14,
     "security-info-version"},
    {"30170606678108010105020101060a04007f00070101040101", FAST_SECURITY_FILE_DG14,
     "security-info-algorithm"},
    {"300b0606678108010105020101", FAST_SECURITY_FILE_DG14, "security-info-malformed"},
    /* P3:LDS_I_1 */
    {"", FAST_SECURITY_FILE_CARD_ACCESS, "security-infos-missing"},
    {ACTIVE, FAST_SECURITY_FILE_CARD_ACCESS, "security-infos-missing"},
    /* P3:LDS_I_2 */
    {"3012060a04007f0007020204020202010102010d", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-version"},
    {"3012060a04007f0007020204020502010202010d", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-protocol"},
    {"3012060a04007f0007020204050202010202010d", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-protocol"},
    {"3012060a04007f00070202040202020102020113", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-parameter"},
    {"3012060a04007f00070202040202020102020102", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-parameter"},
    {"3012060a04007f0007020204010202010202010d", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-parameter"},
    {"3012060a04007f0007020204020202010202018d", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-malformed"},
    {"3014060a04007f000702020402020201020201 0d0500", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-malformed"},
    /* P3:LDS_I_3 */
    {"300f060a04007f00070202040202020102", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-infos-missing"},
    {"3012060a04007f00070202040202020102020120", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-infos-missing"},
    /* P3:LDS_I_4 */
    {"3012060a04007f0007020204060202010202010d", FAST_SECURITY_FILE_CARD_ACCESS,
     "security-infos-missing"},
    {"3012060a04007f0007020204060102010202010d" PACE, FAST_SECURITY_FILE_CARD_ACCESS,
     "security-info-protocol"},
    {"3012060a04007f0007020204060202010202010d" PACE, FAST_SECURITY_FILE_CARD_ACCESS, ""},
    /* unknown: no defect */
    {PACE "3009060453010203020101", FAST_SECURITY_FILE_CARD_ACCESS, ""},
};

static char *
ids_of (GPtrArray *defects)
{
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < defects->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            fast_message_get_id (fast_error_get_message (defects->pdata[i])));
  return g_string_free (ids, FALSE);
}

static void
test_defects (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++) {
    g_autoptr (GPtrArray) infos = NULL;
    g_autoptr (GPtrArray) defects = NULL;
    g_autofree char *ids = NULL;

    infos = parse_list (ROWS[i].infos, NULL);
    defects = fast_security_infos_check (infos, ROWS[i].file);
    ids = ids_of (defects);
    if (g_strcmp0 (ids, ROWS[i].ids) != 0)
      g_error ("%s: %s, wanted %s", ROWS[i].infos, ids, ROWS[i].ids);
  }
}

/* What is no set of infos at all; P3:LDS_E_1, P3:LDS_I_1 */
static void
test_no_set (void)
{
  static const char *const BAD[] = {
      "3014" PACE,      /* another tag */
      "3115" PACE,      /* longer than the file */
      "3114" PACE "00", /* something behind it */
      "31020500",       /* no SEQUENCE */
      "3102 3000",      /* an empty one */
      "31053003020101", /* no object identifier */
      "31043002 0600",  /* an empty one */
      "31053003060180", /* a broken one */
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GBytes) bytes = fast_hex_decode (BAD[i], NULL);

    if (fast_card_access_parse (bytes, NULL) != NULL)
      g_error ("not refused: %s", BAD[i]);
  }
}

static void
test_too_many (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i <= 64; i++)
    g_ptr_array_add (infos, fast_security_info_new_terminal_authentication (NULL));
  bytes = fast_security_infos_encode (infos);
  g_assert_null (fast_card_access_parse (bytes, &error));
  fast_test_assert_id (error, "security-infos-many");
}

/* P3:LDS_E_5 */
static void
test_agree (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) access = parse_list (PACE, NULL);
  g_autoptr (GPtrArray) same = parse_list (ACTIVE, PACE, NULL);
  g_autoptr (GPtrArray) other = parse_list (ACTIVE, PACE_P256, NULL);
  g_autoptr (GPtrArray) more = parse_list (PACE, PACE_P256, NULL);

  g_assert_true (fast_security_infos_agree (access, same, &error));
  g_assert_no_error (error);
  g_assert_false (fast_security_infos_agree (access, other, &error));
  fast_test_assert_id (error, "security-infos-differ");
  g_clear_error (&error);
  g_assert_false (fast_security_infos_agree (access, more, &error)); /* the stronger taken away */
  fast_test_assert_id (error, "security-infos-differ");
}

static EVP_PKEY *
key_of (const char *curve)
{
  g_autoptr (GError) error = NULL;
  EVP_PKEY *key = fast_key_generate (curve, FAST_KEY_PARAMETERS_EXPLICIT, &error);

  g_assert_no_error (error);
  return key;
}

/* P3:LDS_E_3: the key comes back, and not one whose point was moved. */
static void
test_chip_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = key_of ("brainpoolP256r1");
  g_autoptr (FastSecurityInfo) info = fast_security_info_new_chip_key (key, 5, &error);
  g_autoptr (EVP_PKEY) back = NULL;
  g_autoptr (FastSecurityInfo) bad = NULL;
  g_autofree guint8 *copy = NULL;
  FastReader reader;
  gsize size;

  g_assert_no_error (error);
  back = fast_security_info_load_key (info, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (key, back), ==, 1);
  g_assert_cmpint (info->identifier, ==, 5);
  size = g_bytes_get_size (info->encoded);
  copy = g_memdup2 (g_bytes_get_data (info->encoded, NULL), size);
  copy[size - 5] ^= 1;
  reader = fast_reader_new (copy, size, "test");
  bad = fast_security_info_read (&reader, &error);
  g_assert_no_error (error);
  fast_test_assert_id (bad->defect, "security-info-key");
}

/* P3:LDS_E_3: a curve that is only named is found fault with, and we never write one. */
static void
test_named_curve (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_autoptr (FastSecurityInfo) info = fast_security_info_new_chip_key (key, 1, &error);
  g_autoptr (GPtrArray) infos = NULL;
  g_autoptr (GPtrArray) defects = NULL;
  g_autofree char *ids = NULL;

  g_assert_no_error (error);
  g_assert_true (fast_security_info_is_explicit (info));
  /* the generator of P-256 as a key */
  infos = parse_list ("3066060904007f000702020102"
                      "3059301306072a8648ce3d020106082a8648ce3d030107034200"
                      "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                      "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
                      NULL);
  defects = fast_security_infos_check (infos, FAST_SECURITY_FILE_DG14);
  ids = ids_of (defects);
  g_assert_cmpstr (ids, ==, "security-infos-missing");
}

/* P3:LDS_E_4: several keys are told apart by their numbers. */
static void
test_two_keys (void)
{
  g_autoptr (EVP_PKEY) key = key_of ("P-256");
  g_autoptr (GPtrArray) infos = fast_security_infos_new ();
  g_autoptr (GPtrArray) defects = NULL;
  g_autoptr (GPtrArray) others = NULL;

  g_ptr_array_add (infos, fast_security_info_new_chip_key (key, 1, NULL));
  g_ptr_array_add (infos, fast_security_info_new_chip_key (key, 2, NULL));
  g_ptr_array_add (
      infos, fast_security_info_new_chip_authentication (FAST_SECURITY_CA_ECDH_AES_128, 2, NULL));
  defects = fast_security_infos_check (infos, FAST_SECURITY_FILE_DG14);
  g_assert_cmpuint (defects->len, ==, 0);
  g_assert_true (fast_security_infos_find_key (infos, 2) == infos->pdata[1]);
  g_ptr_array_add (infos, fast_security_info_new_chip_key (key, FAST_SECURITY_NONE, NULL));
  others = fast_security_infos_check (infos, FAST_SECURITY_FILE_DG14);
  g_assert_cmpuint (others->len, ==, 1);
  fast_test_assert_id (others->pdata[0], "security-infos-missing");
}

static GBytes *
data (const char *name)
{
  g_autofree char *path = fast_test_data (name);

  return path == NULL ? NULL : fast_bytes_read_file (path, 100000, NULL);
}

/* Chips of others: explicit parameters, modulus groups; sound by our rules. */
static void
test_specimens (void)
{
  static const char *const FILES[] = {"emrtd/bsi2008/Datagroup14.bin",
                                      "emrtd/doc9303/spec_sample_encoded_dg14.bin"};

  for (guint i = 0; i < G_N_ELEMENTS (FILES); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) file = data (FILES[i]);
    g_autoptr (GPtrArray) infos = NULL;
    g_autoptr (GPtrArray) defects = NULL;
    g_autofree char *ids = NULL;

    if (file == NULL)
      return;
    infos = fast_security_group_parse (file, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (infos->len, ==, 3);
    defects = fast_security_infos_check (infos, FAST_SECURITY_FILE_DG14);
    ids = ids_of (defects);
    g_assert_cmpstr (ids, ==, "");
    g_assert_nonnull (fast_security_infos_find_key (infos, FAST_SECURITY_NONE));
    g_assert_nonnull (fast_security_infos_find (infos, FAST_SECURITY_TERMINAL_AUTHENTICATION));
  }
}

static void
test_specimen_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) file = data ("emrtd/bsi2008/Datagroup15.bin");
  g_autoptr (EVP_PKEY) key = NULL;

  if (file == NULL)
    return;
  key = fast_public_key_group_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_get_base_id (key), ==, EVP_PKEY_RSA);
  g_assert_cmpint (EVP_PKEY_get_bits (key), ==, 1024);
}

static void
test_public_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = key_of ("P-256");
  g_autoptr (GBytes) made = fast_public_key_group_make (key, &error);
  g_autoptr (EVP_PKEY) back = NULL;

  g_assert_no_error (error);
  back = fast_public_key_group_parse (made, &error);
  g_assert_no_error (error);
  g_assert_cmpint (EVP_PKEY_eq (key, back), ==, 1);
}

static void
test_bad_public_key (void)
{
  static const char *const BAD[] = {
      "6e00",                           /* P3:LDS_J_1 */
      "6f0130",                         /* P3:LDS_J_2 */
      "6f00",                           /* P3:LDS_J_3 void */
      "6f023100",                       /* P3:LDS_J_3 no SEQUENCE */
      "6f023000",                       /* P3:LDS_J_3 an empty one */
      "6f0430000500",                   /* P3:LDS_J_2 something behind it */
      "6f0d300b30050603550403030200ff", /* P3:LDS_J_4 */
      "6f2c302a300506032b6570032100"    /* P3:LDS_J_4 Ed25519 */
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "6f14301230"
      "0d06092a864886f70d01010105000301ff", /* P3:LDS_J_5 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GBytes) bytes = fast_hex_decode (BAD[i], NULL);

    if (fast_public_key_group_parse (bytes, NULL) != NULL)
      g_error ("not refused: %s", BAD[i]);
  }
}

static void
test_other_key (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (EVP_PKEY) key = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");

  g_assert_null (fast_public_key_group_make (key, &error));
  fast_test_assert_id (error, "public-key-type");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lds/security-infos/card-access-example", test_card_access_example);
  g_test_add_func ("/lds/security-infos/made", test_made);
  g_test_add_func ("/lds/security-infos/sorted", test_sorted);
  g_test_add_func ("/lds/security-infos/numbers", test_numbers);
  g_test_add_func ("/lds/security-infos/defects", test_defects);
  g_test_add_func ("/lds/security-infos/no-set", test_no_set);
  g_test_add_func ("/lds/security-infos/too-many", test_too_many);
  g_test_add_func ("/lds/security-infos/agree/P3:LDS_E_5", test_agree);
  g_test_add_func ("/lds/security-infos/chip-key/P3:LDS_E_3", test_chip_key);
  g_test_add_func ("/lds/security-infos/named-curve/P3:LDS_E_3", test_named_curve);
  g_test_add_func ("/lds/security-infos/two-keys/P3:LDS_E_4", test_two_keys);
  g_test_add_func ("/lds/security-infos/specimens", test_specimens);
  g_test_add_func ("/lds/public-key-group/specimen", test_specimen_key);
  g_test_add_func ("/lds/public-key-group/round-trip", test_public_key);
  g_test_add_func ("/lds/public-key-group/bad", test_bad_public_key);
  g_test_add_func ("/lds/public-key-group/other-key", test_other_key);
  return g_test_run ();
}

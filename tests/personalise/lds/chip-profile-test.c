/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/lds/chip-profile.h"

#include "personalise/lds/face-group.h"
#include "personalise/lds/mrz-group.h"
#include "personalise/lds/passive-authentication.h"
#include "personalise/lds/personal-details.h"
#include "personalise/lds/programme-group.h"
#include "record/base/clock.h"
#include "tests/personalise/lds/chip.h"
#include "tests/support.h"

static TestPki pki;
static TestChip chip;

static FastLds *
build (void)
{
  g_autoptr (GError) error = NULL;
  FastLds *lds = fast_lds_build (&chip.input, pki.signer, pki.key, &error);

  g_assert_no_error (error);
  return lds;
}

static GBytes *
group (FastLds *lds, guint number)
{
  GBytes *content = fast_lds_get (lds, fast_file_group (number));

  g_assert_nonnull (content);
  return content;
}

static void
test_holds (void)
{
  g_autoptr (FastLds) lds = build ();
  g_autoptr (GPtrArray) verdicts = fast_verdicts_new ();

  fast_passive_authentication (lds, pki.trust, fast_clock_now (), verdicts);
  g_assert_true (fast_verdicts_hold (verdicts));
  for (guint i = 0; i < verdicts->len; i++)
    g_assert_cmpint (((FastVerdict *)verdicts->pdata[i])->outcome, !=, FAST_VERDICT_WEAK);
}

static void
test_groups (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastLds) lds = build ();
  g_autoptr (FastMrz) mrz = fast_mrz_group_parse (group (lds, 1), &error);
  g_autoptr (FastFaceRecord) face = fast_face_group_parse (group (lds, 2), &error);
  g_autoptr (FastPersonalDetails) details = fast_personal_details_parse (group (lds, 11), &error);
  g_autoptr (FastProgrammeGroup) programme = fast_programme_group_parse (group (lds, 13), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (mrz->text, ==, chip.mrz->text);
  g_assert_cmpint (face->sex, ==, FAST_FACE_SEX_FEMALE);
  g_assert_cmpint (face->eyes, ==, FAST_FACE_EYES_BROWN);
  g_assert_cmpuint (face->width, ==, 622);
  g_assert_cmpstr (details->surname, ==, "Bélanger-D’Amours");
  g_assert_cmpstr (details->given, ==, "Maëlle Françoise");
  g_assert_cmpstr (details->birth, ==, "1986-07-19");
  g_assert_cmpstr (details->birth_place[0], ==, "Saint-Hyacinthe");
  g_assert_cmpstr (details->address[0], ==, "48, rang de l’Exemple");
  g_assert_cmpstr (programme->programme, ==, "FAST");
  g_assert_cmpstr (programme->membership, ==, "500000001");
  g_assert_cmpstr (programme->rfid, ==, "E2801160600002");
}

/* The programme with one member of its chip, or of one of its data groups, put otherwise. */
static FastProfile *
profile_with (guint number, const char *member, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = fast_profile_to_json (chip.profile);
  JsonObject *part = json_object_get_object_member (json_node_get_object (node), "chip");
  JsonArray *groups = json_object_get_array_member (part, "groups");
  FastProfile *profile;

  for (guint i = 0; number != 0 && i < json_array_get_length (groups); i++)
    if (json_object_get_int_member (json_array_get_object_element (groups, i), "group") == number)
      part = json_array_get_object_element (groups, i);
  json_object_set_member (part, member, json_from_string (value, NULL));
  profile = fast_profile_from_json (node, &error);
  g_assert_no_error (error);
  return profile;
}

/* COM-FI-CHIP: the whole of EF.DG2 within 17 KiB. */
static void
test_budget (void)
{
  const char *const codecs[] = {"\"jpeg\"", "\"jpeg2000\""};

  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastProfile) profile = profile_with (2, "codec", codecs[i]);
    FastLdsInput input = chip.input;
    g_autoptr (FastLds) lds = NULL;

    input.profile = profile;
    lds = fast_lds_build (&input, pki.signer, pki.key, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (group (lds, 2)), <=, 17408);
  }
}

/* A programme that asks for what cannot be made is told so. */
static void
test_other_programmes (void)
{
  static const struct {
    guint group;
    const char *member;
    const char *value;
    const char *id;
  } ROWS[] = {
      {2, "codec", "\"png\"", "lds-codec"},
      {7, "codec", "\"jpeg2000\"", "lds-codec"},
      {7, "budget", "100", "signature-group-large"},
      {13, "group", "16", "lds-group-unknown"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (ROWS); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastProfile) profile = profile_with (ROWS[i].group, ROWS[i].member, ROWS[i].value);
    FastLdsInput input = chip.input;

    input.profile = profile;
    g_assert_null (fast_lds_build (&input, pki.signer, pki.key, &error));
    fast_test_assert_id (error, ROWS[i].id);
  }
}

static void
test_no_signature (void)
{
  g_autoptr (GError) error = NULL;
  FastLdsInput input = chip.input;

  input.signature = NULL;
  g_assert_null (fast_lds_build (&input, pki.signer, pki.key, &error));
  fast_test_assert_id (error, "lds-no-signature");
}

static void
test_broken_portrait (void)
{
  g_autoptr (GError) error = NULL;
  FastLdsInput input = chip.input;
  g_autoptr (GBytes) half =
      g_bytes_new_from_bytes (chip.portrait, 0, g_bytes_get_size (chip.portrait) / 2);

  input.portrait = half;
  g_assert_null (fast_lds_build (&input, pki.signer, pki.key, &error));
  fast_test_assert_id (error, "image-broken");
}

/* The lanes and the back offices must read one number, whichever of the two places they read. */
static void
test_other_membership (void)
{
  g_autoptr (GError) error = NULL;
  FastLdsInput input = chip.input;

  input.membership = "500000002";
  g_assert_null (fast_lds_build (&input, pki.signer, pki.key, &error));
  fast_test_assert_id (error, "lds-membership");
}

static void
check_bad_zone (const char *text)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (text, NULL);

  if (fast_mrz_group_parse (bytes, NULL) != NULL)
    g_error ("not refused: %s", text);
}

/* Each byte of a good EF.DG1 changed in its lowest bit is noticed, but for letters of names and
 * other fields without a check digit. */
static void
test_bad_zone (void)
{
  g_autoptr (FastLds) lds = build ();
  GBytes *good = group (lds, 1);
  gsize size = g_bytes_get_size (good);
  guint noticed = 0;

  for (gsize i = 0; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (good, NULL), size);
    g_autoptr (GBytes) changed = NULL;
    g_autoptr (FastMrz) mrz = NULL;

    copy[i] ^= 1;
    changed = g_bytes_new (copy, size);
    mrz = fast_mrz_group_parse (changed, NULL);
    noticed += mrz == NULL;
  }
  g_assert_cmpuint (noticed, >, 40);
  check_bad_zone ("61045f1f0141"); /* P3:LDS_B_3 of no layout */
  check_bad_zone ("61035f1f00");   /* void */
  check_bad_zone ("61035f0e00");   /* P3:LDS_B_3 another object */
  check_bad_zone ("61045f1f0100"); /* a zero byte */
}

static void
test_specimen_zone (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_data ("emrtd/bsi2008/Datagroup1.bin");
  g_autoptr (GBytes) file = path == NULL ? NULL : fast_bytes_read_file (path, 1000, &error);
  g_autoptr (FastMrz) mrz = NULL;

  if (path == NULL)
    return;
  mrz = fast_mrz_group_parse (file, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mrz->surname, ==, "MUSTERMANN");
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  test_pki_init (&pki);
  test_chip_init (&chip);
  g_test_add_func ("/lds/chip-profile/holds", test_holds);
  g_test_add_func ("/lds/chip-profile/groups", test_groups);
  g_test_add_func ("/lds/chip-profile/budget", test_budget);
  g_test_add_func ("/lds/chip-profile/other-programmes", test_other_programmes);
  g_test_add_func ("/lds/chip-profile/no-signature", test_no_signature);
  g_test_add_func ("/lds/chip-profile/broken-portrait", test_broken_portrait);
  g_test_add_func ("/lds/chip-profile/other-membership", test_other_membership);
  g_test_add_func ("/lds/mrz-group/bad-zone", test_bad_zone);
  g_test_add_func ("/lds/mrz-group/specimen-chip", test_specimen_zone);
  result = g_test_run ();
  test_chip_clear (&chip);
  test_pki_clear (&pki);
  return result;
}

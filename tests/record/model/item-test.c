/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/model/item.h"

#include <string.h>

#include "record/base/asset.h"
#include "record/model/decision.h"
#include "record/model/part.h"
#include "record/model/policy.h"
#include "record/model/profile.h"
#include "tests/support.h"

static void
test_id (void)
{
  static const char *const wrong[] = {"",
                                      "U1",
                                      "U1-",
                                      "-1",
                                      "U1-0",
                                      "U1-01",
                                      "u1-1",
                                      "U1-x",
                                      "U1-1 ",
                                      "U1--1",
                                      "U1-+1",
                                      "ABCDEFGHIJKLM-1",
                                      "U1-9007199254740992"};
  g_autofree char *id = fast_item_id_format ("BWB1", 17);
  g_autofree char *unit = NULL;
  guint64 sequence;

  g_assert_cmpstr (id, ==, "BWB1-17");
  g_assert_true (fast_item_id_parse (id, &unit, &sequence, NULL));
  g_assert_cmpstr (unit, ==, "BWB1");
  g_assert_cmpuint (sequence, ==, 17);
  g_assert_true (fast_item_id_parse ("ABCDEFGHIJKL-9007199254740991", NULL, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (fast_item_id_parse (wrong[i], NULL, NULL, &error));
    fast_test_assert_id (error, "model-item-id");
  }
}

static void
test_kinds (void)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < FAST_ITEM_COUNT; i++) {
    FastItemKind kind;
    g_assert_true (fast_item_kind_parse (fast_item_kind_name ((FastItemKind)i), &kind, NULL));
    g_assert_cmpuint (kind, ==, i);
  }
  g_assert_cmpstr (fast_item_kind_name (FAST_ITEM_STOCK_DAY), ==, "stock-day");
  g_assert_false (fast_item_kind_parse ("Enrolment", &(FastItemKind){0}, &error));
  fast_test_assert_id (error, "model-item-kind");
}

static void
test_parts (void)
{
  g_assert_true (fast_part_name_is_valid ("finger-right-thumb.png"));
  g_assert_true (fast_part_name_is_valid ("decision-CBSA.p7s"));
  g_assert_false (fast_part_name_is_valid ("../face.jpg"));
  g_assert_false (fast_part_name_is_valid ("a/face.jpg"));
  g_assert_false (fast_part_name_is_valid ("face.jpg\n"));
  g_assert_false (fast_part_name_is_valid (".face.jpg"));
  g_assert_cmpint (fast_part_class ("face.png"), ==, FAST_CLASS_BIOMETRIC);
  g_assert_cmpint (fast_part_class ("finger-left-ring.png"), ==, FAST_CLASS_BIOMETRIC);
  g_assert_cmpint (fast_part_class ("signature.png"), ==, FAST_CLASS_BIOMETRIC);
  g_assert_cmpint (fast_part_class ("applicant.json"), ==, FAST_CLASS_PERSONAL);
}

#define DIGEST "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void
test_decision (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastDecision) decision =
      fast_decision_new (&(FastDecision){.agency = FAST_AGENCY_CBP,
                                         .item = "U1-3",
                                         .revision = 1,
                                         .outcome = FAST_OUTCOME_GRANT,
                                         .sequence = 9,
                                         .parts = DIGEST},
                         &error);
  g_autoptr (FastDecision) again = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = fast_decision_part_name (FAST_AGENCY_CBP);
  const char *wanted = "{\"agency\":\"CBP\",\"item\":\"U1-3\",\"outcome\":\"grant\",\"parts\":"
                       "\"" DIGEST "\",\"reason\":null,\"revision\":1,\"sequence\":9}";

  g_assert_no_error (error);
  bytes = fast_decision_to_bytes (decision);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), wanted,
                   strlen (wanted));
  again = fast_decision_from_bytes (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (again->outcome, ==, FAST_OUTCOME_GRANT);
  g_assert_null (again->reason);
  g_assert_cmpstr (name, ==, "decision-CBP.json");
  g_assert_null (fast_decision_new (
      &(FastDecision){.item = "U1-3", .revision = 0, .sequence = 9, .parts = DIGEST}, &error));
  fast_test_assert_id (error, "model-range");
}

static void
test_policies (void)
{
  for (guint nation = 0; nation < FAST_NATION_COUNT; nation++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastPolicy) policy = fast_policy_load ((FastNation)nation, &error);

    g_assert_no_error (error);
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_ENROLMENT, "finger-left-ring.png"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_ENROLMENT, "face.jpg"));
    g_assert_false (fast_policy_allows (policy, FAST_ITEM_DECISION, "face.jpg"));
    g_assert_false (fast_policy_allows (policy, FAST_ITEM_ENROLMENT, "decision-CBP.json"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_DECISION, "decision-CBSA.p7s"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_DECISION, "granted-parts.json"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_BATCH, "manifest.json"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_CARD, "card.json"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_HANDOVER, "handover.json"));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_ENROLMENT, "interview-CBSA.json") ==
                   (nation == FAST_NATION_CA));
    g_assert_true (fast_policy_allows (policy, FAST_ITEM_ENROLMENT, "interview-CBP.json") ==
                   (nation == FAST_NATION_US));
  }
}

static void
test_profile (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastProfile) profile = fast_profile_load ("FAST", &error);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (FastProfile) again = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (fast_texts_get (profile->title, "fr"), ==, "EXPRES");
  g_assert_cmpstr (fast_texts_get (profile->role, "fr"), ==, "Chauffeur du secteur commercial");
  g_assert_cmpint (fast_profile_chip_find (profile->chip, 2)->budget, ==, 17408);
  g_assert_cmpstr (fast_profile_chip_find (profile->chip, 2)->codec, ==, "jpeg2000");
  g_assert_true (fast_profile_chip_find (profile->chip, 3)->guarded);
  g_assert_null (fast_profile_chip_find (profile->chip, 4));
  g_assert_cmpint (profile->chip->cipher, ==, FAST_CHIP_AES_128);
  g_assert_cmpuint (profile->biometrics->len, ==, 12);
  g_assert_true (fast_profile_find_biometric (profile, "finger-left-little")->declarable);
  g_assert_false (fast_profile_find_biometric (profile, "face")->declarable);
  g_assert_null (fast_profile_find_biometric (profile, "iris-left"));
  g_assert_true (fast_profile_has_gate (profile, "photo/background"));
  g_assert_nonnull (fast_profile_find_interview (profile, FAST_AGENCY_CBP));
  node = fast_profile_to_json (profile);
  again = fast_profile_from_json (node, &error);
  g_assert_no_error (error);
  g_assert_null (fast_profile_load ("../x", &error));
  fast_test_assert_id (error, "model-programme");
  g_clear_error (&error);
  g_assert_null (fast_profile_load ("NEXUS", &error));
  fast_test_assert_id (error, "asset-missing");
}

typedef struct {
  const char *member; /* of "chip"; or of a group, when it begins with a digit */
  const char *value;  /* JSON */
  const char *id;     /* of the message that refuses it; %NULL when it is fine */
} ChipRow;

static const ChipRow CHIP_ROWS[] = {
    {"cipher", "\"AES-256\"", NULL},
    {"curve", "\"brainpoolP256r1\"", NULL},
    {"face_edition", "\"39794-5\"", NULL},
    {"bac", "false", NULL},
    {"atr_info", "false", NULL},
    {"cipher", "\"3DES\"", "model-choice"},
    {"curve", "\"P-384\"", "model-choice"},
    {"face_edition", "\"19794\"", "model-choice"},
    {"bac", "1", "model-type"},
    {"sm", "true", "model-unknown"},
    {"trust_points", "false", "model-profile-chip"},
    {"chip_authentication", "false", "model-profile-chip"},
    {"active_authentication", "false", "model-profile-chip"},
    {"0/group", "16", "model-profile-chip"},
    {"0/group", "2", "model-profile-chip"},
    {"0/group", "17", "model-range"},
    {"0/codec", "\"jpeg\"", "model-profile-chip"},
    {"0/guarded", "true", "model-profile-chip"},
    {"1/codec", "null", "model-profile-chip"},
    {"1/codec", "\"gif\"", "model-choice"},
    {"2/guarded", "false", NULL},
    {"7/group", "16", "model-profile-chip"},
};

static JsonObject *
chip_part (JsonNode *profile, const char *member)
{
  JsonObject *chip = json_object_get_object_member (json_node_get_object (profile), "chip");

  if (!g_ascii_isdigit (member[0]))
    return chip;
  return json_array_get_object_element (json_object_get_array_member (chip, "groups"),
                                        (guint)(member[0] - '0'));
}

/* What a programme says of its chip must hold together. */
static void
test_chip (void)
{
  g_autoptr (GBytes) bytes = fast_asset_load ("programme/fast.json", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (CHIP_ROWS); i++) {
    const ChipRow *row = &CHIP_ROWS[i];
    const char *member = g_ascii_isdigit (row->member[0]) ? row->member + 2 : row->member;
    g_autoptr (JsonNode) node = json_from_string (g_bytes_get_data (bytes, NULL), NULL);
    g_autoptr (GError) error = NULL;
    g_autoptr (FastProfile) profile = NULL;

    g_test_message ("%s: %s", row->member, row->value);
    json_object_set_member (chip_part (node, row->member), member,
                            json_from_string (row->value, NULL));
    profile = fast_profile_from_json (node, &error);
    if (row->id == NULL)
      g_assert_no_error (error);
    else
      fast_test_assert_id (error, row->id);
  }
}

/* Another programme, with irises and their data group, is another file and no other code. */
static void
test_another_programme (void)
{
  g_autoptr (GBytes) bytes = fast_asset_load ("programme/fast.json", NULL);
  g_autoptr (JsonNode) node = json_from_string (g_bytes_get_data (bytes, NULL), NULL);
  JsonObject *profile = json_node_get_object (node);
  g_autoptr (JsonNode) iris = json_from_string (
      "{\"name\": \"iris-left\", \"suffixes\": [\"png\"], \"declarable\": true}", NULL);
  g_autoptr (JsonNode) group = json_from_string ("{\"group\": 4, \"budget\": 8192, \"codec\": "
                                                 "\"jpeg2000\", \"optional\": true, "
                                                 "\"guarded\": true}",
                                                 NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FastProfile) nexus = NULL;

  json_object_set_string_member (profile, "code", "NEXUS-AIR");
  json_array_add_element (json_object_get_array_member (profile, "biometrics"),
                          g_steal_pointer (&iris));
  json_array_add_element (
      json_object_get_array_member (json_object_get_object_member (profile, "chip"), "groups"),
      g_steal_pointer (&group));
  nexus = fast_profile_from_json (node, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fast_profile_find_biometric (nexus, "iris-left"));
  g_assert_cmpint (fast_profile_chip_find (nexus->chip, 4)->budget, ==, 8192);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/item/id", test_id);
  g_test_add_func ("/model/item/kinds", test_kinds);
  g_test_add_func ("/model/part", test_parts);
  g_test_add_func ("/model/decision", test_decision);
  g_test_add_func ("/model/policy", test_policies);
  g_test_add_func ("/model/profile", test_profile);
  g_test_add_func ("/model/profile/chip", test_chip);
  g_test_add_func ("/model/profile/another-programme", test_another_programme);
  return g_test_run ();
}

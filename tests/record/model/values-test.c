/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/model/appointment.h"
#include "record/model/batch.h"
#include "record/model/card.h"
#include "record/model/centre.h"
#include "record/model/consent.h"
#include "record/model/decision.h"
#include "record/model/document.h"
#include "record/model/enrolment-summary.h"
#include "record/model/handover.h"
#include "record/model/interview.h"
#include "record/model/officer.h"
#include "record/model/payment.h"
#include "record/model/sample.h"
#include "record/model/stock-item.h"
#include "record/model/unit-description.h"
#include "tests/support.h"

#define DIGEST "\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\""
#define AT "\"2026-11-24T04:02:31Z\""

/* Every kind of value once, in canonical JSON. */
static const struct {
  const FastBinding *binding;
  const char *json;
} values[] = {
    {&fast_appointment_binding, "{\"agencies\":[\"CBSA\",\"CBP\"],\"centre\":\"BWB\",\"minutes\":"
                                "30,\"reference\":\"CA-2026-1\","
                                "\"start\":" AT ",\"state\":\"booked\"}"},
    {&fast_batch_binding, "{\"batch\":\"U1-b1\",\"closed\":null,\"closed_by\":[],\"day\":"
                          "\"2026-11-24\",\"items\":0,\"root\":null,\"unit\":\"U1\"}"},
    {&fast_batch_binding,
     "{\"batch\":\"U1-b1\",\"closed\":" AT ",\"closed_by\":[\"cbsa-1\",\"cbp-1\"],"
     "\"day\":\"2026-11-24\",\"items\":9,\"root\":" DIGEST ",\"unit\":\"U1\"}"},
    {&fast_card_binding,
     "{\"access\":\"bac\",\"chip\":\"04A1B2C3D4\",\"enrolment\":\"U1-1\",\"expiry\":\"2032-02-29\","
     "\"files\":[{\"digest\":" DIGEST ",\"name\":\"EF.DG1\"}],\"issued\":\"2026-11-24\","
     "\"membership\":\"500000000\",\"programme\":\"FAST\",\"rfid\":\"E20000001234\","
     "\"rfid_read\":\"unread\",\"serial\":\"FA0000001\",\"state\":\"CAN\"}"},
    {&fast_centre_binding,
     "{\"agencies\":[\"CBSA\"],\"code\":\"BWB\",\"mobile\":true,\"name\":{\"en\":\"Blue Water "
     "Bridge\",\"fr\":\"Pont Blue Water\"},\"state\":\"CAN\"}"},
    {&fast_consent_binding,
     "{\"given\":true,\"language\":\"fr\",\"nation\":\"CA\",\"text\":\"privacy-CA/1\"}"},
    {&fast_decision_binding,
     "{\"agency\":\"CBSA\",\"item\":\"U1-1\",\"outcome\":\"refuse\",\"parts\":" DIGEST
     ",\"reason\":\"documents\",\"revision\":2,\"sequence\":7}"},
    {&fast_document_binding, "{\"expiry\":null,\"number\":\"B 1\",\"source\":\"typed\",\"state\":"
                             "\"CAN\",\"type\":\"birth-certificate\"}"},
    {&fast_enrolment_summary_binding,
     "{\"captured\":" AT ",\"captured_by\":\"cbsa-1\",\"centre\":\"BWB\",\"item\":\"U1-1\","
     "\"membership\":null,\"programme\":\"FAST\",\"revision\":1,\"serial\":null,\"unit\":\"U1\"}"},
    {&fast_handover_binding, "{\"at\":" AT ",\"enrolment\":\"U1-1\",\"identified_by\":\"photo\","
                             "\"officer\":\"cbp-1\",\"serial\":\"FA0000001\"}"},
    {&fast_interview_binding, "{\"answers\":{\"purpose\":\"Daily\"}}"},
    {&fast_officer_binding, "{\"agency\":\"CBP\",\"certificate\":" DIGEST
                            ",\"name\":\"cbp-1\",\"roles\":[\"enrolment\"]}"},
    {&fast_payment_binding, "{\"amount\":\"50.00\",\"currency\":\"USD\",\"method\":\"cash\","
                            "\"receipt\":\"R-1\",\"taken\":\"2026-11-24\"}"},
    {&fast_sample_binding,
     "{\"captured\":" AT ",\"captured_by\":\"cbsa-1\",\"device\":null,\"digest\":" DIGEST
     ",\"height\":480,\"name\":\"finger-right-thumb\",\"resolution\":500,\"suffix\":\"png\","
     "\"width\":640}"},
    {&fast_stock_item_binding,
     "{\"chip\":\"04A1B2C3D4\",\"enrolment\":null,\"rfid\":\"E20000001234\",\"serial\":"
     "\"FA0000001\",\"state\":\"in-stock\"}"},
    {&fast_unit_description_binding, "{\"centre\":\"BWB\",\"id\":\"U1\",\"language\":\"en\","
                                     "\"numbers\":\"500000000-500009999\",\"state\":\"CAN\"}"},
};

static gpointer
read_text (const FastBinding *binding, const char *json, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return fast_binding_read_bytes (binding, bytes, error);
}

static void
test_round_trips (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;
    gpointer value = read_text (values[i].binding, values[i].json, &error);
    gpointer copy;

    g_assert_no_error (error);
    copy = fast_binding_new (values[i].binding, value, &error);
    g_assert_no_error (error);
    fast_binding_unref (value);
    bytes = fast_binding_write_bytes (values[i].binding, copy);
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), values[i].json,
                     strlen (values[i].json));
    fast_binding_unref (copy);
  }
}

/* Without any one member, and with one more, no value is read. */
static void
check_members (const FastBinding *binding, const char *json)
{
  for (guint i = 0; i < binding->n_fields; i++) {
    g_autoptr (JsonNode) node = json_from_string (json, NULL);
    g_autoptr (GError) error = NULL;
    JsonObject *object = json_node_get_object (node);

    if (!json_object_has_member (object, binding->fields[i].name))
      continue;
    json_object_remove_member (object, binding->fields[i].name);
    g_assert_null (fast_binding_read (binding, node, &error));
    fast_test_assert_id (error, "model-missing");
    g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "path"), ==,
                     binding->fields[i].name);
  }
}

static void
test_strict (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (JsonNode) node = json_from_string (values[i].json, NULL);
    g_autoptr (GError) error = NULL;

    check_members (values[i].binding, values[i].json);
    json_object_set_int_member (json_node_get_object (node), "zz", 1);
    g_assert_null (fast_binding_read (values[i].binding, node, &error));
    fast_test_assert_id (error, "model-unknown");
  }
}

static void
check_refused (const FastBinding *binding, const char *json, const char *id, const char *path)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_text (binding, json, &error));
  fast_test_assert_id (error, id);
  if (path != NULL)
    g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "path"), ==, path);
}

static void
test_paths (void)
{
  check_refused (&fast_centre_binding,
                 "{\"agencies\":[\"CBSA\",\"FBI\"],\"code\":\"BWB\",\"mobile\":true,\"name\":{"
                 "\"en\":\"A\",\"fr\":\"B\"},\"state\":\"CAN\"}",
                 "model-choice", "agencies[1]");
  check_refused (&fast_centre_binding,
                 "{\"agencies\":[\"CBSA\"],\"code\":\"BWB\",\"mobile\":true,\"name\":{\"en\":\" \","
                 "\"fr\":\"B\"},\"state\":\"CAN\"}",
                 "model-form", "name.en");
  check_refused (&fast_interview_binding, "{\"answers\":{\"Purpose\":\"x\"}}", "model-unknown",
                 "answers.Purpose");
  check_refused (&fast_interview_binding, "{\"answers\":{\"purpose\":3}}", "model-type",
                 "answers.purpose");
  check_refused (&fast_payment_binding,
                 "{\"amount\":\"50.00\",\"currency\":\"USD\",\"method\":\"cash\",\"receipt\":"
                 "\"R-1\",\"taken\":\"2026-02-29\"}",
                 "model-date", "taken");
  check_refused (&fast_payment_binding, "[]", "model-type", NULL);
  check_refused (&fast_payment_binding, "{ }", "json-not-canonical", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/values/round-trips", test_round_trips);
  g_test_add_func ("/model/values/strict", test_strict);
  g_test_add_func ("/model/values/paths", test_paths);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/header.h"

#include <string.h>

#include "record/base/error.h"
#include "tests/support.h"

#define ROOT "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define FIRST "1111111111111111111111111111111111111111111111111111111111111111"
#define LAST "2222222222222222222222222222222222222222222222222222222222222222"

static const char plain[] =
    "{\"about\":null,\"audit\":{\"root\":\"" ROOT "\",\"size\":7},\"batch\":\"U1-b1\","
    "\"centre\":\"BWB\",\"epoch\":1,\"format\":1,\"item\":\"U1-3\",\"kind\":\"enrolment\","
    "\"lane\":2,\"nation\":\"CA\",\"predecessor\":null,\"revision\":1,\"supersedes\":null,"
    "\"unit\":\"U1\"}";

static const char full[] =
    "{\"about\":\"U1-3\",\"audit\":{\"root\":\"" ROOT "\",\"size\":7},\"batch\":\"U1-b2\","
    "\"centre\":\"BWB\",\"epoch\":2,\"format\":1,\"item\":\"U2-4\",\"kind\":\"decision\","
    "\"lane\":9,\"nation\":\"US\",\"predecessor\":{\"item\":\"U1-3\",\"revision\":1},"
    "\"revision\":3,\"supersedes\":{\"first\":\"" FIRST "\",\"lane\":5,\"packet\":\"" LAST "\"},"
    "\"unit\":\"U1\"}";

static FastHeader *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return fast_header_parse (bytes, error);
}

static void
test_round (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = parse (data, &error);
  g_autoptr (FastHeader) copy = NULL;
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  copy = fast_header_copy (header);
  g_assert_true (fast_header_equal (header, copy));
  text = fast_header_to_text (copy);
  g_assert_cmpstr (text, ==, data);
}

static void
test_members (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = parse (full, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (header->item, ==, "U2-4");
  g_assert_cmpstr (header->predecessor, ==, "U1-3");
  g_assert_cmpint (header->predecessor_revision, ==, 1);
  g_assert_cmpstr (header->first, ==, FIRST);
  g_assert_cmpstr (header->superseded, ==, LAST);
  g_assert_cmpint (header->superseded_lane, ==, 5);
  g_assert_cmpint (header->audit_size, ==, 7);
}

typedef struct {
  const char *from, *to, *id;
} Change;

/* Each change of the full header must be refused, and with its own reason. */
static void
test_refusals (void)
{
  static const Change changes[] = {
      {"\"format\":1", "\"format\":2", "packet-header-format"},
      {"\"lane\":9", "\"lane\":9,\"lanf\":1", "packet-header-unknown"},
      {"\"lane\":5,", "\"lane\":5,\"more\":1,", "packet-header-unknown"},
      {"\"about\":\"U1-3\",", "", "json-missing"},
      {"\"epoch\":2", "\"epoch\":\"2\"", "json-type"},
      {"\"epoch\":2", "\"epoch\": 2", "json-not-canonical"},
      {"\"epoch\":2", "\"epoch\":0", "packet-header-value"},
      {"\"US\"", "\"FR\"", "packet-header-value"},
      {"\"U2-4\"", "\"U2-04\"", "packet-header-value"},
      {"\"U2-4\"", "\"U2-b4\"", "packet-header-value"},
      {"\"U1-b2\"", "\"U1-2\"", "packet-header-value"},
      {"\"decision\"", "\"rumour\"", "packet-header-value"},
      {"\"lane\":9", "\"lane\":5", "packet-header-value"},
      {"\"unit\":\"U1\"", "\"unit\":\"../1\"", "packet-header-value"},
      {"\"first\":\"" FIRST, "\"first\":\"" FIRST "1", "packet-header-value"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GString) text = g_string_new (full);

    g_assert_cmpuint (g_string_replace (text, changes[i].from, changes[i].to, 1), ==, 1);
    g_assert_null (parse (text->str, &error));
    fast_test_assert_id (error, changes[i].id);
  }
}

static void
test_ids (void)
{
  const char *item = "U1-12";
  g_autofree char *batch = fast_batch_id_new ("U1", 3);

  g_assert_true (fast_item_id_is_valid (item));
  g_assert_true (fast_batch_id_is_valid (batch));
  g_assert_false (fast_item_id_is_valid (batch));
  g_assert_false (fast_batch_id_is_valid (item));
  g_assert_false (fast_item_id_is_valid ("U1"));
  g_assert_false (fast_item_id_is_valid ("-1"));
  g_assert_true (fast_packet_id_is_valid (ROOT));
  g_assert_false (fast_packet_id_is_valid ("E3b0"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sync/packet/header/round-plain", plain, test_round);
  g_test_add_data_func ("/sync/packet/header/round-full", full, test_round);
  g_test_add_func ("/sync/packet/header/members", test_members);
  g_test_add_func ("/sync/packet/header/refusals", test_refusals);
  g_test_add_func ("/sync/packet/header/ids", test_ids);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "record/base/error.h"
#include "record/base/json.h"
#include "tests/support.h"

static void
check_canonical (const char *text, const char *wanted)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = fast_json_parse (bytes, "sample", &error);
  g_autofree char *canonical = NULL;

  g_assert_no_error (error);
  canonical = fast_json_canonical (node);
  g_assert_cmpstr (canonical, ==, wanted);
}

/* RFC 8785, 3.2.2 and 3.2.3: its two worked examples. */
static void
test_rfc8785_examples (void)
{
  check_canonical ("{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, "
                   "0.000000000000000000000000001],\n"
                   "\"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                   "\"literals\": [null, true, false]}",
                   "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,"
                   "1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  check_canonical ("-9223372036854775808", "-9223372036854776000");
  check_canonical (
      "{\"\\u20ac\": \"Euro Sign\", \"\\r\": \"Carriage Return\", "
      "\"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\", \"1\": \"One\", "
      "\"\\ud83d\\ude00\": \"Emoji: Grinning Face\", \"\\u0080\": \"Control\", "
      "\"\\u00f6\": \"Latin Small Letter O With Diaeresis\"}",
      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
      "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
      "\"😀\":\"Emoji: Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
}

/* RFC 8785, appendix B: IEEE 754 bit patterns and their texts. */
static void
test_rfc8785_numbers (void)
{
  const struct {
    guint64 bits;
    const char *text;
  } cases[] = {
      {0x0000000000000000, "0"},
      {0x8000000000000000, "0"},
      {0x0000000000000001, "5e-324"},
      {0x8000000000000001, "-5e-324"},
      {0x7fefffffffffffff, "1.7976931348623157e+308"},
      {0xffefffffffffffff, "-1.7976931348623157e+308"},
      {0x4340000000000000, "9007199254740992"},
      {0xc340000000000000, "-9007199254740992"},
      {0x4430000000000000, "295147905179352830000"},
      {0x44b52d02c7e14af5, "9.999999999999997e+22"},
      {0x44b52d02c7e14af6, "1e+23"},
      {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
      {0x444b1ae4d6e2ef4e, "999999999999999700000"},
      {0x444b1ae4d6e2ef4f, "999999999999999900000"},
      {0x444b1ae4d6e2ef50, "1e+21"},
      {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
      {0x3eb0c6f7a0b5ed8d, "0.000001"},
      {0x41b3de4355555553, "333333333.3333332"},
      {0x41b3de4355555554, "333333333.33333325"},
      {0x41b3de4355555555, "333333333.3333333"},
      {0x41b3de4355555556, "333333333.3333334"},
      {0x41b3de4355555557, "333333333.33333343"},
      {0xbecbf647612f3696, "-0.0000033333333333333333"},
      {0x43143ff3c1cb0959, "1424953923781206.2"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = NULL;
    double value;

    memcpy (&value, &cases[i].bits, sizeof value);
    text = fast_json_number (value);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_refuses (void)
{
  g_autofree char *deep = g_strnfill (5000, '[');
  const struct {
    const char *text;
    const char *id;
  } cases[] = {
      {"", "json-empty"},
      {"{\"a\":1,\"a\":2}", "json-repeated"},
      {"{\"b\":{\"a\":1,\"c\":0,\"a\":2}}", "json-repeated"},
      {"{\"a\":", "json-malformed"},
      {"{\"a\":\"\xff\"}", "json-encoding"},
      {deep, "json-depth"},
      {"{\"a\\222\":1}", "json-encoding"},
      {"[\"\\377\"]", "json-encoding"},
      {"24e444", "json-number"},
      {"{\"a\":[0,{\"b\":-1e999}]}", "json-number"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (cases[i].text, strlen (cases[i].text));
    g_autoptr (GError) error = NULL;

    g_assert_null (fast_json_parse (bytes, "sample", &error));
    fast_test_assert_id (error, cases[i].id);
  }
}

static void
test_canonical_only (void)
{
  g_autoptr (GBytes) loose = g_bytes_new_static ("{\"a\": 1}", 8);
  g_autoptr (GBytes) strict = g_bytes_new_static ("{\"a\":1}", 7);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = fast_json_parse_canonical (strict, "sample", &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_assert_null (fast_json_parse_canonical (loose, "sample", &error));
  fast_test_assert_id (error, "json-not-canonical");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/json/rfc8785-examples", test_rfc8785_examples);
  g_test_add_func ("/base/json/rfc8785-numbers", test_rfc8785_numbers);
  g_test_add_func ("/base/json/refuses", test_refuses);
  g_test_add_func ("/base/json/canonical-only", test_canonical_only);
  return g_test_run ();
}

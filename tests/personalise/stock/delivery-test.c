/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/stock/delivery.h"

#include <string.h>

#include "record/base/error.h"
#include "tests/support.h"

static GPtrArray *
parse (const char *text, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  return fast_delivery_parse (bytes, error);
}

static void
test_reads (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) blanks = parse ("serial,chip,rfid\r\nFC0000001,00A1B2C3D4,E200341201\r\n"
                                        "FC0000002,00A1B2C3D5,E200341202\n",
                                        &error);
  FastBlank *second;

  g_assert_no_error (error);
  g_assert_cmpuint (blanks->len, ==, 2);
  second = blanks->pdata[1];
  g_assert_cmpstr (second->serial, ==, "FC0000002");
  g_assert_cmpstr (second->chip, ==, "00A1B2C3D5");
  g_assert_cmpstr (second->rfid, ==, "E200341202");
}

static void
test_refuses (void)
{
  const struct {
    const char *text;
    const char *id;
    const char *row;
  } cases[] = {
      {"", "stock-not-text", NULL},
      {"serial;chip;rfid\nFC0000001,00A1B2C3D4,E200341201\n", "stock-header", NULL},
      {"serial,chip,rfid\nFC0000001,00A1B2C3D4,E200341201", "stock-cut", NULL},
      {"serial,chip,rfid\nFC0000001,00A1B2C3D4\n", "stock-columns", "2"},
      {"serial,chip,rfid\nFC000001,00A1B2C3D4,E200341201\n", "stock-value", "2"},
      {"serial,chip,rfid\nfc0000001,00A1B2C3D4,E200341201\n", "stock-value", "2"},
      {"serial,chip,rfid\nFC0000001,00A1B2C3DX,E200341201\n", "stock-value", "2"},
      {"serial,chip,rfid\nFC0000001,00A1B2C3D4,E200341201\n"
       "FC0000002,00A1B2C3D5,E200341201\n",
       "stock-repeated", "3"},
      {"serial,chip,rfid\nFC0000001,00A1B2C3D4,E200341201\n\n", "stock-columns", "3"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (parse (cases[i].text, &error));
    fast_test_assert_id (error, cases[i].id);
    g_assert_cmpstr (fast_message_get_parameter (fast_error_get_message (error), "row"), ==,
                     cases[i].row);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stock/delivery/reads", test_reads);
  g_test_add_func ("/stock/delivery/refuses", test_refuses);
  return g_test_run ();
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/apdu/pace-example.h"

#include <string.h>

#include "record/base/bytes.h"

#define NONCE "3F00C4D39D153F2B2A214A078D899B22"
#define READER_MAP "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"
#define READER_KEY "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"
#define CHIP_MAP "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560"
#define CHIP_KEY "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A"

const FastTestPaceStep fast_test_pace_steps[FAST_TEST_PACE_STEPS] = {
    {0x10, "7C00", "7C12801095A3A016522EE98D01E76CB6B98B42C3"},
    {0x10,
     "7C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799"
     "115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
     "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F7399"
     "1E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54"},
    {0x10,
     "7C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B85"
     "7B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
     "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C2"
     "65A9F018F9CB852E111B768B326904B59A0193776F094"},
    {0x00, "7C0A8508C2B0BD78D94BA866", "7C0A86083ABB9674BCE93C08"},
};

static const char *const reader_values[] = {READER_MAP, READER_KEY, NULL};
static const char *const chip_values[] = {NONCE, CHIP_MAP, CHIP_KEY, NULL};

FastTestPaceDraws
fast_test_pace_reader_draws (void)
{
  return (FastTestPaceDraws){reader_values, 0};
}

FastTestPaceDraws
fast_test_pace_chip_draws (void)
{
  return (FastTestPaceDraws){chip_values, 0};
}

static gboolean
draw_fixed (gpointer data, gpointer to, gsize size, GError **error)
{
  FastTestPaceDraws *fixed = data;
  g_autoptr (GBytes) value = fast_hex_decode (fixed->values[fixed->next++], error);

  g_assert_cmpuint (g_bytes_get_size (value), ==, size);
  return fast_copy (to, size, g_bytes_get_data (value, NULL), size);
}

FastRandomSource
fast_test_pace_source (FastTestPaceDraws *draws)
{
  return (FastRandomSource){draw_fixed, draws};
}

GBytes *
fast_test_unhex (const char *hex)
{
  g_autoptr (GError) error = NULL;
  GBytes *bytes = fast_hex_decode (hex, &error);

  g_assert_no_error (error);
  return bytes;
}

void
fast_test_check_hex (GBytes *bytes, const char *hex)
{
  g_autofree char *text =
      fast_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpint (g_ascii_strcasecmp (text, hex), ==, 0);
}

FastSecret *
fast_test_pace_password (FastPacePassword kind, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = fast_secret_new_from (text, strlen (text));
  FastSecret *out = fast_pace_password (kind, secret, &error);

  g_assert_no_error (error);
  return out;
}

FastPaceSelection
fast_test_pace_select (FastCipher cipher, guint parameters)
{
  return (FastPaceSelection){{FAST_PACE_ECDH_GM, cipher}, FAST_PACE_PASSWORD_MRZ, parameters};
}

FastPace *
fast_test_pace_reader (const FastPaceSelection *selection, const char *text,
                       const FastRandomSource *source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = fast_test_pace_password (selection->password, text);
  FastPace *pace = fast_pace_new_reader (selection, secret, source, &error);

  g_assert_no_error (error);
  return pace;
}

FastPace *
fast_test_pace_chip (const FastPaceSelection *selection, const char *text,
                     const FastRandomSource *source)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = fast_test_pace_password (selection->password, text);
  FastPace *pace = fast_pace_new_chip (selection, secret, source, &error);

  g_assert_no_error (error);
  return pace;
}

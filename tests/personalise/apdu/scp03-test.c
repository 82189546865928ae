/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "personalise/apdu/scp03.h"

#include "record/base/bytes.h"
#include "record/base/error.h"
#include "tests/personalise/apdu/scp03-fixture.h"
#include "tests/personalise/apdu/scp03-model.h"
#include "tests/personalise/apdu/scp03-sessions.h"
#include "tests/support.h"

static const guint8 sample[300] = {0xB0, 0x0B, 0x80, 0x00, 0x80};

/* --- published sessions --- */

static FastScp03 *
host_of (const Scp03Published *published, guint8 version)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastIssuerKeys) keys = scp03_keys (version, published->enc, published->mac);
  g_autoptr (GBytes) ask = scp03_unhex (published->initialize_update);
  g_autoptr (GBytes) answer = scp03_unhex (published->answer);
  g_autoptr (GBytes) proof = scp03_unhex (published->external_authenticate);
  g_autoptr (GBytes) accepted = scp03_unhex ("9000");
  g_autoptr (GBytes) made = NULL;
  g_autoptr (GBytes) proven = NULL;
  const guint8 level = scp03_parse (proof).p1;
  g_autoptr (FastScp03Host) host = fast_scp03_host_new (keys, FAST_SCP03_MODE_S8, level, &error);
  FastScp03 *channel;

  fast_scp03_host_set_challenge (host, scp03_parse (ask).data);
  made = fast_scp03_host_initialize_update (host, &error);
  g_assert_no_error (error);
  scp03_check (made, published->initialize_update);
  proven = fast_scp03_host_external_authenticate (host, answer, &error);
  g_assert_no_error (error);
  scp03_check (proven, published->external_authenticate);
  channel = fast_scp03_host_open (host, accepted, &error);
  g_assert_no_error (error);
  return channel;
}

static void
check_host_step (FastScp03 *channel, const Scp03Step *step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = scp03_unhex (step->plain);
  g_autoptr (GBytes) secured = NULL;
  const FastCommand command = scp03_parse (plain);

  secured = fast_scp03_wrap_command (channel, &command, &error);
  g_assert_no_error (error);
  scp03_check (secured, step->secured);
  if (step->answer != NULL) {
    g_autoptr (GBytes) answer = scp03_unhex (step->answer);
    g_autoptr (GBytes) read = fast_scp03_unwrap_response (channel, answer, &error);
    g_assert_no_error (error);
    scp03_check (read, step->plain_answer);
  }
}

static void
test_published_host (void)
{
  for (guint i = 0; i < scp03_published_count; i++) {
    const Scp03Published *published = &scp03_published[i];
    g_autoptr (GBytes) ask = scp03_unhex (published->initialize_update);
    g_autoptr (FastScp03) channel = NULL;

    g_test_message ("%s", published->name);
    channel = host_of (published, scp03_parse (ask).p1);
    for (guint n = 0; n < SCP03_STEPS_MAX && published->steps[n].plain != NULL; n++)
      check_host_step (channel, &published->steps[n]);
  }
}

/* The same card as the published one: its sequence counter stands one lower. */
static FastScp03 *
card_of (const Scp03Published *published)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = scp03_unhex (published->answer);
  g_autoptr (GBytes) aid = scp03_unhex (published->aid);
  g_autoptr (GBytes) ask = scp03_unhex (published->initialize_update);
  g_autoptr (GBytes) proof = scp03_unhex (published->external_authenticate);
  const guint8 *bytes = g_bytes_get_data (answer, NULL);
  g_autoptr (FastIssuerKeys) keys = scp03_keys (bytes[10], published->enc, published->mac);
  FastScp03Settings settings = {.options = bytes[12], .sequence = bytes[31] - 1U};
  g_autoptr (FastScp03Card) card = NULL;
  g_autoptr (GBytes) made = NULL;
  const FastCommand asked = scp03_parse (ask);
  const FastCommand proven = scp03_parse (proof);
  FastScp03 *channel;
  guint16 status;

  fast_copy (settings.diversification, sizeof settings.diversification, bytes, 10);
  settings.aid_size = g_bytes_get_size (aid);
  fast_copy (settings.aid, sizeof settings.aid, g_bytes_get_data (aid, NULL), settings.aid_size);
  card = fast_scp03_card_new (keys, &settings);
  made = fast_scp03_card_initialize_update (card, &asked, &error);
  g_assert_no_error (error);
  scp03_check (made, published->answer);
  g_assert_cmpuint (fast_scp03_card_get_sequence (card), ==, bytes[31]);
  channel = fast_scp03_card_external_authenticate (card, &proven, &status);
  g_assert_cmphex (status, ==, 0x9000);
  return channel;
}

static void
check_card_step (FastScp03 *channel, const Scp03Step *step)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) secured = scp03_unhex (step->secured);
  g_autoptr (GBytes) plain = NULL;
  const FastCommand command = scp03_parse (secured);

  plain = fast_scp03_unwrap_command (channel, &command, &error);
  g_assert_no_error (error);
  scp03_check (plain, step->plain);
  if (step->answer != NULL) {
    g_autoptr (GBytes) answer = scp03_unhex (step->plain_answer);
    g_autoptr (GBytes) made = NULL;
    FastResponse response;
    fast_response_parse (&response, answer, &error);
    made =
        fast_scp03_wrap_response (channel, response.data, response.size, response.status, &error);
    g_assert_no_error (error);
    scp03_check (made, step->answer);
  }
}

static void
test_published_card (void)
{
  for (guint i = 0; i < scp03_published_count; i++) {
    const Scp03Published *published = &scp03_published[i];
    g_autoptr (FastScp03) channel = NULL;

    if (published->aid == NULL)
      continue;
    g_test_message ("%s", published->name);
    channel = card_of (published);
    for (guint n = 0; n < SCP03_STEPS_MAX && published->steps[n].plain != NULL; n++)
      check_card_step (channel, &published->steps[n]);
  }
}

/* --- against the model --- */

static void
assert_same (GBytes *bytes, const GByteArray *model)
{
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), model->data,
                   model->len);
}

static void
check_model_exchange (Scp03Pair *pair, Scp03Model *model, gsize size, gsize answer_size)
{
  const FastCommand plain = {0x80, 0xE2, 0x01, 0x02, sample, size, 256, FALSE};
  const guint8 header[] = {0x80, 0xE2, 0x01, 0x02};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) secured = fast_scp03_wrap_command (pair->host, &plain, &error);
  const FastCommand sent = scp03_parse (secured);
  g_autoptr (GBytes) received = fast_scp03_unwrap_command (pair->card, &sent, &error);
  g_autoptr (GBytes) answer =
      fast_scp03_wrap_response (pair->card, sample, answer_size, 0x6282, &error);
  g_autoptr (GBytes) read = fast_scp03_unwrap_response (pair->host, answer, &error);
  g_autoptr (GByteArray) model_command =
      scp03_model_command (model, header, sample, (guint)size, TRUE);
  g_autoptr (GByteArray) model_answer =
      scp03_model_response (model, sample, (guint)answer_size, 0x6282);
  g_autoptr (GBytes) built = fast_command_build (&plain, NULL);
  g_autoptr (GBytes) plain_answer = fast_response_build (sample, answer_size, 0x6282);

  g_assert_no_error (error);
  assert_same (secured, model_command);
  assert_same (answer, model_answer);
  g_assert_true (g_bytes_equal (received, built));
  g_assert_true (g_bytes_equal (read, plain_answer));
}

/* The challenges of the pair are random: the model is given them with the keys. */
static Scp03Pair
open_with_model (const Scp03Case *wanted, Scp03Model *model)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastIssuerKeys) keys = scp03_keys_sized (wanted->key_size);
  g_autoptr (FastScp03Card) card = scp03_card (keys, wanted->mode);
  g_autoptr (FastScp03Host) host = fast_scp03_host_new (keys, wanted->mode, wanted->level, &error);
  g_autoptr (GBytes) ask = fast_scp03_host_initialize_update (host, &error);
  const FastCommand asked = scp03_parse (ask);
  g_autoptr (GBytes) told = fast_scp03_card_initialize_update (card, &asked, &error);
  g_autoptr (GBytes) proof = fast_scp03_host_external_authenticate (host, told, &error);
  g_autoptr (GBytes) accepted = scp03_unhex ("9000");
  g_autoptr (GByteArray) model_proof = NULL;
  const guint8 *answer = g_bytes_get_data (told, NULL);
  const FastCommand proven = scp03_parse (proof);
  guint8 enc[32], mac[32], cryptogram[16];
  Scp03Pair pair;
  guint16 status;

  for (guint8 i = 0; i < 32; i++) {
    enc[i] = (guint8)(0x40 + i);
    mac[i] = (guint8)(0xA0 + i);
  }
  scp03_model_start (model, enc, mac, (guint)wanted->key_size, asked.data, answer + 13,
                     (guint)wanted->mode);
  scp03_model_cryptogram (model, 0x00, cryptogram);
  g_assert_cmpmem (answer + 13 + wanted->mode, wanted->mode, cryptogram, wanted->mode);
  model_proof = scp03_model_authenticate (model, wanted->level);
  assert_same (proof, model_proof);
  pair.card = fast_scp03_card_external_authenticate (card, &proven, &status);
  pair.host = fast_scp03_host_open (host, accepted, &error);
  g_assert_no_error (error);
  return pair;
}

static void
check_model (const Scp03Case *wanted)
{
  static const gsize some[] = {0, 1, 15, 16, 17, 100, 0, 31, 32};
  Scp03Model model;
  g_auto (Scp03Pair) pair = open_with_model (wanted, &model);
  gsize write_max = fast_scp03_write_max (pair.host, FAST_COMMAND_SIZE_MAX);
  gsize read_max = MIN (fast_scp03_read_max (pair.host, FAST_RESPONSE_SIZE_MAX), 256);

  for (guint i = 0; i < G_N_ELEMENTS (some); i++)
    check_model_exchange (&pair, &model, some[i], some[G_N_ELEMENTS (some) - 1 - i]);
  check_model_exchange (&pair, &model, write_max, read_max);
  for (guint i = 0; i < 260; i++)
    check_model_exchange (&pair, &model, 3, 5);
}

static void
test_model (void)
{
  scp03_for_each_case (check_model);
}

/* --- lengths --- */

static void
check_size (Scp03Pair *pair, gsize size, gboolean fits_short)
{
  g_autofree guint8 *data = g_malloc0 (size + 1);
  const FastCommand plain = {0x00, 0xD6, 0, 0, data, size, 0, FALSE};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) secured = fast_scp03_wrap_command (pair->host, &plain, &error);
  g_autoptr (GBytes) received = NULL;
  FastCommand sent;

  g_assert_no_error (error);
  sent = scp03_parse (secured);
  g_assert_cmpint (sent.extended, ==, !fits_short);
  received = fast_scp03_unwrap_command (pair->card, &sent, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scp03_parse (received).size, ==, size);
}

static void
check_lengths (const Scp03Case *wanted)
{
  g_auto (Scp03Pair) pair = scp03_open (wanted);
  gsize most = fast_scp03_write_max (pair.host, FAST_COMMAND_SIZE_MAX);
  gsize extended = fast_scp03_write_max (pair.host, FAST_EXTENDED_COMMAND_SIZE_MAX);
  g_autofree guint8 *data = g_malloc0 (extended + 1);
  const FastCommand too_long = {0x00, 0xD6, 0, 0, data, extended + 1, 0, FALSE};
  g_autoptr (GError) error = NULL;

  for (gsize size = most - 40; size <= most + 40; size++)
    check_size (&pair, size, size <= most);
  check_size (&pair, extended, FALSE);
  g_assert_null (fast_scp03_wrap_command (pair.host, &too_long, &error));
  fast_test_assert_id (error, "apdu-limit");
  check_size (&pair, 1, TRUE);
}

static void
test_lengths (void)
{
  scp03_for_each_case (check_lengths);
}

/* Bytes of both APDUs over bytes of payload, with commands filled as far as they go. */
static double
ratio (FastScp03Mode mode, gsize limit, gsize payload)
{
  const Scp03Case wanted = {16, mode, 0x03};
  g_auto (Scp03Pair) pair = scp03_open (&wanted);
  gsize most = fast_scp03_write_max (pair.host, limit);
  g_autofree guint8 *data = g_malloc0 (payload);
  gsize bytes = 0;

  for (gsize at = 0; at < payload; at += most) {
    const FastCommand plain = {0x00, 0xD6, 0, 0, data, MIN (most, payload - at), 0, FALSE};
    g_autoptr (GBytes) secured = fast_scp03_wrap_command (pair.host, &plain, NULL);
    g_assert_cmpuint (g_bytes_get_size (secured), <=, limit);
    bytes += g_bytes_get_size (secured) + 2;
  }
  return (double)bytes / (double)payload;
}

static void
test_overhead (void)
{
  const gsize payload = 16 * 1024;
  double s8 = ratio (FAST_SCP03_MODE_S8, FAST_COMMAND_SIZE_MAX, payload);
  double s16 = ratio (FAST_SCP03_MODE_S16, FAST_COMMAND_SIZE_MAX, payload);
  double extended = ratio (FAST_SCP03_MODE_S16, 2048, payload);

  g_test_message ("level 03: S8 %.3f, S16 %.3f, S16 extended %.3f", s8, s16, extended);
  g_assert_cmpfloat (s8, <=, 1.09);
  g_assert_cmpfloat (s16, <=, 1.13);
  g_assert_cmpfloat (extended, <=, 1.02);
}

static void
test_class (void)
{
  static const guint8 classes[] = {0x01, 0x04, 0x0C, 0x14, 0x40, 0x84, 0x94, 0xFF};
  const Scp03Case wanted = {16, FAST_SCP03_MODE_S8, 0x03};
  g_auto (Scp03Pair) pair = scp03_open (&wanted);

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    const FastCommand plain = {classes[i], 0xD6, 0, 0, NULL, 0, 0, FALSE};
    g_autoptr (GError) error = NULL;
    g_assert_null (fast_scp03_wrap_command (pair.host, &plain, &error));
    fast_test_assert_id (error, "scp03-class");
  }
  check_size (&pair, 5, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apdu/scp03/published-host", test_published_host);
  g_test_add_func ("/apdu/scp03/published-card", test_published_card);
  g_test_add_func ("/apdu/scp03/model", test_model);
  g_test_add_func ("/apdu/scp03/lengths", test_lengths);
  g_test_add_func ("/apdu/scp03/overhead", test_overhead);
  g_test_add_func ("/apdu/scp03/class", test_class);
  return g_test_run ();
}

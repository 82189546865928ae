/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/lds/chip.h"

#include <math.h>
#include <string.h>

#include "record/base/clock.h"
#include "record/base/json.h"
#include "tests/specimen/template.h"
#include "tests/support.h"

static FastApplicant *
applicant (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fast_test_source ("tests/specimen/application-ca.json");
  g_autofree char *text = NULL;
  g_autofree char *filled = NULL;
  g_autoptr (GDate) today = fast_clock_today ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) node = NULL;
  FastApplicant *made;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  filled = specimen_template_fill (text, today);
  bytes = g_bytes_new (filled, strlen (filled));
  node = fast_json_parse (bytes, "application.json", &error);
  g_assert_no_error (error);
  made = fast_applicant_from_json (
      json_object_get_member (json_node_get_object (node), "applicant"), &error);
  g_assert_no_error (error);
  return made;
}

static FastMrz *
zone (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDate) birth = g_date_new_dmy (19, 7, 1986);
  g_autoptr (GDate) expiry = g_date_new_dmy (19, 7, 2032);
  const FastMrzFields fields = {.code = "ID",
                                .state = "CAN",
                                .number = "FB0000017",
                                .optional = "500000001",
                                .birth = birth,
                                .sex = 'F',
                                .expiry = expiry,
                                .nationality = "CAN",
                                .surname = "Bélanger-D’Amours",
                                .given = "Maëlle Françoise"};
  FastMrz *mrz = fast_mrz_new_td1 (&fields, &error);

  g_assert_no_error (error);
  return mrz;
}

/* A head before a wall, in as many words: a light ellipse with two dark eyes. */
static GBytes *
portrait (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = fast_image_new (800, 1000, 3);
  GBytes *encoded;

  for (guint i = 0; i < 800 * 1000; i++) {
    double x = i % 800 - 400.0;
    double y = i / 800 - 480.0;
    gboolean head = hypot (x / 230, y / 320) < 1;
    gboolean eye = hypot (fabs (x) - 95, y + 60) < 22;

    image->pixels[3 * i] = eye ? 40 : head ? 214 : 170;
    image->pixels[3 * i + 1] = eye ? 36 : head ? 180 : 176;
    image->pixels[3 * i + 2] = eye ? 30 : head ? (guint8)(150 + x / 20) : 184;
  }
  encoded = fast_image_encode_jpeg (image, 92, &error);
  g_assert_no_error (error);
  return encoded;
}

/* A wave of ink on paper. */
static GBytes *
signature (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) image = fast_image_new (800, 240, 1);
  GBytes *encoded;

  for (guint i = 0; i < 800 * 240; i++) {
    double height = 120 + 80 * sin (i % 800 / 30.0);

    image->pixels[i] = fabs (i / 800 - height) < 4 ? 20 : 250;
  }
  encoded = fast_image_encode_png (image, &error);
  g_assert_no_error (error);
  return encoded;
}

void
test_chip_init (TestChip *chip)
{
  static const char *const endorsements[] = {"hazardous-goods", NULL};
  g_autoptr (GError) error = NULL;

  chip->profile = fast_profile_load ("FAST", &error);
  g_assert_no_error (error);
  chip->mrz = zone ();
  chip->applicant = applicant ();
  chip->portrait = portrait ();
  chip->signature = signature ();
  chip->input = (FastLdsInput){.profile = chip->profile,
                               .mrz = chip->mrz,
                               .applicant = chip->applicant,
                               .portrait = chip->portrait,
                               .portrait_name = "face.jpg",
                               .face_source = FAST_FACE_SOURCE_DIGITAL_CAMERA,
                               .signature = chip->signature,
                               .signature_name = "signature.png",
                               .authority = "Canada Border Services Agency",
                               .issued = "2026-11-24",
                               .personalised = "20261124135901",
                               .system = "BWB-1",
                               .membership = "500000001",
                               .endorsements = endorsements,
                               .rfid = "E2801160600002"};
}

void
test_chip_clear (TestChip *chip)
{
  fast_profile_unref (chip->profile);
  fast_mrz_unref (chip->mrz);
  fast_applicant_unref (chip->applicant);
  g_bytes_unref (chip->portrait);
  g_bytes_unref (chip->signature);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/biometric/face-token.h"

#include "record/base/error.h"
#include "tests/support.h"

/* TR-03121, COM-FI-CHIP, headers counted: tags and lengths of EF.DG2, then the facial record's. */
#define LEAST 16538
#define MOST 17408
#define AROUND 84

/* A picture with detail at every scale, so that it fills any budget: a fixed noise over waves. */
static FastImage *
draw (guint width, guint height, guint noise)
{
  FastImage *image = fast_image_new (width, height, 3);
  g_autoptr (GRand) random = g_rand_new_with_seed (622800);

  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x++)
      for (guint c = 0; c < 3; c++)
        image->pixels[((gsize)y * width + x) * 3 + c] =
            (guint8)(96 + ((x / 7 + y / 5 + c * 3) % 32) +
                     (noise > 0 ? (guint)g_rand_int_range (random, 0, (gint32)noise) : 0));
  return image;
}

static void
check_size (guint width, guint height, guint wanted_width, guint wanted_height)
{
  g_autoptr (FastImage) original = draw (width, height, 0);
  g_autoptr (FastImage) framed = fast_face_frame (original);

  g_assert_cmpuint (framed->width, ==, wanted_width);
  g_assert_cmpuint (framed->height, ==, wanted_height);
}

/* Exactly 622 × 800 from as many pixels on, never scaled up. */
static void
test_frame (void)
{
  check_size (622, 800, 622, 800);
  check_size (1244, 1600, 622, 800);
  check_size (623, 801, 622, 800);
  check_size (622, 1200, 622, 800);
  check_size (1500, 800, 622, 800);
  check_size (768, 960, 622, 800);
  check_size (621, 800, 621, 798);
  check_size (622, 799, 621, 799);
  check_size (140, 180, 139, 180);
}

static void
check_budget (guint noise, FastFaceEdition edition)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) original = draw (700, 900, noise);
  g_autoptr (FastFaceToken) token = fast_face_token_make_edition (
      original, FAST_IMAGE_JPEG2000, edition, FAST_FACE_TOKEN_BUDGET, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (token->width, ==, 622);
  g_assert_cmpuint (token->height, ==, 800);
  g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, >=, LEAST);
  g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, <=, MOST);
  g_assert_false (token->below_floor);
}

static void
test_budget (void)
{
  g_assert_cmpuint (fast_face_token_floor (FAST_FACE_TOKEN_BUDGET), ==, LEAST);
  check_budget (4, FAST_FACE_19794);
  check_budget (60, FAST_FACE_19794);
  check_budget (120, FAST_FACE_39794);
}

/* Other budgets keep the same rule. */
static void
test_other_budgets (void)
{
  static const gsize BUDGETS[] = {6000, 12288, 30000};
  g_autoptr (FastImage) original = draw (700, 900, 60);

  for (guint i = 0; i < G_N_ELEMENTS (BUDGETS); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastFaceToken) token =
        fast_face_token_make (original, FAST_IMAGE_JPEG2000, BUDGETS[i], &error);

    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, >=,
                      fast_face_token_floor (BUDGETS[i]));
    g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, <=, BUDGETS[i]);
  }
}

/* What is small without loss is taken so, and told. */
static void
test_below_floor (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) flat = draw (700, 900, 0);
  g_autoptr (FastImage) small = draw (66, 84, 0);
  g_autoptr (FastFaceToken) token =
      fast_face_token_make (small, FAST_IMAGE_JPEG2000, FAST_FACE_TOKEN_BUDGET, &error);
  g_autoptr (FastImage) framed = fast_face_frame (small);
  g_autoptr (FastImage) back = NULL;

  g_assert_no_error (error);
  g_assert_true (token->below_floor);
  back = fast_image_decode (token->image, "token", &error);
  g_assert_no_error (error);
  g_assert_cmpmem (back->pixels, (gsize)back->width * back->height * 3, framed->pixels,
                   (gsize)framed->width * framed->height * 3);
  for (gsize i = 0; i < (gsize)700 * 900 * 3; i++)
    flat->pixels[i] = 128;
  g_clear_pointer (&token, fast_face_token_free);
  token = fast_face_token_make (flat, FAST_IMAGE_JPEG2000, FAST_FACE_TOKEN_BUDGET, &error);
  g_assert_no_error (error);
  g_assert_true (token->below_floor);
}

static void
test_jpeg (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastImage) original = draw (700, 900, 20);
  g_autoptr (FastFaceToken) token = fast_face_token_make (original, FAST_IMAGE_JPEG, 60000, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (token->quality, >=, 30);
  g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, <=, 60000);
}

static void
test_refuse (void)
{
  static const struct {
    guint width, height;
    FastImageFormat format;
    gsize budget;
    const char *id;
  } BAD[] = {
      {60, 80, FAST_IMAGE_JPEG2000, 17408, "face-small"},
      {700, 900, FAST_IMAGE_PNG, 17408, "face-budget"},
      {700, 900, FAST_IMAGE_JPEG2000, 84, "face-budget"},
      {700, 900, FAST_IMAGE_JPEG, 1000, "face-budget"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (BAD); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (FastImage) original = draw (BAD[i].width, BAD[i].height, 60);

    g_assert_null (fast_face_token_make (original, BAD[i].format, BAD[i].budget, &error));
    fast_test_assert_id (error, BAD[i].id);
  }
}

/* Real portraits that are large enough land between floor and budget. */
static void
test_real_portraits (void)
{
  static const char *const NAMES[] = {"folder/michigan-driver/face.png",
                                      "folder/quebec-driver/face.jpg",
                                      "face/whitehouse/biden_portrait.jpg"};

  for (guint i = 0; i < G_N_ELEMENTS (NAMES); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *path = fast_test_data (NAMES[i]);
    g_autoptr (FastImage) original = path == NULL ? NULL : fast_image_load (path, &error);
    g_autoptr (FastFaceToken) token = NULL;

    if (path == NULL)
      return;
    token = fast_face_token_make (original, FAST_IMAGE_JPEG2000, FAST_FACE_TOKEN_BUDGET, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, >=, LEAST);
    g_assert_cmpuint (g_bytes_get_size (token->image) + AROUND, <=, MOST);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/biometric/face-token/frame", test_frame);
  g_test_add_func ("/biometric/face-token/budget", test_budget);
  g_test_add_func ("/biometric/face-token/other-budgets", test_other_budgets);
  g_test_add_func ("/biometric/face-token/below-floor", test_below_floor);
  g_test_add_func ("/biometric/face-token/jpeg", test_jpeg);
  g_test_add_func ("/biometric/face-token/refuse", test_refuse);
  g_test_add_func ("/biometric/face-token/real-portraits", test_real_portraits);
  return g_test_run ();
}

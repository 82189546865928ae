/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
/* jerror.h needs jpeglib.h before it. */
#include <jerror.h>

#include "record/base/error.h"
#include "record/biometric/image-codec.h"

/*
 * libjpeg reports a fatal error by not returning. Everything it and we hold therefore lives in the
 * structures below, outside the frames that are jumped over, and run() is the only function that
 * jumps back; its caller frees what is there, whichever way it ended.
 */

/* A progressive file may name the same coefficients again and again, at full cost each time. */
#define SCAN_LIMIT 100

typedef struct {
  struct jpeg_error_mgr base;
  jmp_buf back;
  char why[JMSG_LENGTH_MAX];
} Errors;

typedef struct {
  struct jpeg_decompress_struct codec;
  struct jpeg_progress_mgr progress;
  Errors errors;
  GBytes *encoded;
  const char *what;
  FastImage *image;
  GError *error;
} Reading;

typedef struct {
  struct jpeg_compress_struct codec;
  Errors errors;
  const FastImage *image;
  int quality;
  unsigned char *buffer;
  unsigned long size;
} Writing;

static void
on_error (j_common_ptr codec)
{
  Errors *errors = (Errors *)codec->err;

  errors->base.format_message (codec, errors->why);
  longjmp (errors->back, 1);
}

/* A warning means that pixels are made up, except for stray bytes between markers. */
static void
on_message (j_common_ptr codec, int level)
{
  if (level < 0 && codec->err->msg_code != JWRN_EXTRANEOUS_DATA)
    on_error (codec);
}

static void
on_output (j_common_ptr codec)
{
  (void)codec;
}

static void
on_progress (j_common_ptr codec)
{
  if (((j_decompress_ptr)codec)->input_scan_number > SCAN_LIMIT)
    ERREXIT (codec, JERR_BAD_PROGRESSION);
}

static struct jpeg_error_mgr *
errors_init (Errors *errors)
{
  jpeg_std_error (&errors->base);
  errors->base.error_exit = on_error;
  errors->base.emit_message = on_message;
  errors->base.output_message = on_output;
  return &errors->base;
}

/* Whether @body ran to its end. */
static gboolean
run (Errors *errors, void (*body) (gpointer data), gpointer data)
{
  if (setjmp (errors->back) != 0)
    return FALSE;
  body (data);
  return TRUE;
}

static gboolean
check_header (Reading *reading)
{
  J_COLOR_SPACE space = reading->codec.jpeg_color_space;

  if (space == JCS_CMYK || space == JCS_YCCK)
    return fast_fail (&reading->error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "image-cmyk",
                      "what=%s", reading->what);
  if (space != JCS_GRAYSCALE && space != JCS_RGB && space != JCS_YCbCr)
    return fast_fail (&reading->error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED,
                      "image-channels", "what=%s, channels=%d", reading->what,
                      reading->codec.num_components);
  return fast_image_check_size (reading->codec.image_width, reading->codec.image_height,
                                reading->what, &reading->error);
}

static guint
declared_resolution (const struct jpeg_decompress_struct *codec)
{
  if (!codec->saw_JFIF_marker || codec->X_density != codec->Y_density)
    return 0;
  if (codec->density_unit == 1)
    return (guint)(codec->X_density / 0.0254 + 0.5);
  return codec->density_unit == 2 ? codec->X_density * 100u : 0;
}

static void
read_rows (Reading *reading)
{
  FastImage *image = reading->image;
  gsize stride = (gsize)image->width * image->channels;

  while (reading->codec.output_scanline < reading->codec.output_height) {
    JSAMPROW line = image->pixels + reading->codec.output_scanline * stride;

    jpeg_read_scanlines (&reading->codec, &line, 1);
  }
}

static void
read_body (gpointer data)
{
  Reading *reading = data;
  struct jpeg_decompress_struct *codec = &reading->codec;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (reading->encoded, &size);

  jpeg_create_decompress (codec);
  codec->progress = &reading->progress;
  jpeg_mem_src (codec, bytes, size);
  jpeg_read_header (codec, TRUE);
  if (!check_header (reading))
    return;
  codec->out_color_space = codec->jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_start_decompress (codec);
  reading->image =
      fast_image_new (codec->output_width, codec->output_height, (guint)codec->output_components);
  reading->image->pixels_per_metre = declared_resolution (codec);
  read_rows (reading);
  jpeg_finish_decompress (codec);
}

/* ISO/IEC 10918-1; JFIF for the resolution. */
FastImage *
fast_image_jpeg_decode (GBytes *encoded, const char *what, GError **error)
{
  Reading reading = {.encoded = encoded, .what = what};
  gboolean done;

  reading.codec.err = errors_init (&reading.errors);
  reading.progress.progress_monitor = on_progress;
  done = run (&reading.errors, read_body, &reading);
  jpeg_destroy_decompress (&reading.codec);
  if (done && reading.error == NULL)
    return reading.image;
  g_clear_pointer (&reading.image, fast_image_unref);
  if (reading.error != NULL)
    g_propagate_error (error, reading.error);
  else
    fast_image_broken (error, what, "JPEG", reading.errors.why);
  return NULL;
}

static void
write_body (gpointer data)
{
  Writing *writing = data;
  struct jpeg_compress_struct *codec = &writing->codec;
  gsize stride = (gsize)writing->image->width * writing->image->channels;

  jpeg_create_compress (codec);
  jpeg_mem_dest (codec, &writing->buffer, &writing->size);
  codec->image_width = writing->image->width;
  codec->image_height = writing->image->height;
  codec->input_components = (int)writing->image->channels;
  codec->in_color_space = writing->image->channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults (codec);
  jpeg_set_quality (codec, writing->quality, TRUE);
  codec->optimize_coding = TRUE;
  jpeg_start_compress (codec, TRUE);
  while (codec->next_scanline < codec->image_height) {
    JSAMPROW line = writing->image->pixels + codec->next_scanline * stride;

    jpeg_write_scanlines (codec, &line, 1);
  }
  jpeg_finish_compress (codec);
}

/**
 * fast_image_encode_jpeg:
 * @image: a picture
 * @quality: 1 to 100
 * @error: return location for an error
 *
 * Returns: (transfer full): it as baseline JPEG with 4:2:0 colour
 */
GBytes *
fast_image_encode_jpeg (const FastImage *image, guint quality, GError **error)
{
  Writing writing = {.image = image, .quality = (int)quality};
  GBytes *encoded = NULL;

  writing.codec.err = errors_init (&writing.errors);
  if (run (&writing.errors, write_body, &writing))
    encoded = g_bytes_new (writing.buffer, writing.size);
  else
    fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "image-encode",
               "format=JPEG, why=%s", writing.errors.why);
  jpeg_destroy_compress (&writing.codec);
  free (writing.buffer);
  return encoded;
}

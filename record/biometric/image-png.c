/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <png.h>
#include <setjmp.h>

#include "record/base/error.h"
#include "record/biometric/image-codec.h"

/* As with libjpeg: what libpng and we hold lives outside the frames that an error jumps over. */

#define CHUNK_LIMIT (1024 * 1024)
#define CHUNK_COUNT 100

typedef struct {
  png_structp png;
  png_infop info;
  jmp_buf back;
  char why[128];
  FastReader reader;
  GByteArray *out;
  const FastImage *source;
  FastImage *image;
  guint8 *pixels;
  png_bytep *rows;
  const char *what;
  GError *error;
} Work;

static void
on_error (png_structp png, png_const_charp text)
{
  Work *work = png_get_error_ptr (png);

  g_strlcpy (work->why, text, sizeof work->why);
  longjmp (work->back, 1);
}

static void
on_warning (png_structp png, png_const_charp text)
{
  (void)png;
  (void)text;
}

static void
on_read (png_structp png, png_bytep to, size_t size)
{
  Work *work = png_get_io_ptr (png);
  const guint8 *from = fast_reader_take (&work->reader, size, NULL);

  if (from == NULL)
    png_error (png, "the file ends too early");
  fast_copy (to, size, from, size);
}

static void
on_write (png_structp png, png_bytep from, size_t size)
{
  Work *work = png_get_io_ptr (png);

  fast_append (work->out, from, size);
}

static void
on_flush (png_structp png)
{
  (void)png;
}

static gboolean
run (Work *work, void (*body) (Work *work))
{
  if (setjmp (work->back) != 0)
    return FALSE;
  body (work);
  return TRUE;
}

/* Reduces all variants to 8-bit grey or RGB, with or without alpha. */
static void
set_transformations (Work *work)
{
  png_set_expand (work->png);
  png_set_scale_16 (work->png);
  png_set_interlace_handling (work->png);
  png_read_update_info (work->png, work->info);
}

static void
read_pixels (Work *work)
{
  guint height = png_get_image_height (work->png, work->info);
  gsize stride = png_get_rowbytes (work->png, work->info);

  work->pixels = g_malloc0_n (height, stride);
  work->rows = g_new (png_bytep, height);
  for (guint y = 0; y < height; y++)
    work->rows[y] = work->pixels + y * stride;
  png_read_image (work->png, work->rows);
  png_read_end (work->png, NULL);
}

static guint8
over_white (guint8 value, guint8 alpha)
{
  return (guint8)((value * alpha + 255 * (255 - alpha) + 127) / 255);
}

static void
flatten (Work *work)
{
  guint from = png_get_channels (work->png, work->info);
  guint to = from <= 2 ? 1 : 3;
  gsize pixels;

  work->image = fast_image_new (png_get_image_width (work->png, work->info),
                                png_get_image_height (work->png, work->info), to);
  pixels = (gsize)work->image->width * work->image->height;
  for (gsize i = 0; i < pixels; i++)
    for (guint c = 0; c < to; c++)
      work->image->pixels[i * to + c] =
          over_white (work->pixels[i * from + c], from > to ? work->pixels[i * from + to] : 255);
}

static void
read_body (Work *work)
{
  png_set_read_fn (work->png, work, on_read);
  png_set_user_limits (work->png, FAST_IMAGE_SIDE_LIMIT, FAST_IMAGE_SIDE_LIMIT);
  png_set_chunk_malloc_max (work->png, CHUNK_LIMIT);
  png_set_chunk_cache_max (work->png, CHUNK_COUNT);
  png_read_info (work->png, work->info);
  if (!fast_image_check_size (png_get_image_width (work->png, work->info),
                              png_get_image_height (work->png, work->info), work->what,
                              &work->error))
    return;
  set_transformations (work);
  read_pixels (work);
  flatten (work);
  work->image->pixels_per_metre = png_get_pixels_per_meter (work->png, work->info);
}

static void
work_clear (Work *work)
{
  g_free (work->pixels);
  g_free (work->rows);
}

/* ISO/IEC 15948. */
FastImage *
fast_image_png_decode (GBytes *encoded, const char *what, GError **error)
{
  Work work = {.reader = fast_reader_from_bytes (encoded, what), .what = what};
  gboolean done;

  work.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &work, on_error, on_warning);
  work.info = png_create_info_struct (work.png);
  done = run (&work, read_body);
  png_destroy_read_struct (&work.png, &work.info, NULL);
  work_clear (&work);
  if (done && work.error == NULL)
    return work.image;
  g_clear_pointer (&work.image, fast_image_unref);
  if (work.error != NULL)
    g_propagate_error (error, work.error);
  else
    fast_image_broken (error, what, "PNG", work.why);
  return NULL;
}

static void
write_body (Work *work)
{
  const FastImage *image = work->source;
  gsize stride = (gsize)image->width * image->channels;

  png_set_write_fn (work->png, work, on_write, on_flush);
  png_set_IHDR (work->png, work->info, image->width, image->height, 8,
                image->channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (image->pixels_per_metre != 0)
    png_set_pHYs (work->png, work->info, image->pixels_per_metre, image->pixels_per_metre,
                  PNG_RESOLUTION_METER);
  png_write_info (work->png, work->info);
  for (guint y = 0; y < image->height; y++)
    png_write_row (work->png, image->pixels + y * stride);
  png_write_end (work->png, work->info);
}

/**
 * fast_image_encode_png:
 * @image: a picture; its resolution is declared when it is known
 * @error: return location for an error
 *
 * Returns: (transfer full): it as PNG, without loss
 */
GBytes *
fast_image_encode_png (const FastImage *image, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Work work = {.source = image, .out = out};
  gboolean done;

  work.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &work, on_error, on_warning);
  work.info = png_create_info_struct (work.png);
  done = run (&work, write_body);
  png_destroy_write_struct (&work.png, &work.info);
  if (!done)
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "image-encode",
                           "format=PNG, why=%s", work.why);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

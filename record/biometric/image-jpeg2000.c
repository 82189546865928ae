/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <openjpeg.h>

#include "record/base/error.h"
#include "record/biometric/image-codec.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (opj_image_t, opj_image_destroy)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (opj_stream_t, opj_stream_destroy)
typedef void FastOpjCodec;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FastOpjCodec, opj_destroy_codec)

#define CODESTREAM_MAGIC 0xFF

/* OpenJPEG reads and writes through callbacks; both directions use this growing array. */
typedef struct {
  GByteArray *array;
  gsize at;
} Memory;

static OPJ_SIZE_T
on_read (void *buffer, OPJ_SIZE_T size, void *data)
{
  Memory *memory = data;
  gsize left = memory->array->len - memory->at;
  gsize now = MIN (size, left);

  if (now == 0)
    return (OPJ_SIZE_T)-1;
  fast_copy (buffer, size, memory->array->data + memory->at, now);
  memory->at += now;
  return now;
}

static OPJ_SIZE_T
on_write (void *buffer, OPJ_SIZE_T size, void *data)
{
  Memory *memory = data;

  if (memory->at + size > FAST_IMAGE_FILE_LIMIT)
    return (OPJ_SIZE_T)-1;
  if (memory->at + size > memory->array->len)
    g_byte_array_set_size (memory->array, (guint)(memory->at + size));
  fast_copy (memory->array->data + memory->at, memory->array->len - memory->at, buffer, size);
  memory->at += size;
  return size;
}

static OPJ_OFF_T
on_skip (OPJ_OFF_T count, void *data)
{
  Memory *memory = data;

  if (count < 0 || (guint64)count > memory->array->len - memory->at)
    return -1;
  memory->at += (gsize)count;
  return count;
}

static OPJ_BOOL
on_seek (OPJ_OFF_T offset, void *data)
{
  Memory *memory = data;

  if (offset < 0 || (guint64)offset > memory->array->len)
    return OPJ_FALSE;
  memory->at = (gsize)offset;
  return OPJ_TRUE;
}

static OPJ_OFF_T
on_skip_written (OPJ_OFF_T count, void *data)
{
  Memory *memory = data;

  if (count < 0 || memory->at + (gsize)count > FAST_IMAGE_FILE_LIMIT)
    return -1;
  memory->at += (gsize)count;
  if (memory->at > memory->array->len)
    g_byte_array_set_size (memory->array, (guint)memory->at);
  return count;
}

static opj_stream_t *
open_stream (Memory *memory, gboolean reading)
{
  opj_stream_t *stream = opj_stream_default_create (reading);

  opj_stream_set_user_data (stream, memory, NULL);
  opj_stream_set_user_data_length (stream, memory->array->len);
  opj_stream_set_read_function (stream, on_read);
  opj_stream_set_write_function (stream, on_write);
  opj_stream_set_skip_function (stream, reading ? on_skip : on_skip_written);
  opj_stream_set_seek_function (stream, on_seek);
  return stream;
}

/* Same size and depth in every component: subsampled or deep files are not portraits of ours. */
static gboolean
check_components (const opj_image_t *image, const char *what, GError **error)
{
  if (image->numcomps != 1 && image->numcomps != 3)
    return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "image-channels",
                      "what=%s, channels=%u", what, image->numcomps);
  for (guint c = 0; c < image->numcomps; c++) {
    const opj_image_comp_t *comp = &image->comps[c];

    if (comp->prec != 8 || comp->sgnd != 0 || comp->dx != 1 || comp->dy != 1)
      return fast_fail (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_UNSUPPORTED, "image-depth",
                        "what=%s, bits=%u", what, comp->prec);
  }
  return TRUE;
}

static gboolean
check_header (const opj_image_t *image, const char *what, GError **error)
{
  return image->x1 > image->x0 && image->y1 > image->y0
             ? fast_image_check_size (image->x1 - image->x0, image->y1 - image->y0, what, error) &&
                   check_components (image, what, error)
             : fast_image_check_size (0, 0, what, error);
}

static guint8
clamp (double value)
{
  return (guint8)CLAMP (value + 0.5, 0, 255);
}

/* IEC 61966-2-1 amendment 1 (sYCC). */
static void
ycc_to_rgb (FastImage *image)
{
  gsize pixels = (gsize)image->width * image->height;

  for (gsize i = 0; i < pixels; i++) {
    guint8 *p = image->pixels + i * 3;
    double y = p[0];
    double cb = p[1] - 128.0;
    double cr = p[2] - 128.0;

    p[0] = clamp (y + 1.402 * cr);
    p[1] = clamp (y - 0.344136 * cb - 0.714136 * cr);
    p[2] = clamp (y + 1.772 * cb);
  }
}

static FastImage *
from_components (const opj_image_t *decoded, const char *what, GError **error)
{
  guint width = decoded->x1 - decoded->x0;
  guint height = decoded->y1 - decoded->y0;
  guint channels = decoded->numcomps;
  gsize pixels = (gsize)width * height;
  g_autoptr (FastImage) image = fast_image_new (width, height, channels);

  for (guint c = 0; c < channels; c++) {
    const opj_image_comp_t *comp = &decoded->comps[c];

    if (comp->data == NULL || comp->w != width || comp->h != height) {
      fast_image_broken (error, what, "JPEG 2000", "component");
      return NULL;
    }
    for (gsize i = 0; i < pixels; i++)
      image->pixels[i * channels + c] = (guint8)CLAMP (comp->data[i], 0, 255);
  }
  if (channels == 3 && decoded->color_space == OPJ_CLRSPC_SYCC)
    ycc_to_rgb (image);
  return g_steal_pointer (&image);
}

static opj_image_t *
read_header (opj_codec_t *codec, opj_stream_t *stream, const char *what, GError **error)
{
  opj_dparameters_t parameters;
  g_autoptr (opj_image_t) image = NULL;

  opj_set_default_decoder_parameters (&parameters);
  if (!opj_setup_decoder (codec, &parameters) || !opj_decoder_set_strict_mode (codec, OPJ_TRUE) ||
      !opj_read_header (stream, codec, &image)) {
    fast_image_broken (error, what, "JPEG 2000", "header");
    return NULL;
  }
  return check_header (image, what, error) ? g_steal_pointer (&image) : NULL;
}

/* ISO/IEC 15444-1. */
FastImage *
fast_image_jpeg2000_decode (GBytes *encoded, const char *what, GError **error)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (encoded, &size);
  g_autoptr (GByteArray) copy = g_byte_array_new ();
  Memory memory = {copy, 0};
  g_autoptr (opj_stream_t) stream = NULL;
  g_autoptr (FastOpjCodec) codec =
      opj_create_decompress (data[0] == CODESTREAM_MAGIC ? OPJ_CODEC_J2K : OPJ_CODEC_JP2);
  g_autoptr (opj_image_t) image = NULL;

  fast_append (copy, data, size);
  stream = open_stream (&memory, TRUE);
  image = read_header (codec, stream, what, error);
  if (image == NULL)
    return NULL;
  if (!opj_decode (codec, stream, image) || !opj_end_decompress (codec, stream)) {
    fast_image_broken (error, what, "JPEG 2000", "codestream");
    return NULL;
  }
  return from_components (image, what, error);
}

static opj_image_t *
to_components (const FastImage *image)
{
  opj_image_cmptparm_t parameters[3] = {0};
  opj_image_t *made;
  gsize pixels = (gsize)image->width * image->height;

  for (guint c = 0; c < image->channels; c++)
    parameters[c] = (opj_image_cmptparm_t){
        .dx = 1, .dy = 1, .w = image->width, .h = image->height, .prec = 8, .bpp = 8};
  made = opj_image_create (image->channels, parameters,
                           image->channels == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB);
  made->x1 = image->width;
  made->y1 = image->height;
  for (guint c = 0; c < image->channels; c++)
    for (gsize i = 0; i < pixels; i++)
      made->comps[c].data[i] = image->pixels[i * image->channels + c];
  return made;
}

static int
resolutions (const FastImage *image)
{
  int levels = 1;

  while (levels < 6 && (MIN (image->width, image->height) >> levels) > 0)
    levels++;
  return levels;
}

static void
set_parameters (opj_cparameters_t *parameters, const FastImage *image, gsize limit)
{
  gsize raw = (gsize)image->width * image->height * image->channels;

  opj_set_default_encoder_parameters (parameters);
  parameters->tcp_numlayers = 1;
  parameters->tcp_rates[0] = limit == 0 ? 0.0f : MAX (1.0f, (float)raw / (float)limit);
  parameters->cp_disto_alloc = 1;
  parameters->irreversible = limit != 0;
  parameters->tcp_mct = image->channels == 3;
  parameters->numresolution = resolutions (image);
}

static gboolean
write_all (opj_codec_t *codec, opj_cparameters_t *parameters, opj_image_t *image,
           opj_stream_t *stream)
{
  return opj_setup_encoder (codec, parameters, image) &&
         opj_start_compress (codec, image, stream) && opj_encode (codec, stream) &&
         opj_end_compress (codec, stream);
}

/**
 * fast_image_encode_jpeg2000:
 * @image: a picture
 * @limit: bytes that the result aims at; it is about as large, sometimes a little larger; 0 for
 *   lossless, however large
 * @error: return location for an error
 *
 * Returns: (transfer full): it as a JPEG 2000 file, with the irreversible transform unless lossless
 */
GBytes *
fast_image_encode_jpeg2000 (const FastImage *image, gsize limit, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  Memory memory = {out, 0};
  opj_cparameters_t parameters;
  g_autoptr (opj_image_t) source = to_components (image);
  g_autoptr (opj_stream_t) stream = open_stream (&memory, FALSE);
  g_autoptr (FastOpjCodec) codec = opj_create_compress (OPJ_CODEC_JP2);

  set_parameters (&parameters, image, limit);
  if (!write_all (codec, &parameters, source, stream))
    return fast_fail_null (error, FAST_INPUT_ERROR, FAST_INPUT_ERROR_INVALID, "image-encode",
                           "format=%s, why=%s", "JPEG 2000", "OpenJPEG");
  g_clear_pointer (&stream, opj_stream_destroy);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

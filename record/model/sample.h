/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "record/model/binding.h"

G_BEGIN_DECLS

/**
 * FastSample:
 * @name: which, as in `finger-right-thumb`, `face`, `signature`
 * @suffix: kind of file, as in `png`
 * @width: in pixels
 * @height: in pixels
 * @resolution: in pixels per inch; 0 where the file does not say
 * @digest: lowercase hex SHA-256 of the original bytes
 * @captured: when, as in `2026-11-24T04:02:31Z`
 * @captured_by: an officer
 * @device: (nullable): what captured it; %NULL for a folder
 *
 * What is known of a biometric sample beside its bytes, which are never touched.
 */
typedef struct {
  const char *name;
  const char *suffix;
  gint64 width;
  gint64 height;
  gint64 resolution;
  const char *digest;
  const char *captured;
  const char *captured_by;
  const char *device;
} FastSample;

FAST_DECLARE_VALUE (FastSample, fast_sample)

G_END_DECLS

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "record/keys/timestamp.h"

#include "record/base/clock.h"
#include "tests/record/keys/fixture.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* The signer was made a moment ago, so nothing may ever pass. The digest and policy are those of
 * the corpus: inputs get as far as the signature. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static Fixture *signer;
  static GBytes *digest;
  g_autoptr (GBytes) input = g_bytes_new (data, size);

  if (signer == NULL) {
    g_autoptr (GBytes) packet = fixture_text ("hi\n");
    digest = fast_sha256_bytes (packet);
    signer = fixture_new ("timestamp", "T", NULL, TRUE, fast_clock_now ());
  }
  g_assert_null (
      fast_timestamp_verify (input, digest, FAST_TIMESTAMP_STORED, signer->certificate, NULL));
  return 0;
}

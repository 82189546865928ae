/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/personalise/chip/device-bench.h"

#include <glib/gstdio.h>
#include <string.h>

#include "tests/support.h"

#define SOON (15 * G_USEC_PER_SEC)

typedef struct {
  TestReader *reader;
  char *order;
  guint delay_ms;
} Later;

void
test_bench_init (TestBench *bench, TestPki *pki)
{
  g_autoptr (GError) error = NULL;

  *bench = (TestBench){.folder = fast_test_folder ()};
  bench->lds_folder = g_build_filename (bench->folder, "lds", NULL);
  bench->csca = g_build_filename (pki->folder, "CA", NULL);
  bench->lds = test_small_lds (pki, 3000);
  g_assert_true (fast_lds_write_folder (bench->lds, bench->lds_folder, &error));
}

void
test_bench_clear (TestBench *bench)
{
  fast_lds_unref (bench->lds);
  g_free (bench->csca);
  g_free (bench->lds_folder);
  fast_test_remove_folder (bench->folder);
}

/* Ends within seconds, whatever happens. */
void
test_bench_run (int wanted, const char *text, const char *const *argv)
{
  const gint64 start = g_get_monotonic_time ();
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  const int code = fast_test_run (&out, &err, argv);
  g_autofree char *all = g_strconcat (out, err, NULL);

  if (code != wanted || strstr (all, text) == NULL)
    g_error ("exit code %d instead of %d, or no “%s” in:\n%s", code, wanted, text, all);
  g_assert_cmpint (g_get_monotonic_time () - start, <, SOON);
}

void
test_bench_encode (TestBench *bench, const char *reader, int wanted, const char *text)
{
  g_autofree char *program = fast_test_program ("fast-card");
  const char *const argv[] = {program,  "encode",          "--reader", reader,
                              "--lds",  bench->lds_folder, "--applet", "icao-perso",
                              "--csca", bench->csca,       NULL};

  test_bench_run (wanted, text, argv);
}

void
test_bench_inspect (TestBench *bench, const char *mrz, int wanted, const char *text)
{
  g_autofree char *program = fast_test_program ("fast-card");
  g_autofree char *out = g_build_filename (bench->folder, "out", NULL);
  const char *const argv[] = {program, "inspect", "--reader", bench->reader.reader,
                              "--mrz", mrz,       "--csca",   bench->csca,
                              "--out", out,       NULL};

  test_bench_run (wanted, text, argv);
}

/* Without its journal an encoding cannot know that this chip is its own. */
void
test_bench_forget_journal (TestBench *bench)
{
  g_autofree char *journal = g_build_filename (bench->lds_folder, "encode.journal", NULL);

  g_assert_cmpint (g_unlink (journal), ==, 0);
}

/* What the last inspection read is what was to be written. */
void
test_bench_assert_read (TestBench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *out = g_build_filename (bench->folder, "out", NULL);
  g_autoptr (FastLds) read = fast_lds_read_folder (out, &error);

  g_assert_no_error (error);
  test_assert_same_lds (read, bench->lds);
}

/* Ten cuts on new chips, on either side of the chip's act; each ends with the same chip. */
void
test_bench_cut (TestBench *bench, guint first, guint step)
{
  for (guint i = 0; i < 10; i++) {
    g_autofree char *card = g_strdup_printf ("card %s/chip-%u", bench->folder, i);
    g_autofree char *tear =
        g_strdup_printf ("tear %u%s", first + i * step, i % 2 == 0 ? "" : " unanswered");

    test_reader_order (&bench->reader, card);
    test_reader_order (&bench->reader, tear);
    test_bench_encode (bench, bench->reader.reader, 1, i == 0 ? "left the reader" : "resumable");
    test_reader_order (&bench->reader, "insert");
    test_bench_encode (bench, bench->reader.reader, 0, "made");
    test_bench_inspect (bench, TEST_MRZ, 0, "specimen");
  }
}

static gpointer
order_later (gpointer data)
{
  Later *later = data;

  g_usleep (later->delay_ms * 1000);
  test_reader_order (later->reader, later->order);
  g_free (later->order);
  g_free (later);
  return NULL;
}

GThread *
test_bench_order_later (TestBench *bench, const char *order, guint delay_ms)
{
  Later *later = g_new0 (Later, 1);

  later->reader = &bench->reader;
  later->order = g_strdup (order);
  later->delay_ms = delay_ms;
  return g_thread_new ("later", order_later, later);
}

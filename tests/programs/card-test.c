/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "personalise/chip/encode.h"
#include "record/base/bytes.h"
#include "tests/personalise/chip/loop.h"
#include "tests/personalise/chip/reader-process.h"
#include "tests/programs/place.h"
#include "tests/support.h"

/* The way of one card through the programs and Debian's libnfc, with what can go wrong on it. */

#define SERIAL "FC0000001"
#define MRZ_OFFSET 5 /* in EF.DG1: 61 5D 5F 1F 5A */
#define MRZ_SIZE 90

typedef struct {
  ProgramPlace place;
  TestReader reader;
  char *card; /* the program */
  char *item;
  char *other;
} Bench;

/* Runs a program on the unit; @text must be in what it prints. */
static char *
run (Bench *bench, const char *program, int wanted, const char *text, const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *err = NULL;
  char *out = NULL;
  int code;

  g_ptr_array_add (argv, (gpointer)program);
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (gpointer)*words);
  g_ptr_array_add (argv, (gpointer) "--config");
  g_ptr_array_add (argv, bench->place.config);
  g_ptr_array_add (argv, NULL);
  code = fast_test_run (&out, &err, (const char *const *)argv->pdata);
  if (code != wanted || (strstr (out, text) == NULL && strstr (err, text) == NULL))
    g_error ("exit code %d instead of %d, or no “%s” in:\n%s%s", code, wanted, text, out, err);
  return out;
}

#define RUN(bench, program, wanted, text, ...)                                                     \
  g_free (run (bench, program, wanted, text, (const char *const[]){__VA_ARGS__, NULL}))

static char *
grant (Bench *bench)
{
  const char *enrol = bench->place.enrol;
  char *item = run (bench, enrol, 0, "", (const char *const[]){"folder", bench->place.good, NULL});

  g_strchomp (item);
  RUN (bench, enrol, 0, "grant", "decide", item, "--agency", "CBSA", "grant");
  RUN (bench, enrol, 0, "grant", "decide", item, "--agency", "CBP", "grant");
  return item;
}

/* A delivery of one blank, whose chip lies in @path. */
static void
receive (Bench *bench, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastRadioField) field = fast_radio_field_new (fast_virtual_chip_open (path, &error));
  g_autoptr (FastTransport) transport = test_loop_new (field);
  g_autofree char *chip = fast_chip_read_serial (transport, &fast_applet_icao_perso, NULL, &error);
  g_autofree char *csv = g_build_filename (bench->place.root, "blanks.csv", NULL);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  text = g_strdup_printf ("serial,chip,rfid\n" SERIAL ",%s,E2000001\n", chip);
  g_file_set_contents (csv, text, -1, &error);
  g_assert_no_error (error);
  RUN (bench, bench->card, 0, "1 blanks received", "stock", "receive", csv);
  RUN (bench, bench->card, 3, "row 2", "stock", "receive", csv);
}

static void
set_up (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *path = NULL;

  program_place_open (&bench->place);
  bench->card = fast_test_program ("fast-card");
  path = g_build_filename (bench->place.root, "chip", NULL);
  receive (bench, path);
  test_reader_start (&bench->reader, bench->place.root, "chip");
  bench->item = grant (bench);
  bench->other = grant (bench);
}

static void
tear_down (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  test_reader_stop (&bench->reader);
  g_free (bench->item);
  g_free (bench->other);
  g_free (bench->card);
  program_place_close (&bench->place);
}

static void
encode (Bench *bench, const char *item, int wanted, const char *text)
{
  RUN (bench, bench->card, wanted, text, "encode", "--reader", bench->reader.reader, "--enrolment",
       item, "--applet", "icao-perso");
}

static char *
read_mrz (Bench *bench)
{
  g_autofree char *folder = g_build_filename (bench->place.root, "lds", NULL);
  g_autofree char *path = g_build_filename (folder, "EF.DG1", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  RUN (bench, bench->card, 0, "", "lds", "--enrolment", bench->item, "--out", folder);
  g_file_get_contents (path, &content, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, ==, MRZ_OFFSET + MRZ_SIZE);
  return g_strndup (content + MRZ_OFFSET, MRZ_SIZE);
}

/* Prints the card, and reads its seal with Debian's zbarimg; FALSE where that is not installed. */
static gboolean
read_seal (Bench *bench, const char *file)
{
  g_autofree char *found = g_find_program_in_path ("zbarimg");
  g_autofree char *out = g_build_filename (bench->place.root, "card.png", NULL);
  g_autofree char *back = g_build_filename (bench->place.root, "card-back.png", NULL);
  const char *const argv[] = {
      "sh", "-c", "zbarimg --quiet --raw -Sbinary --oneshot \"$1\" > \"$2\"", "sh", back,
      file, NULL};

  RUN (bench, bench->card, 0, "card-front.png and", "print", "--enrolment", bench->item, "--out",
       out);
  return found != NULL && fast_test_run (NULL, NULL, argv) == 0;
}

static void
finish (Bench *bench, const char *mrz, const char *seal, int wanted, const char *text)
{
  RUN (bench, bench->card, wanted, text, "finish", "--enrolment", bench->item, "--reader",
       bench->reader.reader, "--mrz", mrz, "--seal", seal);
}

/* Before the chip: every step that is too early names what is missing. */
static void
check_early (Bench *bench)
{
  g_autofree char *picture = g_build_filename (bench->place.root, "early.pdf", NULL);

  encode (bench, bench->item, 3, "blank " SERIAL " is received");
  RUN (bench, bench->card, 0, "1 blanks allotted", "stock", "allot");
  RUN (bench, bench->card, 3, "no card is begun", "print", "--enrolment", bench->item, "--out",
       picture);
  RUN (bench, bench->place.enrol, 3, "is granted", "handover", bench->item);
  test_reader_order (&bench->reader, "remove");
  encode (bench, bench->item, 1, "no card");
  test_reader_order (&bench->reader, "insert");
}

static void
check_chip (Bench *bench)
{
  test_reader_order (&bench->reader, "tear 40");
  encode (bench, bench->item, 1, "resumable");
  test_reader_order (&bench->reader, "insert");
  encode (bench, bench->other, 3, "blank " SERIAL " is in-production");
  encode (bench, bench->item, 0, "made");
  encode (bench, bench->item, 3, "is encoded");
  encode (bench, bench->other, 1, "not blank");
}

#define KEY_MODE "600 600 600 600 "

/* The finished chip, opened by the number on its front and shown to a terminal: every file. In
 * training the keys of an unmade card are files, for its owner alone. */
static void
check_inspection (Bench *bench)
{
  g_autofree char *can = g_build_filename (bench->place.root, "lds", "keys", "can", NULL);
  g_autofree char *argument = g_strconcat ("@", can, NULL);
  g_autofree char *keys = g_path_get_dirname (can);
  g_autofree char *out = g_build_filename (bench->place.root, "read", NULL);
  g_autofree char *modes = NULL;
  const char *const argv[] = {
      "sh", "-c", "for f in \"$1\"/*; do stat -c %a \"$f\"; done | tr '\\n' ' '", "sh", keys, NULL};

  g_assert_cmpint (fast_test_run (&modes, NULL, argv), ==, 0);
  g_assert_cmpstr (modes, ==, KEY_MODE);
  RUN (bench, bench->card, 0, "done: terminal authentication", "inspect", "--reader",
       bench->reader.reader, "--can", argument, "--out", out);
  RUN (bench, bench->card, 0, "done: reading of the file (EF.DG3)", "inspect", "--reader",
       bench->reader.reader, "--can", argument);
  RUN (bench, bench->card, 1, "the card access number", "inspect", "--reader", bench->reader.reader,
       "--can", "12345x");
  RUN (bench, bench->card, 1, "cannot be read", "inspect", "--reader", bench->reader.reader,
       "--can", "0000000");
}

static void
test_card (Bench *bench, gconstpointer data G_GNUC_UNUSED)
{
  g_autofree char *seal = g_build_filename (bench->place.root, "seal", NULL);
  g_autofree char *foreign = g_build_filename (bench->place.root, "foreign", NULL);
  g_autofree char *mrz = NULL;

  check_early (bench);
  check_chip (bench);
  mrz = read_mrz (bench);
  check_inspection (bench);
  g_file_set_contents (foreign, "no seal at all", -1, NULL);
  finish (bench, mrz, foreign, 3, "seal does not agree");
  if (!read_seal (bench, seal)) {
    g_test_skip ("zbarimg is not installed");
    return;
  }
  /* P3:LDS_B_14: the MRZ that is printed is that of EF.DG1. */
  finish (bench, "IDCAN", seal, 3, "MRZ does not agree");
  finish (bench, mrz, seal, 0, "made, RFID unread");
  finish (bench, mrz, seal, 3, "is made");
  RUN (bench, bench->place.enrol, 0, "handed over", "handover", bench->item);
  RUN (bench, bench->place.enrol, 3, "is handed-over", "handover", bench->item);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/programs/card/P3:LDS_B_14", Bench, NULL, set_up, test_card, tear_down);
  return g_test_run ();
}

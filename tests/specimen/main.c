/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "record/base/error.h"
#include "tests/specimen/folder.h"

/*
 * fast-specimen folder --template ca|us|DIR --portrait FILE --out DIR [--seed N]
 * fast-specimen prints --out DIR [--seed N] [--count N]
 *
 * Invented applicants for tests and for the demonstration; built, never installed.
 */

typedef struct {
  char *template_name;
  char *portrait;
  char *out;
  int seed;
  int count;
} Options;

/* A built-in applicant by its name, or the application.json of a folder. */
static char *
template_path (const char *name)
{
  g_autofree char *file = NULL;

  if (g_file_test (name, G_FILE_TEST_IS_DIR))
    return g_build_filename (name, "application.json", NULL);
  file = g_strconcat ("application-", name, ".json", NULL);
  return g_build_filename (SPECIMEN_TEMPLATES, file, NULL);
}

static int
report (GError *error)
{
  g_autofree char *text = NULL;

  if (error == NULL)
    return EXIT_SUCCESS;
  text = fast_error_format (error, "en");
  g_printerr ("fast-specimen: %s\n", text);
  g_error_free (error);
  return EXIT_FAILURE;
}

static int
usage (void)
{
  g_printerr ("fast-specimen: wrong usage: folder --template ca|us|DIR --portrait FILE --out DIR\n"
              "               [--seed N], or prints --out DIR [--seed N] [--count N]\n");
  return 2;
}

static int
run_folder (const Options *options)
{
  g_autofree char *path = NULL;
  GError *error = NULL;
  SpecimenFolder folder = {NULL, options->portrait, (guint32)options->seed, options->out};

  if (options->template_name == NULL || options->portrait == NULL || options->out == NULL)
    return usage ();
  path = template_path (options->template_name);
  folder.template_path = path;
  if (options->seed == 0)
    folder.seed = g_str_hash (options->template_name);
  specimen_folder_write (&folder, &error);
  return report (error);
}

static int
run_prints (const Options *options)
{
  GError *error = NULL;

  if (options->out == NULL || options->count < 1)
    return usage ();
  specimen_prints_write (options->out, (guint32)options->seed, (guint)options->count, &error);
  return report (error);
}

static void
options_clear (Options *options)
{
  g_free (options->template_name);
  g_free (options->portrait);
  g_free (options->out);
}

int
main (int argc, char **argv)
{
  Options options = {.count = 10};
  const GOptionEntry entries[] = {
      {"template", 0, 0, G_OPTION_ARG_FILENAME, &options.template_name,
       "ca, us, or a folder with an application.json", "NAME"},
      {"portrait", 0, 0, G_OPTION_ARG_FILENAME, &options.portrait, "a JPEG or PNG file", "FILE"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "the folder to write", "DIR"},
      {"seed", 0, 0, G_OPTION_ARG_INT, &options.seed, "names an invented person", "N"},
      {"count", 0, 0, G_OPTION_ARG_INT, &options.count, "how many prints", "N"},
      G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("folder|prints");
  int code;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || argc != 2)
    code = usage ();
  else if (g_str_equal (argv[1], "folder"))
    code = run_folder (&options);
  else
    code = g_str_equal (argv[1], "prints") ? run_prints (&options) : usage ();
  options_clear (&options);
  return code;
}

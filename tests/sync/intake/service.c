/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/sync/intake/service.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "record/base/clock.h"
#include "record/base/json.h"
#include "record/keys/certificate-profile.h"
#include "tests/support.h"

void
service_set_up (Service *service, gconstpointer data)
{
  fixture_set_up (&service->fixture, data);
}

void
service_tear_down (Service *service, gconstpointer data)
{
  if (service->process != NULL)
    service_stop (service);
  fixture_tear_down (&service->fixture, data);
}

void
service_set (Service *service, const char *group, const char *key, const char *value)
{
  g_autofree char *path = fixture_path (&service->fixture, "intake-CA.conf");
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_KEEP_COMMENTS, NULL));
  g_key_file_set_string (file, group, key, value);
  g_assert_true (g_key_file_save_to_file (file, path, NULL));
}

static char *
read_line (GInputStream *stream)
{
  GString *line = g_string_new (NULL);
  char byte;

  while (g_input_stream_read (stream, &byte, 1, NULL, NULL) == 1 && byte != '\n')
    g_string_append_c (line, byte);
  return g_string_free (line, FALSE);
}

/* A test that fails leaves no service behind. */
static void
die_with_parent (gpointer data G_GNUC_UNUSED)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

/* The leak check of AddressSanitizer crashes on the threads that GIO's TLS module leaves behind. */
static char **
child_environment (Service *service)
{
  char **environment = g_get_environ ();
  const char *asan;
  g_autofree char *options = NULL;

  if (service->cut != NULL)
    environment = fast_power_cut_environment (service->cut, environment);
  asan = g_environ_getenv (environment, "ASAN_OPTIONS");
  options = g_strconcat (asan == NULL ? "" : asan, asan == NULL ? "" : ":", "detect_leaks=0", NULL);
  return g_environ_setenv (environment, "ASAN_OPTIONS", options, TRUE);
}

/* Returns whether it got ready; a failpoint may end it before. */
gboolean
service_start (Service *service, const char *failpoint)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *program = fast_test_program ("fast-intake");
  g_autofree char *config = fixture_path (&service->fixture, "intake-CA.conf");
  g_autofree char *line = NULL;
  g_auto (GStrv) environment = NULL;
  g_autoptr (GError) error = NULL;
  const char *port;

  environment = child_environment (service);
  g_subprocess_launcher_set_environ (launcher, environment);
  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  if (failpoint != NULL)
    g_subprocess_launcher_setenv (launcher, "FAST_FAILPOINT", failpoint, TRUE);
  service->process = g_subprocess_launcher_spawn (launcher, &error, program, "serve", "--config",
                                                  config, "--listen", "127.0.0.1:0", NULL);
  g_assert_no_error (error);
  line = read_line (g_subprocess_get_stdout_pipe (service->process));
  port = strrchr (line, ':');
  g_clear_pointer (&service->url, g_free);
  if (port == NULL) {
    g_subprocess_wait (service->process, NULL, NULL);
    g_clear_object (&service->process);
    return FALSE;
  }
  service->url = g_strdup_printf ("https://localhost%s", port);
  return TRUE;
}

/* Returns whether it ended by itself, with success, when told to. */
gboolean
service_stop (Service *service)
{
  gboolean ended;

  g_subprocess_send_signal (service->process, SIGTERM);
  g_subprocess_wait (service->process, NULL, NULL);
  ended = g_subprocess_get_if_exited (service->process) &&
          g_subprocess_get_exit_status (service->process) == 0;
  g_clear_object (&service->process);
  g_clear_pointer (&service->url, g_free);
  return ended;
}

/* Ends it at once, however it stands; also when it has died. */
void
service_end (Service *service)
{
  if (service->process == NULL)
    return;
  g_subprocess_force_exit (service->process);
  g_subprocess_wait (service->process, NULL, NULL);
  g_clear_object (&service->process);
}

/* From here on what the service does not sync can be lost. */
void
service_begin_power_cut (Service *service, gboolean wanted)
{
  if (wanted)
    service->cut = fast_power_cut_new (service->fixture.folder);
}

void
service_end_power_cut (Service *service, gboolean happens)
{
  if (service->cut != NULL && happens)
    fast_power_cut_happen (service->cut);
  g_clear_pointer (&service->cut, fast_power_cut_free);
}

gboolean
service_alive (Service *service)
{
  const char *id = g_subprocess_get_identifier (service->process);
  g_autofree char *path = id == NULL ? NULL : g_strdup_printf ("/proc/%s/stat", id);
  g_autofree char *text = NULL;
  g_auto (Answer) health = {0};

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL) ||
      strstr (text, ") Z ") != NULL)
    return FALSE;
  /* A killed process is not a zombie at once, but it answers no more. */
  health = service_get (service, "unit/link", "/healthz");
  return health.status == 200;
}

/* Runs a verb of fast-intake on the service's configuration. */
int
service_verb (Service *service, char **out, const char *const *words)
{
  g_autofree char *program = fast_test_program ("fast-intake");
  g_autofree char *config = fixture_path (&service->fixture, "intake-CA.conf");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *ignored = NULL;

  g_ptr_array_add (argv, program);
  g_ptr_array_add (argv, (gpointer) "--config");
  g_ptr_array_add (argv, config);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer)words[i]);
  g_ptr_array_add (argv, NULL);
  return fast_test_run (out != NULL ? out : &ignored, NULL, (const char *const *)argv->pdata);
}

void
answer_clear (Answer *answer)
{
  g_clear_pointer (&answer->text, g_free);
}

/* The last headers of `curl -i`, after those of 100 Continue. */
static void
split_answer (Answer *answer, gsize size)
{
  char *at = answer->text;
  char *end;

  while ((end = g_strstr_len (at, -1, "\r\n\r\n")) != NULL) {
    answer->status = (guint)g_ascii_strtoull (at + strlen ("HTTP/1.1 "), NULL, 10);
    if (answer->status != 100)
      break;
    at = end + 4;
  }
  if (end == NULL)
    return;
  *end = '\0';
  answer->body = end + 4;
  answer->size = size - (gsize)(answer->body - answer->text);
}

static Answer
run_curl (GPtrArray *argv, GBytes *input)
{
  Answer answer = {0};
  g_autoptr (GSubprocess) curl = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) given = input != NULL ? g_bytes_ref (input) : g_bytes_new (NULL, 0);
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  g_ptr_array_add (argv, NULL);
  curl = g_subprocess_newv ((const char *const *)argv->pdata,
                            G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE |
                                G_SUBPROCESS_FLAGS_STDIN_PIPE,
                            &error);
  g_assert_no_error (error);
  g_subprocess_communicate (curl, given, NULL, &out, NULL, NULL);
  if (out == NULL)
    return answer;
  size = g_bytes_get_size (out);
  answer.text = g_malloc0 (size + 1);
  fast_copy (answer.text, size, g_bytes_get_data (out, NULL), size);
  split_answer (&answer, size);
  return answer;
}

/* @who as in `unit/link`: whose certificate is shown; NULL shows none. */
static GPtrArray *
curl_words (Service *service, const char *who, const char *path)
{
  GPtrArray *argv = g_ptr_array_new_with_free_func (g_free);
  static const char *const common[] = {"curl", "-s", "-i", "--max-time", "30", "--cacert"};

  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    g_ptr_array_add (argv, g_strdup (common[i]));
  g_ptr_array_add (argv, fixture_path (&service->fixture, "CA/ca.pem"));
  if (who != NULL) {
    g_autofree char *certificate = g_strconcat (who, ".pem", NULL);
    g_autofree char *key = g_strconcat (who, ".key", NULL);
    g_ptr_array_add (argv, g_strdup ("--cert"));
    g_ptr_array_add (argv, fixture_path (&service->fixture, certificate));
    g_ptr_array_add (argv, g_strdup ("--key"));
    g_ptr_array_add (argv, fixture_path (&service->fixture, key));
  }
  g_ptr_array_add (argv, g_strconcat (service->url, path, NULL));
  return argv;
}

/* Further words are curl's own. */
Answer
service_ask (Service *service, const char *who, const char *path, const char *first, ...)
{
  g_autoptr (GPtrArray) argv = curl_words (service, who, path);
  va_list words;

  va_start (words, first);
  for (const char *word = first; word != NULL; word = va_arg (words, const char *))
    g_ptr_array_add (argv, g_strdup (word));
  va_end (words);
  return run_curl (argv, NULL);
}

Answer
service_get (Service *service, const char *who, const char *path)
{
  return service_ask (service, who, path, "-X", "GET", NULL);
}

char *
answer_header (const Answer *answer, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (answer->text, "\r\n", -1);
  char *value = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, strlen (name)) == 0 && lines[i][strlen (name)] == ':')
      value = g_strdup (g_strstrip (lines[i] + strlen (name) + 1));
  return value;
}

gint64
answer_offset (const Answer *answer)
{
  g_autofree char *value = answer->text == NULL ? NULL : answer_header (answer, "Upload-Offset");

  return value == NULL ? -1 : g_ascii_strtoll (value, NULL, 10);
}

/* The message id of an error's JSON. */
char *
answer_id (const Answer *answer)
{
  g_autoptr (GBytes) bytes = g_bytes_new (answer->body, answer->size);
  g_autoptr (JsonNode) node = fast_json_parse (bytes, "answer", NULL);

  return node == NULL ? NULL
                      : g_strdup (fast_json_get_string (json_node_get_object (node), "id", NULL));
}

Answer
service_create (Service *service, const char *who, const char *packet, gsize length)
{
  g_autofree char *id = g_base64_encode ((const guchar *)packet, strlen (packet));
  g_autofree char *metadata = g_strdup_printf ("Upload-Metadata: filename YQ==,packet %s", id);
  g_autofree char *size = g_strdup_printf ("Upload-Length: %" G_GSIZE_FORMAT, length);

  return service_ask (service, who, "/v1/packets", "-X", "POST", "-H", "Tus-Resumable: 1.0.0", "-H",
                      metadata, "-H", size, NULL);
}

Answer
service_head (Service *service, const char *who, const char *packet)
{
  g_autofree char *path = g_strconcat ("/v1/packets/", packet, NULL);

  return service_ask (service, who, path, "-I", "-H", "Tus-Resumable: 1.0.0", NULL);
}

/* Sends bytes @from to @to; @header is one more, or NULL. */
Answer
service_patch (Service *service, const char *who, const char *packet, GBytes *bytes, gsize from,
               gsize to, const char *header)
{
  g_autofree char *path = g_strconcat ("/v1/packets/", packet, NULL);
  g_autofree char *offset = g_strdup_printf ("Upload-Offset: %" G_GSIZE_FORMAT, from);
  g_autoptr (GPtrArray) argv = curl_words (service, who, path);
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (bytes, from, to - from);
  const char *words[] = {"-X",
                         "PATCH",
                         "-H",
                         "Tus-Resumable: 1.0.0",
                         "-H",
                         "Content-Type: application/offset+octet-stream",
                         "-H",
                         offset,
                         "--data-binary",
                         "@-",
                         header == NULL ? NULL : "-H",
                         header};

  for (guint i = 0; i < G_N_ELEMENTS (words) && words[i] != NULL; i++)
    g_ptr_array_add (argv, g_strdup (words[i]));
  return run_curl (argv, piece);
}

/* What a client does until the packet is there: create, ask, go on. Returns whether it arrived;
 * FALSE when the service is gone. */
gboolean
service_send (Service *service, const char *packet, GBytes *bytes, guint *status)
{
  gsize size = g_bytes_get_size (bytes);

  for (guint round = 0; round < 20; round++) {
    g_auto (Answer) created = service_create (service, "unit/link", packet, size);
    g_auto (Answer) sent = {0};
    gint64 offset = answer_offset (&created);

    *status = created.status;
    if (created.status == 0 || created.status == 422)
      return created.status == 422;
    if (offset == (gint64)size)
      return TRUE;
    if (offset < 0)
      continue;
    sent = service_patch (service, "unit/link", packet, bytes, (gsize)offset,
                          MIN (size, (gsize)offset + 100000), NULL);
    *status = sent.status;
    if (sent.status == 0)
      return FALSE;
  }
  return FALSE;
}

static void
issue (Service *service, const char *unit, const char *use)
{
  g_autoptr (X509) ca = fixture_certificate (&service->fixture, "unit/ca");
  g_autoptr (EVP_PKEY) ca_key = fixture_key (&service->fixture, "unit/ca");
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (X509) certificate = NULL;
  g_autoptr (GError) error = NULL;
  const FastCertificateProfile *profile =
      fast_certificate_profile_find (strcmp (use, "link") == 0 ? "tls-client" : "sign");
  const FastCertificateSubject subject = {"CA", "Ontario", "FAST", use, unit};
  const FastCertificateIssuer issuer = {ca, ca_key};
  g_autofree char *pem = g_strdup_printf ("unit/%s-%s.pem", unit, use);
  g_autofree char *secret = g_strdup_printf ("unit/%s-%s.key", unit, use);
  g_autofree char *pem_path = fixture_path (&service->fixture, pem);
  g_autofree char *key_path = fixture_path (&service->fixture, secret);

  key = fast_key_generate ("P-256", FAST_KEY_PARAMETERS_NAMED, &error);
  g_assert_no_error (error);
  certificate = fast_certificate_profile_issue (profile, &subject, key, &issuer, TRUE,
                                                fast_clock_now (), &error);
  g_assert_no_error (error);
  fast_certificate_save (certificate, pem_path, &error);
  fast_key_save (key, key_path, &error);
  g_assert_no_error (error);
}

/* Another unit under the same authority: `unit/U2-link` and `unit/U2-sign`. */
void
service_make_unit (Service *service, const char *unit)
{
  issue (service, unit, "link");
  issue (service, unit, "sign");
}

/* The packet of enrolment U1-@number, of about @size bytes; each begins a lane of its own epoch, as
 * the fixture has no proof that goes on from another head. */
FastPacket *
service_seal (Service *service, guint number, const char *nation, gsize size)
{
  g_autoptr (FastHeader) header = fixture_header (nation, "enrolment");
  g_autofree char *text = g_strnfill (size, 'x');
  const char *names[] = {"applicant.json", NULL};
  const char *texts[] = {text, NULL};
  g_autoptr (FastParts) parts = fixture_parts (names, texts);
  g_autoptr (GBytes) audit = fixture_audit ();
  g_autofree char *recipient = g_strconcat (nation, "/recipient", NULL);
  g_autoptr (GError) error = NULL;
  FastPacket *packet;

  g_free (header->item);
  header->item = g_strdup_printf ("U1-%u", number);
  g_clear_pointer (&header->about, g_free);
  header->epoch = number;
  packet = fixture_packet (&service->fixture, header, parts, audit, recipient, &error);
  g_assert_no_error (error);
  return packet;
}

/* OpenSSL's own verdict on a receipt. */
void
service_assert_openssl_accepts (Service *service, GBytes *packet, const Answer *receipt,
                                const char *signer)
{
  g_autofree char *data = fixture_path (&service->fixture, "packet.p7m");
  g_autofree char *token = fixture_path (&service->fixture, "packet.tsr");
  g_autofree char *ca = fixture_path (&service->fixture, "CA/ca.pem");
  g_autofree char *certificate = fixture_path (&service->fixture, signer);
  g_autofree char *out = NULL, *err = NULL;
  const char *argv[] = {"openssl", "ts",      "-verify", "-data",      data,        "-in",
                        token,     "-CAfile", ca,        "-untrusted", certificate, NULL};

  g_assert_true (g_file_set_contents (data, g_bytes_get_data (packet, NULL),
                                      (gssize)g_bytes_get_size (packet), NULL));
  g_assert_true (g_file_set_contents (token, receipt->body, (gssize)receipt->size, NULL));
  g_assert_cmpint (fast_test_run (&out, &err, argv), ==, 0);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A child works on a store and is killed at the n-th passing of each failpoint, for every n until
 * it survives; then, in the second half of the tests, the power is cut as well: what was not
 * fsynced is gone. Whatever the child had told to be committed must be there, nothing may be there
 * by half or twice, and a second child must come to the same end as one that was never killed.
 */
#include <gio/gio.h>
#include <openssl/ec.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record/base/json.h"
#include "record/keys/cms.h"
#include "record/store/audit.h"
#include "record/store/draft.h"
#include "record/store/index-card.h"
#include "record/store/outbox.h"
#include "record/store/sequence.h"
#include "record/store/statement.h"
#include "tests/record/store/store-support.h"
#include "tests/shim/power-cut.h"

#define ITEMS 4
#define MAX_PASSES 100
#define OLD "correct horse"
#define NEW "battery staple"

static const char *program;

/* ---- the child ---- */

static FastStore *
open_store (const char *path)
{
  g_autoptr (GError) error = NULL;
  FastStore *store = fast_store_open (path, "U1", NULL, &error);

  g_assert_no_error (error);
  return store;
}

static void
tell (const char *word)
{
  g_autofree char *line = g_strconcat (word, "\n", NULL);

  g_assert_cmpint (write (STDOUT_FILENO, line, strlen (line)), ==, (gssize)strlen (line));
}

static FastSecret *
share_of (const char *variable)
{
  g_autoptr (GBytes) bytes = fast_hex_decode (g_getenv (variable), NULL);

  return fast_secret_new_from (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static FastVault *
recover (FastStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) left = share_of ("TEAR_SHARE_CA");
  g_autoptr (FastSecret) right = share_of ("TEAR_SHARE_US");
  FastVault *vault = fast_vault_recover (store, left, right, &error);

  g_assert_no_error (error);
  return vault;
}

static void
post (FastTransaction *transaction, const FastRevision *revision, const char *nation)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *packet = g_strconcat (nation, revision->item, NULL);
  g_autofree char *lane = g_strconcat ("lane-", nation, NULL);
  FastOutboxRow row = {.packet = packet,
                       .nation = (char *)nation,
                       .item = revision->item,
                       .revision = revision->revision,
                       .kind = revision->kind,
                       .size = 1};

  fast_sequence_next (transaction, lane, &row.lane, &error);
  g_assert_no_error (error);
  fast_outbox_add (transaction, &row, &error);
  g_assert_no_error (error);
}

static void
put_card (FastTransaction *transaction, FastVault *vault, const char *record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) card = fast_json_node_take (json_object_new ());

  json_object_set_string_member (json_node_get_object (card), "record", record);
  fast_index_card_put (transaction, vault, record, card, &error);
  g_assert_no_error (error);
}

/* One transaction with something of everything. */
static void
work_once (FastStore *store, FastVault *vault)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (store, &error);
  g_autofree char *record = fast_record_create (transaction, vault, &error);
  g_autoptr (FastDraft) draft = fast_draft_new ("enrolment", record);
  g_autoptr (FastRevision) revision = NULL;

  fast_draft_add (draft, "applicant.json", FAST_CLASS_PERSONAL, record, strlen (record));
  fast_draft_add (draft, "face.jpg", FAST_CLASS_BIOMETRIC, record, strlen (record));
  revision = fast_draft_freeze (draft, transaction, vault, &error);
  g_assert_no_error (error);
  put_card (transaction, vault, record);
  post (transaction, revision, "CA");
  post (transaction, revision, "US");
  fast_transaction_commit (transaction, FAST_POINT ("tear-work"), &error);
  g_assert_no_error (error);
  tell (revision->item);
}

static gint64
count (FastStore *store, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement = fast_statement_new (store, &error, sql, "");
  gboolean row;

  g_assert_no_error (error);
  g_assert_true (fast_statement_step (statement, &row, &error));
  return fast_statement_int (statement, 0);
}

static void
child_work (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStore) store = open_store (path);
  g_autoptr (FastVault) vault = recover (store);

  while (count (store, "SELECT count(*) FROM item") < ITEMS)
    work_once (store, vault);
  if (count (store, "SELECT count(*) FROM record WHERE destroyed IS NOT NULL") == 0)
    fast_record_destroy_keys (store, "cbsa-1", "U1-R1", &error);
  g_assert_no_error (error);
}

static void
child_open (const char *path)
{
  g_autoptr (FastStore) store = open_store (path);

  tell (fast_store_unit (store));
}

static FastVault *
sign_in (FastStore *store, FastSecret *old, FastSecret *new)
{
  g_autoptr (GError) error = NULL;
  FastVault *vault;
  gboolean exists;

  g_assert_true (fast_vault_exists (store, &exists, &error));
  if (!exists)
    return fast_vault_create (store, "cbsa-1", "CBSA", old, &error);
  vault = fast_vault_open (store, "cbsa-1", old, NULL);
  return vault != NULL ? vault : fast_vault_open (store, "cbsa-1", new, &error);
}

static void
child_vault (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStore) store = open_store (path);
  g_autoptr (FastSecret) old = passphrase_new (OLD);
  g_autoptr (FastSecret) new = passphrase_new (NEW);
  g_autoptr (FastVault) vault = sign_in (store, old, new);

  g_assert_nonnull (vault);
  if (count (store, "SELECT count(*) FROM officer") < 2)
    fast_vault_add_officer (vault, "cbp-1", "CBP", old, &error);
  g_assert_no_error (error);
  if (count (store, "SELECT revision FROM vault_wrap WHERE officer = 'cbsa-1'") == 1)
    fast_vault_change_passphrase (vault, old, new, &error);
  g_assert_no_error (error);
}

typedef struct {
  const char *name;
  void (*act) (const char *path);
  const char *points[8];
  const char *total; /* what must be there in the end, however often the child was killed */
  gint64 wanted;
} Mode;

static const Mode modes[] = {
    {"open",
     child_open,
     {"store-create", "store-migrate", "store-unit"},
     "SELECT count(*) FROM unit",
     1},
    {"work",
     child_work,
     {"tear-work", "record-destroy", "record-destroyed"},
     "SELECT count(*) FROM audit WHERE row LIKE '%\"revision-frozen\"%'",
     ITEMS},
    {"vault",
     child_vault,
     {"vault-create", "vault-officer", "vault-passphrase"},
     "SELECT count(*) FROM audit WHERE row LIKE '%\"officer-added\"%' "
     "OR row LIKE '%\"passphrase-changed\"%'",
     3},
};

static int
be_child (const char *name, const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (strcmp (modes[i].name, name) == 0)
      modes[i].act (path);
  return 0;
}

/* ---- what the test checks after a cut ---- */

static void
check_item (FastStore *store, FastVault *vault, const char *item, gboolean destroyed)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastRevision) revision = fast_revision_load (store, item, 0, &error);
  g_autoptr (FastSecret) part = NULL;
  g_autofree char *packet = g_strconcat ("US", item, NULL);
  g_autoptr (FastOutboxRow) row = NULL;

  g_assert_no_error (error);
  row = fast_outbox_load (store, packet, &error);
  g_assert_no_error (error);
  g_assert_cmpint (row->lane, ==, g_ascii_strtoll (item + 3, NULL, 10));
  if (destroyed)
    return;
  part = fast_revision_open_part (vault, revision, "face.jpg", &error);
  g_assert_no_error (error);
  g_assert_cmpmem (fast_secret_data (part), fast_secret_size (part), revision->record,
                   strlen (revision->record));
}

/* Either everything of a transaction is there or nothing. */
static void
check_whole (FastStore *store, gint64 items)
{
  gint64 last;

  g_assert_true (fast_sequence_last (store, FAST_SEQUENCE_ITEM, &last, NULL));
  g_assert_cmpint (last, ==, items);
  g_assert_true (fast_sequence_last (store, "lane-CA", &last, NULL));
  g_assert_cmpint (last, ==, items);
  g_assert_cmpint (count (store, "SELECT count(*) FROM record"), ==, items);
  g_assert_cmpint (count (store, "SELECT count(*) FROM revision"), ==, items);
  g_assert_cmpint (count (store, "SELECT count(*) FROM part"), ==, 2 * items);
  g_assert_cmpint (count (store, "SELECT count(*) FROM outbox"), ==, 2 * items);
  g_assert_cmpint (count (store, "SELECT count(DISTINCT sequence) FROM revision"), ==, items);
}

static void
check_work (FastStore *store, const char *told)
{
  g_autoptr (FastVault) vault = recover (store);
  g_auto (GStrv) lines = g_strsplit (told, "\n", -1);
  gint64 items = count (store, "SELECT count(*) FROM item");
  gint64 committed = 0;
  gboolean destroyed = count (store, "SELECT count(*) FROM record WHERE personal IS NULL") == 1;

  check_whole (store, items);
  for (guint i = 0; lines[i] != NULL; i++)
    committed += lines[i][0] != '\0';
  g_assert_cmpint (items, >=, committed);
  for (gint64 i = 1; i <= items; i++) {
    g_autofree char *item = g_strdup_printf ("U1-%" G_GINT64_FORMAT, i);
    check_item (store, vault, item, destroyed && i == 1);
  }
}

static void
check_store (const Mode *mode, const char *path, const char *told)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastStore) store = open_store (path);
  g_autofree char *integrity = NULL;
  FastAuditHead head;

  g_assert_cmpint (count (store, "SELECT count(*) FROM pragma_integrity_check "
                                 "WHERE integrity_check = 'ok'"),
                   ==, 1);
  g_assert_cmpint (count (store, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
  fast_audit_verify (store, &head, &error);
  g_assert_no_error (error);
  if (mode->act == child_work)
    check_work (store, told);
}

/* ---- the loop ---- */

typedef struct {
  const Mode *mode;
  gboolean power; /* whether the power is cut too */
  char *template; /* a store with a vault, nothing else */
} Loop;

static gboolean
run_child (const Loop *loop, const char *path, const char *failpoint, FastPowerCut *cut,
           char **told)
{
  g_autoptr (GError) error = NULL;
  const char *argv[] = {program, "--child", loop->mode->name, path, NULL};
  g_auto (GStrv) environment = g_get_environ ();
  int status;

  if (failpoint != NULL)
    environment = g_environ_setenv (environment, "FAST_FAILPOINT", failpoint, TRUE);
  if (cut != NULL)
    environment = fast_power_cut_environment (cut, environment);
  g_spawn_sync (NULL, (char **)argv, environment, 0, NULL, NULL, told, NULL, &status, &error);
  g_assert_no_error (error);
  if (WIFEXITED (status))
    g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  else
    g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  return WIFEXITED (status);
}

static void
copy_template (const Loop *loop, const char *path)
{
  g_autoptr (GFile) from = g_file_new_for_path (loop->template);
  g_autoptr (GFile) to = g_file_new_for_path (path);

  if (loop->mode->act == child_work)
    g_assert_true (g_file_copy (from, to, 0, NULL, NULL, NULL, NULL));
}

static void
finish (const Loop *loop, const char *path)
{
  g_autofree char *told = NULL;
  g_autoptr (FastStore) store = NULL;

  g_assert_true (run_child (loop, path, NULL, NULL, &told));
  check_store (loop->mode, path, told);
  store = open_store (path);
  g_assert_cmpint (count (store, loop->mode->total), ==, loop->mode->wanted);
}

/* Returns whether the child came through unharmed: then there is no such passing. */
static gboolean
cut_once (const Loop *loop, const char *point, guint number)
{
  char *folder = fast_test_folder ();
  g_autofree char *path = g_build_filename (folder, "unit.db", NULL);
  g_autofree char *failpoint = g_strdup_printf ("%s:%u:kill", point, number);
  g_autofree char *told = NULL;
  FastPowerCut *cut = NULL;
  gboolean survived;

  copy_template (loop, path);
  if (loop->power)
    cut = fast_power_cut_new (folder);
  survived = run_child (loop, path, failpoint, cut, &told);
  if (cut != NULL) {
    fast_power_cut_happen (cut);
    fast_power_cut_free (cut);
  }
  check_store (loop->mode, path, told);
  if (!survived)
    finish (loop, path);
  fast_test_remove_folder (folder);
  return survived;
}

static guint
step (void)
{
  const char *text = g_getenv ("FAST_TEAR_STEP");

  return text == NULL ? 1 : MAX (1, (guint)g_ascii_strtoull (text, NULL, 10));
}

static void
run_loop (gconstpointer data)
{
  const Loop *loop = data;

  for (guint i = 0; loop->mode->points[i] != NULL; i++) {
    guint n = 1;

    while (!cut_once (loop, loop->mode->points[i], n))
      n += step ();
    g_assert_cmpuint (n, >, 1); /* the point is passed at all */
    g_assert_cmpuint (n, <, MAX_PASSES);
    g_test_message ("%s: cut at passings up to %u", loop->mode->points[i], n - 1);
  }
}

/* ---- a template whose vault opens without waiting for scrypt ---- */

static X509 *
certificate_new (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();

  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_UTF8,
                              (const guint8 *)"recovery", -1, -1, 0);
  X509_set_issuer_name (certificate, X509_get_subject_name (certificate));
  X509_gmtime_adj (X509_getm_notBefore (certificate), 0);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 3600);
  X509_set_pubkey (certificate, key);
  X509_sign (certificate, key, EVP_sha256 ());
  return certificate;
}

static void
export_share (FastStore *store, const char *nation, X509 *certificate, EVP_PKEY *key)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) cms = fast_vault_get_recovery_share (store, nation, &error);
  g_autoptr (FastSecret) share = fast_cms_decrypt (cms, certificate, key, &error);
  g_autofree char *name = g_strconcat ("TEAR_SHARE_", nation, NULL);
  g_autofree char *hex = NULL;

  g_assert_no_error (error);
  hex = fast_hex_encode (fast_secret_data (share), fast_secret_size (share));
  g_setenv (name, hex, TRUE);
}

static char *
make_template (const char *folder)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (folder, "unit.db", NULL);
  g_autoptr (FastStore) store = open_store (path);
  g_autoptr (FastSecret) passphrase = passphrase_new (OLD);
  g_autoptr (FastVault) vault = fast_vault_create (store, "cbsa-1", "CBSA", passphrase, &error);
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = certificate_new (key);

  g_assert_no_error (error);
  fast_vault_set_recovery (vault, certificate, certificate, &error);
  g_assert_no_error (error);
  export_share (store, "CA", certificate, key);
  export_share (store, "US", certificate, key);
  return path;
}

static void
test_points_known (void)
{
  g_auto (GStrv) known = fast_point_list ();

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    for (guint j = 0; modes[i].points[j] != NULL; j++)
      g_assert_true (g_strv_contains ((const char *const *)known, modes[i].points[j]));
}

int
main (int argc, char **argv)
{
  char *folder;
  g_autofree char *template = NULL;
  Loop loops[2 * G_N_ELEMENTS (modes)];
  int result;

  if (argc == 4 && strcmp (argv[1], "--child") == 0)
    return be_child (argv[2], argv[3]);
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  folder = fast_test_folder ();
  template = make_template (folder);
  g_test_add_func ("/store/tear/points-known", test_points_known);
  for (guint i = 0; i < G_N_ELEMENTS (loops); i++) {
    const Mode *mode = &modes[i / 2];
    gboolean power = i % 2 == 1;
    g_autofree char *name =
        g_strdup_printf ("/store/tear/%s/%s", mode->name, power ? "power-cut" : "kill");

    loops[i] = (Loop){mode, power, template};
    if (power || mode->act != child_vault) /* a power cut is the harder of the two */
      g_test_add_data_func (name, &loops[i], run_loop);
  }
  result = g_test_run ();
  fast_test_remove_folder (folder);
  return result;
}

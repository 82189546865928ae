/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tests/sync/link/unit-fixture.h"

#include <string.h>

#include "record/base/clock.h"
#include "record/base/error.h"
#include "record/keys/certificate.h"
#include "record/keys/key.h"
#include "record/keys/training.h"
#include "record/store/draft.h"
#include "record/store/outbox.h"
#include "record/store/revision.h"
#include "sync/link/reservation.h"
#include "sync/link/schema.h"
#include "sync/packet/opening.h"
#include "tests/support.h"

#define OFFICER "cbsa-1"

static FastSecret *
passphrase (void)
{
  return fast_secret_new_from ("correct horse", strlen ("correct horse"));
}

static void
open_store (UnitFixture *fixture)
{
  static const FastSchema *const schemas[] = {&fast_link_schema, NULL};
  g_autoptr (GError) error = NULL;
  g_autofree char *conf = g_build_filename (fixture->folder, "unit.conf", NULL);
  g_autofree char *path = g_build_filename (fixture->folder, "unit.db", NULL);

  fixture->config = fast_config_load (conf, &error);
  g_assert_no_error (error);
  fixture->store = fast_store_open (path, "U1", schemas, &error);
  g_assert_no_error (error);
}

static void
make_sealer (UnitFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->sealer = fast_sealer_new (fixture->config, fixture->store, fixture->vault, &error);
  g_assert_no_error (error);
}

/* Opens a unit that was made before. */
void
unit_fixture_open (UnitFixture *fixture, const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = passphrase ();

  fixture->folder = g_strdup (folder);
  open_store (fixture);
  fixture->vault = fast_vault_open (fixture->store, OFFICER, secret, &error);
  g_assert_no_error (error);
  make_sealer (fixture);
}

void
unit_fixture_make (UnitFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastSecret) secret = passphrase ();

  fixture->folder = fast_test_folder ();
  fast_training_write (fixture->folder, &error);
  g_assert_no_error (error);
  open_store (fixture);
  fixture->vault = fast_vault_create (fixture->store, OFFICER, "CBSA", secret, &error);
  g_assert_no_error (error);
  make_sealer (fixture);
}

void
unit_fixture_close (UnitFixture *fixture)
{
  g_clear_pointer (&fixture->sealer, fast_sealer_free);
  g_clear_pointer (&fixture->vault, fast_vault_close);
  g_clear_pointer (&fixture->store, fast_store_free);
  g_clear_pointer (&fixture->config, fast_config_free);
  g_clear_pointer (&fixture->folder, g_free);
}

void
unit_fixture_set_up (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  unit_fixture_make (fixture);
}

void
unit_fixture_tear_down (UnitFixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  char *folder = g_strdup (fixture->folder);

  unit_fixture_close (fixture);
  fast_test_remove_folder (folder);
}

/* Freezes a new item of one part. */
char *
unit_fixture_freeze (UnitFixture *fixture, const char *kind, const char *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FastTransaction) transaction = fast_transaction_begin (fixture->store, &error);
  g_autofree char *record = fast_record_create (transaction, fixture->vault, &error);
  g_autofree char *name = g_strdup_printf ("%s.json", kind);
  g_autoptr (FastDraft) draft = fast_draft_new (kind, record);
  g_autoptr (FastRevision) revision = NULL;

  g_assert_no_error (error);
  fast_draft_add (draft, name, FAST_CLASS_PERSONAL, "{}", 2);
  fast_draft_set_about (draft, about);
  revision = fast_draft_freeze (draft, transaction, fixture->vault, &error);
  g_assert_no_error (error);
  fast_transaction_commit (transaction, NULL, &error);
  g_assert_no_error (error);
  return g_strdup (revision->item);
}

typedef struct {
  FastTrust *units;
  FastTrust *officers;
  X509 *certificate;
  EVP_PKEY *key;
} Recipient;

static FastTrust *
load_trust (UnitFixture *fixture, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  const char *paths[] = {path, NULL};
  FastTrust *trust = fast_trust_load (paths, FAST_TRUST_TRAINING, &error);

  g_assert_no_error (error);
  return trust;
}

static void
recipient_load (Recipient *recipient, UnitFixture *fixture, const char *nation)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = g_build_filename (fixture->folder, nation, "recipient.pem", NULL);
  g_autofree char *key = g_build_filename (fixture->folder, nation, "recipient.key", NULL);

  recipient->units = load_trust (fixture, "unit/ca.pem");
  recipient->officers = load_trust (fixture, "CA/ca.pem");
  recipient->certificate = fast_certificate_load (pem, &error);
  g_assert_no_error (error);
  recipient->key = fast_key_load (key, &error);
  g_assert_no_error (error);
}

static void
recipient_clear (Recipient *recipient)
{
  fast_trust_free (recipient->units);
  fast_trust_free (recipient->officers);
  X509_free (recipient->certificate);
  EVP_PKEY_free (recipient->key);
}

static FastPacket *
load_packet (UnitFixture *fixture, Recipient *recipient, const FastOutboxRow *row)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path =
      fast_packet_folder_file (fast_sealer_folder (fixture->sealer), row->nation, row->packet);
  g_autoptr (GBytes) bytes = fast_bytes_read_file (path, FAST_PACKET_LIMIT, &error);
  FastPacket *packet;

  g_assert_no_error (error);
  packet = fast_packet_verify (bytes, recipient->units, row->nation, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (packet->id, ==, row->packet);
  return packet;
}

/* Opens the lane as its nation does, in order: each packet, with the one before it. */
static void
check_lane (UnitFixture *fixture, const char *nation, guint revisions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = fast_outbox_list_all (fixture->store, nation, &error);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (FastHeader) previous = NULL;
  Recipient recipient;

  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, revisions);
  recipient_load (&recipient, fixture, nation);
  for (guint i = 0; i < rows->len; i++) {
    const FastOutboxRow *row = rows->pdata[i];
    g_autoptr (FastPacket) packet = load_packet (fixture, &recipient, row);
    const FastOpeningKeys keys = {recipient.certificate, recipient.key, recipient.officers,
                                  previous, fast_clock_now ()};
    g_autoptr (FastOpened) opened = fast_packet_open (packet, &keys, &error);

    g_assert_no_error (error);
    g_assert_cmpint (row->lane, ==, i + 1);
    g_assert_true (g_hash_table_add (
        seen, g_strdup_printf ("%s/%" G_GINT64_FORMAT, row->item, row->revision)));
    g_clear_pointer (&previous, fast_header_free);
    previous = fast_header_copy (packet->header);
  }
  recipient_clear (&recipient);
}

static guint
count_files (UnitFixture *fixture, const char *nation)
{
  g_autofree char *path = g_build_filename (fixture->folder, "packets", nation, NULL);
  g_autoptr (GDir) entries = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (entries) != NULL)
    n++;
  return n;
}

/* Exactly one packet for each nation and revision, lanes without gaps or doubles, heads that grow,
 * no file too many. */
void
unit_fixture_check (UnitFixture *fixture, guint revisions)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) open = fast_reservation_list_open (fixture->store, &error);
  g_autoptr (GPtrArray) missing = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (open->len, ==, 0);
  missing = fast_packet_folder_find_missing (fast_sealer_folder (fixture->sealer), fixture->store,
                                             &error);
  g_assert_no_error (error);
  g_assert_cmpuint (missing->len, ==, 0);
  for (guint i = 0; i < FAST_NATION_COUNT; i++) {
    check_lane (fixture, fast_nation_names[i], revisions);
    g_assert_cmpuint (count_files (fixture, fast_nation_names[i]), ==, revisions);
  }
}

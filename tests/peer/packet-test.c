/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/packet/packet.h"

#include "sync/packet/receipt.h"
#include "tests/support.h"
#include "tests/sync/packet/fixture.h"

static void
write_file (Fixture *fixture, const char *name, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = fixture_path (fixture, name);

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes),
                       &error);
  g_assert_no_error (error);
}

static void
write_receipt (Fixture *fixture, const char *packet, FastReceiptKind kind, const char *signer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (X509) certificate = fixture_certificate (fixture, signer);
  g_autoptr (EVP_PKEY) key = fixture_key (fixture, signer);
  g_autoptr (GBytes) view = kind == FAST_RECEIPT_BATCH ? fixture_text ("{\"items\":3}") : NULL;
  g_autoptr (GBytes) tsr = fast_receipt_issue (kind, packet, view, certificate, key, &error);
  g_autofree char *name = fast_receipt_file_name (kind, packet);

  g_assert_no_error (error);
  write_file (fixture, name, tsr);
}

static void
test_packet (Fixture *fixture, gconstpointer data G_GNUC_UNUSED)
{
  static const char *const names[] = {"applicant.json", "face.jpg", NULL};
  static const char *const texts[] = {"{}", "a face", NULL};
  g_autoptr (GError) error = NULL;
  g_autoptr (FastHeader) header = fixture_header ("CA", "enrolment");
  g_autoptr (FastParts) parts = fixture_parts (names, texts);
  g_autoptr (GBytes) audit = fixture_audit ();
  g_autoptr (FastPacket) packet =
      fixture_packet (fixture, header, parts, audit, "CA/recipient", &error);
  g_autofree char *script = fast_test_source ("tests/peer/packet.sh");
  g_autofree char *path = fixture_path (fixture, "packet.p7m");
  const char *argv[] = {script, path, fixture->folder, NULL};
  g_autofree char *listing = NULL;
  g_autofree char *complaint = NULL;

  g_assert_no_error (error);
  write_file (fixture, "packet.p7m", packet->bytes);
  write_receipt (fixture, packet->id, FAST_RECEIPT_STORED, "CA/receipt");
  write_receipt (fixture, packet->id, FAST_RECEIPT_OPENED, "CA/opened");
  write_receipt (fixture, packet->id, FAST_RECEIPT_BATCH, "CA/opened");
  if (fast_test_run (&listing, &complaint, argv) != 0)
    g_error ("%s", complaint);
  g_assert_cmpstr (listing, ==,
                   "item.json\nparts.json\nsalts.json\naudit.json\napplicant.json\nface.jpg\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/peer/packet", Fixture, NULL, fixture_set_up, test_packet, fixture_tear_down);
  return g_test_run ();
}

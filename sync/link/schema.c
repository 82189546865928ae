/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sync/link/schema.h"

static const char *const migrations[] = {
    "CREATE TABLE link_batch ("
    "  batch TEXT PRIMARY KEY,"
    "  number INTEGER NOT NULL UNIQUE,"
    "  opened TEXT NOT NULL," /* days */
    "  closed TEXT,"
    "  first_officer TEXT,"
    "  second_officer TEXT,"
    "  manifest TEXT," /* canonical JSON; nothing personal */
    "  item TEXT"      /* the batch item, which the next batch holds */
    ") STRICT;"
    "CREATE UNIQUE INDEX link_batch_open ON link_batch (1) WHERE closed IS NULL;"
    "CREATE TABLE link_reservation ("
    "  id INTEGER PRIMARY KEY,"
    "  item TEXT NOT NULL,"
    "  revision INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  epoch INTEGER NOT NULL,"
    "  batch TEXT NOT NULL REFERENCES link_batch,"
    "  audit_size INTEGER NOT NULL,"
    "  audit_root TEXT NOT NULL,"
    "  done INTEGER NOT NULL DEFAULT 0,"
    "  UNIQUE (item, revision)"
    ") STRICT;"
    "CREATE INDEX link_reservation_batch ON link_reservation (batch);"
    "CREATE INDEX link_reservation_open ON link_reservation (id) WHERE done = 0;"
    "CREATE TABLE link_place ("
    "  nation TEXT NOT NULL,"
    "  epoch INTEGER NOT NULL,"
    "  lane INTEGER NOT NULL,"
    "  reservation INTEGER NOT NULL REFERENCES link_reservation,"
    "  packet TEXT UNIQUE," /* once sealed */
    "  PRIMARY KEY (nation, epoch, lane)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE INDEX link_place_reservation ON link_place (reservation);"
    "CREATE TABLE link_upload (packet TEXT PRIMARY KEY, location TEXT NOT NULL) STRICT;"
    "CREATE TABLE link_cursor (nation TEXT PRIMARY KEY, cursor INTEGER NOT NULL) STRICT;"
    "CREATE TABLE link_trouble ("
    "  nation TEXT PRIMARY KEY,"
    "  message TEXT NOT NULL,"
    "  english TEXT NOT NULL,"
    "  french TEXT NOT NULL,"
    "  since INTEGER NOT NULL,"
    "  last INTEGER NOT NULL"
    ") STRICT;",
    "CREATE TABLE link_batch_receipt (packet TEXT PRIMARY KEY) STRICT;",
    NULL,
};

const FastSchema fast_link_schema = {.room = "link", .migrations = migrations};

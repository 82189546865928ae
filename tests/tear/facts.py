# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is true of a unit and of a nation's intake, in a form in which two runs can be compared.

Packet ids, salts and times differ from run to run; ids of items, lanes, states and counts must not.
"""

import hashlib
import json
import os
import sqlite3

UNIT = {
    'officers': 'SELECT officer FROM vault_wrap',
    'secrets': 'SELECT name FROM vault_secret',
    'recovery': 'SELECT only FROM vault_recovery',
    'counters': 'SELECT name, value FROM counter',
    'records': 'SELECT id, personal IS NULL, destroyed IS NULL FROM record',
    'cards': 'SELECT record FROM index_card',
    'items': 'SELECT id, kind, about FROM item',
    'revisions': 'SELECT item, revision FROM revision',
    'parts': 'SELECT item, revision, name FROM part',
    'enrolments': 'SELECT item, state, serial FROM enrolment',
    'values': 'SELECT item, name FROM enrolment_value',
    'journal': 'SELECT serial FROM card_journal',
    'stock': 'SELECT serial, state, enrolment FROM stock',
    'places': 'SELECT nation, lane, item, batch, done, packet IS NULL FROM link_place '
              'JOIN link_reservation ON id = reservation',
    'outbox': 'SELECT nation, lane, item, revision, kind, state, supersedes FROM outbox',
    'batches': 'SELECT batch, closed IS NULL, item FROM link_batch',
    'uploads': 'SELECT count(*) FROM link_upload',
    'troubles': 'SELECT nation, message FROM link_trouble',
}
INTAKE = {
    'certificates': 'SELECT unit, use FROM unit_certificate',
    'uploads': 'SELECT unit FROM upload',
    'packets': 'SELECT unit, item, revision, kind, batch, lane FROM packet',
    'receipts': 'SELECT p.item, p.revision, r.kind FROM receipt r JOIN packet p USING (packet)',
    'refusals': 'SELECT unit, reason FROM refusal',
    'batches': 'SELECT unit, batch FROM batch',
}


def ask(path, sql):
    """The rows, sorted; nothing where the file or the table is not made yet."""
    if not os.path.exists(path):
        return []
    connection = sqlite3.connect(path)
    try:
        return sorted(map(list, connection.execute(sql)), key=repr)
    except sqlite3.OperationalError as error:
        if 'no such table' in str(error):
            return []
        raise
    finally:
        connection.close()


def check_file(path):
    for sql in ('PRAGMA integrity_check', 'PRAGMA foreign_key_check'):
        rows = ask(path, sql)
        assert rows in ([], [['ok']]), f'{path}: {rows}'


def audit(path):
    """How often each act is in the log; who received which paper first is chance."""
    acts = {}
    for (row,) in ask(path, 'SELECT row FROM audit'):
        parsed = json.loads(row)
        act = f"{parsed['code']} {parsed.get('item')}"
        acts[act] = acts.get(act, 0) + 1
    return sorted(acts.items())


def root_of(leaves):
    """The root of an RFC 6962 log."""
    if len(leaves) == 1:
        return hashlib.sha256(b'\0' + leaves[0]).digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hashlib.sha256(b'\1' + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


def check_audit(path):
    """Every head that was reserved for a packet is the root over the rows that are there now."""
    rows = ask(path, 'SELECT leaf, row FROM audit')
    leaves = [row.encode() for _, row in sorted(rows)]
    for size, root in ask(path, 'SELECT audit_size, audit_root FROM link_reservation'):
        assert root_of(leaves[:size]).hex() == root, f'audit log at {size}'
    sequences = [json.loads(leaf)['sequence'] for leaf in leaves]
    assert sequences == sorted(set(sequences)), 'audit sequences'


def find(world):
    """Everything that must be the same whether or not programs were killed on the way."""
    unit = os.path.join(world.pki, 'unit.db')
    found = {'unit ' + name: ask(unit, sql) for name, sql in UNIT.items()}
    found['unit audit'] = audit(unit)
    check_file(unit)
    for nation in ('CA', 'US'):
        intake = os.path.join(world.pki, nation, 'intake.db')
        check_file(intake)
        for name, sql in INTAKE.items():
            found[f'{nation} {name}'] = ask(intake, sql)
    return found


def differences(wanted, found):
    return [f'{name}: {found[name]} instead of {wanted[name]}' for name in wanted
            if found[name] != wanted[name]]

# SPDX-License-Identifier: LGPL-2.1-or-later
"""The main job as a list of verbs: one driver, one card, both nations, one closed day."""

import hashlib
import json
import os
import shutil
import sqlite3

import facts
from tear import Verb

SERIAL = 'FB0000017'
PORTRAIT = '/usr/share/doc/facedetect/examples/grace_hopper_512x512.jpg'
MISSING = ('right-ring', 'right-little', 'left-middle', 'left-ring', 'left-little')
INTAKES = ('intake-CA', 'intake-US')


def unit(program, *words):
    """The words of a verb of one of the unit's programs."""
    return lambda world: [world.program(program), '--config', world.config('unit'), *words]


def nation(name, *words):
    return lambda world: [world.program('fast-intake'), '--config', world.config('intake-' + name),
                          *words]


def reader(world):
    return f'nfc:pn532_uart:{world.reader}:115200'


def place(world, *names):
    return os.path.join(world.live, *names)


def on_unit(program, *words):
    """As unit(), with words that are made of the world."""
    return lambda world: unit(program, *(word(world) if callable(word) else word
                                         for word in words))(world)


def at(*names):
    return lambda world: place(world, *names)


# ---- what a person looks at after a crash ----

def listed(world):
    """The one enrolment of `fast-enrol list`, or None."""
    rows = world.run(unit('fast-enrol', 'list', '--json')(world)).json()['enrolments']
    assert len(rows) <= 1, rows
    return rows[0] if rows else None


def is_in(*states):
    return lambda world: (listed(world) or {}).get('state') in states


def show(world):
    return world.run(unit('fast-enrol', 'show', 'U1-1', '--json')(world)).json()


def is_decided(agency):
    return lambda world: show(world)['decisions'][agency] == 'grant'


def has_stock(state):
    """There is no verb yet that shows the ledger."""
    rows = 'SELECT state FROM stock'
    return lambda world: facts.ask(os.path.join(world.pki, 'unit.db'), rows) == [[state]]


# ---- what lies ready before ----

def write_folder(world):
    """A capture with five fingers, so that packets are small."""
    world.run([os.path.join(world.build, 'tests', 'specimen', 'fast-specimen'), 'folder',
               '--template', 'ca', '--portrait', PORTRAIT, '--out', place(world, 'capture')])
    path = place(world, 'capture', 'application.json')
    with open(path, encoding='utf-8') as file:
        application = json.load(file)
    application['missing'] = {finger: 'amputated' for finger in MISSING}
    application['overrides'].append({'gate': 'fingers/missing', 'reason': 'specimen',
                                     'asked_by': 'cbsa-1', 'approved_by': 'cbp-1'})
    with open(path, 'w', encoding='utf-8') as file:
        json.dump(application, file, ensure_ascii=False)
    for finger in MISSING:
        os.unlink(place(world, 'capture', f'finger-{finger}.png'))


def write_delivery(world):
    """The list that came with the blank whose chip lies in the reader."""
    world.start('reader')
    chip = json.loads(world.services['reader'].first)['chip']
    world.stop()
    with open(place(world, 'delivery.csv'), 'w', encoding='utf-8') as file:
        file.write(f'serial,chip,rfid\n{SERIAL},{chip},3008400010\n')


def read_card(world):
    """MRZ and seal as a camera would read them from the finished card."""
    with open(place(world, 'chip-files', 'EF.DG1'), 'rb') as file:
        group = file.read()
    with open(place(world, 'mrz'), 'wb') as file:
        file.write(group[group.index(b'\x5f\x1f') + 3:])
    for side in ('front', 'back'):
        read = os.path.join(world.folder, 'seal')
        with open(read, 'wb') as out:
            world.run_into(out, ['zbarimg', '--raw', '-q', '-Sbinary', '--oneshot',
                                 place(world, f'card-{side}.png')])
        if os.path.getsize(read) > 0:
            shutil.move(read, place(world, 'seal'))
            return
    raise AssertionError('zbarimg finds no seal on the card')


def strays(world):
    """Packet files that no row names."""
    rows = {packet for (packet,) in
            facts.ask(os.path.join(world.pki, 'unit.db'), 'SELECT packet FROM outbox')}
    return [name for nation in ('CA', 'US')
            for name in os.listdir(os.path.join(world.pki, 'packets', nation))
            if name.removesuffix('.p7m') not in rows]


def leave_stray(world):
    """What a kill between a packet's file and its row leaves behind."""
    with open(os.path.join(world.pki, 'packets', 'CA', '0' * 64 + '.p7m'), 'w',
              encoding='utf-8') as file:
        file.write('stray')


def damage_packet(world):
    """One byte of the first packet for Canada is not what was sealed; gives its id and file."""
    ((packet,),) = facts.ask(os.path.join(world.pki, 'unit.db'),
                             "SELECT packet FROM outbox WHERE nation = 'CA' AND lane = 1")
    path = os.path.join(world.pki, 'packets', 'CA', packet + '.p7m')
    with open(path, 'r+b') as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    return packet, path


def check_damaged(world):
    """A damaged file is told and not sent for ever."""
    damage_packet(world)
    for name in INTAKES:
        world.start(name)
    result = world.run(unit('fast-sync', 'once')(world))
    world.stop()
    assert result.code == 1 and 'altered or damaged' in result.err, result.err


def forge_packet(world):
    """As if the unit had sealed it wrongly: the rows name the packet that does not verify."""
    packet, path = damage_packet(world)
    with open(path, 'rb') as file:
        forged = hashlib.sha256(file.read()).hexdigest()
    os.rename(path, path.replace(packet, forged))
    connection = sqlite3.connect(os.path.join(world.pki, 'unit.db'))
    with connection:
        for table in ('outbox', 'link_place'):
            connection.execute(f'UPDATE {table} SET packet = ? WHERE packet = ?', (forged, packet))
    connection.close()


# ---- the story ----

def remove_keys(world):
    """Keys are never overwritten; the verb says that a folder without use can be removed."""
    shutil.rmtree(world.pki, ignore_errors=True)


KEYS = [
    Verb('keys training', lambda world: [world.program('fast-card'), 'keys', 'training',
                                         world.pki], clear=remove_keys, many=3),
]
SERVE = [
    Verb(f'{name}: first start', nation(name[-2:], 'list'), services=[name], victims=[name],
         own=False) for name in INTAKES
]
NEW = ('store-create', 'store-migrate', 'store-unit')
VAULT = ('vault-create', 'vault-officer', 'vault-recovery', 'unit-keys-imported')
FIRST = [
    Verb('status: new store', unit('fast-sync', 'status'), aside=True, many=4),
    Verb('stock receive: new store', on_unit('fast-card', 'stock', 'receive', at('delivery.csv')),
         happened=has_stock('received'), aside=True, names=NEW, many=1),
    Verb('list: new store', unit('fast-enrol', 'list')),
    Verb('folder: first sign-in', on_unit('fast-enrol', 'folder', at('capture')),
         happened=listed, aside=True, names=VAULT, many=1),
    Verb('batch close: first sign-in', unit('fast-sync', 'batch', 'close'), aside=True,
         names=VAULT, many=1),
]
CARD = [
    Verb('stock receive', on_unit('fast-card', 'stock', 'receive', at('delivery.csv')),
         happened=has_stock('received')),
    Verb('stock allot', unit('fast-card', 'stock', 'allot'), happened=has_stock('allotted')),
    Verb('folder', on_unit('fast-enrol', 'folder', at('capture')), happened=listed),
    Verb('decide CBSA', unit('fast-enrol', 'decide', 'U1-1', '--agency', 'CBSA', 'grant'),
         happened=is_decided('CBSA')),
    Verb('decide CBP', unit('fast-enrol', 'decide', 'U1-1', '--agency', 'CBP', 'grant'),
         happened=is_decided('CBP')),
    Verb('encode', on_unit('fast-card', 'encode', '--reader', reader, '--enrolment', 'U1-1'),
         services=['reader'], happened=is_in('encoded'), victims=['reader'], many=6),
    Verb('lds', on_unit('fast-card', 'lds', '--enrolment', 'U1-1', '--out', at('chip-files')),
         many=4),
    Verb('encode folder', on_unit('fast-card', 'encode', '--reader', reader, '--lds',
                                  at('chip-files')),
         services=['spare'], names=['encode-journal'], many=6),
    Verb('print', on_unit('fast-card', 'print', '--enrolment', 'U1-1', '--out', at('card.png')),
         many=4),
    Verb('print PDF', on_unit('fast-card', 'print', '--enrolment', 'U1-1', '--out',
                              at('card.pdf'))),
]
HAND_OVER = [
    Verb('finish', on_unit('fast-card', 'finish', '--reader', reader, '--enrolment', 'U1-1',
                           '--mrz', lambda world: '@' + place(world, 'mrz'),
                           '--seal', at('seal')),
         services=['reader'], happened=is_in('made'), many=6),
    Verb('handover', unit('fast-enrol', 'handover', 'U1-1'), happened=is_in('handed-over')),
    Verb('seal', unit('fast-enrol', 'seal', 'U1-1')),
]
FORGED = [
    Verb('once: forged', unit('fast-sync', 'once'), services=INTAKES, victims=['intake-CA'],
         names=('lane-refused', 'intake-commit-refuse', 'intake-rename-refused'), codes=(0, 1),
         loose=('unit troubles',)),  # told once; the next pass has nothing to send
]
DAY = [
    Verb('once', unit('fast-sync', 'once'), services=INTAKES, victims=['intake-CA'], many=6),
    Verb('open CA', nation('CA', 'open')),
    Verb('open US', nation('US', 'open'), many=4),
    Verb('once: opened', unit('fast-sync', 'once'), services=INTAKES, many=8),
]
CLOSE = [
    Verb('batch close', unit('fast-sync', 'batch', 'close')),
    Verb('once: batch', unit('fast-sync', 'once'), services=INTAKES, victims=['intake-US'],
         many=4),
    Verb('open CA: batch', nation('CA', 'open')),
    Verb('open US: batch', nation('US', 'open'), many=4),
    Verb('once: done', unit('fast-sync', 'once'), services=INTAKES, many=4),
    Verb('reconcile', unit('fast-sync', 'reconcile', '--json'), services=INTAKES, many=4),
]


# ---- the end ----

KINDS = {'enrolment': 1, 'decision': 2, 'card': 1, 'handover': 1, 'batch': 1}


def check_nation(world, name):
    """Each packet once and in its lane, with both receipts; the batch confirmed."""
    listing = world.run(nation(name, 'list', '--json')(world)).json()['packets']
    kinds = [packet['kind'] for packet in listing]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS, kinds
    lanes = sorted(packet['lane'] for packet in listing)
    assert lanes == list(range(1, len(listing) + 1)), lanes
    for packet in listing:
        wanted = {'stored', 'opened'} | ({'batch'} if packet['kind'] == 'batch' else set())
        assert set(packet['receipts']) == wanted, packet
        for kind, suffix in (('stored', ''), ('opened', '.opened'), ('batch', '.batch')):
            path = os.path.join(world.pki, 'receipts', name, f"{packet['packet']}{suffix}.tsr")
            assert os.path.exists(path) == (kind in wanted), path


def check_end(world):
    """Unit, Canada and the United States agree; nothing is lost, nothing doubled."""
    assert listed(world)['state'] == 'handed-over'
    world.start('intake-CA')
    world.start('intake-US')
    result = world.run(unit('fast-sync', 'reconcile', '--json')(world))
    world.stop()
    comparison = result.json()
    assert result.code == 0 and comparison['equal'] and not comparison['differences'], result.out
    assert {side['count'] for side in comparison['sides'].values()} == {5}, result.out
    assert world.run(unit('fast-sync', 'batch', 'verify')(world)).code == 0
    check_nation(world, 'CA')
    check_nation(world, 'US')
    status = world.run(unit('fast-sync', 'status', '--json')(world)).json()
    assert not status['missing'], status
    for name in ('CA', 'US'):
        packets = status[name]['packets']
        assert packets['opened'] == 6 and sum(packets.values()) == 6, status
    assert has_stock('handed-over')(world)
    assert '0' * 64 + '.p7m' not in strays(world), strays(world)
    facts.check_audit(os.path.join(world.pki, 'unit.db'))


def refuse(world, walker):
    """A packet that is no packet, told and refused; then all is as before."""
    world.keep('sealed')
    check_damaged(world)
    world.put_back('sealed')
    forge_packet(world)
    walker.walk(FORGED)
    world.put_back('sealed')


def tell(world, walker):
    """The story from the keys to the closed day."""
    walker.walk(KEYS)
    world.set_ports()
    write_folder(world)
    write_delivery(world)
    walker.walk(SERVE + FIRST + CARD)
    read_card(world)
    walker.walk(HAND_OVER)
    refuse(world, walker)
    walker.walk(DAY)
    leave_stray(world)
    walker.walk(CLOSE)
    check_end(world)

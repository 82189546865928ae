#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The power fails under store, sealing and intake; the day is closed and reconciled all the same.

    power-cut-test.py BUILD_DIR    every third point; FAST_TEAR_STEP=N: every third of every N-th

All programs run with the lost-write shim. One is killed at a failpoint, everything else is stopped,
and of unit and nations only what was fsynced is left. Then as in story-test.py.
"""

import os
import shutil
import signal
import sys
import tempfile

sys.dont_write_bytecode = True
import story  # noqa: E402
from tear import Tally, Walk  # noqa: E402
from world import World  # noqa: E402

CUT = ('stock receive', 'folder', 'seal', 'once', 'open CA', 'batch close', 'once: batch',
       'open US: batch')


class CutWalk(Walk):
    errors = False

    def __init__(self, world, tally, step):
        super().__init__(world, tally, step, '')
        self.cuts = 0
        self.shadow = os.path.join(world.folder, 'shadow')
        self.restore = os.path.join(world.build, 'tests', 'shim', 'lost-write-restore')

    def is_due(self, verb):
        return verb.name in CUT and super().is_due(verb)

    def shim(self, verb_of_restore):
        result = self.world.run([self.restore, verb_of_restore, self.world.live, self.shadow])
        assert result.code == 0, result.err

    def attempt(self, verb, victim, name, number, action):
        world, plain = self.world, self.world.environment
        world.put_back()
        shutil.rmtree(self.shadow, ignore_errors=True)
        os.mkdir(self.shadow)
        self.shim('begin')
        world.environment = {
            **plain, 'LD_PRELOAD': os.path.join(world.build, 'tests', 'shim', 'liblost-write.so'),
            'FAST_LOST_WRITE_ROOT': world.live, 'FAST_LOST_WRITE_SHADOW': self.shadow,
            'ASAN_OPTIONS': plain.get('ASAN_OPTIONS', '') + ':verify_asan_link_order=0'}
        world.revive = False
        try:
            result, died = self.run(verb, victim,
                                    {'FAST_FAILPOINT': f'{name}:{number}:{action}'})
            assert 'ld.so' not in result.err, result.err
            return result, died
        finally:
            world.environment, world.revive = plain, True
            self.shim('cut')
            self.cuts += 1


def main():
    folder = os.path.realpath(tempfile.mkdtemp(prefix='fast-power-cut-'))
    tally = Tally()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    print('1..1')
    if not os.path.exists(story.PORTRAIT):
        print('ok 1 # SKIP the portrait of the package facedetect is not here')
        return 0
    try:
        walker = CutWalk(World(sys.argv[1], folder), tally,
                         3 * int(os.environ.get('FAST_TEAR_STEP', '1')))
        story.tell(walker.world, walker)
    finally:
        for (program, name), killed in sorted(tally.killed.items()):
            print(f'# {program:14} {name:24} {killed:5}')
        if 'FAST_KEEP' not in os.environ:
            shutil.rmtree(folder)
    print(f'# {walker.cuts} power cuts')
    print('ok 1 - power cut')
    return 0


if __name__ == '__main__':
    sys.exit(main())

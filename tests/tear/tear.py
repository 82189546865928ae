# SPDX-License-Identifier: LGPL-2.1-or-later
"""Walks verbs, and kills each at every pass of every failpoint on its way.

A verb is run once with FAST_FAILPOINT_LOG, which tells the passes, and what it leaves is the model.
Then for each pass: put back the state before, run it until it is killed there, start again what
died, look whether the act happened, do it again if not, and compare with the model. The story goes
on from the last of these.
"""

import collections
import os
import time

import facts
from world import KILLED

MANY = 12  # passes of one name in one run of a verb; of more, this many are tried, evenly spread


class Verb:
    """One act of the story.

    words: program and arguments; services: what must run; happened: looks at the world (None: the
    verb may simply be repeated); clear: what its refusal to be repeated tells to do; victims: whose
    failpoints are tried besides the program's own; many: of how many passes each at the most;
    names: only these failpoints; aside: the story goes on as if the verb had not been; codes: how
    the verb may end; loose: facts that depend on how often it ran.
    """

    def __init__(self, name, words, services=(), happened=None, clear=None, victims=(), many=MANY,
                 own=True, names=None, aside=False, codes=(0,), loose=()):
        self.name, self.words, self.services, self.clear = name, words, services, clear
        self.happened, self.victims, self.many, self.own = happened, victims, many, own
        self.names, self.aside, self.codes, self.loose = names, aside, codes, loose


class Tally:
    """Which failpoints there are, which were passed, and how often each killed."""

    def __init__(self):
        self.listed = collections.OrderedDict()
        self.passed = collections.Counter()
        self.killed = collections.Counter()
        self.failed = collections.Counter()


def spread(count, many):
    """The numbers 1 to count, or `many` of them with both ends; of one, the last."""
    if many == 1:
        return [count]
    if count <= many:
        return list(range(1, count + 1))
    return sorted({1 + round(i * (count - 1) / (many - 1)) for i in range(many)})


class Walk:
    errors = True

    def __init__(self, world, tally, step, only):
        self.world, self.tally, self.step, self.only = world, tally, step, only
        self.points = 0
        self.log = os.path.join(world.folder, 'passes')

    # ---- one run ----

    def run(self, verb, victim=None, extra=None):
        """Runs the verb; `extra` is the environment of the victim, None being the program itself.
        Gives its result and how often the victim died."""
        world = self.world
        for service in verb.services:
            world.start(service, extra if service == victim else None)
        result = world.run(verb.words(world), extra if victim is None else None)
        deaths = world.stop()
        died = deaths[victim] if victim else int(result.code == KILLED)
        if result.code not in (0, 1, 3, KILLED) or 'Sanitizer' in result.err:
            raise AssertionError(f'{verb.name}: ended with {result.code}: {result.err}')
        return result, died

    def succeed(self, verb):
        result, _ = self.run(verb)
        assert result.code in verb.codes, f'{verb.name}: {result.code}: {result.err}'
        return result

    def passes(self, verb, victim):
        if os.path.exists(self.log):
            os.unlink(self.log)
        result, _ = self.run(verb, victim, {'FAST_FAILPOINT_LOG': self.log})
        assert result.code in verb.codes, f'{verb.name}: {result.code}: {result.err}'
        if not os.path.exists(self.log):
            return {}
        with open(self.log, encoding='utf-8') as file:
            return collections.Counter(file.read().split())

    # ---- one point ----

    def recover(self, verb, model):
        """What a person does after a crash; then everything must be as in the model."""
        if verb.clear:
            verb.clear(self.world)
        if verb.happened is None or not verb.happened(self.world):
            self.succeed(verb)
        firm = {name: value for name, value in model.items() if name not in verb.loose}
        return facts.differences(firm, facts.find(self.world))

    def attempt(self, verb, victim, name, number, action):
        self.world.put_back()
        point = f'{name}:{number}:{action}'
        return self.run(verb, victim, {'FAST_FAILPOINT': point})

    def kill(self, verb, victim, name, number, model):
        _, died = self.attempt(verb, victim, name, number, 'kill')
        if died:
            self.tally.killed[(self.program(verb, victim), name)] += 1
        self.compare(verb, f'killed at {name}:{number}', model)

    def fail(self, verb, victim, name, model):
        """An error instead: a sentence and exit 1, or the program copes with it."""
        result, _ = self.attempt(verb, victim, name, 1, 'error')
        program = self.program(verb, None)
        if result.code != 0:
            assert result.code == 1 and result.err.startswith(program + ': '), \
                f'{verb.name}: error at {name}: {result.code}: {result.err}'
        self.tally.failed[(self.program(verb, victim), name)] += 1
        if victim == 'reader':  # a chip whose memory fails is spoiled, and that is another story
            self.world.put_back()
        self.compare(verb, f'error at {name}', model)

    def compare(self, verb, what, model):
        try:
            wrong = self.recover(verb, model)
        except AssertionError as error:
            raise AssertionError(f'{verb.name}, {what}: {error}') from error
        assert not wrong, f'{verb.name}, {what}: ' + '; '.join(wrong)

    def is_due(self, verb):
        self.points += 1
        return verb.name.startswith(self.only) and self.points % self.step == 0

    # ---- one verb ----

    def program(self, verb, victim):
        if victim == 'reader':
            return 'fast-emulator'
        if victim:
            return 'fast-intake'
        return os.path.basename(verb.words(self.world)[0])

    def walk(self, verbs):
        for verb in verbs:
            begin = time.monotonic()
            self.go(verb)
            print(f'# {verb.name}: {self.points} points so far, '
                  f'{time.monotonic() - begin:.1f} s', flush=True)

    def go(self, verb):
        """The verb, and every point on its way, in the program and in each victim."""
        self.world.keep()
        for i, victim in enumerate(([None] if verb.own else []) + list(verb.victims)):
            if i > 0:
                self.world.put_back()
            passes = self.passes(verb, victim)
            self.try_points(verb, victim, passes, facts.find(self.world))
        if verb.aside:
            self.world.put_back()

    def try_points(self, verb, victim, passes, model):
        for name, count in sorted(passes.items()):
            self.tally.passed[(self.program(verb, victim), name)] += count
            if verb.names and name not in verb.names:
                continue
            if self.errors and not verb.aside and self.is_due(verb):
                self.fail(verb, victim, name, model)
            for number in spread(count, verb.many):
                if self.is_due(verb):
                    self.kill(verb, victim, name, number, model)

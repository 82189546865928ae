#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The schema of application.json and the model's own reader say the same.

    validate-schema.py SCHEMA FIXTURE READER DATA_DIR     prints TAP

The data folders' applications must pass both; then every member of the fixture is removed,
renamed, set to null and to values of other types and forms, and both must agree on each result.
"""

import copy
import glob
import json
import os
import subprocess
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print('1..0 # SKIP python3-jsonschema is not installed')
    sys.exit(0)

REPLACEMENTS = [None, True, 0, -1, 1.5, '', ' ', 'bogus', 'Éa', 'x' * 201, '2026-13-01', '999', [], {},
                ['x'], {'x': 'y'}]


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for name in value:
            yield from places(value[name], path + (name,))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from places(element, path + (index,))


def at(value, path):
    for step in path:
        value = value[step]
    return value


def changed(original, path, change):
    result = copy.deepcopy(original)
    change(at(result, path[:-1]), path[-1])
    return result


def set_to(replacement):
    def change(parent, step):
        parent[step] = replacement
    return change


def remove(parent, step):
    del parent[step]


def rename(parent, step):
    parent[str(step) + 'x'] = parent.pop(step)


def mutations(original):
    for path in places(original):
        value = at(original, path)
        if isinstance(value, dict):
            yield path, 'unknown member', changed({'': original}, ('',) + path + ('zz',), set_to(1))['']
        if not path:
            continue
        for replacement in REPLACEMENTS:
            if replacement != value or type(replacement) is not type(value):
                yield path, 'as %r' % (replacement,), changed(original, path, set_to(replacement))
        yield path, 'removed', changed(original, path, remove)
        if isinstance(path[-1], str):
            yield path, 'renamed', changed(original, path, rename)
        if isinstance(value, str):
            for other in (value + 'x', value.lower(), value.upper(), value[:-1], '\n' + value):
                yield path, 'as %r' % other, changed(original, path, set_to(other))
        if isinstance(value, list):
            for many in (value * 3, value * 60):
                yield path, '%d elements' % len(many), changed(original, path, set_to(many))
        if path[-1] == 'type':
            for kind in ('driving-licence', 'birth-certificate', 'passport'):
                yield path, 'as ' + kind, changed(original, path, set_to(kind))
        if path[-1] == 'source':
            for source in ('mrz', 'typed', 'chip'):
                yield path, 'as ' + source, changed(original, path, set_to(source))


def judge(reader, applications):
    lines = ''.join(json.dumps(application) + '\n' for application in applications)
    done = subprocess.run([reader], input=lines, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


class Report:
    def __init__(self, planned):
        print('1..%d' % planned)
        self.number = 0
        self.failed = False

    def line(self, good, name, notes=()):
        self.number += 1
        self.failed = self.failed or not good
        print('%s %d - %s' % ('ok' if good else 'not ok', self.number, name))
        for note in notes:
            print('#   ' + note)


def main():
    schema_path, fixture_path, reader, data = sys.argv[1:5]
    with open(schema_path, encoding='utf-8') as stream:
        schema = json.load(stream)
    with open(fixture_path, encoding='utf-8') as stream:
        fixture = json.load(stream)
    folders = sorted(glob.glob(os.path.join(data, 'folder', '*', 'application.json')))
    report = Report(4)

    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    report.line(True, 'the schema is one of draft 2020-12')

    applications = [json.load(open(path, encoding='utf-8')) for path in folders]
    wrong = [error.message for application in applications
             for error in validator.iter_errors(application)]
    wrong += [verdict for verdict in judge(reader, applications) if verdict != 'ok']
    name = 'both take the data folders'
    report.line(not wrong, name if folders else name + ' # SKIP no FAST_DATA_DIR', wrong)

    wrong = [error.message for error in validator.iter_errors(fixture)] + \
        [verdict for verdict in judge(reader, [fixture]) if verdict != 'ok']
    report.line(not wrong, 'both take the fixture', wrong)

    cases = list(mutations(fixture))
    verdicts = judge(reader, [case[2] for case in cases])
    wrong, refused = [], 0
    for (path, what, application), verdict in zip(cases, verdicts):
        valid = validator.is_valid(application)
        refused += not valid
        if valid != (verdict == 'ok'):
            wrong.append('%s %s: schema %s, reader %s'
                         % ('.'.join(map(str, path)), what, 'takes it' if valid else 'refuses', verdict))
    good = not wrong and len(verdicts) == len(cases) and refused > len(cases) / 2
    report.line(good, 'both agree on %d changes, %d of them refused' % (len(cases), refused),
                wrong[:40])
    sys.exit(1 if report.failed else 0)


main()

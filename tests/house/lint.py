#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The house rules that a compiler does not know, and the arrows between rooms.

    lint.py SOURCE_DIR       checks the tree; prints TAP
Every rule carries an example that it must refuse; the examples are run first.
"""

import configparser
import os
import re
import subprocess
import sys

# room: what it may include besides record/base and itself (the table of docs/architecture.md)
ROOMS = {
    'record/base': '',
    'record/keys': '',
    'record/document': '',
    'record/biometric': '',
    'record/model': 'record/document',
    'record/store': 'record/model record/keys',
    'personalise/apdu': 'record/keys',
    'personalise/lds': 'record/model record/document record/biometric record/keys',
    'personalise/chip': 'personalise/apdu personalise/lds record/model record/keys',
    'personalise/emulator': 'personalise/apdu personalise/lds record/keys',
    'personalise/print': 'personalise/lds record/model record/document record/biometric record/keys',
    'personalise/stock': 'record/model record/store',
    'sync/packet': 'record/model record/keys',
    'sync/link': 'sync/packet record/store record/model record/keys',
    'sync/intake': 'sync/packet record/model record/keys record/biometric',
    'sync/reconcile': 'sync/packet record/model',
    'enrol/capture': 'record/model record/document record/biometric personalise/chip personalise/lds',
    'enrol/workflow': 'record/keys record/document record/biometric record/model record/store '
                      'personalise/apdu personalise/lds personalise/chip personalise/print '
                      'personalise/stock sync/packet sync/link sync/reconcile enrol/capture',
    'enrol/desk': 'enrol/workflow record/model',
}
OPENSSL = re.compile(r'#include <openssl/')
INCLUDE = re.compile(r'#include "((?:record|personalise|sync|enrol|programs)/[^"]+)"')


def code_of(text):
    """The text without comments and with strings emptied; line numbers stay."""
    def blank(match):
        found = match.group(0)
        if found.startswith('"') or found.startswith("'"):
            return found[0] * 2
        return '\n' * found.count('\n')
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', blank, text,
                  flags=re.S)


def by_pattern(pattern, unless=lambda path: False):
    def check(path, text):
        if unless(path):
            return
        for number, line in enumerate(code_of(text).split('\n'), 1):
            if re.search(pattern, line):
                yield number, line.strip()
    return check


def bare_failures(path, text):
    """A function that takes a GError must set it wherever it fails."""
    lines = code_of(text).split('\n')
    takes_error, seen = False, []
    for number, line in enumerate(lines, 1):
        if re.match(r'^[a-z_A-Z].*\(', line) and not line.rstrip().endswith(';'):
            takes_error, seen = False, []
        if 'GError **error' in line:
            takes_error = True
        seen.append(line)
        if takes_error and re.search(r'\breturn (FALSE|NULL);', line):
            near = '\n'.join(seen[-9:])
            if not re.search(r'\berror\b(?!\))|, error\)|\(error\)', near.replace('GError **error', '')):
                yield number, line.strip()


def open_commits(path, text):
    if 'fast_durable_commit' not in text:
        for number, line in enumerate(text.split('\n'), 1):
            if re.search(r'"\s*(COMMIT|END)\b', line):
                yield number, line.strip()


def missing_licence(path, text):
    if 'SPDX-License-Identifier: LGPL-2.1-or-later' not in '\n'.join(text.split('\n')[:3]):
        yield 1, 'no SPDX line'


def long_files(path, text):
    if text.count('\n') > 600:
        yield 600, '%d lines' % text.count('\n')


def long_functions(path, text):
    start = 0
    for number, line in enumerate(text.split('\n'), 1):
        if line == '{':
            start = number
        elif line == '}' and start:
            if number - start > 62:
                yield start, 'a function of %d lines' % (number - start)
            start = 0


def foreign_includes(path, text):
    room = os.path.dirname(path)
    if room not in ROOMS:
        return
    allowed = ROOMS[room].split() + ['record/base', room]
    for number, line in enumerate(text.split('\n'), 1):
        found = INCLUDE.match(line)
        if found and os.path.dirname(found.group(1)) not in allowed:
            yield number, '%s may not include %s' % (room, found.group(1))
        if OPENSSL.match(line) and room.startswith('enrol/'):
            yield number, '%s may not include OpenSSL' % room


def in_base(path):
    return path.startswith('record/base/') or path.startswith('tests/')


# name, check, an example that it must refuse
RULES = [
    ('no goto', by_pattern(r'\bgoto\b'), 'void f (void)\n{\n  goto out;\n}\n'),
    ('raw copies only in record/base',
     by_pattern(r'\b(memcpy|memmove|strcpy|strcat|sprintf)\s*\(', in_base),
     'void f (char *a)\n{\n  memcpy (a, b, 3);\n}\n'),
    ('secrets are compared in constant time',
     by_pattern(r'\b(memcmp|strcmp)\s*\([^;]*(key|mac|secret|passphrase|pin|cryptogram)\b',
                lambda path: path.startswith('tests/')),
     'int f (void)\n{\n  return memcmp (mac, expected, 8);\n}\n'),
    ('only record/base makes things durable',
     by_pattern(r'(?<![\w.])(fsync|fdatasync|rename|renameat|renameat2)\s*\(', in_base),
     'void f (void)\n{\n  rename (a, b);\n}\n'),
    ('commits pass fast_durable_commit()', open_commits,
     'void f (void)\n{\n  sqlite3_exec (db, "COMMIT", 0, 0, 0);\n}\n'),
    ('no failure without an error', bare_failures,
     'gboolean\nf (int a, GError **error)\n{\n  if (a > 3)\n    return FALSE;\n  return TRUE;\n}\n'),
    ('printing does not depend on the locale',
     by_pattern(r'\b(g_print|g_printerr|setlocale)\s*\(', lambda path: path.startswith('tests/')),
     'void f (void)\n{\n  g_print ("x");\n}\n'),
    ('numbers are parsed without errno',
     by_pattern(r'\bg_ascii_string_to_(un)?signed\s*\(', lambda path: path.startswith('tests/')),
     'int f (void)\n{\n  return g_ascii_string_to_unsigned (a, 10, 0, 9, &n, NULL);\n}\n'),
    ('every file names its licence', missing_licence, 'int x;\n'),
    ('files stay under 600 lines', long_files,
     '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n' + '\n' * 601),
    ('functions stay under 60 lines', long_functions, '{\n' + 'x;\n' * 70 + '}\n'),
    ('rooms include only what the table allows', foreign_includes,
     '#include "enrol/desk/window.h"\n'),
]


def sources(root):
    listed = subprocess.run(['git', '-C', root, 'ls-files', '-co', '--exclude-standard'],
                            capture_output=True, text=True)
    if listed.returncode == 0:
        names = listed.stdout.split()
    else:
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, _, files in os.walk(root) for name in files]
    return sorted(name for name in names
                  if name.endswith(('.c', '.h', '.cpp')) and not name.startswith('build')
                  and os.path.exists(os.path.join(root, name)))


def used_ids(root, paths):
    call = re.compile(r'\b(?:fast_fail|fast_fail_null|fast_fail_from|fast_error_prefix|fast_text|'
                      r'fast_message_new|fast_invocation_say)\s*\(([^;]*?)"([a-z0-9]+(?:-[a-z0-9]+)*)"',
                      re.S)
    for path in paths:
        if not path.startswith('tests/'):
            text = open(os.path.join(root, path), encoding='utf-8').read()
            for found in call.finditer(text):
                yield path, found.group(2)


def unknown_ids(root, paths):
    known = set()
    folder = os.path.join(root, 'assets/messages')
    for name in sorted(os.listdir(folder)):
        catalogue = configparser.RawConfigParser(strict=True, interpolation=None)
        catalogue.optionxform = str
        catalogue.read(os.path.join(folder, name), encoding='utf-8')
        for group in catalogue.sections():
            if group in known:
                yield '%s: [%s] stands in two catalogues' % (name, group)
            known.add(group)
    for path, used in used_ids(root, paths):
        if used not in known:
            yield '%s: no catalogue has [%s]' % (path, used)


# What may lie at the top: what else does was left there by accident.
TOP = {'assets', 'docs', 'enrol', 'personalise', 'programs', 'record', 'sync', 'tests', 'COPYING',
       'README.md', 'check', 'demo', 'meson.build', 'meson_options.txt', '.ci', '.clang-format',
       '.git', '.gitignore'}


def strange_names(root):
    for name in sorted(os.listdir(root)):
        if name not in TOP and not re.fullmatch(r'build[a-z-]*', name):
            yield '%r has no place at the top' % name


def report(number, name, complaints):
    print('%s %d - %s' % ('not ok' if complaints else 'ok', number, name))
    for complaint in complaints:
        print('#   ' + complaint)
    return bool(complaints)


def main():
    root = sys.argv[1]
    paths = sources(root)
    failed, number = 0, 0
    print('1..%d' % (2 * len(RULES) + 2))
    for name, check, example in RULES:
        number += 1
        refused = list(check('record/keys/example.c', example))
        failed += report(number, name + ': the example is refused',
                         [] if refused else ['the rule does not see its example'])
    for name, check, _ in RULES:
        number += 1
        complaints = []
        for path in paths:
            text = open(os.path.join(root, path), encoding='utf-8').read()
            complaints += ['%s:%d: %s' % (path, line, what) for line, what in check(path, text)]
        failed += report(number, name, complaints)
    failed += report(number + 1, 'every message id has its sentences',
                     sorted(set(unknown_ids(root, paths))))
    failed += report(number + 2, 'nothing lies at the top by accident', list(strange_names(root)))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/conformity.md and the tests name the same ids.

    conformity.py SOURCE_DIR

An id counts where it stands in a string of a test, for these are the names of tests and of their
cases; a comment proves nothing. Lists go on after a comma or a hyphen: 5.1:ISO7816_E_07,E_31 or
J_5,26. A name made as "5.1:LDS_%s" takes its ids from the strings that are nothing but an id's end.
"""

import pathlib
import re
import sys

PLAN = r'(?:3\.2|P3|5\.1)'
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
LIST = re.compile(r'(' + PLAN + r'):(LDS|ISO7816)_((?:[A-Z]_\d+[a-z]?|%s)(?:[,\-]+(?:(?:LDS|ISO7816)_)?'
                  r'(?:[A-Z]_)?\d+[a-z]?)*)')
PART = re.compile(r'([A-Z])?_?(\d+)')
TAIL = re.compile(r'[A-Z]_\d+')
ROW = re.compile(r'([A-Z])_(\d+)(?:–[A-Z]_(\d+))?')


def code_of(text):
    return re.sub(r'/\*.*?\*/', '', text, flags=re.S)


def ids_of(text):
    """The ids that the strings of a test name."""
    strings = STRING.findall(code_of(text))
    tails = [string for string in strings if TAIL.fullmatch(string)]
    for string in strings:
        for plan, unit, names in LIST.findall(string):
            if names.startswith('%s'):
                yield from (f'{plan}:{unit}_{tail}' for tail in tails)
                continue
            family = ''
            for letter, number in PART.findall(re.sub(r'LDS_|ISO7816_', '', names)):
                family = letter or family
                yield f'{plan}:{unit}_{family}_{number}'


def rows(source):
    """Of each row of the tables its ids, its test and its result."""
    for line in (source / 'docs/conformity.md').read_text(encoding='utf-8').splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        head = re.match(r'(' + PLAN + r'):(LDS|ISO7816)_', cells[0]) if len(cells) == 4 else None
        if head:
            ids = [f'{head[1]}:{head[2]}_{family}_{number:0{len(first)}d}'
                   for family, first, last in ROW.findall(cells[0][head.end():])
                   for number in range(int(first), int(last or first) + 1)]
            yield ids, cells[2], cells[3]


def main():
    source = pathlib.Path(sys.argv[1])
    listed, wrong = set(), []
    for ids, test, result in rows(source):
        listed |= set(ids)
        if result != 'pass':
            continue
        path = source / 'tests' / test
        named = set(ids_of(path.read_text(encoding='utf-8'))) if path.is_file() else set()
        wrong += [f'{test} does not name {name}' for name in ids if name not in named]
    named = set()
    for path in (source / 'tests').rglob('*.c'):
        named |= set(ids_of(path.read_text(encoding='utf-8')))
    wrong += [f'docs/conformity.md lacks {name}' for name in sorted(named - listed)]
    print('1..1')
    for line in wrong:
        print('# ' + line)
    print(f'{"not ok" if wrong or not listed else "ok"} 1 - {len(listed)} ids')
    return 1 if wrong or not listed else 0


if __name__ == '__main__':
    sys.exit(main())

#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""docs/conformity.md and the tests name the same ids.

    conformity.py SOURCE_DIR
"""

import pathlib
import re
import sys

PLAN = r'(?:3\.2|P3|5\.1)'
# One id or a range, its plan and unit given once for a list: 5.1:LDS_H_01–H_15, H_70
UNIT = r'(?:LDS_|ISO7816_)'
ITEM = re.compile(r'(?:\b|' + UNIT + r')([A-Z])_(\d+)'
                  r'(?:(?:\s*to\s*|\s*[-–]\s*)(?:' + PLAN + ':)?' + UNIT + r'?(?:[A-Z]_)?(\d+))?')
WHOLE = re.compile(r'(' + PLAN + r'):(LDS|ISO7816)_([A-Z]_\d+)')


def expand(text):
    """The tails of all ids in a text, ranges spelled out: H_01 to H_03 gives three."""
    tails = set()
    for family, first, last in ITEM.findall(text):
        for number in range(int(first), int(last or first) + 1):
            tails.add(f'{family}_{number:0{len(first)}d}')
    return tails


def rows(source):
    for line in (source / 'docs/conformity.md').read_text(encoding='utf-8').splitlines():
        cells = [cell.strip() for cell in line.strip('|').split('|')]
        if len(cells) == 4 and re.match(PLAN + ':', cells[0]):
            yield cells


def main():
    source = pathlib.Path(sys.argv[1])
    listed, wrong = set(), []
    for ids, _, test, result in rows(source):
        plan, unit = re.match(r'(' + PLAN + r'):(LDS|ISO7816)', ids).groups()
        tails = expand(ids)
        listed |= {f'{plan}:{unit}_{tail}' for tail in tails}
        if result != 'pass':
            continue
        path = source / 'tests' / test
        text = path.read_text(encoding='utf-8') if path.is_file() else ''
        if plan + ':' not in text:
            wrong.append(f'{test} names nothing of {plan}')
        wrong += [f'{test} does not name {plan}:{unit}_{tail}' for tail in sorted(tails - expand(text))]
    absent = set()
    for path in (source / 'tests').rglob('*.c'):
        for plan, unit, tail in WHOLE.findall(path.read_text(encoding='utf-8')):
            absent.add(f'{plan}:{unit}_{tail}')
    wrong += [f'docs/conformity.md lacks {name}' for name in sorted(absent - listed)]
    print('1..1')
    for line in wrong:
        print('# ' + line)
    print(f'{"not ok" if wrong or not listed else "ok"} 1 - {len(listed)} ids')
    return 1 if wrong or not listed else 0


if __name__ == '__main__':
    sys.exit(main())

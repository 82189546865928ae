#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""count.py BUILD_DIR... [--fuzz RESULTS]: adds up test programs and prints the closing line.

With CI set, a skip in the suites unit, tear or desk is a failure, unless the folder of real data
is missing."""

import json
import os
import sys

MUST_RUN = {'unit', 'tear', 'desk'}


def results(build):
    path = os.path.join(build, 'meson-logs', 'testlog.json')
    if not os.path.exists(path):
        yield build, set(), 'FAIL'
        return
    for line in open(path, encoding='utf-8'):
        entry = json.loads(line)
        suites = {suite.split(':')[-1] for suite in entry.get('suite', [])}
        yield entry['name'], suites, entry['result']


def data_is_here():
    folder = os.environ.get('FAST_DATA_DIR') or os.path.join('..', 'shared', 'data')
    return os.path.isdir(folder)


def main():
    arguments, fuzz = sys.argv[1:], None
    if '--fuzz' in arguments:
        at = arguments.index('--fuzz')
        fuzz, arguments = arguments[at + 1], arguments[:at]
    strict = bool(os.environ.get('CI')) and data_is_here()
    passed, failed, skipped = 0, 0, 0
    for build in arguments:
        for name, suites, result in results(build):
            if result == 'SKIP' and not (strict and suites & MUST_RUN):
                skipped += 1
            elif result in ('OK', 'EXPECTEDFAIL'):
                passed += 1
            else:
                failed += 1
                print('%s: %s %s' % (build, name, result))
    if fuzz:
        lines = open(fuzz, encoding='utf-8').read().split('\n')
        passed += sum(line.startswith('ok ') for line in lines)
        failed += sum(line.startswith('failed ') for line in lines)
    print('%d passed, %d failed, %d skipped' % (passed, failed, skipped))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())

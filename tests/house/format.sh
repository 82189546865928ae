#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Says which files clang-format would write otherwise.
cd "$1" || exit 1
command -v clang-format >/dev/null || exit 77
find record enrol personalise sync programs tests -name '*.[ch]' -print0 |
  xargs -0 clang-format --dry-run -Werror

#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# fuzz.sh BUILD_DIR SECONDS [SEED]: runs each target on its corpus (a hex text beside its source), two
# at a time; prints a line "ok NAME" or "failed NAME" each, and keeps what a target found in BUILD_DIR.
# With a seed each run begins at the same place, from the seeds of the corpus alone; without one it
# searches elsewhere, on top of what earlier runs kept. What is found belongs into the hex text.
build=$1 seconds=$2 seed=${3:-0}
run_one() {
  target=$1
  name=$(basename "$target")
  folder=$(dirname "${target#"$build"/}")
  room=${folder#tests/}
  source=$folder/${name#"${room//\//-}"-}.hex
  [ -f "$source" ] || source=
  corpus=$build/corpus/$name
  [ "$seed" = 0 ] || rm -rf "$corpus"
  mkdir -p "$corpus"
  [ -z "$source" ] || grep -v '^#' "$source" | awk 'NF' | { n=0; while read -r line; do
    n=$((n + 1)); printf '%s' "$line" | xxd -r -p >"$corpus/seed-$n"; done; }
  if "$target" -max_total_time="$seconds" -seed="$seed" -timeout=10 -rss_limit_mb=2048 \
      -artifact_prefix="$corpus/found-" "$corpus" >"$build/$name.log" 2>&1; then
    echo "ok $name"
  else
    echo "failed $name"
    tail -30 "$build/$name.log" >&2
  fi
}
export -f run_one
export build seconds seed
find "$build/tests" -name '*-fuzz' -type f -perm -u+x | sort | xargs -P 2 -I{} bash -c 'run_one {}'

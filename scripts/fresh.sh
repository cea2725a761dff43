#!/usr/bin/env bash
# Proves the set-up: `make demo` and `make test` in a fresh clone with nothing built, timed.
set -euo pipefail
cd "$(dirname "$0")/.."
clone=$(mktemp -d)
trap 'rm -rf "$clone"' EXIT
git clone -q . "$clone/signdata"
cd "$clone/signdata"
for target in "${@:-demo}"; do
  start=$(date +%s)
  make "$target"
  echo "make $target: $(($(date +%s) - start)) s"
done

#!/usr/bin/env bash
# What leakage is worth: one set of frames under the split that cull makes and under a plain random split of the same sizes,
# checked, and then the same small model trained and judged on each.
#   benchmarks/leakage.sh [option of train ...]
# DATA: a folder with the image sets (asl_phone); PYTHON: one that has sqlite3; TRAIN=0: check only.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data}/asl_phone python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bin/cull "$data" -o "$work/whole.db" -q
cp "$work/whole.db" "$work/random.db"
"$python" - "$work/random.db" << 'END'
import random, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
frames = db.execute("SELECT id, split FROM frame WHERE culled IS NULL ORDER BY path").fetchall()
splits = [split for _, split in frames]
random.Random(1).shuffle(splits)
db.executemany("UPDATE frame SET split = ? WHERE id = ?", [(split, id) for split, (id, _) in zip(splits, frames)])
db.commit()
END

for split in whole random; do
  echo "== $split"
  bin/cull check "$work/$split.db" -o "$work/$split.html" || true
  [ "${TRAIN:-1}" = 1 ] || continue
  bin/train "$work/$split.db" -o "$work/$split" --arch simple-cnn --size 64 --epochs 10 -q "$@"
  bin/eval "$work/$split" "$work/$split.db"
done

#!/usr/bin/env bash
# Training speed: resnet18, 128 px, batch 64, from JPEGs, data loading included, ours and the usual PyTorch script in turn.
#   benchmarks/training.sh [rounds]
# DATA: a folder with the image sets (asl_phone); PEERS: a folder with train_torch.py; PYTHON: one that has torch.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data}/asl_phone peer=${PEERS:-../shared/peers}/train_torch.py python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

bin/cull "$data" -o "$work/manifest.db" --valid 0 --test 0 -q
ours() { # one epoch: every frame is decoded in it, none comes from memory
  rm -rf "$work/run"
  bin/train "$work/manifest.db" -o "$work/run" --arch resnet18 --size 128 --batch 64 --epochs 1 --augment light -q --json "$@" |
    sed -E 's/.*"images_per_second":([0-9.]+).*/\1/'
}
theirs() { "$python" "$peer" "$data" --size 128 --batch 64 --steps 30 "$@" | sed 's/images_per_second //'; }

echo "round  ours  plain  tuned  ours/plain  ours/tuned   (images/s)"
for round in $(seq "${1:-3}"); do
  a=$(ours) b=$(theirs) c=$(theirs --tuned)
  awk -v r="$round" -v a="$a" -v b="$b" -v c="$c" 'BEGIN { printf "%5d %5.1f %6.1f %6.1f %11.2f %11.2f\n", r, a, b, c, a / b, a / c }'
done

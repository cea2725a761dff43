#!/usr/bin/env bash
# Training from JPEGs, data loading included, ours and the usual PyTorch script in turn.
#   benchmarks/training.sh [rounds]                  images/s of whole epochs: ours with every frame decoded in it (first), and with all frames in the pack of an
#                                                    earlier run (again), with the share of the time that went by waiting for pictures; the peer plain and --tuned
#   benchmarks/training.sh checkpointing [rounds]    what --checkpointing costs in time, and what it saves of the memory that tensors and native code hold at most, beyond a step of 2 frames'
# ARCHS, SIZES: what is trained at which sides in pixels. BATCH: frames in a step. STEPS: steps of the peer that count. FRAMES: frames of a label at most, for a quick look.
# THREADS: of both. DATA: a folder with the image sets (asl_phone); PEERS: a folder with train_torch.py; PYTHON: one that has torch.
set -euo pipefail
cd "$(dirname "$0")/.."
what=speed
if [ "${1:-}" = checkpointing ]; then what=checkpointing && shift; fi
rounds=${1:-3} archs=${ARCHS:-resnet18 mobilenet_v3_large efficientnet_b0} sizes=${SIZES:-128 224} batch=${BATCH:-64} threads=${THREADS:-$(nproc)}
data=$(realpath "${DATA:-../shared/data}/asl_phone") peer=${PEERS:-../shared/peers}/train_torch.py python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ -n "${FRAMES:-}" ]; then
  for label in "$data"/*/; do
    mkdir -p "$work/few/$(basename "$label")"
    find "$label" -type f | sort | sed -n "1,${FRAMES}p" | xargs -I{} ln -s {} "$work/few/$(basename "$label")/"
  done
  data=$work/few
fi
bin/cull "$data" -o "$work/manifest.db" --valid 0 --test 0 -q

ours() { # arch size options: one epoch's images/s, share waited, mode, and with --profile the most memory held in MiB
  rm -rf "$work/run"
  "$python" - "${@:3}" <<PY
import json, subprocess, sys
said = subprocess.run(["bin/train", "$work/manifest.db", "-o", "$work/run", "--arch", "$1", "--size", "$2", "--epochs", "1", "--augment", "light",
                       "--threads", "$threads", "--cache-mb", "8192", "-q", "--json"] + sys.argv[1:], check=True, stdout=subprocess.PIPE).stdout
told = json.loads(said)
print(told["images_per_second"], told["waited"], told["compute"], round((told["profile"] or {}).get("held_megabytes") or 0))
PY
}
theirs() { # arch size options
  "$python" "$peer" "$data" --arch "$1" --size "$2" --batch "$batch" --threads "$threads" --workers "$threads" --steps "${STEPS:-20}" "${@:3}" | sed 's/images_per_second //'
}

speed() {
  echo "architecture         px round   first  waited   again  waited   plain   tuned  first/plain first/tuned again/plain again/tuned  mode   (images/s)"
  for arch in $archs; do for size in $sizes; do for round in $(seq "$rounds"); do
    rm -rf "$work/.signdata-frames"
    told=$(ours "$arch" "$size" --batch "$batch")
    read -r first waited _ <<< "$told"
    plain=$(theirs "$arch" "$size")
    told=$(ours "$arch" "$size" --batch "$batch")
    read -r again rewaited mode _ <<< "$told"
    tuned=$(theirs "$arch" "$size" --tuned)
    awk -v n="$arch" -v s="$size" -v r="$round" -v f="$first" -v fw="$waited" -v a="$again" -v aw="$rewaited" -v p="$plain" -v t="$tuned" -v m="$mode" 'BEGIN {
      printf "%-19s %3d %5d %7.1f %6.1f%% %7.1f %6.1f%% %7.1f %7.1f %12.2f %11.2f %11.2f %11.2f  %s\n", n, s, r, f, 100 * fw, a, 100 * aw, p, t, f / p, f / t, a / p, a / t, m }'
  done; done; done
}

checkpointing() {
  echo "architecture         px round   plain  checkpointing  time   held beyond a step of 2, MiB"
  for arch in $archs; do for size in $sizes; do
    told=$(ours "$arch" "$size" --batch "$batch")
    read -r _ _ mode _ <<< "$told"
    told=$(ours "$arch" "$size" --batch 2 --compute "$mode" --profile)
    read -r _ _ _ least <<< "$told"
    for round in $(seq "$rounds"); do
      told=$(ours "$arch" "$size" --batch "$batch" --compute "$mode" --profile)
      read -r a _ _ memory <<< "$told"
      told=$(ours "$arch" "$size" --batch "$batch" --compute "$mode" --profile --checkpointing)
      read -r b _ _ less <<< "$told"
      awk -v n="$arch" -v s="$size" -v r="$round" -v a="$a" -v b="$b" -v m="$((memory - least))" -v l="$((less - least))" 'BEGIN { printf "%-19s %3d %5d %7.1f %14.1f %5.2f %8d %6d\n", n, s, r, a, b, a / b, m, l }'
    done
  done; done
}

$what

#!/usr/bin/env bash
# Videos into frames: ours and the usual OpenCV loop that saves every frame, in turn.
#   benchmarks/exploding.sh [rounds]
# DATA: a folder with the clips (sign_videos); PEERS: a folder with explode_loop.py; PYTHON: one that has cv2.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data}/sign_videos peer=${PEERS:-../shared/peers}/explode_loop.py python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "round  ours  theirs  ours/theirs   (seconds)   frames kept  frames saved"
for round in $(seq "${1:-3}"); do
  rm -rf "$work/ours" "$work/theirs"
  start=$(date +%s.%N)
  kept=$(bin/explode "$data" -o "$work/ours" -q --json | sed -E 's/.*"kept":([0-9]+).*/\1/')
  middle=$(date +%s.%N)
  saved=$("$python" "$peer" "$data" "$work/theirs" | sed -E 's/frames ([0-9]+).*/\1/')
  end=$(date +%s.%N)
  awk -v r="$round" -v s="$start" -v m="$middle" -v e="$end" -v k="$kept" -v w="$saved" \
    'BEGIN { printf "%5d %5.1f %7.1f %12.2f %25d %13d\n", r, m - s, e - m, (m - s) / (e - m), k, w }'
done
du -sh "$work/ours" "$work/theirs" | awk '{ print $1, $2 }' | sed "s#$work/##"

#!/usr/bin/env bash
# Accuracy from scratch on one signer's frames (asl_phone), judged on the same signer's other sessions (asl_phone_test) and on
# another person (asl_webcam), ours and the usual PyTorch script for 12 epochs with --tuned, seed by seed.
#   benchmarks/accuracy.sh [seeds...]     ONLY=ours or ONLY=peer for one side
#   benchmarks/accuracy.sh times [rounds] how long both take, by a few epochs of each in turn
#   benchmarks/accuracy.sh choose [seeds...]  what settings are chosen by, the tests left alone: scenes held out of asl_phone, and other people, whose hands and cameras
#                                         it has not seen (with SYNTHETIC, whole synthetic signers, too): four of the digits, which are also letters, and the letters of sign_videos
# DATA: the folder with the image sets; PEERS: a folder with train_torch.py; PYTHON: one that has torch; RECIPE: ours; SYNTHETIC: how many synthetic signers ours learns
# from beside asl_phone (0), STILLS: how many pictures of each letter by each of them (1).
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data} peer=${PEERS:-../shared/peers}/train_torch.py python=${PYTHON:-/usr/bin/python3} recipe=${RECIPE:-recipes/one-signer.yaml}
tests=("$data/asl_phone_test" "$data/asl_webcam")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
sources=("$data/asl_phone")
if [ "${SYNTHETIC:-0}" -gt 0 ]; then
  TIMEFORMAT='the synthetic stills took %R s'
  time bin/synth -o "$work/hands" --signers "$SYNTHETIC" --clips 1 --stills "${STILLS:-1}" --size 160x160 -q
  sources+=("$work/hands/stills.csv")
fi
percent() { awk -v a="$1" 'BEGIN { printf "%6.2f", 100 * a }'; }
number() { grep -oE "\"$1\":[0-9.]+" | head -n 1 | cut -d: -f2; } # the first of that name is the whole's

if [ "${1:-}" = choose ]; then
  shift
  [ $# -gt 0 ] || set -- 1
  bin/cull "${sources[@]}" -o "$work/choose.db" --valid 0.05 --test 0 -q 2> /dev/null
  mkdir -p "$work/people" "$work/clips"
  for pair in 0:O 2:V 6:W 9:F; do cp -r "$data/digits/${pair%:*}" "$work/people/${pair#*:}"; done
  cp -r "$data"/sign_videos/[A-Z] "$work/clips"
  bin/explode "$work/clips" -o "$work/letters" -q 2> /dev/null
  echo "seed  seconds  scenes  digits  letters"
  for seed in "$@"; do
    seconds=$(bin/train "$work/choose.db" -o "$work/run-$seed" --recipe "$recipe" --seed "$seed" -q --json | number seconds)
    printf '%4d  %7.0f' "$seed" "$seconds"
    for set in "$work/choose.db --split valid" "$work/people" "$work/letters"; do
      # shellcheck disable=SC2086
      printf '  %s' "$(percent "$(bin/eval "$work/run-$seed" $set -q --json -o "$work/report.html" | number accuracy)")"
    done
    echo
  done
  exit
fi

bin/cull "${sources[@]}" -o "$work/manifest.db" --valid 0 --test 0 -q 2> /dev/null
if [ "${1:-}" = times ]; then
  # Ours: two epochs at each size; the first of all decodes every frame. The recipe's 30 are 15 at each size.
  echo "round  ours_first  ours_small  ours_large  peer_epoch   ours_30_epochs  peer_12_epochs  ratio   (seconds)"
  for round in $(seq "${2:-2}"); do
    rm -rf "$work/run"
    bin/train "$work/manifest.db" -o "$work/run" --recipe "$recipe" --epochs 4 -q
    epoch=$("$python" "$peer" "$data/asl_phone" --size 128 --epochs 1 --tuned | sed -nE 's/.* seconds ([0-9.]+)/\1/p')
    tail -n +2 "$work/run/history.csv" | cut -d, -f5 | paste -sd' ' | awk -v r="$round" -v p="$epoch" '{
      large = ($3 + $4) / 2; whole = $1 + 14 * $2 + 15 * large
      printf "%5d %11.1f %11.1f %11.1f %11.1f %16.0f %15.0f %6.2f\n", r, $1, $2, large, p, whole, 12 * p, whole / 12 / p }'
  done
  exit
fi
echo "side  seed  seconds  phone_test  webcam"
[ $# -gt 0 ] || set -- 1 2 3
for seed in "$@"; do
  if [ "${ONLY:-ours}" = ours ]; then
    seconds=$(bin/train "$work/manifest.db" -o "$work/run-$seed" --recipe "$recipe" --seed "$seed" -q --json | number seconds)
    figures=()
    for test in "${tests[@]}"; do
      figures+=("$(percent "$(bin/eval "$work/run-$seed" "$test" -q --json | number accuracy)")")
    done
    printf 'ours  %4d  %7.0f      %s  %s\n' "$seed" "$seconds" "${figures[@]}"
  fi
  if [ "${ONLY:-peer}" = peer ]; then
    "$python" "$peer" "$data/asl_phone" "${tests[@]}" --size 128 --epochs 12 --tuned --seed "$seed" > "$work/peer.log"
    mapfile -t accuracies < <(sed -nE 's/^test .* accuracy ([0-9.]+) of.*/\1/p' "$work/peer.log")
    seconds=$(sed -nE 's/.* seconds ([0-9.]+)/\1/p' "$work/peer.log" | awk '{ s += $1 } END { print s }')
    printf 'peer  %4d  %7.0f      %s  %s\n' "$seed" "$seconds" "$(percent "${accuracies[0]}")" "$(percent "${accuracies[1]}")"
  fi
done

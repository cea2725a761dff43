#!/usr/bin/env bash
# From videos to an evaluated classifier: `make demo` on synthetic clips, `make demo DATA=folder` on your videos or images.
# What is done already is not done again.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${1:-}
work=demo
[ -z "$data" ] || work=demo/$(basename "$(realpath "$data")")
mkdir -p "$work"
step() { printf '\n\033[1m%s\033[0m\n' "$ $*" >&2 && bin/signdata "$@"; }

if [ -z "$data" ]; then
  step synth -o "$work/clips" --signers 8 --clips 2
  step explode "$work/clips" -o "$work/frames"
  # Six signers to learn from, a seventh to choose the best epoch by, and an eighth, never seen, to be judged by.
  step cull "$work/frames" -o "$work/manifest.db" --valid-signer s7 --test-signer s8
  step train "$work/manifest.db" -o "$work/run" --size 96 --epochs 30 --batch 32 --patience 0
else
  frames=$data
  if find -L "$data" -type f \( -iname '*.mp4' -o -iname '*.mov' -o -iname '*.webm' -o -iname '*.mkv' -o -iname '*.avi' -o -iname '*.m4v' -o -iname '*.gif' \) -print -quit | grep -q .; then
    step explode "$data" -o "$work/frames"
    frames=$work/frames
  fi
  step cull "$frames" -o "$work/manifest.db"
  step train "$work/manifest.db" -o "$work/run"
fi
step eval "$work/run" "$work/manifest.db"

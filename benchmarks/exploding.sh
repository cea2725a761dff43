#!/usr/bin/env bash
# Videos into frames, in turn: ours, the floor (decoding alone: two single-threaded ffmpeg at a time), the usual OpenCV loop that saves every
# frame, and ffmpeg's blurdetect. On the clips as they are, and on 1080p H.264 and HEVC made of them at the bitrates of phones. Then the memory of a 4K clip.
#   benchmarks/exploding.sh [rounds]
# DATA: a folder with the clips (sign_videos); PEERS: a folder with explode_loop.py; PYTHON: one that has cv2.
# SETS: some of "asis h264 hevc 4k"; CLIPS: of the made sets, so many clips; WORK: where they are made and found again; WORKERS: videos at a time.
set -euo pipefail
cd "$(dirname "$0")/.."
data=${DATA:-../shared/data}/sign_videos peer=${PEERS:-../shared/peers}/explode_loop.py python=${PYTHON:-/usr/bin/python3}
rounds=${1:-3} sets=${SETS:-asis h264 hevc 4k} clips=${CLIPS:-8} workers=${WORKERS:-2}
out=$(mktemp -d)
work=${WORK:-$out/made}
trap 'rm -rf "$out"' EXIT

make_set() { # name, scale, encoder...: a folder a label, as the clips have
  local name=$1 size=$2 clip target
  shift 2
  while read -r clip; do
    target=$work/$name/$(basename "$(dirname "$clip")")/$(basename "${clip%.*}").mp4
    [ -s "$target" ] && continue
    mkdir -p "$(dirname "$target")"
    ffmpeg -v error -y -nostdin -i "$clip" -an -vf "scale=$size:flags=bicubic" "$@" -f mp4 "$target.part" 2> /dev/null
    mv "$target.part" "$target"
  done < <(find -L "$data" -name '*.mp4' | sort | head -n "$clips")
}

seconds() { # command...: wall time
  local start end
  start=$(date +%s.%N)
  "$@" > /dev/null
  end=$(date +%s.%N)
  awk -v s="$start" -v e="$end" 'BEGIN { printf "%.2f", e - s }'
}

ours() { rm -rf "$out/ours" && bin/explode "$1" -o "$out/ours" -q --jobs "$workers"; }
floor() { find -L "$1" -name '*.mp4' -print0 | sort -z | xargs -0 -P "$workers" -I{} ffmpeg -v quiet -nostdin -threads 1 -i {} -an -f null -; }
loop() { rm -rf "$out/loop" && "$python" "$peer" "$1" "$out/loop"; }
blurdetect() { find -L "$1" -name '*.mp4' -print0 | sort -z | xargs -0 -P "$workers" -I{} ffmpeg -v quiet -nostdin -threads 1 -i {} -an -vf blurdetect -f null -; }

compare() { # name, folder
  echo "$1: $(find -L "$2" -name '*.mp4' | wc -l) clips, $(du -shL "$2" | cut -f1)"
  echo "round   ours  floor   loop  blurdetect (s)   ours/floor  loop/ours  blurdetect/ours"
  for round in $(seq "$rounds"); do
    local a b c="" d=""
    a=$(seconds ours "$2")
    b=$(seconds floor "$2")
    "$python" -c 'import cv2' 2> /dev/null && c=$(seconds loop "$2")
    [ "$round" = 1 ] && d=$(seconds blurdetect "$2")
    awk -v r="$round" -v a="$a" -v b="$b" -v c="$c" -v d="$d" \
      'BEGIN { printf "%5d %6.1f %6.1f %6s %11s %16.2f %10s %16s\n", r, a, b, c, d, a / b, c == "" ? "-" : sprintf("%.2f", c / a), d == "" ? "-" : sprintf("%.1f", d / a) }'
  done
}

peak() { # command...: the most memory of it and its children at once, shared pages counted once
  "$@" &
  local pid=$! most=0 now child
  while kill -0 "$pid" 2> /dev/null; do
    now=0
    for child in "$pid" $(pgrep -P "$pid" || true); do
      now=$((now + $(awk '/^Pss:/ { print $2 }' "/proc/$child/smaps_rollup" 2> /dev/null || echo 0)))
    done
    [ "$now" -gt "$most" ] && most=$now
    sleep 0.1
  done
  wait "$pid"
  echo "$((most / 1024)) MB"
}

for set in $sets; do
  case $set in
    asis) compare "as they are" "$data" ;;
    h264) make_set h264 1920:1080 -c:v libx264 -preset medium -b:v 17M -maxrate 20M -bufsize 20M -pix_fmt yuv420p && compare "1080p H.264" "$work/h264" ;;
    hevc) make_set hevc 1920:1080 -c:v libx265 -preset superfast -b:v 9M -x265-params log-level=none -tag:v hvc1 -pix_fmt yuv420p && compare "1080p HEVC" "$work/hevc" ;;
    4k)
      clips=1 make_set 4k 3840:2160 -c:v libx265 -preset ultrafast -b:v 40M -x265-params log-level=none -tag:v hvc1 -pix_fmt yuv420p
      echo "4K HEVC, one clip: $(peak bin/explode "$work/4k" -o "$out/4k" -q --jobs "$workers") at most"
      ;;
    *) echo "exploding: no set '$set'; there are asis h264 hevc 4k" >&2 && exit 2 ;;
  esac
done

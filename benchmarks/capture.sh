#!/usr/bin/env bash
# A session in a real window: a 60 s clip of 720p at 30 frames a second as camera, a key held for 50 s of it, on a virtual display.
#   benchmarks/capture.sh [seconds]
# Prints the session's summary (frames, dropped, latency from press to first frame in seconds, redraws while the key was held) and the CPU of capture
# with its decoder, in parts of one core.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
work=$(mktemp -d)
Xvfb -displayfd 3 -screen 0 1400x700x24 -nolisten tcp 3> "$work/display" > /dev/null 2>&1 &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
until [ -s "$work/display" ]; do sleep 0.1; done
export DISPLAY=:$(cat "$work/display")

# Sharp, moving, with the noise of a sensor.
ffmpeg -v error -nostdin -f lavfi -i "testsrc2=size=1280x720:rate=30:duration=$seconds" -vf noise=alls=8:allf=t -c:v libx264 -preset veryfast -pix_fmt yuv420p "$work/clip.mp4"

for judge in --no-judge ""; do
  echo "== ${judge:-judging}"
  rm -rf "$work/set"
  bin/capture "$work/set" --camera "$work/clip.mp4" --session bench $judge --json > "$work/out.json" &
  tool=$!
  xdotool search --sync --onlyvisible --name "SignData capture" > /dev/null
  sleep 3
  xdotool keydown a sleep $((seconds - 10)) keyup a
  sleep 1
  # The tool's and its children's ticks so far.
  ticks=0
  for process in $tool $(pgrep -P $tool); do
    ticks=$((ticks + $(awk '{ print $14 + $15 }' "/proc/$process/stat")))
  done
  took=$(ps -o etimes= -p $tool)
  xdotool key Escape
  wait $tool
  cat "$work/out.json"
  awk -v t=$ticks -v hz="$(getconf CLK_TCK)" -v s="$took" 'BEGIN { printf "CPU %.2f cores\n", t / hz / s }'
done

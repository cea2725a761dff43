#!/usr/bin/env bash
# Telling sharp frames from blurred ones: ours, Laplacian variance, Tenengrad, CleanVision's formula and ffmpeg's blurdetect, on real frames and blurred copies.
#   benchmarks/sharpness.sh [scenes per source]
# DATA: a folder with the image sets (asl_phone, asl_webcam, digits); PYTHON: one that has cv2; FOLDER: keeps the copies, to look at them.
set -euo pipefail
cd "$(dirname "$0")/.."
work=${FOLDER:-$(mktemp -d)}
[ -n "${FOLDER:-}" ] || trap 'rm -rf "$work"' EXIT
"${PYTHON:-/usr/bin/python3}" benchmarks/sharpness.py "${DATA:-../shared/data}" "$work" "${1:-60}"

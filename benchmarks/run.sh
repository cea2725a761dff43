#!/usr/bin/env bash
# Every benchmark against its peer; see each script for what it needs. Run on an idle machine.
set -euo pipefail
cd "$(dirname "$0")"
./exploding.sh
./culling.sh
./sharpness.sh
./training.sh
./inference.sh
./augmenting.sh
./capture.sh

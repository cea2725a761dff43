#!/usr/bin/env bash
# How fast a resnet18 judges on one core, in fp32, bf16 and 8 bits, against PyTorch eager in fp32, in turn.
#   benchmarks/inference.sh [side]
# PYTHON: one that has torch and torchvision; ROUNDS: of each; CORE: the core to stay on.
set -euo pipefail
cd "$(dirname "$0")/.."
taskset -c "${CORE:-0}" "${PYTHON:-/usr/bin/python3}" benchmarks/Inference/peers.py benchmarks/Inference/bin/Release/net10.0/Inference "${1:-224}" "${ROUNDS:-7}"

#!/usr/bin/env python3
"""Milliseconds of libtorch's own operators in bf16 and channels_last, and of ours at their places: each in a process of its own, in turn, the best of all rounds.

    benchmarks/kernels.py [--threads 1] [--rounds 3] [--frames 32] [--size 96]

Convolutions and batch normalisations of a resnet18 that learns from so many frames of that size: output, input's gradient, weight's gradient (of a normalisation both at once).
Needs a Python with torch of the libtorch that `make build` has found.
"""
import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent.parent / "build" / "native" / "libsigndata_torch.so"


def best(call, repeats=6):
    def once():
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    return min(once() for _ in range(repeats)) * 1e3


def measure(options):
    import torch

    if options.ours:
        torch.ops.load_library(str(LIBRARY))
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    ops, frames, side = torch.ops.aten, options.frames, options.size // 4

    def maps(channels, pixels):
        return torch.randn(frames, channels, pixels, pixels).bfloat16().contiguous(memory_format=torch.channels_last)

    times = {}
    for inputs, outputs, pixels, kernel, stride in [
        (3, 64, options.size, 7, 2), (64, 64, side, 3, 1), (64, 128, side, 3, 2), (128, 128, side // 2, 3, 1), (128, 256, side // 2, 3, 2),
        (256, 256, side // 4, 3, 1), (256, 512, side // 4, 3, 2), (512, 512, side // 8, 3, 1),
    ]:
        x, pad = maps(inputs, pixels), kernel // 2
        weight = torch.randn(outputs, inputs, kernel, kernel).bfloat16().contiguous(memory_format=torch.channels_last)
        forward = lambda: torch.nn.functional.conv2d(x, weight, None, stride, pad)
        gradient = torch.randn_like(forward())
        backward = lambda *wanted: ops.convolution_backward(gradient, x, weight, [0], [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1, [*wanted, False])
        times[f"{inputs} to {outputs}, {kernel} x {kernel}, {pixels} px{', every second' if stride > 1 else ''}"] = [
            best(forward), best(lambda: backward(True, False)) if inputs > 3 else None, best(lambda: backward(False, True))]
    for channels, pixels in [(64, options.size // 2), (64, side), (128, side // 2), (256, side // 4), (512, side // 8)]:
        x, gradient, weight, bias = maps(channels, pixels), maps(channels, pixels), torch.rand(channels), torch.rand(channels)
        forward = lambda: torch.native_batch_norm(x, weight, bias, torch.zeros(channels), torch.ones(channels), True, 0.1, 1e-5)
        _, mean, inverse = forward()
        times[f"normalise {channels}, {pixels} px"] = [
            best(forward), best(lambda: ops.native_batch_norm_backward(gradient, x, weight, None, None, mean, inverse, True, 1e-5, [True] * 3)), None]
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in ("threads", 1), ("rounds", 3), ("frames", 32), ("size", 96):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(measure(options)))
        return
    rounds = {False: [], True: []}
    for _ in range(options.rounds):
        for ours, results in rounds.items():
            child = [sys.executable, __file__, "--child", *sys.argv[1:], *(["--ours"] if ours else [])]
            results.append(json.loads(subprocess.run(child, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout))
    print(f"{'libtorch / ours, ms':36}{'output':>20}{'input':>20}{'weight':>20}")
    for name in rounds[True][0]:
        row = ""
        for part in range(3):
            theirs, own = ([r[name][part] for r in rounds[ours]] for ours in (False, True))
            row += f"{'':>20}" if own[0] is None else f"{min(theirs):>8.2f} {min(own):>6.2f} {min(theirs) / min(own):>4.1f}"
        print(f"{name:36}{row}")


if __name__ == "__main__":
    main()

"""Inference of a resnet18 on one thread: PyTorch eager in fp32 (as a plain script has it, and channels_last) and ours, in turn, so that what
disturbs one disturbs all. Prints medians and the ratio to plain PyTorch.

    peers.py INFERENCE_EXECUTABLE SIDE ROUNDS
"""
import statistics
import subprocess
import sys
import time

import torch
import torchvision

MODES = ["fp32-channels-last", "bf16-channels-last", "int8"]
executable, side, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(1)
model = torchvision.models.resnet18(num_classes=29).eval()
last = torchvision.models.resnet18(num_classes=29).eval().to(memory_format=torch.channels_last)
ours = {mode: subprocess.Popen([executable, mode, str(side)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for mode in MODES}


def pytorch(network, x, times):
    result = []
    with torch.no_grad():
        for i in range(3 + times):
            start = time.perf_counter()
            network(x)
            result.append((time.perf_counter() - start) * 1000)
    return result[3:]


def ask(process, batch, times):
    process.stdin.write(f"{batch} {times}\n")
    process.stdin.flush()
    return [float(value) for value in process.stdout.readline().split()]


print(f"resnet18 at {side} px, one thread, milliseconds a batch (median of {rounds} rounds), times as fast as PyTorch eager fp32")
for batch in (1, 16):
    times = 10 if batch == 1 else 3
    x = torch.rand(batch, 3, side, side)
    x_last = x.contiguous(memory_format=torch.channels_last)
    found = {name: [] for name in ["pytorch fp32", "pytorch fp32 channels_last", *MODES]}
    for _ in range(rounds):
        found["pytorch fp32"].append(min(pytorch(model, x, times)))
        found["pytorch fp32 channels_last"].append(min(pytorch(last, x_last, times)))
        for mode in MODES:
            found[mode].append(min(ask(ours[mode], batch, times)))
    base = statistics.median(found["pytorch fp32"])
    for name, values in found.items():
        print(f"  batch {batch:2}  {name:28} {statistics.median(values):8.2f} ms  {base / statistics.median(values):5.2f}")
for process in ours.values():
    process.stdin.close()
    process.wait()

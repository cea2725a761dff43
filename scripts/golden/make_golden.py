#!/usr/bin/env python3
"""Makes what the tests of SignData.Torch compare with: PyTorch's own numbers, and files written by torch.save.

    /usr/bin/python3 scripts/golden/make_golden.py

Needs torch and torchvision (Debian's python3-torch 1.13.1 and python3-torchvision made what is committed). Weights and inputs come
from a formula that the tests compute too, so that only results are kept.
"""
import json
import os
import sys
from collections import OrderedDict

import numpy as np
import torch
import torch.nn.functional as F
import torchvision
from torch import nn

OUT = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "SignData.Torch.Tests", "golden")


def formula(seed, shape, scale=1.0, offset=0.0):
    """Numbers in offset +- scale; Formula.Fill in the tests."""
    count = int(np.prod(shape)) if len(shape) else 1
    h = (np.arange(count, dtype=np.uint64) * 2654435761 + seed * 2246822519 + 374761393) & 0xFFFFFFFF
    h ^= h >> np.uint64(15)
    h = (h * 2246822519) & 0xFFFFFFFF
    h ^= h >> np.uint64(13)
    value = (h >> np.uint64(8)).astype(np.float64) / 8388608.0 - 1.0
    return torch.from_numpy((value * scale + offset).astype(np.float32)).reshape(shape)


def fill(model):
    """Weights that keep activations in range; Formula.Fill(Module) in the tests."""
    with torch.no_grad():
        for index, (name, p) in enumerate(model.named_parameters()):
            if p.dim() > 1:
                p.copy_(formula(index, p.shape, (3.0 / (p.numel() / p.shape[0])) ** 0.5))
            elif name.endswith("weight"):
                p.copy_(formula(index, p.shape, 0.1, 1.0))
            else:
                p.copy_(formula(index, p.shape, 0.1))
    return model


def numbers(t):
    return [float(f"{x:.9g}") for x in t.detach().double().flatten().tolist()]


def digest(t):
    flat = t.detach().double().flatten()
    n = flat.numel()
    return [float(f"{x:.9g}") for x in (flat.sum(), flat.norm(), flat[0], flat[n // 3], flat[n // 2], flat[-1])]


def resnet():
    return fill(torchvision.models.resnet18(num_classes=10))


def resnet18():
    x, y = formula(1000, (8, 3, 64, 64)), torch.tensor([1, 7, 3, 0, 9, 2, 2, 5])
    model = resnet()
    logits = model(x)
    loss = F.cross_entropy(logits, y, label_smoothing=0.1)
    loss.backward()
    result = {
        "logits": numbers(logits),
        "loss": loss.item(),
        "gradients": {name: digest(p.grad) for name, p in model.named_parameters()},
        "running": {name: digest(b) for name, b in model.named_buffers() if b.dim() > 0},
    }
    model.eval()
    with torch.no_grad():
        result["eval_logits"] = numbers(model(x))

    def train(optimizer_of):
        model = resnet()
        optimizer = optimizer_of(model.parameters())
        losses = []
        for _ in range(6):
            loss = F.cross_entropy(model(x), y, label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    # One batch and small rates: elsewhere PyTorch itself, its weights changed by 1e-7, has losses that differ by 1e-3 after six steps.
    result["adamw"] = train(lambda p: torch.optim.AdamW(p, lr=1e-4, weight_decay=0.05))
    result["sgd"] = train(lambda p: torch.optim.SGD(p, lr=0.002, momentum=0.9, nesterov=True, weight_decay=1e-4))

    model = resnet().to(memory_format=torch.channels_last)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        result["bf16_loss"] = F.cross_entropy(model(x.to(memory_format=torch.channels_last)), y).item()
    return result


def losses():
    logits = formula(1, (6, 5), 3.0)
    hard = torch.tensor([0, 4, 2, 2, 1, 3])
    soft = torch.softmax(formula(2, (6, 5), 2.0), 1)
    weight = torch.tensor([1.0, 2.0, 0.5, 1.5, 1.0])
    out = {}
    for name, target, options in [
        ("plain", hard, {}),
        ("smoothed", hard, {"label_smoothing": 0.2}),
        ("soft", soft, {}),
        ("soft_smoothed", soft, {"label_smoothing": 0.1}),
        ("weighted_smoothed", hard, {"label_smoothing": 0.1, "weight": weight}),
        ("ignored", torch.tensor([0, -100, 2, 2, -100, 3]), {}),
        ("summed", hard, {"reduction": "sum"}),
        ("each", hard, {"reduction": "none"}),
    ]:
        leaf = logits.clone().requires_grad_()
        loss = F.cross_entropy(leaf, target, **options)
        loss.sum().backward()
        out[name] = {"loss": numbers(loss), "gradient": numbers(leaf.grad)}
    return out


def optimizers():
    def run(make, momentum_of=None):
        parameters = [formula(11, (5, 3, 3, 3)).contiguous(memory_format=torch.channels_last), formula(12, (7,)), formula(13, (40, 1001))]
        parameters = [p.requires_grad_() for p in parameters]
        optimizer = make(parameters)
        rates = [group["lr"] for group in optimizer.param_groups]
        for step in range(5):
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * (1.0 - 0.1 * step)
            for i, p in enumerate(parameters):
                p.grad = None if step == 2 and i == 1 else formula(100 * step + i, p.shape, 0.5)
            optimizer.step()
        return [numbers(parameters[0]), numbers(parameters[1]), digest(parameters[2])]

    groups = lambda p: [{"params": p[:1]}, {"params": p[1:2], "lr": 2e-2, "weight_decay": 0.0}, {"params": p[2:]}]
    return {
        "adamw": run(lambda p: torch.optim.AdamW(p, lr=1e-2, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1)),
        "adamw_groups": run(lambda p: torch.optim.AdamW(groups(p), lr=1e-2, weight_decay=0.1)),
        "adam": run(lambda p: torch.optim.Adam(groups(p), lr=1e-2, betas=(0.8, 0.99), weight_decay=0.1)),
        "sgd": run(lambda p: torch.optim.SGD(p, lr=1e-2, weight_decay=0.1)),
        "sgd_momentum": run(lambda p: torch.optim.SGD(p, lr=1e-2, momentum=0.9, weight_decay=0.1)),
        "sgd_nesterov_groups": run(lambda p: torch.optim.SGD(groups(p), lr=1e-2, momentum=0.9, nesterov=True, weight_decay=0.1)),
    }


def modules():
    x = formula(21, (2, 4, 7, 6), 4.0)
    layers = OrderedDict(
        conv=nn.Conv2d(4, 6, 3, stride=2, padding=1, dilation=1, groups=2),
        conv_dilated=nn.Conv2d(4, 2, 3, padding=2, dilation=2, bias=False),
        batch_norm=nn.BatchNorm2d(4),
        linear=nn.Sequential(nn.Flatten(), nn.Linear(168, 3)),
        relu=nn.ReLU(), silu=nn.SiLU(), hardswish=nn.Hardswish(), hardsigmoid=nn.Hardsigmoid(), sigmoid=nn.Sigmoid(),
        max_pool=nn.MaxPool2d(3, 2, padding=1), max_pool_ceil=nn.MaxPool2d(2, ceil_mode=True),
        avg_pool=nn.AvgPool2d(3, 2, padding=1), avg_pool_inside=nn.AvgPool2d(3, 2, padding=1, count_include_pad=False),
        adaptive=nn.AdaptiveAvgPool2d(1), adaptive3=nn.AdaptiveAvgPool2d(3),
        flatten=nn.Flatten(), identity=nn.Identity(),
        dropout_eval=nn.Dropout(0.5).eval(),
        sequential=nn.Sequential(nn.Conv2d(4, 3, 1), nn.BatchNorm2d(3), nn.ReLU(inplace=True)),
    )
    out = {name: digest(fill(layer)(x)) for name, layer in layers.items()}
    for mode in ("nearest", "bilinear", "bicubic"):
        out["interpolate_" + mode] = digest(F.interpolate(x, size=(5, 9), mode=mode))
    out["interpolate_antialias"] = digest(F.interpolate(x, size=(3, 3), mode="bilinear", antialias=True))
    torch.manual_seed(7)
    out["init_conv"] = digest(nn.Conv2d(3, 4, 3).weight)
    out["init_linear_bias"] = digest(nn.Linear(9, 5).bias)
    out["init_kaiming_normal"] = digest(nn.init.kaiming_normal_(torch.empty(8, 4, 3, 3), mode="fan_out", nonlinearity="relu"))
    out["randn"] = digest(torch.randn(10))
    out["dropout_train"] = digest(nn.Dropout(0.3)(x))
    clipped = [formula(31, (4, 4)).requires_grad_(), formula(32, (9,)).requires_grad_()]
    for i, p in enumerate(clipped):
        p.grad = formula(33 + i, p.shape, 2.0)
    out["clip_norm"] = nn.utils.clip_grad_norm_(clipped, 1.5).item()
    out["clipped"] = digest(clipped[0].grad)
    return out


def tiny():
    return fill(nn.Sequential(nn.Conv2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5)))


class Evil:
    def __reduce__(self):
        return os.system, ("touch pickle-was-run",)


def state_dicts():
    path = lambda name: os.path.join(OUT, name)
    model = tiny()
    state = model.state_dict()
    torch.save(state, path("tiny.pth"))
    torch.save(state, path("tiny_legacy.pth"), _use_new_zipfile_serialization=False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model.eval()(formula(41, (2, 3, 8, 8))).sum().backward()
    optimizer.step()
    model = tiny()
    state = model.state_dict()
    torch.save({"epoch": 3, "arch": "tiny", "best": 0.5, "history": [1, (2, 3)], "state_dict": state, "optimizer": optimizer.state_dict()}, path("nested.pth"))
    torch.save({"epoch": 3, "model": {"step": 7, "state_dict": state}}, path("deep.pth"))
    torch.save(OrderedDict(model.named_parameters()), path("parameters.pth"))
    base = formula(51, (6, 4))
    kinds = {
        "f32": base, "f64": base.double(), "f16": base.half(), "bf16": base.bfloat16(), "i64": (base * 100).long(), "i32": (base * 100).int(),
        "u8": ((base + 1) * 100).byte(), "bool": base > 0, "transposed": base.t(), "sliced": base[2:5, 1:3], "scalar": torch.tensor(3.5), "empty": torch.empty(0, 3),
    }
    torch.save(kinds, path("kinds.pth"))
    torch.save(kinds, path("kinds_legacy.pth"), _use_new_zipfile_serialization=False)
    torch.save({"weight": base, "hook": Evil()}, path("malicious.pth"))
    torch.save({"weight": base, "hook": Evil()}, path("malicious_legacy.pth"), _use_new_zipfile_serialization=False)
    torch.save(model, path("whole_model.pth"))
    return {"tiny": numbers(tiny().eval()(formula(41, (2, 3, 8, 8))))}


def main():
    torch.set_num_threads(2)
    os.makedirs(OUT, exist_ok=True)
    golden = {"resnet18": resnet18(), "losses": losses(), "optimizers": optimizers(), "modules": modules(), "state_dicts": state_dicts()}
    with open(os.path.join(OUT, "golden.json"), "w") as file:
        json.dump(golden, file, indent=None, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    sys.exit(main())

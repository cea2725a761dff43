#!/usr/bin/env python3
"""Makes what the tests of the architectures compare with: names, shapes, logits and gradients of torchvision's networks.

    /usr/bin/python3 scripts/golden/make_architectures.py

Needs Debian's python3-torch 1.13.1 and python3-torchvision 0.14.1. Weights and inputs come from a formula that the tests compute too. timm, whose
names the tf_ and lite networks have, is not packaged: they are put together here from torchvision's parts, and padded as TensorFlow documents it.
"""
import json
import math
import os
import re
import sys
from functools import partial

import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torchvision.ops import Conv2dNormActivation, StochasticDepth

from make_golden import fill, formula

OUT = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "SignData.Training.Tests", "golden", "architectures.json")
CLASSES, SEED = 10, 5
LABELS = torch.tensor([1, 7, 3, 0])

TORCHVISION = (
    ["resnet18", "resnet34", "resnet50", "resnet101", "densenet121", "mobilenet_v3_small", "mobilenet_v3_large"]
    + [f"efficientnet_b{i}" for i in range(5)] + ["squeezenet1_1"]
)
SCALES = [(1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8)]


class SameConv(nn.Conv2d):
    """https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2"""

    def forward(self, x):
        pads = []
        for side in (3, 2):
            length, kernel, stride = x.shape[side], self.kernel_size[0], self.stride[0]
            total = max(kernel - stride if length % stride == 0 else kernel - length % stride, 0)
            pads += [total // 2, total - total // 2]
        return F.conv2d(F.pad(x, pads), self.weight, self.bias, self.stride, 0, self.dilation, self.groups)


def as_tensorflow(module):
    """The same network with strided convolutions padded as TensorFlow pads."""
    for name, child in module.named_children():
        if isinstance(child, nn.Conv2d) and child.stride[0] > 1:
            same = SameConv(child.in_channels, child.out_channels, child.kernel_size, child.stride, groups=child.groups, bias=child.bias is not None)
            setattr(module, name, same)
        else:
            as_tensorflow(child)
    return module


class LiteBlock(nn.Module):
    def __init__(self, inner, expand, out, kernel, stride, norm, drop):
        super().__init__()
        self.residual = stride == 1 and inner == out
        conv = partial(Conv2dNormActivation, norm_layer=norm)
        layers = [conv(inner, inner * expand, 1, activation_layer=nn.ReLU6)] if expand > 1 else []
        layers.append(conv(inner * expand, inner * expand, kernel, stride, groups=inner * expand, activation_layer=nn.ReLU6))
        layers.append(conv(inner * expand, out, 1, activation_layer=None))
        self.block, self.drop = nn.Sequential(*layers), StochasticDepth(drop, "row")

    def forward(self, x):
        return x + self.drop(self.block(x)) if self.residual else self.block(x)


def lite(width, depth, dropout, norm):
    """EfficientNet-Lite: no squeeze-and-excitation, ReLU6, stem, head and the first and last stage not scaled."""
    rows = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]
    counts = [n if i in (0, 6) else math.ceil(n * depth) for i, (*_, n) in enumerate(rows)]
    inner, done, stages = 32, 0, [Conv2dNormActivation(3, 32, 3, 2, norm_layer=norm, activation_layer=nn.ReLU6)]
    for (expand, kernel, stride, out, _), count in zip(rows, counts):
        out, blocks = torchvision.models._utils._make_divisible(out * width, 8), []
        for i in range(count):
            blocks.append(LiteBlock(inner, expand, out, kernel, stride if i == 0 else 1, norm, 0.2 * done / sum(counts)))
            inner, done = out, done + 1
        stages.append(nn.Sequential(*blocks))
    stages.append(Conv2dNormActivation(inner, 1280, 1, norm_layer=norm, activation_layer=nn.ReLU6))
    return nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(dropout), nn.Linear(1280, CLASSES))


def networks():
    for name in TORCHVISION:
        yield name, getattr(torchvision.models, name)(num_classes=CLASSES)
    for i, (width, depth) in enumerate(SCALES):
        dropout = 0.2 if i < 2 else 0.3
        yield f"tf_efficientnet_b{i}", as_tensorflow(getattr(torchvision.models, f"efficientnet_b{i}")(num_classes=CLASSES, norm_layer=partial(nn.BatchNorm2d, eps=1e-3)))
        yield f"efficientnet_lite{i}", lite(width, depth, dropout, nn.BatchNorm2d)
        yield f"tf_efficientnet_lite{i}", as_tensorflow(lite(width, depth, dropout, partial(nn.BatchNorm2d, eps=1e-3)))


def rounded(values):
    return [float(f"{x:.7g}") for x in values]


def measure(name, model):
    if name not in TORCHVISION and name[-1] in "123":
        return {"shapes": [list(p.shape) for p in model.parameters()]}
    fill(model)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0  # one batch sets the running averages, so that evaluation stays in range
    model.train()
    torch.manual_seed(SEED)
    logits = model(formula(1000, (4, 3, 64, 64)))
    F.cross_entropy(logits, LABELS).backward()
    gradients = []
    for index, (_, p) in enumerate(model.named_parameters()):
        gradients += [p.grad.double().norm(), (p.grad.double() * formula(index + 7, p.shape).double()).sum()]
    model.eval()
    with torch.no_grad():
        evaluated = {str(side): rounded(model(formula(side, (2, 3, side, side))).flatten().tolist()) for side in (64, 97)}
    result = {"train": rounded(logits.flatten().tolist()), "gradients": rounded(float(g) for g in gradients), "eval": evaluated}
    if name in TORCHVISION:
        result["state"] = {key: list(tensor.shape) for key, tensor in model.state_dict().items() if not key.endswith(("running_var", "num_batches_tracked"))}
    else:
        result["shapes"] = [list(p.shape) for p in model.parameters()]
    return result


def main():
    torch.set_num_threads(1)
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    golden = {name: measure(name, model) for name, model in networks()}
    with open(OUT, "w") as file:
        file.write("{\n" + ",\n".join(f"{json.dumps(name)}:{json.dumps(value, separators=(',', ':'))}" for name, value in golden.items()) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())

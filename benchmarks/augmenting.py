"""The steps of our augmentation recipes, one after another, with torchvision and OpenCV on one thread: images a second of this process's own processor time, as JSON.

  augmenting.py stack NAME [SIZE] [FRAMES]    the steps of a recipe: standard or sign1, torchvision's functions where it has them, else OpenCV's
  augmenting.py steps [SIZE] [FRAMES]         each step by itself, by the faster of the libraries that have it
FRAMES: a folder of images; without it, noise that is smooth.
"""
import glob
import json
import math
import random
import sys
import time

import cv2
import numpy as np
import torch
import torchvision.transforms.functional as F
from torchvision import transforms as T

torch.set_num_threads(1)
cv2.setNumThreads(1)
LINEAR = F.InterpolationMode.BILINEAR


def frames(size, folder):
    if folder:
        paths = sorted(glob.glob(folder + "/**/*.jpg", recursive=True))
        pictures = [cv2.resize(cv2.imread(p)[..., ::-1], (size, size), interpolation=cv2.INTER_AREA) for p in paths[:: max(1, len(paths) // 32)][:32]]
    else:
        rng = np.random.default_rng(1)
        pictures = [cv2.resize(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8), (size, size), interpolation=cv2.INTER_CUBIC) for _ in range(8)]
    return [np.ascontiguousarray(p) for p in pictures]


def rate(step, pictures, seconds=1.0):
    step(pictures[0])
    best = 0
    for _ in range(3):
        started, count = time.process_time(), 0
        while time.process_time() - started < seconds:
            step(pictures[count % len(pictures)])
            count += 1
        best = max(best, count / (time.process_time() - started))
    return round(best, 1)


def tensor(picture):
    return torch.from_numpy(picture).permute(2, 0, 1)


def array(picture):
    return np.ascontiguousarray(picture.permute(1, 2, 0).numpy())


def uniform(low, high):
    return random.uniform(low, high)


def chance(p):
    return random.random() < p


def lift(x, by):
    return (x.to(torch.int16) + int(255 * by)).clamp_(0, 255).to(torch.uint8)


def channel_gain(x, low, high):
    return (x.float() * torch.empty(3, 1, 1).uniform_(low, high)).clamp_(0, 255).to(torch.uint8)


def noise(x, sigma):
    return (x.float() + torch.randn(x.shape) * sigma).clamp_(0, 255).to(torch.uint8)


def grid_map(size, cells, distortion):
    def axis():
        places = np.concatenate([[0], np.cumsum([1 + uniform(-distortion, distortion) for _ in range(cells)])])
        return np.interp((np.arange(size) + 0.5) / size, np.linspace(0, 1, cells + 1), places / places[-1]) * size - 0.5
    return np.meshgrid(axis().astype(np.float32), axis().astype(np.float32))


def optical_map(size, k):
    camera = np.array([[size, 0, size / 2], [0, size, size / 2], [0, 0, 1]], np.float64)
    return cv2.initUndistortRectifyMap(camera, np.array([k, 0, 0, 0], np.float64), None, camera, (size, size), cv2.CV_32FC1)


def remap(x, maps):
    return cv2.remap(x, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def line(length):
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (random.randrange(length), 0), (random.randrange(length), length - 1), 1)
    return kernel / kernel.sum()


def disc(radius):
    r = math.ceil(radius)
    kernel = np.clip(radius + 0.5 - np.hypot(*np.meshgrid(np.arange(-r, r + 1), np.arange(-r, r + 1))), 0, 1).astype(np.float32)
    return kernel / kernel.sum()


def on_luma(x, change):
    ycc = cv2.cvtColor(x, cv2.COLOR_RGB2YCrCb)
    ycc[..., 0] = change(ycc[..., 0])
    return cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB)


def capsules(x, count):
    # A plain finger: OpenCV draws it flat, without roundness, edge or joints.
    size = x.shape[0]
    x = x.copy()
    for _ in range(count):
        a = (random.randrange(size), random.randrange(size))
        b = (a[0] + random.randint(-size // 3, size // 3), a[1] + random.randint(-size // 3, size // 3))
        cv2.line(x, a, b, (160, 126, 86), int(uniform(0.06, 0.12) * size), cv2.LINE_AA)
    return x


def fingers(x, count):
    # The same job as ours with OpenCV: three bones, round and lit by the distance to their edge, softly edged.
    size = x.shape[0]
    x = x.copy()
    for _ in range(count):
        radius = uniform(0.03, 0.06) * size
        angle, bend = uniform(-math.pi, math.pi), uniform(0, 0.7)
        at, length = np.array([uniform(0, size), uniform(0, size)]), 2 * radius * uniform(3.5, 6)
        points = [at]
        for part in (0.46, 0.28, 0.26):
            points.append(points[-1] + part * length * np.array([math.cos(angle), math.sin(angle)]))
            angle += bend
        pad = int(2 * radius) + 2
        low = np.clip(np.min(points, 0).astype(int) - pad, 0, size)
        high = np.clip(np.max(points, 0).astype(int) + pad, 0, size)
        if (high - low).min() < 2:
            continue
        mask = np.zeros((high[1] - low[1], high[0] - low[0]), np.uint8)
        for a, b in zip(points, points[1:]):
            cv2.line(mask, tuple((a - low).astype(int)), tuple((b - low).astype(int)), 255, int(2 * radius), cv2.LINE_AA)
        depth = cv2.distanceTransform(mask, cv2.DIST_L2, 3) / radius
        shade = 0.46 + 0.62 * np.sqrt(np.clip(1 - (1 - np.minimum(depth, 1)) ** 2, 0, 1))
        cover = (mask / np.float32(255))[..., None]
        part = x[low[1]:high[1], low[0]:high[0]]
        part[:] = (part * (1 - cover) + cover * np.clip(shade[..., None] * np.float32([160, 126, 86]), 0, 255)).astype(np.uint8)
    return x


def boxes(x, count, size):
    for _ in range(count):
        w, h = (60, 30) if chance(0.5) else (30, 60)
        w, h = w * size // 224, h * size // 224
        top, left = random.randrange(size - h), random.randrange(size - w)
        x = F.erase(x, top, left, h, w, torch.tensor([106, 87, 55], dtype=torch.uint8).view(3, 1, 1))
    return x


def standard(picture):
    size = picture.shape[0]
    x = tensor(picture)
    scale = uniform(0.65, 1.3)
    x = F.affine(x, 0, [int(uniform(-0.1, 0.1) * size), int(uniform(-0.1, 0.1) * size)], 1 / scale, [0, 0], LINEAR)
    x = F.hflip(x) if chance(0.5) else x
    x = F.rotate(x, uniform(-15, 15), LINEAR)
    x = F.adjust_hue(x, uniform(-0.05, 0.05))
    x = F.adjust_saturation(x, uniform(0.4, 1.6))
    x = channel_gain(x, 0.85, 1.15)
    x = F.adjust_contrast(x, uniform(0.5, 1.5))
    x = F.adjust_brightness(x, uniform(0.6, 1.4))
    return array(F.adjust_gamma(x, uniform(0.67, 1.49)))


def sign1(picture):
    size = picture.shape[0]
    x = F.resize(tensor(picture), [size * 8 // 7, size * 8 // 7], LINEAR)
    top, left = random.randrange(size // 7 + 1), random.randrange(size // 7 + 1)
    x = F.crop(x, top, left, size, size)
    x = F.hflip(x) if chance(0.5) else x
    if chance(0.5):
        x = F.affine(x, 0, [int(uniform(-0.0625, 0.0625) * size), int(uniform(-0.0625, 0.0625) * size)], 1, [0, 0], LINEAR)
    if chance(0.5):
        x = F.affine(x, 0, [0, 0], uniform(0.9, 1.1), [0, 0], LINEAR)
    if chance(0.5):
        x = F.rotate(x, uniform(-45, 45), LINEAR)
    if chance(0.3):
        x = F.perspective(x, *T.RandomPerspective.get_params(size, size, uniform(0.05, 0.1)), LINEAR)
    if chance(0.5):
        which = random.randrange(3)
        if which == 2:
            x = F.elastic_transform(x, T.ElasticTransform.get_params([uniform(1, 3) * 50, uniform(1, 3) * 50], [8, 8], [size, size]), LINEAR)
        else:
            x = tensor(remap(array(x), grid_map(size, 5, 0.3) if which else optical_map(size, uniform(-0.05, 0.05))))
    x = F.adjust_hue(x, uniform(-0.11, 0.11)) if chance(0.5) else x
    x = F.adjust_saturation(x, uniform(0.7, 1.3)) if chance(0.5) else x
    x = F.adjust_brightness(x, uniform(0.8, 1.2)) if chance(0.5) else x
    x = F.adjust_contrast(x, uniform(0.8, 1.2)) if chance(0.5) else x
    x = lift(x, uniform(-0.2, 0.2)) if chance(0.5) else x
    x = (x.float() + torch.randn(3, 1, 1) * 3).clamp_(0, 255).to(torch.uint8) if chance(0.5) else x
    x = F.adjust_gamma(x, uniform(0.8, 1.2)) if chance(0.5) else x
    x = boxes(x, random.randint(1, 4), size) if chance(0.5) else x
    y = array(x)
    y = capsules(y, random.randint(1, 3)) if chance(0.5) else y
    if chance(0.3):
        y = on_luma(y, cv2.createCLAHE(uniform(1, 4), (8, 8)).apply) if chance(0.5) else array(F.adjust_sharpness(tensor(y), 1.4))
    if chance(0.3):
        y = cv2.filter2D(y, -1, line(random.choice([3, 5, 7])) if chance(0.5) else disc(uniform(1, 3)))
    y = array(noise(tensor(y), uniform(3.2, 7.1))) if chance(0.3) else y
    if chance(0.2):
        y = cv2.imdecode(cv2.imencode(".jpg", y, [cv2.IMWRITE_JPEG_QUALITY, random.randint(80, 100)])[1], cv2.IMREAD_COLOR)
    return y


def steps(size):
    def warp(x, m):
        return cv2.warpAffine(x, m, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def turn():
        return cv2.getRotationMatrix2D((size / 2, size / 2), uniform(-15, 15), 1)

    box = np.full((3, 3), -0.8 / 9, np.float32)
    box[1, 1] += 1.8
    lut = np.clip(255 * (np.arange(256) / 255) ** 1.3, 0, 255).astype(np.uint8)
    grain = np.empty((size, size, 3), np.int16)

    def grainy(x):
        cv2.randn(grain, 0, 7)
        return cv2.add(x, grain, dtype=cv2.CV_8U)

    grey = np.array([[0.4 + 0.6 * (i == j) * 0 + 0.6 * w for j, w in enumerate((0.299, 0.587, 0.114))] for i in range(3)], np.float32)
    # "flat lines" are what OpenCV draws fastest in a finger's place: no counterpart, but good to know.
    return {
        "zoom": [lambda x: F.resized_crop(tensor(x), 20, 20, size - 40, size - 40, [size, size], LINEAR), lambda x: warp(x, np.float32([[1.2, 0, -20], [0, 1.2, -20]]))],
        "rotate": [lambda x: F.rotate(tensor(x), uniform(-15, 15), LINEAR), lambda x: warp(x, turn())],
        "shift": [lambda x: F.affine(tensor(x), 0, [5, -7], 1, [0, 0], LINEAR), lambda x: warp(x, np.float32([[1, 0, 5.3], [0, 1, -7.2]]))],
        "scale": [lambda x: F.affine(tensor(x), 0, [0, 0], 1.1, [0, 0], LINEAR), lambda x: warp(x, np.float32([[1.1, 0, -9], [0, 1.1, -9]]))],
        "shear": [lambda x: warp(x, np.float32([[1, 0.1, -9], [0, 1, 0]]))],
        "perspective": [lambda x: F.perspective(tensor(x), *T.RandomPerspective.get_params(size, size, 0.3), LINEAR),
                        lambda x: cv2.warpPerspective(x, np.float32([[1, 0.1, 3], [0.05, 1, 2], [2e-4, 1e-4, 1]]), (size, size))],
        "optical": [lambda x: remap(x, optical_map(size, uniform(-0.2, 0.2)))],
        "grid": [lambda x: remap(x, grid_map(size, 5, 0.3))],
        "elastic": [lambda x: F.elastic_transform(tensor(x), T.ElasticTransform.get_params([100.0, 100.0], [8.0, 8.0], [size, size]), LINEAR)],
        "resize": [lambda x: cv2.resize(cv2.resize(x, (256, 256)), (size, size))],
        "flip": [lambda x: F.hflip(tensor(x)).contiguous(), lambda x: cv2.flip(x, 1)],
        "brightness": [lambda x: F.adjust_brightness(tensor(x), uniform(0.7, 1.3)), lambda x: cv2.convertScaleAbs(x, alpha=uniform(0.7, 1.3))],
        "contrast": [lambda x: F.adjust_contrast(tensor(x), uniform(0.7, 1.3)), lambda x: cv2.convertScaleAbs(x, alpha=1.2, beta=-20)],
        "gamma": [lambda x: F.adjust_gamma(tensor(x), uniform(0.7, 1.4)), lambda x: cv2.LUT(x, np.clip(255 * (np.arange(256) / 255) ** uniform(0.7, 1.4), 0, 255).astype(np.uint8))],
        "hue": [lambda x: F.adjust_hue(tensor(x), uniform(-0.05, 0.05)), lambda x: cv2.transform(x, grey)],
        "saturation": [lambda x: F.adjust_saturation(tensor(x), uniform(0.6, 1.4)), lambda x: cv2.transform(x, grey)],
        "channel-gain": [lambda x: channel_gain(tensor(x), 0.85, 1.15), lambda x: cv2.multiply(x, (1.1, 0.9, 1.05, 0))],
        "solarize": [lambda x: F.solarize(tensor(x), 128), lambda x: cv2.LUT(x, lut)],
        "posterize": [lambda x: F.posterize(tensor(x), 4)],
        "invert": [lambda x: F.invert(tensor(x)), cv2.bitwise_not],
        "greyscale": [lambda x: F.rgb_to_grayscale(tensor(x), 3), lambda x: cv2.cvtColor(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)],
        "box-dropout": [lambda x: array(boxes(tensor(x), 2, size))],
        "finger-dropout": [lambda x: fingers(x, random.randint(1, 3))],
        "flat lines": [lambda x: capsules(x, 2)],
        "sharpen": [lambda x: F.adjust_sharpness(tensor(x), 1.5), lambda x: cv2.filter2D(x, -1, box)],
        "motion-blur": [lambda x: cv2.filter2D(x, -1, line(7))],
        "defocus": [lambda x: cv2.filter2D(x, -1, disc(2.1))],
        "noise": [lambda x: noise(tensor(x), 7), grainy],
        "jpeg": [lambda x: cv2.imdecode(cv2.imencode(".jpg", x, [cv2.IMWRITE_JPEG_QUALITY, random.randint(15, 70)])[1], cv2.IMREAD_COLOR)],
        "equalize": [lambda x: F.equalize(tensor(x)), lambda x: on_luma(x, cv2.equalizeHist)],
        "clahe": [lambda x: on_luma(x, cv2.createCLAHE(uniform(1, 4), (8, 8)).apply)],
        "low-resolution": [lambda x: cv2.resize(cv2.resize(x, (size // 2, size // 2)), (size, size))],
    }


if __name__ == "__main__":
    random.seed(1)
    command, *rest = sys.argv[1:]
    if command == "stack":
        name, size, folder = rest[0], int((rest[1:] or ["224"])[0]), (rest[2:] or [None])[0]
        print(json.dumps({name: rate({"standard": standard, "sign1": sign1}[name], frames(size, folder), 2)}))
    else:
        size, folder = int((rest or ["224"])[0]), (rest[1:] or [None])[0]
        pictures = frames(size, folder)
        print(json.dumps({name: max(rate(one, pictures, 0.25) for one in ways) for name, ways in steps(size).items()}))

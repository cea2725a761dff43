"""What OpenCV, torchvision and numpy make of a small picture: golden.json. Run by hand (python3-opencv, python3-torchvision) when a case is added."""
import json
import os

import cv2
import numpy as np
import torch
import torchvision.transforms.functional as F

S = 32
POINTS = [(8, 9), (15, 16), (20, 11), (11, 22), (23, 23), (16, 7), (9, 17), (18, 19)]  # x, y
y, x, c = np.meshgrid(np.arange(S), np.arange(S), np.arange(3), indexing="ij")
picture = np.floor(127.5 + 110 * np.sin(0.31 * x + 0.17 * y + 1.3 * c) + 0.5).astype(np.uint8)
tensor = torch.from_numpy(picture).permute(2, 0, 1)
golden = {}


def put(name, result):
    if isinstance(result, torch.Tensor):
        result = result.permute(1, 2, 0).numpy()
    golden[name] = [[int(v) for v in result[y, x]] for x, y in POINTS]


def remap(mx, my):
    return cv2.remap(picture, mx.astype(np.float32), my.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


yy, xx = np.meshgrid(np.arange(S), np.arange(S), indexing="ij")
u, v = xx - 15.5, yy - 15.5

put("rotate", F.rotate(tensor, 17, F.InterpolationMode.BILINEAR))
put("scale", F.affine(tensor, 0, [0, 0], 1.3, [0, 0], F.InterpolationMode.BILINEAR))
put("shift", F.affine(tensor, 0, [3, -2], 1, [0, 0], F.InterpolationMode.BILINEAR))
put("flip", F.hflip(tensor))
put("shear", remap(15.5 + u - 0.2 * v, 15.5 + v - 0.1 * u))
put("pad", remap(15.5 + u * 1.4, 15.5 + v * 1.4))
corners = np.float32([[-2, -1], [34, -3], [33, 35], [-4, 33]])
put("perspective", cv2.warpPerspective(picture, cv2.getPerspectiveTransform(np.float32([[-.5, -.5], [31.5, -.5], [31.5, 31.5], [-.5, 31.5]]), corners), (S, S),
                                       flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE))
camera = np.array([[32, 0, 15.5], [0, 32, 15.5], [0, 0, 1]], np.float64)
put("optical", remap(*cv2.initUndistortRectifyMap(camera, np.array([0.3, -0.1, 0, 0], np.float64), None, camera, (S, S), cv2.CV_32FC1)))
places = np.array([0, 0.15, 0.55, 0.7, 1])
across = np.interp((np.arange(S) + 0.5) / S, np.linspace(0, 1, 5), places) * S - 0.5
put("grid", remap(np.tile(across, (S, 1)), np.tile(across[:, None], (1, S))))
# A cubic B-spline over 6 x 6 nodes, whose nodes - 3 cells cover the picture.
nodes = 6
lattice = np.array([[[1.5 * np.sin(1.1 * i + 0.7 * j), 1.5 * np.cos(0.9 * i - 0.4 * j)] for i in range(nodes)] for j in range(nodes)])


def weights(t):
    return np.array([(1 - t) ** 3, 3 * t ** 3 - 6 * t ** 2 + 4, -3 * t ** 3 + 3 * t ** 2 + 3 * t + 1, t ** 3]) / 6


field = np.zeros((S, S, 2))
for j in range(S):
    for i in range(S):
        a, b = (i + 0.5) / S * (nodes - 3), (j + 0.5) / S * (nodes - 3)
        wx, wy = weights(a - int(a)), weights(b - int(b))
        field[j, i] = np.einsum("j,i,jic->c", wy, wx, lattice[int(b):int(b) + 4, int(a):int(a) + 4])
put("elastic", remap(xx + field[..., 0], yy + field[..., 1]))

put("brightness", F.adjust_brightness(tensor, 1.3))
put("gamma", F.adjust_gamma(tensor, 1.7))
put("saturation", F.adjust_saturation(tensor, 0.4))
put("greyscale", F.rgb_to_grayscale(tensor, 3))
put("solarize", F.solarize(tensor, 128))
put("posterize", F.posterize(tensor, 3))
put("invert", F.invert(tensor))
put("contrast", np.clip(np.floor((picture - 114.0) * 1.4 + 114 + 0.5), 0, 255))

box = np.ones((3, 3), np.float32) / 9
sharpen = -0.8 * box
sharpen[1, 1] += 1.8
put("sharpen", cv2.filter2D(picture, -1, sharpen))
put("motion-blur", cv2.filter2D(picture, -1, np.ones((1, 7), np.float32) / 7))
disc = np.clip(2.5 + 0.5 - np.hypot(*np.meshgrid(np.arange(-3, 4), np.arange(-3, 4))), 0, 1).astype(np.float32)
put("defocus", cv2.filter2D(picture, -1, disc / disc.sum()))


def on_luma(change):
    ycc = cv2.cvtColor(picture, cv2.COLOR_RGB2YCrCb)
    ycc[..., 0] = change(np.ascontiguousarray(ycc[..., 0]))
    return cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB)


put("equalize", on_luma(cv2.equalizeHist))
put("clahe", on_luma(cv2.createCLAHE(3, (4, 4)).apply))
put("jpeg", cv2.imdecode(cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR)[..., ::-1])

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden.json"), "w") as f:
    f.write("{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in golden.items()) + "\n}\n")

"""Perceptual hashes as two peers compute them, a line a picture: path, CleanVision's (by imagehash), imagededup's.

    peers.py FOLDER...
"""
import os
import sys

import numpy
from PIL import Image

SIDE = 32
grid = numpy.arange(SIDE)
DCT = 2 * numpy.cos(numpy.pi * grid[:, None] * (2 * grid[None, :] + 1) / (2 * SIDE))


def packed(bits):
    return f"{int(''.join('1' if bit else '0' for bit in bits.flatten()), 2):016x}"


def hashes(path):
    with Image.open(path) as image:
        pixels = numpy.asarray(image.convert("L").resize((SIDE, SIDE), Image.LANCZOS), dtype=numpy.float64)
    low = (DCT @ pixels @ DCT.T)[:8, :8]
    # One takes the median of all coefficients, the other leaves the mean of the picture out.
    return packed(low > numpy.median(low)), packed(low >= numpy.median(low.flatten()[1:]))


for folder in sys.argv[1:]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            print(os.path.abspath(path), *hashes(path), sep="\t")

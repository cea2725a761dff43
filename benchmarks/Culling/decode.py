"""Decodes every picture below a folder with OpenCV, in two processes, and does nothing else: prints the seconds, finding the files included,
the start of Python and OpenCV not.

    decode.py FOLDER
"""
import multiprocessing
import os
import sys
import time

import cv2


def decode(paths):
    cv2.setNumThreads(1)
    for path in paths:
        assert cv2.imread(path) is not None, path


if __name__ == "__main__":
    start = time.perf_counter()
    files = [os.path.join(parent, name) for parent, _, names in os.walk(sys.argv[1]) for name in names if name.endswith(".jpg")]
    workers = [multiprocessing.Process(target=decode, args=(files[part::2],)) for part in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print(f"{time.perf_counter() - start:.2f}")

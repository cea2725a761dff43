"""Area under the ROC curve by which measures of sharpness tell frames from blurred copies of them; see sharpness.sh.

A frame's copies: motion blur along a line of 5 to 25 px at any angle, defocus by a disc of 2 to 6 px radius, and both of the hand alone.
Black bars are cut off first: what blurs a picture happens in the camera, and the edge of a bar is sharp beside any hand.
Pixels are those of a picture whose longer side is 480 px: a picture of 100 px is blurred by 1.0 to 5.2 px of its own. Every picture is scored as
it is; the peers that name a size (Laplacian variance and Tenengrad: 480 px; CleanVision: 64 px) get it.
The hand is the largest warm part (Otsu's threshold of Cr - Cb), grown by 1.5 % of the side, with a soft edge: the subject as a person would cut it out in nearly
every picture, but found by the same colour as ours looks at, so the two hand columns favour ours where that colour fails in both.
Frames of the label "nothing" have no hand to blur. A scene: four successive frames of a label (phone, webcam), eight successive photographs (digits: a signer or two).
"""

import os, re, sqlite3, subprocess, sys
import cv2
import numpy as np

KINDS = ["motion", "defocus", "hand motion", "hand defocus"]
SOURCES = {"asl_phone": 4, "asl_webcam": 4, "digits": 8}


def number(path):
    return int(re.findall(r"\d+", os.path.basename(path))[-1])


def scenes(folder, run, count):
    """Runs of successive files, spread evenly over the labels; files of digits are numbered across the labels."""
    labels = sorted(os.listdir(folder))
    groups = [[os.path.join(folder, label, f) for f in os.listdir(os.path.join(folder, label))] for label in labels]
    if folder.rstrip("/").endswith("digits"):
        groups = [[f for group in groups for f in group if max(cv2.imread(f).shape) <= 480]]
    each, found = -(-count // len(groups)), []
    for group in groups:
        group.sort(key=number)
        starts = [int((k + 0.3) * len(group) / each) for k in range(each)]
        found += [group[s : s + run] for s in starts]
    return found[:count] if len(found) <= count else [found[i * len(found) // count] for i in range(count)]


def kernel(points):
    """The mean over points (x, y), each shared by the four pixels around it."""
    reach = int(np.ceil(np.abs(points).max())) + 1
    result = np.zeros((2 * reach + 1, 2 * reach + 1))
    for x, y in points + reach:
        i, j = int(x), int(y)
        u, v = x - i, y - j
        for row, column, weight in [(j, i, (1 - u) * (1 - v)), (j, i + 1, u * (1 - v)), (j + 1, i, (1 - u) * v), (j + 1, i + 1, u * v)]:
            if weight:
                result[row, column] += weight
    return result / len(points)


def motion(random, side):
    length, angle = (5 + 20 * random.random()) * side / 480, np.pi * random.random()
    t = length * (np.arange(256) / 255 - 0.5)
    return kernel(np.stack([t * np.cos(angle), t * np.sin(angle)], 1))


def defocus(random, side):
    radius = (2 + 4 * random.random()) * side / 480
    r, a = radius * np.sqrt((np.arange(1024) + 0.5) / 1024), np.arange(1024) * 2.399963
    return kernel(np.stack([r * np.cos(a), r * np.sin(a)], 1))


def content(picture):
    """The picture within black bars and what a codec smeared of them."""
    bright = picture.max(2) > 24
    def inside(lines):
        first, last = np.flatnonzero(lines)[[0, -1]] if lines.any() else (0, len(lines) - 1)
        return slice(first + 6 * (first > 0), last + 1 - 6 * (last < len(lines) - 1))
    return picture[inside(bright.any(1)), inside(bright.any(0))].copy()


def hand(picture):
    side = max(picture.shape)
    colour = cv2.cvtColor(cv2.GaussianBlur(picture, (0, 0), side / 160), cv2.COLOR_BGR2YCrCb).astype(np.float32)
    warm = cv2.normalize(colour[..., 1] - colour[..., 2], None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    _, mask = cv2.threshold(warm, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return None
    mask = (labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])).astype(np.uint8)
    if not 0.03 < mask.mean() < 0.7:
        return None
    width = int(side * 0.03) | 1
    mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))
    return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), side / 120)[..., None]


def copies(picture, random, signs):
    side, exact = max(picture.shape), picture.astype(np.float32)
    mask = hand(picture) if signs else None
    blurs = [motion(random, side), defocus(random, side), motion(random, side), defocus(random, side)]
    for kind, blur in zip(KINDS, blurs):
        if kind.startswith("hand") and mask is None:
            continue
        blurred = cv2.filter2D(exact, cv2.CV_32F, blur, borderType=cv2.BORDER_REPLICATE)
        if kind.startswith("hand"):
            blurred = exact + (blurred - exact) * mask
        yield kind, np.clip(np.rint(blurred), 0, 255).astype(np.uint8)


def grey(picture, side):
    picture = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    scale = side / max(picture.shape)
    return picture if scale == 1 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def laplacian(picture):
    return cv2.Laplacian(grey(picture, 480), cv2.CV_64F).var()


def tenengrad(picture):
    g = grey(picture, 480)
    return (cv2.Sobel(g, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(g, cv2.CV_32F, 0, 1) ** 2).mean()


def cleanvision(picture):
    """The variance of the edges (8-neighbour Laplacian, clipped) at 64 px; the published score is a monotone function of it."""
    edges = cv2.filter2D(grey(picture, 64), cv2.CV_32F, np.float32([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]))
    return np.clip(edges, 0, 255).var()


def blurdetect(folder):
    told = subprocess.run(["ffmpeg", "-v", "error", "-threads", "1", "-i", os.path.join(folder, "%04d.png"), "-vf", "blurdetect,metadata=print:file=-", "-f", "null", "-"],
                          capture_output=True, text=True, check=True).stdout
    return [-float(v) if v != "nan" else -1e9 for v in re.findall(r"lavfi.blur=(\S+)", told)]


def ours(folder):
    subprocess.run([os.environ.get("CULL", "bin/cull"), folder, "-o", os.path.join(folder, "frames.db"), "--valid", "0", "--test", "0", "-q"], check=True)
    with sqlite3.connect(os.path.join(folder, "frames.db")) as manifest:
        rows = manifest.execute("SELECT path, sharpness FROM frame").fetchall()
    return {(os.path.basename(os.path.dirname(path)), number(path)): sharpness for path, sharpness in rows}


def area(sharp, blurred):
    sharp, blurred = np.asarray(sharp)[:, None], np.asarray(blurred)[None]
    return (sharp > blurred).mean() + 0.5 * (sharp == blurred).mean()


def table(name, source, scores, frames):
    """scores: kind -> {frame: score}; frames: scene of each frame."""
    def across(kinds):
        return area(list(scores["sharp"].values()), [s for k in kinds for s in scores[k].values()])

    def within(kinds):
        areas = []
        for scene in sorted(set(frames)):
            inside = [i for i, s in enumerate(frames) if s == scene]
            blurred = [scores[k][i] for k in kinds for i in inside if i in scores[k]]
            if blurred:
                areas.append(area([scores["sharp"][i] for i in inside], blurred))
        return np.mean(areas)

    cells = " ".join(f"{within(kinds):6.3f} {across(kinds):6.3f}  " for kinds in [KINDS] + [[k] for k in KINDS])
    print(f"{source:11s} {name:11s} {cells}", flush=True)


def main(data, work, count):
    print(f"{'':23s} " + " ".join(f"{k:^15s}" for k in ["all"] + KINDS) + "\n" + f"{'source':11s} {'measure':11s} " + " ".join(["within across  "] * 5))
    for source, run in SOURCES.items():
        random, folder, found = np.random.default_rng(7), os.path.join(work, source), scenes(os.path.join(data, source), run, count)
        for kind in ["sharp"] + KINDS:
            os.makedirs(os.path.join(folder, kind), exist_ok=True)
        frames, measures, places = [], {m: {k: {} for k in ["sharp"] + KINDS} for m in ["Laplacian", "Tenengrad", "CleanVision", "blurdetect"]}, {k: [] for k in ["sharp"] + KINDS}
        for scene, files in enumerate(found):
            for file in files:
                picture, frame, signs = content(cv2.imread(file)), len(frames), os.path.basename(os.path.dirname(file)) != "nothing"
                frames.append(scene)
                for kind, copy in [("sharp", picture), *copies(picture, random, signs)]:
                    places[kind].append(frame)
                    cv2.imwrite(os.path.join(folder, kind, f"{len(places[kind]) - 1:04d}.png"), copy, [cv2.IMWRITE_PNG_COMPRESSION, 1])
                    for name, measure in [("Laplacian", laplacian), ("Tenengrad", tenengrad), ("CleanVision", cleanvision)]:
                        measures[name][kind][frame] = measure(copy)
        for kind, listed in places.items():
            measures["blurdetect"][kind] = dict(zip(listed, blurdetect(os.path.join(folder, kind))))
        scored = ours(folder)
        table("ours", source, {kind: {frame: scored[kind, i] for i, frame in enumerate(listed)} for kind, listed in places.items()}, frames)
        for name, scores in measures.items():
            table(name, source, scores, frames)
        print(f"{'':11s} {len(frames)} frames, {len(places['hand motion'])} of them with a hand cut out")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

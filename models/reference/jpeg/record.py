"""Records what Pillow (with libjpeg-turbo) decodes from small JPEG files of many layouts.

Run in this folder: python record.py   (Pillow 12.3.0, libjpeg-turbo 3.1.4.1, NumPy)
Writes NAME.jpg and recordings.csv: name, width, height, sha256 of the upright R G B bytes.
"""
import hashlib
import io

import numpy as np
from PIL import Image, ImageOps

recordings = []


def picture(width, height, seed=7):
    """Slopes, waves, an edge and some noise: every coefficient occurs."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack(
        [
            255 * x / max(1, width - 1),
            255 * y / max(1, height - 1),
            128 + 100 * np.sin(x / 3.0) * np.cos(y / 4.0),
        ],
        2,
    )
    rgb[height // 4 : height // 2, width // 3 : width // 2] = (250, 20, 30)
    rgb += np.random.default_rng(seed).normal(0, 6, rgb.shape)
    return Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))


def record(name, data):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    with open(name + ".jpg", "wb") as out:
        out.write(data)
    digest = hashlib.sha256(image.tobytes()).hexdigest()
    recordings.append(f"{name},{image.width},{image.height},{digest}")


def encode(image, **options):
    out = io.BytesIO()
    image.save(out, "jpeg", **options)
    return out.getvalue()


def segments(data):
    """Marker and content of every segment, and the coded data behind the only scan's header."""
    found, at = [], 2
    while True:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((marker, data[at + 4 : at + 2 + length]))
        at += 2 + length
        if marker == 0xDA:
            return found, data[at:-2]


def segment(marker, content):
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


def one_by_one(width, height, step):
    """A sequential picture whose three components come in three scans."""
    planes = list(picture(width, height).convert("YCbCr").split())
    reduced = (-(-width // step), -(-height // step))
    planes[1:] = [plane.resize(reduced, Image.Resampling.BOX) for plane in planes[1:]]
    frame = bytes([8]) + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes([3])
    tables, scans = b"", b""
    for number, plane in enumerate(planes):
        found, coded = segments(encode(plane, quality=80))
        sampling = step * 0x11 if number == 0 else 0x11
        frame += bytes([number + 1, sampling, number])
        for marker, content in found:
            if marker in (0xDB, 0xC4):  # the low half of the first byte is the table's number
                tables += segment(marker, bytes([content[0] | number]) + content[1:])
        scans += segment(0xDA, bytes([1, number + 1, number * 0x11, 0, 63, 0])) + coded
    return b"\xff\xd8" + tables + segment(0xC1, frame) + scans + b"\xff\xd9"


def upright_chroma(quality):
    """4:4:0, which Pillow does not write: 4:2:2 with as many units, relabelled."""
    data = bytearray(encode(picture(32, 32), quality=quality, subsampling=1))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = (31).to_bytes(2, "big") + (27).to_bytes(2, "big")
    assert data[at + 11] == 0x21
    data[at + 11] = 0x12
    return bytes(data)


SAMPLINGS = {"444": 0, "422": 1, "420": 2}
for label, sampling in SAMPLINGS.items():
    for width, height in [(1, 1), (3, 2), (5, 4), (6, 17), (8, 8), (16, 16), (17, 9), (33, 31)]:
        data = encode(picture(width, height), quality=75, subsampling=sampling)
        record(f"{label}-{width}x{height}", data)
    record(f"{label}-q100", encode(picture(21, 19), quality=100, subsampling=sampling))
    record(f"{label}-q5", encode(picture(49, 35), quality=5, subsampling=sampling))
    record(f"{label}-optimised", encode(picture(35, 18), subsampling=sampling, optimize=True))
    record(
        f"{label}-progressive",
        encode(picture(45, 37), quality=85, subsampling=sampling, progressive=True),
    )
    record(
        f"{label}-restarts",
        encode(picture(67, 41), quality=85, subsampling=sampling, restart_marker_blocks=2),
    )
    record(
        f"{label}-progressive-restarts",
        encode(
            picture(41, 29),
            quality=60,
            subsampling=sampling,
            progressive=True,
            restart_marker_rows=1,
        ),
    )
record("440", upright_chroma(70))
record("440-q95", upright_chroma(95))
record("one-by-one-444", one_by_one(21, 13, 1))
record("one-by-one-420", one_by_one(35, 23, 2))
for width, height in [(1, 1), (9, 17), (33, 7)]:
    record(f"grey-{width}x{height}", encode(picture(width, height).convert("L"), quality=85))
record("grey-progressive", encode(picture(25, 20).convert("L"), quality=85, progressive=True))
record("rgb", encode(picture(23, 14), quality=90, keep_rgb=True))
noise = np.random.default_rng(3).integers(0, 256, (50, 75, 3), np.uint8)
record("noise", encode(Image.fromarray(noise), quality=98))
extremes = np.random.default_rng(3).integers(0, 2, (40, 56, 3), np.uint8) * 255
record("extremes-420", encode(Image.fromarray(extremes), quality=92, subsampling=2))
record("extremes-444", encode(Image.fromarray(extremes), quality=30, subsampling=0))
exif = Image.Exif()
exif[0x0112] = 6
record("orientation6", encode(picture(35, 20), quality=75, exif=exif))
with open("recordings.csv", "w") as out:
    out.write("name,width,height,sha256\n" + "\n".join(recordings) + "\n")

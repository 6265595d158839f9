"""Decodes and resizes JPEG files with Pillow, on request, as the Java side of the comparison does.

Requests come line by line on the standard input: EDGE REPEATS PATH. Each is answered by one line:
seconds of the processor's time per picture, and the sha256 of the resulting R G B bytes. The first line printed names the
versions. Needs Pillow alone.
"""
import hashlib
import io
import sys
import time

import PIL
from PIL import Image, features


def decode_and_resize(data, edge):
    """As transformers' CLIPImageProcessor: shorter edge, bicubic, centre crop."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    width, height = image.size
    short, long = min(width, height), max(width, height)
    size = (edge, int(edge * long / short)) if width <= height else (int(edge * long / short), edge)
    image = image.resize(size, Image.Resampling.BICUBIC)
    left, top = (size[0] - edge) // 2, (size[1] - edge) // 2
    return image.crop((left, top, left + edge, top + edge))


print(f"Pillow {PIL.__version__}, libjpeg-turbo {features.version('libjpeg_turbo')}", flush=True)
for request in sys.stdin:
    edge, repeats, path = request.rstrip("\n").split(" ", 2)
    with open(path, "rb") as file:
        data = file.read()
    start = time.process_time()
    for _ in range(int(repeats)):
        image = decode_and_resize(data, int(edge))
    seconds = (time.process_time() - start) / int(repeats)
    print(seconds, hashlib.sha256(image.tobytes()).hexdigest(), flush=True)

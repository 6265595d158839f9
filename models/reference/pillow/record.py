"""Records what Pillow's Image.resize answers, as SHA-256 of the RGB bytes.

Run: python record.py > recordings.csv
The sources are made by the integer formula below, which the Java test repeats.
"""
import hashlib
import sys

import numpy
import PIL
from PIL import Image

SIZES = [
    ((1, 1), (1, 1)), ((1, 1), (7, 5)), ((2, 3), (1, 1)), ((7, 1021), (13, 80)), ((7, 1021), (3, 2000)),
    ((1021, 7), (224, 224)), ((64, 48), (64, 31)), ((64, 48), (31, 48)), ((33, 65), (99, 129)),
    ((37, 53), (53, 37)), ((3, 3), (224, 224)), ((500, 1), (1, 500)), ((101, 67), (80, 80)),
    ((256, 256), (255, 257)), ((1024, 768), (298, 224)), ((2000, 3), (7, 3)), ((80, 60), (106, 80)),
]


def source(width, height, seed, kind):
    index = numpy.arange(width * height * 3, dtype=numpy.uint64)
    noise = ((index + numpy.uint64(seed)) * numpy.uint64(2654435761) >> numpy.uint64(13)) & numpy.uint64(255)
    if kind == "extremes":
        noise = numpy.where(noise >= 128, 255, 0)
    return noise.astype(numpy.uint8).reshape(height, width, 3)


print(f"# Pillow {PIL.__version__}, NumPy {numpy.__version__}, Python {sys.version.split()[0]}")
print("kind,seed,width,height,newWidth,newHeight,filter,sha256")
seed = 0
for (w, h), (nw, nh) in SIZES:
    for code in range(6):
        for kind in ("noise", "extremes"):
            seed += 1
            out = Image.fromarray(source(w, h, seed, kind)).resize((nw, nh), Image.Resampling(code)).tobytes()
            print(f"{kind},{seed},{w},{h},{nw},{nh},{code},{hashlib.sha256(out).hexdigest()}")

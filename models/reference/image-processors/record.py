"""Records what Hugging Face's image processors (the Pillow ones) answer, as SHA-256 of the float32 bytes.

Run: python record.py > recordings.txt
Each line: width height, the declaration as key=value with JSON values, the result's shape, the digest.
The sources are made by the integer formula below, which the Java test repeats.
"""
import hashlib
import json
import sys

import numpy
import PIL
import transformers
from PIL import Image
from transformers import CLIPImageProcessorPil, ViTImageProcessorPil

CLIP = {
    "image_processor_type": "CLIPImageProcessor", "do_resize": True, "size": {"shortest_edge": 32}, "resample": 3,
    "do_center_crop": True, "crop_size": {"height": 32, "width": 32}, "do_rescale": True,
    "rescale_factor": 0.00392156862745098, "do_normalize": True,
    "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
}
VIT = {
    "image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": 80, "width": 80}, "resample": 2,
    "do_rescale": True, "rescale_factor": 0.00392156862745098, "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5],
}
CASES = [
    (CLIP, [(32, 32), (7, 5), (101, 67), (37, 211)]),
    (CLIP | {"size": 37, "crop_size": 29}, [(53, 41), (29, 1021)]),
    (VIT, [(80, 80), (1, 1), (7, 5), (101, 67), (1021, 33)]),
    (VIT | {"size": 21, "do_normalize": False}, [(13, 40)]),
    (VIT | {"do_resize": False}, [(2, 2), (5, 3)]),
]


def source(width, height):
    index = numpy.arange(width * height * 3, dtype=numpy.uint64)
    noise = ((index + numpy.uint64(7)) * numpy.uint64(2654435761) >> numpy.uint64(13)) & numpy.uint64(255)
    return Image.fromarray(noise.astype(numpy.uint8).reshape(height, width, 3))


print(f"# transformers {transformers.__version__}, Pillow {PIL.__version__}, NumPy {numpy.__version__}, "
      f"Python {sys.version.split()[0]}")
for declaration, sizes in CASES:
    arguments = {key: value for key, value in declaration.items() if key != "image_processor_type"}
    kind = CLIPImageProcessorPil if declaration["image_processor_type"].startswith("CLIP") else ViTImageProcessorPil
    for width, height in sizes:
        pixels = numpy.asarray(kind(**arguments)(source(width, height))["pixel_values"][0])
        assert pixels.dtype == numpy.float32
        digest = hashlib.sha256(numpy.ascontiguousarray(pixels).tobytes()).hexdigest()
        print(width, height, json.dumps(declaration, separators=(",", ":")),
              "x".join(map(str, pixels.shape)), digest)

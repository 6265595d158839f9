"""Records what Hugging Face's image processors (the Pillow ones) and OpenCLIP's transform answer, as SHA-256 of the
float32 bytes.

Run: python record.py > recordings.txt
Each line: width height, the declaration as key=value with JSON values, the result's shape, the digest.
The sources are made by the integer formula below, which the Java test repeats.
"""
import hashlib
import json
import sys

import numpy
import open_clip
import PIL
import transformers
from PIL import Image
from open_clip.transform import image_transform
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
OPEN_CLIP = {
    "image_processor_type": "OpenCLIPTransform", "size": {"height": 32, "width": 32}, "resize_mode": "shortest",
    "interpolation": "bicubic", "image_mean": CLIP["image_mean"], "image_std": CLIP["image_std"],
}
OBLONG = {"size": {"height": 24, "width": 39}}
CASES = [
    (CLIP, [(32, 32), (7, 5), (101, 67), (37, 211)]),
    (CLIP | {"size": 37, "crop_size": 29}, [(53, 41), (29, 1021)]),
    (VIT, [(80, 80), (1, 1), (7, 5), (101, 67), (1021, 33)]),
    (VIT | {"size": 21, "do_normalize": False}, [(13, 40)]),
    (VIT | {"do_resize": False}, [(2, 2), (5, 3)]),
    (OPEN_CLIP, [(32, 32), (7, 5), (101, 66), (37, 211), (33, 32)]),
    (OPEN_CLIP | {"interpolation": "bilinear"}, [(53, 41)]),
    (OPEN_CLIP | OBLONG, [(39, 24), (53, 41), (29, 102), (7, 5)]),
    (OPEN_CLIP | OBLONG | {"resize_mode": "longest", "interpolation": "bilinear"}, [(53, 41), (29, 102), (7, 5)]),
    (OPEN_CLIP | {"resize_mode": "longest"}, [(101, 66), (37, 211), (31, 30)]),
    (OPEN_CLIP | OBLONG | {"resize_mode": "squash"}, [(53, 41), (7, 5)]),
]


def source(width, height):
    index = numpy.arange(width * height * 3, dtype=numpy.uint64)
    noise = ((index + numpy.uint64(7)) * numpy.uint64(2654435761) >> numpy.uint64(13)) & numpy.uint64(255)
    return Image.fromarray(noise.astype(numpy.uint8).reshape(height, width, 3))


def processor(declaration):
    if declaration["image_processor_type"].startswith("OpenCLIP"):
        transform = image_transform(
            (declaration["size"]["height"], declaration["size"]["width"]), is_train=False,
            mean=declaration["image_mean"], std=declaration["image_std"],
            resize_mode=declaration["resize_mode"], interpolation=declaration["interpolation"],
        )
        return lambda picture: transform(picture).numpy()
    arguments = {key: value for key, value in declaration.items() if key != "image_processor_type"}
    kind = CLIPImageProcessorPil if declaration["image_processor_type"].startswith("CLIP") else ViTImageProcessorPil
    return lambda picture: numpy.asarray(kind(**arguments)(picture)["pixel_values"][0])


print(f"# transformers {transformers.__version__}, open_clip {open_clip.__version__}, Pillow {PIL.__version__}, "
      f"NumPy {numpy.__version__}, Python {sys.version.split()[0]}")
for declaration, sizes in CASES:
    for width, height in sizes:
        pixels = processor(declaration)(source(width, height))
        assert pixels.dtype == numpy.float32
        digest = hashlib.sha256(numpy.ascontiguousarray(pixels).tobytes()).hexdigest()
        print(width, height, json.dumps(declaration, separators=(",", ":")),
              "x".join(map(str, pixels.shape)), digest)

"""Records vision towers from the bytes of pictures on: ViT, DINOv2, DINOv2 with registers.

Each case has a folder `checkpoint` as the hub would publish it (config.json, model.safetensors,
preprocessor_config.json) with media/<case>.png and a golden.safetensors: `pre.<case>.pixel_values` is what
transformers' image processor makes of the picture, `input.pixel_values` are all of them and one of noise, and
`output.<name>` is what transformers' own model makes of those.

Run: pip install -r requirements.txt && python record_vision.py
"""

import json
import pathlib
import shutil

import numpy
import torch
import transformers
from PIL import Image
from safetensors.torch import load_file, save_file

from record_towers import randomise

HERE = pathlib.Path(__file__).parent
RESCALE = {"do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True}
HALF = {"image_mean": [0.5] * 3, "image_std": [0.5] * 3}
IMAGENET = {"image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225]}
PROCESSORS = {"ViT": transformers.ViTImageProcessorPil, "Bit": transformers.BitImageProcessorPil}


def pictures():
    """Odd sizes, wide and tall, with smooth and hard parts and noise."""
    for name, width, height in (("wide", 67, 41), ("tall", 23, 97), ("small", 11, 13)):
        y, x = numpy.mgrid[0:height, 0:width]
        channels = [numpy.sin(x / 5 + y / 11 + k) * 90 + numpy.cos(x * y / (61 + 30 * k)) * 30 for k in range(3)]
        picture = 127 + numpy.stack(channels, -1) + numpy.random.default_rng(width).normal(0, 5, (height, width, 3))
        picture[height // 4 : height // 2, width // 3 : width // 2] = (250, 20, 90)
        yield name, Image.fromarray(picture.clip(0, 255).astype(numpy.uint8))


def preprocess(folder, processor):
    """Writes the processor's file and the pictures; answers the pixels of every picture."""
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=2, sort_keys=True) + "\n")
    (folder / "media").mkdir()
    kind = processor.get("image_processor_type") or processor["feature_extractor_type"]
    kind = PROCESSORS[kind.replace("ImageProcessor", "").replace("FeatureExtractor", "")]
    loaded = kind(**{key: value for key, value in processor.items() if not key.endswith("_type")})
    pixels = {}
    for name, picture in pictures():
        picture.save(folder / "media" / f"{name}.png", optimize=True)
        pixels[name] = loaded(picture, return_tensors="pt")["pixel_values"]
    return pixels


def record(case, seed, model, processor, dtype=torch.float32, interpolate=None, pooler=True):
    folder = HERE / case / "checkpoint"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    randomise(model, seed).to(dtype).save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    pre = preprocess(folder, processor)
    generator = torch.Generator().manual_seed(seed + 1)
    pixels = torch.cat([*pre.values(), torch.randn(next(iter(pre.values())).shape, generator=generator)])
    base = getattr(model.float(), model.base_model_prefix, model)
    with torch.no_grad():
        result = base(pixel_values=pixels, **({"interpolate_pos_encoding": True} if interpolate else {}))
    outputs = {
        "image_embeds": torch.nn.functional.normalize(result.last_hidden_state[:, 0], dim=-1),
        "last_hidden_state": result.last_hidden_state,
    }
    if pooler:
        outputs["pooler_output"] = result.pooler_output
    golden = {"input.pixel_values": pixels}
    golden |= {f"output.{name}": tensor.contiguous() for name, tensor in outputs.items()}
    golden |= {f"pre.{name}.pixel_values": tensor.contiguous() for name, tensor in pre.items()}
    save_file(golden, folder / "golden.safetensors")
    print(case, list(load_file(folder / "model.safetensors"))[:4], {name: list(t.shape) for name, t in outputs.items()})


def main():
    record(
        "vit-interpolated", 31,
        transformers.ViTForImageClassification(transformers.ViTConfig(
            image_size=32, patch_size=8, hidden_size=48, num_hidden_layers=2, num_attention_heads=3,
            intermediate_size=72, hidden_act="relu", layer_norm_eps=1e-6, num_labels=5,
        )),
        {"image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": 44, "width": 56},
         "resample": 3, **RESCALE, **IMAGENET},
        interpolate=True, pooler=False,
    )
    record(
        "vit-legacy-processor", 32,
        transformers.ViTModel(transformers.ViTConfig(
            image_size=35, patch_size=7, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
            intermediate_size=64, pooler_output_size=20, pooler_act="tanh",
        )),
        {"feature_extractor_type": "ViTFeatureExtractor", "do_resize": True, "size": 35, "resample": 2,
         "do_normalize": True, **HALF},
    )
    record(
        "dinov2-resampled", 33,
        transformers.Dinov2Model(transformers.Dinov2Config(
            image_size=70, patch_size=14, hidden_size=48, num_hidden_layers=3, num_attention_heads=3, mlp_ratio=2,
        )),
        {"image_processor_type": "BitImageProcessor", "do_resize": True, "size": {"shortest_edge": 48}, "resample": 3,
         "do_center_crop": True, "crop_size": {"height": 42, "width": 42}, "do_convert_rgb": True, **RESCALE,
         **IMAGENET},
    )
    record(
        "dinov2-gated", 34,
        transformers.Dinov2ForImageClassification(transformers.Dinov2Config(
            image_size=21, patch_size=7, hidden_size=40, num_hidden_layers=2, num_attention_heads=5, mlp_ratio=3,
            use_swiglu_ffn=True, qkv_bias=False, layer_norm_eps=1e-4, use_mask_token=False, num_labels=3,
        )),
        {"image_processor_type": "BitImageProcessor", "do_resize": True, "size": {"shortest_edge": 30}, "resample": 2,
         "do_center_crop": True, "crop_size": {"height": 30, "width": 37}, **RESCALE, **HALF},
    )
    record(
        "dinov2-registers", 35,
        transformers.Dinov2WithRegistersModel(transformers.Dinov2WithRegistersConfig(
            image_size=56, patch_size=8, hidden_size=36, num_hidden_layers=2, num_attention_heads=6, mlp_ratio=4,
            num_register_tokens=3, hidden_act="gelu_pytorch_tanh",
        )),
        {"image_processor_type": "BitImageProcessor", "do_resize": True, "size": {"shortest_edge": 36}, "resample": 3,
         "do_center_crop": True, "crop_size": {"height": 32, "width": 32}, **RESCALE, **IMAGENET},
    )
    record(
        "dinov2-registers-half", 36,
        transformers.Dinov2WithRegistersForImageClassification(transformers.Dinov2WithRegistersConfig(
            image_size=33, patch_size=11, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, mlp_ratio=4,
            num_register_tokens=4, use_swiglu_ffn=True, num_labels=2,
        )),
        {"image_processor_type": "BitImageProcessor", "do_resize": True, "size": {"shortest_edge": 55}, "resample": 3,
         "do_center_crop": True, "crop_size": {"height": 55, "width": 55}, **RESCALE, **IMAGENET},
        dtype=torch.bfloat16,
    )


if __name__ == "__main__":
    main()

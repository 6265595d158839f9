"""Records tiny random-weight CLIP checkpoints, as transformers and as OpenCLIP publish them.

Each case has a folder `checkpoint` with its weights, processor and tokenizer, golden.safetensors with
`input.<name>` and `output.<name>` of the model and `pre.<item>.<name>` of the processor, and the items in `media`.

Run: pip install -r requirements.txt && python record_clip.py
"""

import json

import open_clip
import open_clip.transform
import torch
import transformers
from safetensors.torch import save_file

from contrastive import (
    HERE, byte_pair_vocabulary, preprocess, randomise, without, write_golden, write_json, write_media,
)

VOCABULARY, MERGES = byte_pair_vocabulary(200)
START, END = VOCABULARY["<|startoftext|>"], VOCABULARY["<|endoftext|>"]
MEAN, STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


def tokenizer(folder, length):
    result = transformers.CLIPTokenizer(vocab=VOCABULARY, merges=MERGES, model_max_length=length)
    result.save_pretrained(folder)
    return transformers.AutoTokenizer.from_pretrained(folder)


def token_batch(seed, vocabulary, length, eos, lengths):
    """Rows of random tokens that end at different places; what is behind the end is padding."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(1, eos, (len(lengths), length), generator=generator)
    ids[ids == 2] = 3
    mask = torch.zeros_like(ids)
    for row, end in enumerate(lengths):
        ids[row, end:] = eos
        mask[row, : end + 1] = 1
    assert ids.max() < vocabulary
    return {"input_ids": ids, "attention_mask": mask}


def clip(case, seed, text, vision, projection, processor, omit=(), scale=3.1):
    """A CLIPModel; `omit` names the configuration keys that equal the defaults and are left out."""
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    config = transformers.CLIPConfig(
        text_config=text | {"vocab_size": len(VOCABULARY)}, vision_config=vision, projection_dim=projection,
        logit_scale_init_value=scale,
    )
    model = randomise(transformers.CLIPModel(config), seed)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    published = json.loads((folder / "config.json").read_text())
    for part in ("text_config", "vision_config"):
        published[part] = without(published[part], *omit)
    write_json(folder / "config.json", published)
    read_again = transformers.CLIPConfig.from_pretrained(folder)
    assert read_again.text_config.to_dict() == model.config.text_config.to_dict(), "omitted something that matters"
    assert read_again.vision_config.to_dict() == model.config.vision_config.to_dict()

    write_json(folder / "preprocessor_config.json", processor)
    arguments = without(processor, "image_processor_type", "feature_extractor_type")
    images = transformers.CLIPImageProcessorPil(**arguments)
    tokens = tokenizer(folder, text["max_position_embeddings"])
    items = write_media(folder)
    preprocessed = preprocess(
        items,
        lambda picture: images(picture, return_tensors="pt"),
        lambda words: tokens(words, truncation=True, return_tensors="pt"),
    )
    generator = torch.Generator().manual_seed(seed + 1)
    size = next(value.shape[-2:] for name, value in preprocessed.items() if name.endswith("pixel_values"))
    pixels = torch.randn(3, 3, *size, generator=generator)
    eos = text["eos_token_id"] if text["eos_token_id"] != 2 else END
    length = text["max_position_embeddings"] - 3
    inputs = token_batch(seed + 2, len(VOCABULARY), length, eos, [4, length - 1, 9]) | {"pixel_values": pixels}
    with torch.no_grad():
        result = model(**inputs, interpolate_pos_encoding=size != (vision["image_size"],) * 2)
    write_golden(
        folder, inputs, {"image_embeds": result.image_embeds, "text_embeds": result.text_embeds}, preprocessed
    )


def zero_padded(ids, length, causal):
    return torch.tensor([ids if causal else ids + [0] * (length - len(ids))])


def vision_alone(case, seed, sizes):
    """The vision tower with its projection, which leaves the embeddings unscaled."""
    folder = HERE / case / "checkpoint"
    model = randomise(transformers.CLIPVisionModelWithProjection(transformers.CLIPVisionConfig(**sizes)), seed)
    model.save_pretrained(folder)
    size = sizes["image_size"]
    write_json(
        folder / "preprocessor_config.json",
        {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": size},
         "crop_size": {"height": size, "width": size}, "image_mean": MEAN, "image_std": STD},
    )
    pixels = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(seed + 1))
    with torch.no_grad():
        result = model(pixel_values=pixels)
    write_golden(folder, {"pixel_values": pixels}, {"image_embeds": result.image_embeds}, {})


def text_alone(case, seed, sizes):
    """The text tower without a projection; our embedding is the pooled state at length 1."""
    folder = HERE / case / "checkpoint"
    config = transformers.CLIPTextConfig(**sizes, vocab_size=len(VOCABULARY), bos_token_id=START, eos_token_id=END)
    model = randomise(transformers.CLIPTextModel(config), seed)
    model.save_pretrained(folder)
    tokenizer(folder, sizes["max_position_embeddings"])
    inputs = token_batch(seed + 1, len(VOCABULARY), sizes["max_position_embeddings"], END, [3, 10])
    with torch.no_grad():
        result = model(**inputs)
    # Behind the padding the reference's attention has its own way; nobody reads what it makes there.
    outputs = {
        "text_embeds": torch.nn.functional.normalize(result.pooler_output, dim=-1),
        "last_hidden_state": result.last_hidden_state,
        "pooler_output": result.pooler_output,
    }
    write_golden(folder, inputs, outputs, {})


def openclip(case, seed, model_cfg, preprocess_cfg, torch_file=False):
    """What OpenCLIP publishes: its own names, packed projections, its own configuration file."""
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    kind = open_clip.CustomTextCLIP if model_cfg.get("custom_text") else open_clip.CLIP
    model = randomise(kind(**without(model_cfg, "custom_text")), seed)
    with torch.no_grad():
        model.logit_scale.fill_(2.9)
    weights = {name: tensor.contiguous() for name, tensor in model.state_dict().items()}
    if torch_file:
        torch.save(weights, folder / "open_clip_pytorch_model.bin")
    else:
        save_file(weights, folder / "open_clip_model.safetensors", metadata={"format": "pt"})
    write_json(folder / "open_clip_config.json", {"model_cfg": model_cfg, "preprocess_cfg": preprocess_cfg})
    length = model_cfg["text_cfg"]["context_length"]
    causal = not model_cfg["text_cfg"].get("no_causal_mask", False)
    tokens = tokenizer(folder, length)
    images = open_clip.transform.image_transform_v2(
        open_clip.transform.PreprocessCfg(size=model_cfg["vision_cfg"]["image_size"], **preprocess_cfg), is_train=False
    )
    items = write_media(folder)
    preprocessed = preprocess(
        items,
        lambda picture: {"pixel_values": images(picture.convert("RGB"))[None]},
        # OpenCLIP pads with zeros to the full length. Behind the end, where all look back only, nobody sees them.
        lambda words: {"input_ids": zero_padded(tokens(words, truncation=True)["input_ids"], length, causal)},
    )
    generator = torch.Generator().manual_seed(seed + 1)
    size = next(value.shape[-2:] for name, value in preprocessed.items() if name.endswith("pixel_values"))
    pixels = torch.randn(3, 3, *size, generator=generator)
    inputs = without(token_batch(seed + 2, len(VOCABULARY), length, END, [5, length - 1, 8]), "attention_mask")
    with torch.no_grad():
        outputs = {
            "image_embeds": model.encode_image(pixels, normalize=True),
            "text_embeds": model.encode_text(inputs["input_ids"], normalize=True),
        }
    write_golden(folder, inputs | {"pixel_values": pixels}, outputs, preprocessed)


def main():
    clip(
        "clip-legacy", 21, projection=24,
        text=dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
                  max_position_embeddings=19, eos_token_id=2, bos_token_id=0, hidden_act="quick_gelu"),
        vision=dict(hidden_size=48, intermediate_size=96, num_hidden_layers=3, num_attention_heads=3, image_size=37,
                    patch_size=8, hidden_act="quick_gelu"),
        omit=("hidden_act", "layer_norm_eps", "num_channels", "attention_dropout", "pad_token_id", "projection_dim"),
        processor={"feature_extractor_type": "CLIPFeatureExtractor", "do_resize": True, "size": 37, "resample": 3,
                   "do_center_crop": True, "crop_size": 37, "do_normalize": True, "image_mean": MEAN,
                   "image_std": STD},
    )
    clip(
        "clip-interpolated", 22, projection=40, scale=4.6052,
        text=dict(hidden_size=40, intermediate_size=56, num_hidden_layers=2, num_attention_heads=2,
                  max_position_embeddings=23, eos_token_id=END, bos_token_id=START, pad_token_id=END,
                  hidden_act="gelu", layer_norm_eps=1e-3),
        vision=dict(hidden_size=40, intermediate_size=72, num_hidden_layers=2, num_attention_heads=5, image_size=28,
                    patch_size=7, hidden_act="gelu", layer_norm_eps=1e-6),
        processor={"image_processor_type": "CLIPImageProcessorFast", "do_resize": True,
                   "size": {"shortest_edge": 29}, "resample": 1, "do_center_crop": True,
                   "crop_size": {"height": 35, "width": 49}, "do_rescale": True, "rescale_factor": 1 / 255,
                   "do_normalize": True, "image_mean": MEAN, "image_std": STD, "do_convert_rgb": True},
    )
    vision_alone(
        "clip-vision-projected", 25,
        dict(hidden_size=24, intermediate_size=40, num_hidden_layers=2, num_attention_heads=2, image_size=21,
             patch_size=7, projection_dim=17, hidden_act="gelu"),
    )
    text_alone(
        "clip-text-plain", 26,
        dict(hidden_size=20, intermediate_size=44, num_hidden_layers=2, num_attention_heads=2,
             max_position_embeddings=11, projection_dim=9),
    )
    openclip(
        "openclip-shortest", 23,
        model_cfg={"embed_dim": 28, "quick_gelu": True,
                   "vision_cfg": {"image_size": 33, "layers": 2, "width": 64, "head_width": 16, "patch_size": 8},
                   "text_cfg": {"context_length": 21, "vocab_size": len(VOCABULARY), "width": 32, "heads": 2,
                                "layers": 2}},
        preprocess_cfg={"mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "shortest"},
    )
    openclip(
        "openclip-squash", 24, torch_file=True,
        model_cfg={"embed_dim": 20, "custom_text": True,
                   "vision_cfg": {"image_size": [24, 40], "layers": 2, "width": 36, "head_width": 12, "patch_size": 8,
                                  "mlp_ratio": 1.5, "no_ln_pre": True, "final_ln_after_pool": True,
                                  "pool_type": "avg"},
                   "text_cfg": {"context_length": 16, "vocab_size": len(VOCABULARY), "width": 30, "heads": 3,
                                "layers": 1, "mlp_ratio": 2.5, "pool_type": "last", "no_causal_mask": True,
                                "proj_bias": True}},
        preprocess_cfg={"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.5, 1.0], "interpolation": "bilinear",
                        "resize_mode": "squash"},
    )


if __name__ == "__main__":
    main()

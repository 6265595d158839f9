"""Records tiny random-weight SigLIP checkpoints: the first SigLIP's form and fixed-resolution SigLIP 2's.

Each case has a folder `checkpoint` with its weights, processor and tokenizer, golden.safetensors with
`input.<name>` and `output.<name>` of the model and `pre.<item>.<name>` of the processor, and the items in `media`.

Run: pip install -r requirements.txt && python record_siglip.py
"""

import json

import torch
import transformers

from contrastive import (
    HERE, gemma_tokenizer, preprocess, randomise, unigram_tokenizer, without, write_golden, write_json, write_media,
)


def siglip(case, seed, text, vision, tokenizer, special, processor, nested=False, omit=(), scale=4.0, bias=-9.5):
    """A SiglipModel; `omit` names the configuration keys that equal the defaults and are left out."""
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    config = transformers.SiglipConfig(
        text_config=text | {"vocab_size": tokenizer.get_vocab_size()}, vision_config=vision
    )
    model = randomise(transformers.SiglipModel(config), seed)
    with torch.no_grad():
        model.logit_scale.fill_(scale)
        model.logit_bias.fill_(bias)
    model.save_pretrained(folder)
    published = json.loads((folder / "config.json").read_text())
    for part in ("text_config", "vision_config"):
        published[part] = without(published[part], *omit)
    write_json(folder / "config.json", published)
    read_again = transformers.SiglipConfig.from_pretrained(folder)
    assert read_again.text_config.to_dict() == model.config.text_config.to_dict(), "omitted something that matters"
    assert read_again.vision_config.to_dict() == model.config.vision_config.to_dict()

    if nested:
        write_json(folder / "processor_config.json", {"image_processor": processor, "processor_class": "SiglipProcessor"})
    else:
        write_json(folder / "preprocessor_config.json", processor)
    images = transformers.SiglipImageProcessorPil(**without(processor, "image_processor_type"))
    length = text["max_position_embeddings"]
    tokens = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=length, model_input_names=["input_ids"], padding_side="right",
        **special
    )
    tokens.save_pretrained(folder)
    items = write_media(folder)
    preprocessed = preprocess(
        items,
        lambda picture: images(picture, return_tensors="pt"),
        lambda words: tokens(words, padding="max_length", truncation=True, return_tensors="pt"),
    )
    generator = torch.Generator().manual_seed(seed + 1)
    size = next(value.shape[-2:] for name, value in preprocessed.items() if name.endswith("pixel_values"))
    pixels = torch.randn(3, 3, *size, generator=generator)
    # Shorter than what the processor pads to: the reference takes the last token, whichever it is.
    ids = torch.randint(0, config.text_config.vocab_size, (4, length - 3), generator=generator)
    with torch.no_grad():
        result = model(
            input_ids=ids, pixel_values=pixels, interpolate_pos_encoding=size != (vision["image_size"],) * 2
        )
    write_golden(
        folder, {"input_ids": ids, "pixel_values": pixels},
        {"image_embeds": result.image_embeds, "text_embeds": result.text_embeds}, preprocessed,
    )


def main():
    half = [0.5, 0.5, 0.5]
    siglip(
        "siglip-unigram", 31,
        text=dict(hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=4,
                  max_position_embeddings=16),
        vision=dict(hidden_size=48, intermediate_size=96, num_hidden_layers=2, num_attention_heads=3, image_size=40,
                    patch_size=8),
        omit=("hidden_act", "layer_norm_eps", "num_channels", "attention_dropout", "projection_size", "bos_token_id",
              "eos_token_id", "pad_token_id"),
        tokenizer=unigram_tokenizer(300),
        special={"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "</s>"},
        processor={"image_processor_type": "SiglipImageProcessor", "do_resize": True,
                   "size": {"height": 40, "width": 40}, "resample": 3, "do_rescale": True,
                   "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": half, "image_std": half},
    )
    siglip(
        "siglip2-interpolated", 32, scale=2.25, bias=-16.0, nested=True,
        text=dict(hidden_size=30, intermediate_size=50, num_hidden_layers=3, num_attention_heads=2,
                  max_position_embeddings=20, hidden_act="gelu", layer_norm_eps=1e-5, projection_size=36),
        vision=dict(hidden_size=36, intermediate_size=60, num_hidden_layers=1, num_attention_heads=2, image_size=30,
                    patch_size=7, hidden_act="gelu", layer_norm_eps=1e-4),
        tokenizer=gemma_tokenizer(180),
        special={"eos_token": "<eos>", "unk_token": "<unk>", "pad_token": "<pad>", "bos_token": "<bos>"},
        processor={"image_processor_type": "SiglipImageProcessorFast", "do_resize": True,
                   "size": {"height": 42, "width": 28}, "resample": 2, "do_rescale": True,
                   "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": half,
                   "image_std": [0.5, 0.25, 1.0], "do_convert_rgb": True},
    )


if __name__ == "__main__":
    main()

"""Records tiny random-weight models that were exported to ONNX, in Optimum's layout, with their outputs.

None of them has a safetensors file: the export is all there is. The outputs that the exports lack
(the mean of a sentence's tokens, the class token's direction) are computed here in torch.

Run: pip install -r requirements.txt && python record_exports.py
"""

import contextlib
import io
import json
import pathlib
import shutil
import warnings

import onnx
import torch
import transformers
from safetensors.torch import save_file

from record_sentences import SPECIAL as SENTENCES
from record_towers import randomise

HERE = pathlib.Path(__file__).parent
SPECIAL = SENTENCES | {
    "clip": dict(bos_token="<|startoftext|>", eos_token="<|endoftext|>", pad_token="<|endoftext|>", unk_token="<|endoftext|>")
}
EAGER = {"attn_implementation": "eager"}


class Exported(torch.nn.Module):
    def __init__(self, model, inputs, outputs):
        super().__init__()
        self.model = model
        self.inputs = inputs
        self.outputs = outputs

    def forward(self, *tensors):
        result = self.model(**dict(zip(self.inputs, tensors)))
        return tuple(result[name] for name in self.outputs)


def fresh(case, config, tokenizer=None, preprocessor=None):
    folder = HERE / case / "checkpoint"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config.save_pretrained(folder)
    if tokenizer:
        fast = transformers.PreTrainedTokenizerFast(
            tokenizer_file=str(HERE / "tokenizers" / tokenizer / "tokenizer.json"), **SPECIAL[tokenizer]
        )
        fast.save_pretrained(folder)
    if preprocessor:
        (folder / "preprocessor_config.json").write_text(json.dumps(preprocessor, indent=2) + "\n")
    return folder


def export(path, model, inputs, outputs, axes, external=False):
    """With torch's exporter as Optimum calls it; the axes named in `axes` stay open."""
    path.parent.mkdir(exist_ok=True)
    wrapped = Exported(model, list(inputs), outputs).eval()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            wrapped, tuple(inputs.values()), str(path), dynamo=False, opset_version=17,
            input_names=list(inputs), output_names=outputs, dynamic_axes=axes,
        )
    if external:
        loaded = onnx.load(path)
        path.unlink()
        onnx.save(loaded, path, save_as_external_data=True, location=path.name + "_data", size_threshold=256)
    with torch.no_grad():
        return dict(zip(outputs, wrapped(*inputs.values())))


def golden(folder, inputs, outputs):
    tensors = {f"input.{name}": tensor for name, tensor in inputs.items()}
    tensors |= {f"output.{name}": tensor for name, tensor in outputs.items()}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, folder / "golden.safetensors")


def tokens(vocabulary, last, seed):
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(5, vocabulary - 3, (3, 8), generator=generator)
    mask = torch.ones_like(ids)
    for row, length in enumerate((8, 5, 3)):
        ids[row, length - 1] = last
        ids[row, length:] = last
        mask[row, length:] = 0
    return ids, mask


TEXT_AXES = {0: "batch_size", 1: "sequence_length"}
PIXEL_AXES = {0: "batch_size", 1: "num_channels", 2: "height", 3: "width"}
PICTURES = {
    "do_resize": True, "size": {"shortest_edge": 20}, "resample": 3, "do_center_crop": True,
    "crop_size": {"height": 20, "width": 20}, "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True,
    "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "image_processor_type": "CLIPImageProcessor",
}


def clip(seed):
    """Both towers need each other's sizes alone, so that one configuration serves all."""
    text = dict(
        vocab_size=1063, hidden_size=20, intermediate_size=28, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=16, bos_token_id=1061, eos_token_id=1062, projection_dim=12,
    )
    vision = dict(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=3, image_size=20, patch_size=5, projection_dim=12)
    config = transformers.CLIPConfig(text_config=text, vision_config=vision, projection_dim=12, **EAGER)
    return config, randomise(transformers.CLIPModel(config), seed)


def clip_in_one(case, seed):
    config, model = clip(seed)
    folder = fresh(case, config, "clip", PICTURES)
    ids, mask = tokens(1063, 1062, seed)
    pixels = torch.randn(2, 3, 20, 20, generator=torch.Generator().manual_seed(seed))
    inputs = {"input_ids": ids, "pixel_values": pixels, "attention_mask": mask}
    outputs = export(
        folder / "model.onnx", model, inputs, ["logits_per_image", "logits_per_text", "text_embeds", "image_embeds"],
        {"input_ids": TEXT_AXES, "attention_mask": TEXT_AXES, "pixel_values": PIXEL_AXES}, external=True,
    )
    golden(folder, inputs, {name: outputs[name] for name in ("text_embeds", "image_embeds")})


def clip_in_two(case, seed):
    config, model = clip(seed)
    folder = fresh(case, config, "clip", PICTURES)
    text = transformers.CLIPTextModelWithProjection(config.text_config)
    vision = transformers.CLIPVisionModelWithProjection(config.vision_config)
    text.load_state_dict(model.state_dict(), strict=False)
    vision.load_state_dict(model.state_dict(), strict=False)
    ids, _ = tokens(1063, 1062, seed)
    pixels = torch.randn(2, 3, 20, 20, generator=torch.Generator().manual_seed(seed))
    outputs = export(folder / "onnx" / "text_model.onnx", text.eval(), {"input_ids": ids}, ["text_embeds"], {"input_ids": TEXT_AXES})
    outputs |= export(
        folder / "onnx" / "vision_model.onnx", vision.eval(), {"pixel_values": pixels}, ["image_embeds"], {"pixel_values": PIXEL_AXES}
    )
    golden(folder, {"input_ids": ids, "pixel_values": pixels}, outputs)


def sentence(case, seed):
    config = transformers.BertConfig(
        vocab_size=600, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
        max_position_embeddings=32, **EAGER,
    )
    folder = fresh(case, config, "word-piece")
    model = randomise(transformers.BertModel(config, add_pooling_layer=False), seed)
    ids, mask = tokens(600, 3, seed)
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
    outputs = export(folder / "onnx" / "model.onnx", model, inputs, ["last_hidden_state"], {name: TEXT_AXES for name in inputs})
    weights = mask.unsqueeze(-1).float()
    outputs["sentence_embedding"] = (outputs["last_hidden_state"] * weights).sum(1) / weights.sum(1)
    golden(folder, inputs, outputs)


def vit(case, seed):
    config = transformers.ViTConfig(
        hidden_size=20, num_hidden_layers=2, num_attention_heads=2, intermediate_size=30, image_size=20, patch_size=10, **EAGER
    )
    folder = fresh(case, config, preprocessor=PICTURES)
    model = randomise(transformers.ViTModel(config, add_pooling_layer=False), seed)
    pixels = torch.randn(2, 3, 20, 20, generator=torch.Generator().manual_seed(seed))
    outputs = export(folder / "model.onnx", model, {"pixel_values": pixels}, ["last_hidden_state"], {"pixel_values": {0: "batch_size"}})
    outputs["image_embeds"] = torch.nn.functional.normalize(outputs["last_hidden_state"][:, 0], dim=-1)
    golden(folder, {"pixel_values": pixels}, outputs)


def ast(case, seed):
    config = transformers.ASTConfig(
        hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_length=40, num_mel_bins=24,
        patch_size=8, time_stride=8, frequency_stride=8, **EAGER,
    )
    extractor = transformers.ASTFeatureExtractor(num_mel_bins=24, max_length=40).to_dict()
    folder = fresh(case, config, preprocessor=extractor)
    model = randomise(transformers.ASTModel(config), seed)
    values = torch.randn(2, 40, 24, generator=torch.Generator().manual_seed(seed))
    outputs = export(
        folder / "model.onnx", model, {"input_values": values}, ["last_hidden_state", "pooler_output"], {"input_values": {0: "batch_size"}}
    )
    golden(folder, {"input_values": values}, outputs)


if __name__ == "__main__":
    clip_in_one("export-clip", 41)
    clip_in_two("export-clip-towers", 42)
    sentence("export-sentence", 43)
    vit("export-vit", 44)
    ast("export-ast", 45)

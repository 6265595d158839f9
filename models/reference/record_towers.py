"""Records tiny random-weight checkpoints with inputs and outputs of transformers' own models.

Each case has a folder `checkpoint` as the hub would publish it (config.json, model.safetensors) with a
golden.safetensors of `input.<name>` and `output.<name>` tensors. The projection onto an embedding
space, which plain ViT does not have, is computed here in torch.

Run: pip install -r requirements.txt && python record_towers.py
"""

import json
import pathlib

import torch
import transformers
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent


def randomise(model, seed):
    """Weights large enough that every layer matters, biases and norms included."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if parameter.ndim > 1 and "embeddings" not in name:
                parameter.copy_(noise / parameter[0].numel() ** 0.5)
            elif parameter.ndim > 1:
                parameter.copy_(noise * 0.3)
            else:
                parameter.copy_(noise * 0.2 + (1.0 if "norm" in name and "weight" in name else 0.0))
    return model.eval()


def write(case, model, extra_config, extra_tensors, inputs, outputs, prefix=""):
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((folder / "config.json").read_text())
    config.update(extra_config)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    tensors = {prefix + name: tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    tensors.update(extra_tensors)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    golden = {f"input.{name}": tensor.contiguous() for name, tensor in inputs.items()}
    golden |= {f"output.{name}": tensor.contiguous() for name, tensor in outputs.items()}
    save_file(golden, folder / "golden.safetensors")


def vit(case, seed, projection=None, pooler=False, prefix="", **sizes):
    config = transformers.ViTConfig(**sizes)
    model = randomise(transformers.ViTModel(config, add_pooling_layer=pooler), seed)
    generator = torch.Generator().manual_seed(seed + 1)
    image = config.image_size if isinstance(config.image_size, (list, tuple)) else [config.image_size] * 2
    pixels = torch.randn(3, config.num_channels, *image, generator=generator)
    with torch.no_grad():
        result = model(pixel_values=pixels)
    pooled = torch.nn.functional.normalize(result.last_hidden_state[:, 0], dim=-1)
    outputs = {"image_embeds": pooled, "last_hidden_state": result.last_hidden_state}
    if pooler:
        outputs["pooler_output"] = result.pooler_output
    extra_config, extra_tensors = project(
        projection, config, generator, result.last_hidden_state[:, 0], "visual_projection", "image_embeds", outputs
    )
    write(case, model, extra_config, extra_tensors, {"pixel_values": pixels}, outputs, prefix)


def project(dimension, config, generator, pooled, layer, name, outputs):
    """The embedding replaces the hidden states: a projected package has no other output."""
    if dimension is None:
        return {}, {}
    weight = torch.randn(dimension, config.hidden_size, generator=generator) / config.hidden_size**0.5
    outputs.clear()
    outputs[name] = torch.nn.functional.normalize(pooled @ weight.T, dim=-1)
    return {"projection_dim": dimension}, {layer + ".weight": weight}


def main():
    vit(
        "vit-projected", 11, projection=24, image_size=40, patch_size=8, hidden_size=48,
        num_hidden_layers=3, num_attention_heads=3, intermediate_size=96, layer_norm_eps=1e-12,
    )
    vit(
        "vit-pooled", 12, pooler=True, prefix="vit.", image_size=[21, 35], patch_size=7, num_channels=1,
        hidden_size=40, num_hidden_layers=2, num_attention_heads=5, intermediate_size=56,
        hidden_act="gelu_new", layer_norm_eps=1e-5, qkv_bias=False,
    )
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    (HERE / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")


if __name__ == "__main__":
    main()

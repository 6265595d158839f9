"""Records a tiny TorchScript picture encoder in DJL's layout, from the bytes of pictures on.

The folder `djl-torchscript/model` holds what a user would have: model.pt, DJL's serving.properties, a djl.json that
declares the tensors, preprocessor_config.json, media/*.png, and golden.safetensors with `pre.<case>.pixel_values`,
`input.pixel_values` and `output.<name>`.

Run: pip install -r requirements.txt && python record_djl.py
"""

import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file

from record_vision import HALF, RESCALE, preprocess

FOLDER = pathlib.Path(__file__).parent / "djl-torchscript" / "model"
SIZE, WIDTH, DIMENSION = 24, 20, 12


class Encoder(torch.nn.Module):
    """Patches, a layer of attention-free mixing, a projection; the second output is the states before the mean."""

    def __init__(self):
        super().__init__()
        self.patches = torch.nn.Conv2d(3, WIDTH, 8, 8)
        self.norm = torch.nn.LayerNorm(WIDTH)
        self.mix = torch.nn.Linear(WIDTH, WIDTH)
        self.project = torch.nn.Linear(WIDTH, DIMENSION, bias=False)

    def forward(self, pixel_values: torch.Tensor):
        states = self.patches(pixel_values).flatten(2).transpose(1, 2)
        states = states + torch.nn.functional.gelu(self.mix(self.norm(states)))
        return self.project(states.mean(1)), states


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    torch.manual_seed(41)
    model = Encoder().eval()
    torch.jit.script(model).save(str(FOLDER / "model.pt"))
    (FOLDER / "serving.properties").write_text("engine=PyTorch\noption.mapLocation=true\n")
    declaration = {
        "modality": "image",
        "model": "model.pt",
        "inputs": [{"name": "pixel_values", "type": "float32", "shape": [-1, 3, SIZE, SIZE]}],
        "outputs": [
            {"name": "image_embeds", "type": "float32", "shape": [-1, DIMENSION]},
            {"name": "last_hidden_state", "type": "float32", "shape": [-1, (SIZE // 8) ** 2, WIDTH]},
        ],
    }
    (FOLDER / "djl.json").write_text(json.dumps(declaration, indent=2) + "\n")
    (FOLDER / "README.md").write_text("---\nlicense: apache-2.0\n---\nA tiny encoder of random weights.\n")
    processor = {
        "image_processor_type": "ViTImageProcessor", "do_resize": True, "size": {"height": SIZE, "width": SIZE},
        "resample": 3, **RESCALE, **HALF,
    }
    pre = preprocess(FOLDER, processor)
    pixels = torch.cat(list(pre.values()))
    with torch.no_grad():
        embeds, states = model(pixels)
    golden = {"input.pixel_values": pixels, "output.image_embeds": embeds, "output.last_hidden_state": states}
    golden |= {f"pre.{name}.pixel_values": tensor.contiguous() for name, tensor in pre.items()}
    save_file({name: tensor.contiguous() for name, tensor in golden.items()}, FOLDER / "golden.safetensors")


if __name__ == "__main__":
    main()

"""Records tiny TorchScript encoders of pictures and of text in DJL's layout, from the bytes of their media on.

The folders `djl-torchscript/model` and `djl-torchscript-text/model` hold what a user would have: model.pt, DJL's
serving.properties, a djl.json that declares the tensors, the processor's or the tokenizer's file, media/*, and
golden.safetensors with `pre.<case>.<input>`, `input.<name>` and `output.<name>`.

Run: pip install -r requirements.txt && python record_djl.py
"""

import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from record_vision import HALF, RESCALE, preprocess

HERE = pathlib.Path(__file__).parent
FOLDER = HERE / "djl-torchscript" / "model"
TEXT_FOLDER = HERE / "djl-torchscript-text" / "model"
TEXTS = {"short": "A red bell.", "long": "two small bells, and a third one that is red", "other": "nothing of the kind"}
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


class TextEncoder(torch.nn.Module):
    """Embeddings, their mean over what the mask lets through, a projection."""

    def __init__(self, vocabulary: int):
        super().__init__()
        self.embeddings = torch.nn.Embedding(vocabulary, WIDTH)
        self.project = torch.nn.Linear(WIDTH, DIMENSION)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor):
        mask = attention_mask.unsqueeze(-1).to(torch.float32)
        return self.project((self.embeddings(input_ids) * mask).sum(1) / mask.sum(1))


def record_text():
    shutil.rmtree(TEXT_FOLDER, ignore_errors=True)
    (TEXT_FOLDER / "media").mkdir(parents=True)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted({w for t in TEXTS.values() for w in t.lower().strip(".").split()})]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    tokenizer.save(str(TEXT_FOLDER / "tokenizer.json"))
    torch.manual_seed(42)
    model = TextEncoder(len(words)).eval()
    torch.jit.script(model).save(str(TEXT_FOLDER / "model.pt"))
    declaration = {
        "engine": "PyTorch",
        "modality": "text",
        "model": "model.pt",
        "inputs": [{"name": name, "type": "int64", "shape": [-1, -1]} for name in ("input_ids", "attention_mask")],
        "outputs": [{"name": "text_embeds", "type": "float32", "shape": [-1, DIMENSION]}],
        "preprocessing": {"max_seq_length": 32},
    }
    (TEXT_FOLDER / "djl.json").write_text(json.dumps(declaration, indent=2) + "\n")
    (TEXT_FOLDER / "README.md").write_text("---\nlicense: apache-2.0\n---\nA tiny encoder of random weights.\n")
    golden = {}
    for name, text in TEXTS.items():
        (TEXT_FOLDER / "media" / f"{name}.txt").write_text(text)
        golden[f"pre.{name}.input_ids"] = torch.tensor([tokenizer.encode(text).ids])
    batch = tokenizer.encode_batch(list(TEXTS.values()))
    ids, mask = (torch.tensor([getattr(e, key) for e in batch]) for key in ("ids", "attention_mask"))
    with torch.no_grad():
        golden |= {"input.input_ids": ids, "input.attention_mask": mask, "output.text_embeds": model(ids, mask)}
    save_file({name: tensor.contiguous() for name, tensor in golden.items()}, TEXT_FOLDER / "golden.safetensors")


def main():
    record_text()
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

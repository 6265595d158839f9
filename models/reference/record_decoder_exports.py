"""Records tiny random-weight decoders that were exported to ONNX, with transformers' greedy continuations.

`export-decoder` is torch's export of transformers' llama with Optimum's names (growing caches,
position_ids); `export-genai` has the layout and operators of onnxruntime-genai's builder
(GroupQueryAttention, weights in model.onnx.data, genai_config.json). greedy.safetensors beside the
checkpoint holds `greedy_ids`: two prompts of 9 tokens and 48 tokens more.

Run: pip install -r requirements.txt && python record_decoder_exports.py
"""

import json
import pathlib
import shutil

import numpy as np
import onnx
import torch
import transformers
from onnx import TensorProto, helper
from safetensors.torch import save_file

from record_decoders import randomise

HERE = pathlib.Path(__file__).parent
PROMPT = 9
TOKENS = 48
LAYERS = 2
HEADS = 4
KEY_HEADS = 2
HEAD = 16
WIDTH = HEADS * HEAD
INNER = 96
VOCABULARY = 211
POSITIONS = 128
EPSILON = 1e-5


def model(seed):
    config = transformers.LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=HEADS, num_key_value_heads=KEY_HEADS, max_position_embeddings=POSITIONS,
        rms_norm_eps=EPSILON, bos_token_id=1, eos_token_id=2, attn_implementation="eager")
    return randomise(transformers.LlamaForCausalLM(config), seed)


def fresh(case):
    folder = HERE / case
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "checkpoint").mkdir(parents=True)
    return folder


def record_greedy(llama, folder, seed):
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, VOCABULARY, (2, PROMPT), generator=generator)
    with torch.no_grad():
        greedy = llama.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), do_sample=False,
            min_new_tokens=TOKENS, max_new_tokens=TOKENS, eos_token_id=None, pad_token_id=0)
    save_file({"greedy_ids": greedy.contiguous()}, folder / "greedy.safetensors")


def cache_names(prefix):
    return [f"{prefix}.{layer}.{kind}" for layer in range(LAYERS) for kind in ("key", "value")]


class WithCaches(torch.nn.Module):
    def __init__(self, llama):
        super().__init__()
        self.llama = llama

    def forward(self, input_ids, attention_mask, position_ids, *past):
        cache = transformers.DynamicCache()
        for layer in range(LAYERS):
            cache.update(past[2 * layer], past[2 * layer + 1], layer)
        result = self.llama(
            input_ids=input_ids, attention_mask=attention_mask, position_ids=position_ids,
            past_key_values=cache, use_cache=True)
        present = [t for layer in result.past_key_values.layers for t in (layer.keys, layer.values)]
        return result.logits, *present


def record_optimum():
    llama = model(31)
    folder = fresh("export-decoder")
    llama.config.save_pretrained(folder / "checkpoint")
    (folder / "checkpoint" / "onnx").mkdir()
    past = [torch.randn(2, KEY_HEADS, 3, HEAD) for _ in cache_names("past_key_values")]
    inputs = ["input_ids", "attention_mask", "position_ids", *cache_names("past_key_values")]
    outputs = ["logits", *cache_names("present")]
    total = "past_sequence_length + sequence_length"
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in ("input_ids", "position_ids", "logits")}
    axes["attention_mask"] = {0: "batch_size", 1: total}
    axes |= {name: {0: "batch_size", 2: "past_sequence_length"} for name in cache_names("past_key_values")}
    axes |= {name: {0: "batch_size", 2: total} for name in cache_names("present")}
    arguments = (
        torch.randint(0, VOCABULARY, (2, 5)), torch.ones(2, 8, dtype=torch.long),
        torch.arange(3, 8)[None].repeat(2, 1), *past)
    with torch.no_grad():
        torch.onnx.export(
            WithCaches(llama), arguments, folder / "checkpoint" / "onnx" / "model.onnx",
            input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=17, dynamo=False)
    record_greedy(llama, folder, 32)


class Graph:
    """Nodes as onnxruntime-genai's builder names and connects them."""

    def __init__(self):
        self.nodes = []
        self.tensors = []

    def tensor(self, name, values):
        self.tensors.append(onnx.numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, operator, inputs, outputs, name, domain="", **attributes):
        outputs = [outputs] if isinstance(outputs, str) else outputs
        self.nodes.append(helper.make_node(operator, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs[0]

    def linear(self, name, x, weight):
        matrix = self.tensor(name.strip("/").replace("/", ".") + ".weight", weight.detach().numpy().T)
        return self.node("MatMul", [x, matrix], name + "/output_0", name)

    def norm(self, name, x, weight):
        scale = self.tensor(name.strip("/").replace("/", ".") + ".weight", weight.detach().numpy())
        return self.node(
            "SimplifiedLayerNormalization", [x, scale], name + "/output_0", name,
            axis=-1, epsilon=EPSILON, stash_type=1)


def genai_graph(llama):
    g = Graph()
    one = g.tensor("/model/constants/one", np.array([1], np.int64))
    sums = g.node("ReduceSum", ["attention_mask", one], "/model/attn_mask/sum", "/model/attn_mask/ReduceSum", keepdims=0)
    last = g.node("Sub", [sums, one], "/model/attn_mask/last", "/model/attn_mask/Sub")
    seqlens = g.node("Cast", [last], "/model/attn_mask/seqlens", "/model/attn_mask/Cast", to=TensorProto.INT32)
    shape = g.node("Shape", ["attention_mask"], "/model/attn_mask/shape", "/model/attn_mask/Shape")
    scalar = g.tensor("/model/constants/index", np.array(1, np.int64))
    total = g.node("Gather", [shape, scalar], "/model/attn_mask/total64", "/model/attn_mask/Gather", axis=0)
    total = g.node("Cast", [total], "/model/attn_mask/total", "/model/attn_mask/Cast2", to=TensorProto.INT32)
    angles = np.outer(np.arange(POSITIONS), 10000.0 ** (-np.arange(0, HEAD, 2) / HEAD))
    cos = g.tensor("cos_cache", np.cos(angles).astype(np.float32))
    sin = g.tensor("sin_cache", np.sin(angles).astype(np.float32))
    table = g.tensor("model.embed_tokens.weight", llama.model.embed_tokens.weight.detach().numpy())
    x = g.node("Gather", [table, "input_ids"], "/model/embed_tokens/output_0", "/model/embed_tokens/Gather")
    for number, layer in enumerate(llama.model.layers):
        prefix = f"/model/layers.{number}"
        hidden = g.norm(f"{prefix}/input_layernorm", x, layer.input_layernorm.weight)
        q, k, v = (
            g.linear(f"{prefix}/attn/{part}/MatMul", hidden, getattr(layer.self_attn, part).weight)
            for part in ("q_proj", "k_proj", "v_proj"))
        attended = g.node(
            "GroupQueryAttention",
            [q, k, v, f"past_key_values.{number}.key", f"past_key_values.{number}.value", seqlens, total, cos, sin],
            [f"{prefix}/attn/output_0", f"present.{number}.key", f"present.{number}.value"],
            f"{prefix}/attn/GroupQueryAttention", "com.microsoft",
            num_heads=HEADS, kv_num_heads=KEY_HEADS, scale=HEAD ** -0.5, do_rotary=1, rotary_interleaved=0,
            local_window_size=-1)
        x = g.node("Add", [x, g.linear(f"{prefix}/attn/o_proj/MatMul", attended, layer.self_attn.o_proj.weight)],
                   f"{prefix}/attn/residual", f"{prefix}/attn/Add")
        hidden = g.norm(f"{prefix}/post_attention_layernorm", x, layer.post_attention_layernorm.weight)
        gate = g.linear(f"{prefix}/mlp/gate_proj/MatMul", hidden, layer.mlp.gate_proj.weight)
        up = g.linear(f"{prefix}/mlp/up_proj/MatMul", hidden, layer.mlp.up_proj.weight)
        sigmoid = g.node("Sigmoid", [gate], f"{prefix}/mlp/act/sigmoid", f"{prefix}/mlp/act/Sigmoid")
        active = g.node("Mul", [gate, sigmoid], f"{prefix}/mlp/act/output_0", f"{prefix}/mlp/act/Mul")
        product = g.node("Mul", [active, up], f"{prefix}/mlp/product", f"{prefix}/mlp/Mul")
        x = g.node("Add", [x, g.linear(f"{prefix}/mlp/down_proj/MatMul", product, layer.mlp.down_proj.weight)],
                   f"{prefix}/mlp/residual", f"{prefix}/mlp/Add")
    hidden = g.norm("/model/norm", x, llama.model.norm.weight)
    weight = g.tensor("lm_head.MatMul.weight", llama.lm_head.weight.detach().numpy().T)
    g.node("MatMul", [hidden, weight], "logits", "/lm_head/MatMul")
    cache = ["batch_size", KEY_HEADS, "past_sequence_length", HEAD]
    grown = ["batch_size", KEY_HEADS, "total_sequence_length", HEAD]
    info = helper.make_tensor_value_info
    inputs = [
        info("input_ids", TensorProto.INT64, ["batch_size", "sequence_length"]),
        info("attention_mask", TensorProto.INT64, ["batch_size", "total_sequence_length"]),
        *(info(name, TensorProto.FLOAT, cache) for name in cache_names("past_key_values"))]
    outputs = [
        info("logits", TensorProto.FLOAT, ["batch_size", "sequence_length", VOCABULARY]),
        *(info(name, TensorProto.FLOAT, grown) for name in cache_names("present"))]
    graph = helper.make_graph(g.nodes, "main_graph", inputs, outputs, g.tensors)
    sets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=sets, ir_version=10, producer_name="onnxruntime-genai")


def record_genai():
    llama = model(41)
    folder = fresh("export-genai")
    onnx.save_model(
        genai_graph(llama), folder / "checkpoint" / "model.onnx", save_as_external_data=True,
        all_tensors_to_one_file=True, location="model.onnx.data", size_threshold=1024)
    names = {"key": "past_key_values.%d.key", "value": "past_key_values.%d.value"}
    written = {
        "model": {
            "bos_token_id": 1, "context_length": POSITIONS, "eos_token_id": [2], "pad_token_id": 0,
            "type": "llama", "vocab_size": VOCABULARY,
            "decoder": {
                "session_options": {"log_id": "onnxruntime-genai", "provider_options": []},
                "filename": "model.onnx", "head_size": HEAD, "hidden_size": WIDTH,
                "inputs": {
                    "input_ids": "input_ids", "attention_mask": "attention_mask",
                    "past_key_names": names["key"], "past_value_names": names["value"]},
                "outputs": {
                    "logits": "logits", "present_key_names": "present.%d.key",
                    "present_value_names": "present.%d.value"},
                "num_attention_heads": HEADS, "num_hidden_layers": LAYERS,
                "num_key_value_heads": KEY_HEADS}},
        "search": {"do_sample": False, "max_length": POSITIONS, "past_present_share_buffer": True}}
    (folder / "checkpoint" / "genai_config.json").write_text(json.dumps(written, indent=2) + "\n")
    record_greedy(llama, folder, 42)


def main():
    record_optimum()
    record_genai()


if __name__ == "__main__":
    main()

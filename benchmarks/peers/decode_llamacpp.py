"""Decodes greedily with llama.cpp, with the weights of the same checkpoint in the same precision.

Talks to `sensorium bench decode --peer 'python benchmarks/peers/decode_llamacpp.py BUILD/decode'`:
BUILD/decode is peers/llamacpp built aside. The checkpoint is written as a gguf file first (gguf-py):
F32, Q8_0 (blocks of 32) for int8, Q4_0 with a Q8_0 head for int4; keys and values stay in float32.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import gguf
import numpy as np
from safetensors import safe_open

TYPES = {
    "fp32": gguf.GGMLQuantizationType.F32,
    "fp16": gguf.GGMLQuantizationType.F16,
    "int8": gguf.GGMLQuantizationType.Q8_0,
    "int4": gguf.GGMLQuantizationType.Q4_0,
}
LAYER = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
WHOLE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}


def gguf_name(name):
    stem = name.removesuffix(".weight")
    if stem in WHOLE:
        return WHOLE[stem] + ".weight"
    _, _, number, part = stem.split(".", 3)
    return f"blk.{number}.{LAYER[part]}.weight"


def write(checkpoint, precision, file):
    config = json.loads((checkpoint / "config.json").read_text())
    writer = gguf.GGUFWriter(str(file), "llama", use_temp_file=False)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_rope_dimension_count(config["hidden_size"] // config["num_attention_heads"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    types = {}
    with safe_open(checkpoint / "model.safetensors", "np") as weights:
        names = list(weights.keys())
        for name in names:
            shape = weights.get_slice(name).get_shape()
            kind = TYPES[precision] if len(shape) == 2 else TYPES["fp32"]
            if precision == "int4" and name.startswith("lm_head"):
                kind = TYPES["int8"]
            types[name] = kind
            block, size = gguf.GGML_QUANT_SIZES[kind]
            stored = (*shape[:-1], shape[-1] // block * size) if block > 1 else tuple(shape)
            dtype = {"F32": np.float32, "F16": np.float16}.get(kind.name, np.uint8)
            bytes_stored = int(np.prod(stored)) * np.dtype(dtype).itemsize
            writer.add_tensor_info(gguf_name(name), stored, np.dtype(dtype), bytes_stored, raw_dtype=kind)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for name in names:
            writer.write_tensor_data(gguf.quants.quantize(weights.get_tensor(name), types[name]))
    writer.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("decode")
    parser.add_argument("checkpoint", type=pathlib.Path)
    parser.add_argument("graph")
    parser.add_argument("precision", choices=TYPES)
    parser.add_argument("threads")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "model.gguf"
        write(arguments.checkpoint, arguments.precision, file)
        child = subprocess.Popen(
            [arguments.decode, str(file), arguments.threads], stdin=sys.stdin, stdout=sys.stdout)
        sys.exit(child.wait())


if __name__ == "__main__":
    main()

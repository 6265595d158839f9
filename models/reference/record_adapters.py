"""Records tiny random-weight projection adapters with what torch and transformers compute for them.

`projection-*` are of the form that docs/model-package.md describes, computed by the functions below; `llava-*`
is a whole LlavaForConditionalGeneration, whose projector becomes an adapter, and its vision tower by itself;
`blip2-*` is a whole Blip2ForConditionalGeneration, whose Q-Former does. Each case has a folder `checkpoint` with a
golden.safetensors.

Run: pip install -r requirements.txt && python record_adapters.py
"""

import json
import pathlib

import torch
import transformers
from safetensors.torch import load_file, save_file
from torch.nn.functional import gelu, layer_norm, linear, rms_norm, scaled_dot_product_attention

HERE = pathlib.Path(__file__).parent
BETWEEN = {"encoder": "vision", "space": "world@1", "language_model": "speaker", "modality": "image"}


def normal(generator, *shape):
    return torch.randn(*shape, generator=generator)


class Adapter:
    """Makes the weights that it is asked for, and remembers them."""

    def __init__(self, config, seed):
        self.config = config
        self.generator = torch.Generator().manual_seed(seed)
        self.weights = {}

    def layer(self, name, x, out):
        weight = self.weights[name + ".weight"] = normal(self.generator, out, x.shape[-1]) / x.shape[-1] ** 0.5
        bias = self.weights[name + ".bias"] = 0.3 * normal(self.generator, out)
        return linear(x, weight, bias)

    def norm(self, name, x):
        weight = self.weights[name + ".weight"] = 1 + 0.3 * normal(self.generator, x.shape[-1])
        bias = self.weights[name + ".bias"] = 0.3 * normal(self.generator, x.shape[-1])
        return layer_norm(x, x.shape[-1:], weight, bias, 1e-5)

    def projected(self, x, part, out):
        if self.config["kind"] != "mlp":
            return self.layer(part + "linear", x, out)
        return self.layer(part + "linear_2", gelu(self.layer(part + "linear_1", x, self.config["hidden_width"])), out)

    def attention(self, name, asking, seen):
        width, heads = self.config["hidden_width"], self.config["heads"]
        split = [
            self.layer(name + part, x, width).unflatten(-1, (heads, width // heads)).transpose(1, 2)
            for part, x in (("q_proj", asking), ("k_proj", seen), ("v_proj", seen))
        ]
        return self.layer(name + "out_proj", scaled_dot_product_attention(*split).transpose(1, 2).flatten(2), width)

    def queries(self, tokens, embedding):
        config, width = self.config, self.config["hidden_width"]
        first = [] if embedding is None else [self.layer("embedding_input", embedding[:, None], width)]
        others = [] if tokens is None else [self.layer("token_input", tokens, width)]
        seen = torch.cat(first + others, 1)
        queries = self.weights["query_tokens"] = normal(self.generator, 1, config["queries"], width)
        x = queries.expand(seen.shape[0], -1, -1)
        for i in range(config["layers"]):
            block = f"layers.{i}."
            asked = self.norm(block + "self_attention_norm", x)
            x = x + self.attention(block + "self_attention.", asked, asked)
            x = x + self.attention(block + "cross_attention.", self.norm(block + "cross_attention_norm", x), seen)
            inner = gelu(self.layer(block + "fc1", self.norm(block + "feed_forward_norm", x), 4 * width))
            x = x + self.layer(block + "fc2", inner, width)
        return self.layer("output", self.norm("norm", x), config["output_width"])

    def features(self, states):
        special = self.config.get("special_tokens", 1)
        patches = states[:, special:]
        if "pool" in self.config:
            (rows, columns), (high, wide) = self.config["token_grid"], self.config["pool"]
            grid = patches.unflatten(1, (rows // high, high, columns // wide, wide))
            patches = grid.mean((2, 4)).flatten(1, 2)
        kept = torch.cat([states[:, :special], patches], 1) if self.config.get("keep_special") else patches
        return self.norm("token_norm", kept) if self.config.get("input_norm") else kept

    def __call__(self, states, embedding):
        config, width = self.config, self.config["output_width"]
        tokens = None if states is None else self.features(states)
        if embedding is not None and config.get("input_norm"):
            embedding = self.norm("embedding_norm", embedding)
        if config["kind"] == "query":
            rows = self.queries(tokens, embedding)
        else:
            count = config.get("embedding_rows", 1)
            parts = []
            if embedding is not None:
                parts.append(self.projected(embedding, "embedding.", count * width).unflatten(-1, (count, width)))
            if tokens is not None:
                parts.append(self.projected(tokens, "", width))
            rows = torch.cat(parts, 1)
        if config.get("output_norm"):
            weight = self.weights["output_norm.weight"] = 0.1 + 0.02 * normal(self.generator, width)
            rows = rms_norm(rows, (width,), weight, 1e-6)
        return rows


def write(folder, config, golden, weights):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, folder / "model.safetensors")
    save_file({name: tensor.contiguous() for name, tensor in golden.items()}, folder / "golden.safetensors")
    print(folder.parent.name, {name: tuple(tensor.shape) for name, tensor in golden.items()})


def projection(case, seed, **settings):
    config = {"model_type": "projection", **BETWEEN, **settings}
    adapter = Adapter(config, seed)
    generator = torch.Generator().manual_seed(seed + 1)
    reads = config["features"]
    states = normal(generator, 2, config["tokens"], config["input_width"]) if reads != "embedding" else None
    embedding = normal(generator, 2, config["embedding_width"]) if reads != "tokens" else None
    if embedding is not None:
        embedding = torch.nn.functional.normalize(embedding, dim=-1)
    rows = adapter(states, embedding)
    golden = {"input.token_states": states, "input.embedding": embedding, "output.media_embeds": rows}
    golden = {name: tensor for name, tensor in golden.items() if tensor is not None}
    write(HERE / case / "checkpoint", config, golden, adapter.weights)


def llava():
    config = transformers.LlavaConfig(
        vision_config=transformers.CLIPVisionConfig(
            hidden_size=24, intermediate_size=40, num_hidden_layers=3, num_attention_heads=3, image_size=28, patch_size=7
        ),
        text_config=transformers.LlamaConfig(
            vocab_size=48, hidden_size=20, intermediate_size=24, num_hidden_layers=1, num_attention_heads=2
        ),
        image_token_index=7,
        image_seq_length=16,
    )
    torch.manual_seed(71)
    model = transformers.LlavaForConditionalGeneration(config).eval()
    generator = torch.Generator().manual_seed(72)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = normal(generator, *parameter.shape)
            parameter.copy_(noise / parameter.shape[-1] ** 0.5 if parameter.ndim > 1 else 0.3 * noise)
        pixels = normal(generator, 2, 3, 28, 28)
        tower = model.model.vision_tower(pixels, output_hidden_states=True)
        rows = model.get_image_features(pixels, return_dict=True).pooler_output
        rows = torch.stack(list(rows)) if isinstance(rows, (list, tuple)) else rows.unflatten(0, (2, -1)) if rows.ndim == 2 else rows
    folder = HERE / "llava-projector" / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    written = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "adapter.json").write_text(json.dumps(BETWEEN, indent=2, sort_keys=True) + "\n")
    states = tower.hidden_states[-2]
    save_file(
        {"input.token_states": states.contiguous(), "output.media_embeds": rows.contiguous()},
        folder / "golden.safetensors",
    )
    vision = HERE / "llava-vision" / "checkpoint"
    vision.mkdir(parents=True, exist_ok=True)
    clip = transformers.CLIPVisionModel(config.vision_config)
    clip.load_state_dict(model.model.vision_tower.state_dict())
    clip.save_pretrained(vision)
    written = json.loads((vision / "config.json").read_text())
    (vision / "config.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    save_file(
        {
            "input.pixel_values": pixels.contiguous(),
            "output.last_hidden_state": tower.last_hidden_state.contiguous(),
            "output.penultimate_hidden_state": states.contiguous(),
        },
        vision / "golden.safetensors",
    )
    print("llava", tuple(states.shape), tuple(rows.shape), sorted(load_file(folder / "model.safetensors"))[:3])


def blip2():
    """The rows are what the whole model splices into its prompt, of the states that its vision tower gives."""
    config = transformers.Blip2Config(
        vision_config=transformers.Blip2VisionConfig(
            hidden_size=20, intermediate_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=28, patch_size=7
        ),
        qformer_config=transformers.Blip2QFormerConfig(
            hidden_size=18,
            intermediate_size=28,
            num_hidden_layers=3,
            num_attention_heads=3,
            encoder_hidden_size=20,
            vocab_size=9,
        ),
        text_config=transformers.OPTConfig(
            vocab_size=24,
            hidden_size=14,
            word_embed_proj_dim=14,
            ffn_dim=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=8,
        ),
        num_query_tokens=5,
        image_token_index=7,
    )
    torch.manual_seed(81)
    model = transformers.Blip2ForConditionalGeneration(config).eval()
    generator = torch.Generator().manual_seed(82)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = normal(generator, *parameter.shape)
            scaled = noise / parameter.shape[-1] ** 0.5 if parameter.ndim > 1 else 0.3 * noise
            parameter.copy_(1 + scaled if "orm.weight" in name else scaled)
        features = model.get_image_features(normal(generator, 3, 3, 28, 28), return_dict=True)
        queries = model.qformer(model.query_tokens.expand(3, -1, -1), encoder_hidden_states=features.last_hidden_state)
        rows = model.language_projection(queries.last_hidden_state)
    torch.testing.assert_close(rows, features.pooler_output)
    folder = HERE / "blip2-projector" / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    written = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "adapter.json").write_text(json.dumps(BETWEEN, indent=2, sort_keys=True) + "\n")
    golden = {"input.token_states": features.last_hidden_state, "output.media_embeds": rows}
    save_file({name: tensor.contiguous() for name, tensor in golden.items()}, folder / "golden.safetensors")
    print("blip2", {name: tuple(tensor.shape) for name, tensor in golden.items()})


def zero_gated(case, seed, authors, heads, keys, head_size):
    """ImageBind-LLM's bind network and what its attention adds for one adapter token, as its paper and code have it."""
    width, inner, layers, blocks = 12, 20, 3, 2
    config = {
        "model_type": "projection",
        **BETWEEN,
        "kind": "zero_gated",
        "embedding_width": 10,
        "output_width": width,
        "hidden_width": inner,
        "blocks": blocks,
        "layers": layers,
        "heads": heads,
        **({} if authors else {"key_heads": keys, "head_size": head_size}),
    }
    generator = torch.Generator().manual_seed(seed)
    bind = "image_bind_" if authors else ""
    gates = "llama.layers.{}.attention.gate" if authors else "layers.{}.gate"
    projections = "llama.layers.{}.attention.wv.weight" if authors else "layers.{}.v_proj.weight"
    weights = {bind + "proj.weight": normal(generator, width, 10), bind + "proj.bias": normal(generator, width)}
    embedding = torch.nn.functional.normalize(normal(generator, 2, 10), dim=-1)
    v = linear(embedding, weights[bind + "proj.weight"], weights[bind + "proj.bias"])
    for block in range(1, blocks + 1):
        norm = weights[f"{bind}norm_{block}.weight"] = 1 + 0.3 * normal(generator, width)
        f1 = weights[f"{bind}f1_{block}.weight"] = normal(generator, inner, width) / width**0.5
        f3 = weights[f"{bind}f3_{block}.weight"] = normal(generator, inner, width) / width**0.5
        f2 = weights[f"{bind}f2_{block}.weight"] = normal(generator, width, inner) / inner**0.5
        n = rms_norm(v, (width,), norm, 1e-6)
        v = v + linear(torch.nn.functional.silu(linear(n, f1)) * linear(n, f3), f2)
    query = weights["prefix_query.weight"] = normal(generator, layers, width)
    additions = []
    for layer in range(layers):
        gate = normal(generator, 1, heads, 1, 1)
        values = weights[projections.format(layer)] = normal(generator, keys * head_size, width) / width**0.5
        weights[gates.format(layer)] = gate if authors else gate.flatten()
        split = linear(v + query[layer], values).view(2, keys, 1, head_size)
        repeated = split.repeat_interleave(heads // keys, 1)
        additions.append((gate.tanh() * repeated).reshape(2, 1, -1))
    golden = {"input.embedding": embedding, "output.layer_additions": torch.cat(additions, 1)}
    write(HERE / case / "checkpoint", config, golden, weights)


if __name__ == "__main__":
    zero_gated("projection-zero-gated", 39, False, 4, 2, 5)
    zero_gated("imagebind-llm", 41, True, 3, 3, 4)
    projection(
        "projection-pooled",
        31,
        kind="mlp",
        features="both",
        input_width=12,
        tokens=26,
        special_tokens=2,
        keep_special=True,
        token_grid=[4, 6],
        pool=[2, 3],
        embedding_width=10,
        embedding_rows=3,
        hidden_width=14,
        output_width=9,
        input_norm=True,
        output_norm=True,
    )
    projection("projection-linear", 33, kind="linear", features="tokens", input_width=11, tokens=8, output_width=7)
    projection("projection-one-token", 35, kind="one_token", features="embedding", embedding_width=13, output_width=8)
    projection(
        "projection-query",
        37,
        kind="query",
        features="both",
        input_width=10,
        tokens=9,
        embedding_width=6,
        hidden_width=12,
        output_width=7,
        queries=5,
        layers=2,
        heads=3,
        output_norm=True,
    )
    llava()
    blip2()

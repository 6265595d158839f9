"""Records low-rank adapters of peft and additive zero-gated vectors over the tiny language models.

Each case has a folder `lora-BASE/NAME` as peft saves an adapter (adapter_config.json,
adapter_model.safetensors), and beside them `golden.safetensors` with `input.input_ids`, `output.base`
and `output.NAME` logits, `vectors` [layers, heads * head size] and `output.vectors`, the logits of the
base with those vectors added to every token's attention before its output projection, and
`output.both` with the first adapter and the vectors. `generated.safetensors` has, as `base` and `NAME`,
the first tokens of the prompts and the most probable ones after them, each read anew.

The vectors' logits come from hooks on transformers' own modules: what reaches `o_proj` is the
attention of all heads, and ImageBind-LLM adds `tanh(gate) * Wv(prompt)` there.

Run: pip install -r requirements.txt && python record_lora.py
"""

import json
import pathlib
import shutil

import peft
import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
TOKENS = 23
PROMPT = 9
GENERATED = 20


def base_of(name):
    model = transformers.AutoModelForCausalLM.from_pretrained(
        HERE / name / "checkpoint", attn_implementation="eager", dtype=torch.float32
    )
    return model.eval()


def logits(model, ids):
    with torch.no_grad():
        return model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits.contiguous()


def greedy(model, ids):
    """The prompt's first tokens and what the model goes on with, never ending."""
    made = ids[:, :PROMPT]
    while made.shape[1] < PROMPT + GENERATED:
        made = torch.cat([made, logits(model, made)[:, -1:].argmax(-1)], 1)
    return made


def adapt(name, folder, seed, **settings):
    """An adapter with random factors, saved as peft saves it."""
    model = peft.get_peft_model(base_of(name), peft.LoraConfig(task_type="CAUSAL_LM", **settings))
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "lora_" in key:
                parameter.copy_(0.2 * torch.randn(parameter.shape, generator=generator))
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    written = json.loads((folder / "adapter_config.json").read_text())
    written["base_model_name_or_path"] = name
    for key in ("target_modules", "exclude_modules"):
        if isinstance(written.get(key), list):
            written[key] = sorted(written[key])
    (folder / "adapter_config.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    return model.eval()


def with_vectors(model, vectors, ids):
    layers = [m for key, m in model.named_modules() if key.endswith("self_attn.o_proj")]
    assert len(layers) == len(vectors)
    hooks = [
        layer.register_forward_pre_hook(lambda module, args, vector=vector: (args[0] + vector,))
        for layer, vector in zip(layers, vectors)
    ]
    try:
        return logits(model, ids)
    finally:
        for hook in hooks:
            hook.remove()


def record(name, seed, adapters):
    root = HERE / ("lora-" + name)
    shutil.rmtree(root, ignore_errors=True)
    base = base_of(name)
    generator = torch.Generator().manual_seed(seed)
    ids = torch.randint(3, base.config.vocab_size, (2, TOKENS), generator=generator)
    recorded = {"input.input_ids": ids, "output.base": logits(base, ids)}
    config = base.config
    head = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    width = config.num_attention_heads * head
    gates = torch.tanh(torch.randn(config.num_hidden_layers, config.num_attention_heads, 1, generator=generator))
    values = torch.randn(config.num_hidden_layers, config.num_attention_heads, head, generator=generator)
    vectors = (gates * values).reshape(config.num_hidden_layers, width)
    recorded["vectors"] = vectors
    generated = {"base": greedy(base, ids)}
    recorded["output.vectors"] = with_vectors(base, vectors, ids)
    for number, (key, settings) in enumerate(adapters.items()):
        adapted = adapt(name, root / key, seed + number, **settings)
        recorded["output." + key] = logits(adapted, ids)
        generated[key] = greedy(adapted, ids)
        if number == 0:
            wrapped = {n: m for n, m in adapted.named_modules() if n.endswith("self_attn.o_proj")}
            assert len(wrapped) == config.num_hidden_layers
            recorded["output.both"] = with_vectors(adapted, vectors, ids)
    save_file({k: v.contiguous() for k, v in recorded.items()}, root / "golden.safetensors")
    save_file(generated, root / "generated.safetensors")
    for key, value in recorded.items():
        if key.startswith("output."):
            print(name, key, float((value - recorded["output.base"]).abs().max()))


def main():
    every = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    two = {
        "all": dict(r=4, lora_alpha=8, target_modules=every),
        "some": dict(
            r=3, lora_alpha=7, use_rslora=True,
            target_modules=r".*\.layers\.[0-2]\.(self_attn\.(q|v)_proj|mlp\.down_proj)",
            rank_pattern={"down_proj": 5, r"layers\.1\.self_attn\.q_proj": 2},
            alpha_pattern={"v_proj": 11},
        ),
    }
    record("llama-grouped", 101, two)
    record("mistral-sliding", 103, two)
    record("qwen2-tied", 105, two)
    record("qwen3-wide-heads", 107, two)
    record("smollm3-nope", 109, two)
    record("gemma2-capped", 111, two)
    record("gemma3-text", 113, two)


if __name__ == "__main__":
    main()

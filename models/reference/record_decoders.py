"""Records tiny random-weight language models with the logits and greedy continuations of transformers.

Each case has a folder `checkpoint` as the hub would publish it, with a golden.safetensors of
`input.input_ids`, `input.attention_mask`, `output.logits` and, as the reference for decoding,
`generate.greedy_ids` (the prompts and 64 tokens more).

Run: pip install -r requirements.txt && python record_decoders.py
"""

import json
import pathlib

import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
TOKENS = 64


def randomise(model, seed):
    """Weights large enough that every layer matters, norms included."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if "embed" in name or "lm_head" in name:
                parameter.copy_(noise)
            elif parameter.ndim > 1:
                parameter.copy_(1.5 * noise / parameter.shape[1] ** 0.5)
            else:
                parameter.copy_(noise * 0.3 + (1.0 if name.endswith("norm.weight") else 0.0))
    return model.eval()


def record(case, kind, seed, tokens=37, **settings):
    config = transformers.AutoConfig.for_model(kind, **settings)
    config._attn_implementation = "eager"
    model = randomise(transformers.AutoModelForCausalLM.from_config(config), seed)
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    written = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    generator = torch.Generator().manual_seed(seed + 1)
    ids = torch.randint(3, config.vocab_size, (2, tokens), generator=generator)
    mask = torch.ones_like(ids)
    with torch.no_grad():
        logits = model(input_ids=ids, attention_mask=mask).logits
        greedy = model.generate(
            input_ids=ids[:, :9],
            attention_mask=mask[:, :9],
            do_sample=False,
            min_new_tokens=TOKENS,
            max_new_tokens=TOKENS,
            eos_token_id=None,
            pad_token_id=0,
        )
    save_file(
        {
            "input.input_ids": ids,
            "input.attention_mask": mask,
            "output.logits": logits.contiguous(),
            "generate.greedy_ids": greedy.contiguous(),
        },
        folder / "golden.safetensors",
    )
    print(case, tuple(logits.shape), float(logits.abs().max()), sum(p.numel() for p in model.parameters()))


def main():
    small = dict(
        vocab_size=211, hidden_size=48, intermediate_size=80, num_hidden_layers=3,
        num_attention_heads=6, max_position_embeddings=256, bos_token_id=1, eos_token_id=2,
    )
    record("llama-grouped", "llama", 11, **small, num_key_value_heads=2, rms_norm_eps=1e-5,
           tie_word_embeddings=False,
           rope_parameters={"rope_type": "default", "rope_theta": 10000.0})
    record("llama-scaled-tied", "llama", 13, **small, num_key_value_heads=6, head_dim=16,
           rms_norm_eps=1e-6, tie_word_embeddings=True, attention_bias=True, mlp_bias=True,
           rope_parameters={"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0,
                            "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                            "original_max_position_embeddings": 32})
    record("llama-yarn", "llama", 15, **small, num_key_value_heads=3, rms_norm_eps=1e-5,
           tie_word_embeddings=False,
           rope_parameters={"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0,
                            "original_max_position_embeddings": 64})
    record("mistral-sliding", "mistral", 17, **small, num_key_value_heads=2, sliding_window=8,
           rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    record("mistral-linear", "mistral", 19, **small, num_key_value_heads=3, sliding_window=None,
           head_dim=24, rope_parameters={"rope_type": "linear", "rope_theta": 1e5, "factor": 2.0})
    record("qwen2-tied", "qwen2", 21, **small, num_key_value_heads=2, tie_word_embeddings=True,
           rope_parameters={"rope_type": "default", "rope_theta": 1e6})
    record("qwen2-some-sliding", "qwen2", 23, **small, num_key_value_heads=6, use_sliding_window=True,
           sliding_window=7, max_window_layers=1, tie_word_embeddings=False,
           rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    record("qwen3-wide-heads", "qwen3", 25, **small, num_key_value_heads=2, head_dim=16,
           tie_word_embeddings=True, rope_parameters={"rope_type": "default", "rope_theta": 1e6})
    record("qwen3-biased", "qwen3", 27, **small, num_key_value_heads=3, head_dim=8,
           attention_bias=True, tie_word_embeddings=False,
           rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    four = dict(small, num_hidden_layers=5)
    record("smollm3-nope", "smollm3", 29, **four, num_key_value_heads=2, tie_word_embeddings=True,
           rope_parameters={"rope_type": "default", "rope_theta": 2e6}, pad_token_id=0)
    record("smollm3-window", "smollm3", 31, **four, num_key_value_heads=3, tie_word_embeddings=False,
           use_sliding_window=True, sliding_window=8, no_rope_layers=[1, 0, 1, 1, 0],
           layer_types=["full_attention", "sliding_attention", "full_attention",
                        "sliding_attention", "full_attention"],
           rope_parameters={"rope_type": "default", "rope_theta": 1e4}, pad_token_id=0)
    record("gemma2-capped", "gemma2", 33, **four, num_key_value_heads=2, head_dim=16,
           sliding_window=8, query_pre_attn_scalar=20, attn_logit_softcapping=20.0,
           final_logit_softcapping=15.0, rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    record("gemma2-uncapped", "gemma2", 35, **small, num_key_value_heads=3, head_dim=8,
           sliding_window=16, query_pre_attn_scalar=8, attn_logit_softcapping=None,
           final_logit_softcapping=None, rope_parameters={"rope_type": "default", "rope_theta": 1e4})
    six = dict(small, num_hidden_layers=7)
    record("gemma3-text", "gemma3_text", 37, **six, num_key_value_heads=2, head_dim=16,
           sliding_window=8, query_pre_attn_scalar=16)
    record("gemma3-scaled", "gemma3_text", 39, **small, num_key_value_heads=1, head_dim=24,
           sliding_window=9, query_pre_attn_scalar=24,
           layer_types=["sliding_attention", "full_attention", "sliding_attention"],
           rope_parameters={"full_attention": {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0},
                            "sliding_attention": {"rope_type": "default", "rope_theta": 1e4}})


if __name__ == "__main__":
    main()

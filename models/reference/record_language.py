"""Records what transformers computes with the default language models.

Per model: logits and 64 greedily chosen ids for a question, for plain text and for random ids, in
golden.safetensors beside the weights; the ids of strings in many scripts and of rendered chats in
models/reference/<model>/tokens.json.

Run: pip install -r requirements.txt && python record_language.py
"""

import json
import pathlib
import random

import torch
import transformers
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
MODELS = HERE.parent / "defaults" / "src" / "main" / "checkpoints"
PROMPTS = [
    "<|begin|><|user|><|picture|>three small red bells in the top left on a striped background<|close|>"
    "How many bells are there and what colour are they?<|end|><|assistant|>",
    "<|begin|><|user|><|sound|>two high frogs<|close|>What do you hear?<|end|><|assistant|>",
    "<|begin|>What is two plus three? élan 日本語 🎈",
]
RANDOM_LENGTHS = (1, 7, 41)
GREEDY = 64
SHARED = 13
STRINGS = 300
RANGES = [(0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x17F), (0x370, 0x3FF), (0x5D0, 0x5EA), (0x900, 0x97F), (0x3041, 0x3096), (0x4E00, 0x9FA5), (0x1F300, 0x1F6FF), (0x9, 0xD)]
WORDS = "how many bells are there what colour red purple the top left of it's they'll 12 3 gust of wind puppies , . ? !  \n\t".split(" ")


def golden(folder, tokenizer):
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    generator = torch.Generator().manual_seed(20261121)
    sequences = [tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids for text in PROMPTS]
    for length in RANDOM_LENGTHS:
        sequences.append(torch.randint(0, model.config.vocab_size, (1, length), generator=generator))
    tensors = {}
    with torch.no_grad():
        for number, ids in enumerate(sequences):
            tensors[f"run.{number}.input.input_ids"] = ids
            tensors[f"run.{number}.output.logits"] = model(ids).logits.contiguous()
            greedy = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=False,
                max_new_tokens=GREEDY,
                eos_token_id=None,
                pad_token_id=0,
            )
            tensors[f"run.{number}.greedy"] = greedy[:, ids.shape[1] :].contiguous()
        # One run under the names by which an installed package is verified.
        both = torch.cat([ids[:, :SHARED] for ids in sequences[:2]])
        tensors["input.input_ids"] = both
        tensors["output.logits"] = model(both).logits.contiguous()
    save_file(tensors, folder / "golden.safetensors")


def strings():
    draw = random.Random(20261121)
    for number in range(STRINGS):
        parts = []
        for _ in range(draw.randint(0, 8)):
            if draw.random() < 0.5:
                parts.append(draw.choice(WORDS))
            else:
                first, last = draw.choice(RANGES)
                parts.append("".join(chr(draw.randint(first, last)) for _ in range(draw.randint(1, 4))))
        yield draw.choice([" ", "", "  "]).join(parts)


def chats():
    yield [{"role": "user", "content": "What is two plus three?"}]
    yield [
        {"role": "user", "content": [{"type": "image"}, {"type": "audio"}, {"type": "text", "text": "Is it the same thing in both?"}]},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "What is it?"},
    ]


def tokens(tokenizer):
    rendered = []
    for messages in chats():
        text = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(text, add_special_tokens=False).input_ids
        rendered.append({"messages": messages, "text": text, "ids": ids})
    encoded = []
    for text in strings():
        ids = tokenizer(text, add_special_tokens=False).input_ids
        assert tokenizer.decode(ids) == text, text
        encoded.append({"text": text, "ids": ids})
    return {"transformers": transformers.__version__, "strings": encoded, "chats": rendered}


def main():
    for folder in sorted(path.parent for path in MODELS.glob("lm-*/config.json")):
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        golden(folder, tokenizer)
        target = HERE / folder.name
        target.mkdir(exist_ok=True)
        (target / "tokens.json").write_text(
            json.dumps(tokens(tokenizer), ensure_ascii=True, separators=(",", ":")) + "\n"
        )


if __name__ == "__main__":
    main()

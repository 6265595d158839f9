"""Records tiny random-weight text encoders with what transformers and Sentence-Transformers give.

Plain checkpoints are saved by transformers, the others by Sentence-Transformers, some rewritten into
the layouts of older versions. The goldens hold token tensors with their outputs and, for the texts in
`media`, the token tensors that Sentence-Transformers makes of them.

Run: pip install -r requirements.txt && python record_sentences.py
"""

import json
import pathlib
import shutil

import sentence_transformers
import torch
import transformers
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling

from record_towers import randomise

HERE = pathlib.Path(__file__).parent
TEXTS = {
    "short": "A photo of two dogs.",
    "mixed": "  Straße, naïve CAFÉ e\u0301\t&\n不说 🙂👍🏽 [MASK] <mask> don't!  ",
    "long": "The quick brown fox jumps over the lazy dog, and the dog does not mind. " * 12,
}
CONFIGS = {
    "bert": (transformers.BertConfig, transformers.BertModel, transformers.BertTokenizer, "word-piece"),
    "roberta": (transformers.RobertaConfig, transformers.RobertaModel, transformers.RobertaTokenizer, "byte-level"),
    "xlm-roberta": (transformers.XLMRobertaConfig, transformers.XLMRobertaModel, transformers.XLMRobertaTokenizer, "unigram"),
    "distilbert": (transformers.DistilBertConfig, transformers.DistilBertModel, transformers.BertTokenizer, "word-piece"),
    "mpnet": (transformers.MPNetConfig, transformers.MPNetModel, transformers.RobertaTokenizer, "byte-level"),
}
SPECIAL = {
    "word-piece": dict(pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]"),
    "byte-level": dict(
        bos_token="<s>", eos_token="</s>", cls_token="<s>", sep_token="</s>", pad_token="<pad>", unk_token="<unk>", mask_token="<mask>"
    ),
}
SPECIAL["unigram"] = SPECIAL["byte-level"]


def trunk(folder, kind, seed, pooler=True, max_length=None, **sizes):
    """A tokenizer and a transformer with random weights, as transformers saves them."""
    config_class, model_class, _, tokenizer_kind = CONFIGS[kind]
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(HERE / "tokenizers" / tokenizer_kind / "tokenizer.json"),
        **SPECIAL[tokenizer_kind],
        **({"model_max_length": max_length} if max_length else {}),
    )
    if kind == "bert":
        tokenizer.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    else:
        tokenizer.model_input_names = ["input_ids", "attention_mask"]
    config = config_class(vocab_size=len(tokenizer), **sizes)
    extra = {} if kind == "distilbert" else {"add_pooling_layer": pooler}
    model = randomise(model_class(config, **extra), seed)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return model, tokenizer


def rename(folder, name):
    path = folder / "model.safetensors"
    save_file({name(key): value for key, value in load_file(path).items()}, path, metadata={"format": "pt"})


def token_tensors(tokenizer, seed, more=0):
    """Rows of 9, 4 and 6 tokens and some more, padded on the right with the tokenizer's padding id."""
    generator = torch.Generator().manual_seed(seed)
    ids = torch.full((3, 9 + more), tokenizer.pad_token_id)
    mask = torch.zeros_like(ids)
    for row, length in enumerate((9 + more, 4 + more, 6 + more)):
        ids[row, :length] = torch.randint(5, len(tokenizer), (length,), generator=generator)
        ids[row, 0] = tokenizer.cls_token_id
        ids[row, length - 1] = tokenizer.sep_token_id
        mask[row, :length] = 1
    tensors = {"input_ids": ids, "attention_mask": mask}
    if "token_type_ids" in tokenizer.model_input_names:
        types = torch.zeros_like(ids)
        types[0, 5:] = 1
        tensors["token_type_ids"] = types
    return tensors


def preprocessed(folder, tokenize):
    """Writes the texts and returns their token tensors."""
    (folder / "media").mkdir(exist_ok=True)
    tensors = {}
    for case, text in TEXTS.items():
        (folder / "media" / f"{case}.txt").write_text(text, encoding="utf-8", newline="")
        for name, value in tokenize(text).items():
            if name in ("input_ids", "attention_mask", "token_type_ids"):
                tensors[f"pre.{case}.{name}"] = value
    return tensors


def write_golden(folder, inputs, outputs, pre):
    golden = {f"input.{name}": tensor for name, tensor in inputs.items()}
    golden |= {f"output.{name}": tensor for name, tensor in outputs.items()}
    save_file({name: tensor.contiguous() for name, tensor in (golden | pre).items()}, folder / "golden.safetensors")


def fresh(case):
    folder = HERE / case / "checkpoint"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def plain(case, kind, seed, name=None, **options):
    folder = fresh(case)
    model, tokenizer = trunk(folder, kind, seed, **options)
    inputs = token_tensors(tokenizer, seed)
    with torch.no_grad():
        result = model(**inputs)
        weights = inputs["attention_mask"].unsqueeze(-1).float()
        mean = (result.last_hidden_state * weights).sum(1) / weights.sum(1)
    outputs = {"sentence_embedding": mean, "last_hidden_state": result.last_hidden_state}
    if options.get("pooler", True):
        outputs["pooler_output"] = result.pooler_output
    longest = model.config.max_position_embeddings - (0 if kind in ("bert", "distilbert") else model.config.pad_token_id + 1)
    longest = min(longest, tokenizer.model_max_length)
    pre = preprocessed(folder, lambda text: tokenizer([text], truncation=True, max_length=longest, return_tensors="pt"))
    if name:
        rename(folder, name)
    write_golden(folder, inputs, outputs, pre)


def sentences(case, kind, seed, modules, prompts=None, default_prompt=None, rewrite=None, name=None, more=0, **options):
    folder = fresh(case)
    scratch = folder / "scratch"
    _, tokenizer = trunk(scratch, kind, seed, **options)
    transformer = Transformer(str(scratch))
    generator = torch.Generator().manual_seed(seed + 1)
    for module in modules:
        for parameter in module.parameters():
            with torch.no_grad():
                noise = torch.randn(parameter.shape, generator=generator)
                parameter.copy_(noise / parameter.shape[-1] ** 0.5 + (1 if isinstance(module, LayerNorm) else 0))
    model = SentenceTransformer(
        modules=[transformer, *modules], prompts=prompts, default_prompt_name=default_prompt, device="cpu"
    ).eval()
    prompt = (prompts or {}).get(default_prompt, "")
    tokenize = lambda text: model.preprocess([text], prompt=prompt or None)
    prompt_length = tokenize("").get("prompt_length", 0)
    inputs = token_tensors(tokenizer, seed, prompt_length + more)
    with torch.no_grad():
        embedding = model(inputs | {"prompt_length": prompt_length})["sentence_embedding"]
    if any(isinstance(module, Pooling) and not module.include_prompt for module in modules):
        inputs["prompt_length"] = torch.full((3, 1), prompt_length)
    pre = preprocessed(folder, tokenize)
    shutil.rmtree(scratch)
    model.save(str(folder), create_model_card=False)
    if name:
        rename(folder, name)
    if rewrite:
        rewrite(folder)
    write_golden(folder, inputs, {"sentence_embedding": embedding}, pre)


def edit(path, change):
    config = json.loads(path.read_text())
    change(config)
    path.write_text(json.dumps(config, indent=2) + "\n")


def old_layout(folder):
    """As before version 6: a flag for every mode, short module types, no tokenizer limit."""
    for path in folder.glob("*_Pooling/config.json"):
        config = json.loads(path.read_text())
        chosen = config.pop("pooling_mode")
        chosen = [chosen] if isinstance(chosen, str) else chosen
        config["word_embedding_dimension"] = config.pop("embedding_dimension")
        for mode in ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"):
            short = mode if mode == "mean_sqrt_len_tokens" else mode.split("_")[0]
            config["pooling_mode_" + mode] = short in chosen
        path.write_text(json.dumps(config, indent=2) + "\n")
    modules = json.loads((folder / "modules.json").read_text())
    for module in modules:
        module["type"] = "sentence_transformers.models." + module["type"].rsplit(".", 1)[-1]
    (folder / "modules.json").write_text(json.dumps(modules, indent=2) + "\n")
    tokenizer = json.loads((folder / "tokenizer_config.json").read_text())
    limit = tokenizer.pop("model_max_length")
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2) + "\n")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": limit, "do_lower_case": False}) + "\n")


def main():
    plain(
        "bert-plain", "bert", 21, hidden_size=36, num_hidden_layers=3, num_attention_heads=3, intermediate_size=50,
        max_position_embeddings=40, type_vocab_size=2,
    )
    plain(
        "bert-old-names", "bert", 22, pooler=False, max_length=33, hidden_size=28, num_hidden_layers=2,
        num_attention_heads=7, intermediate_size=44, max_position_embeddings=48, type_vocab_size=3,
        hidden_act="gelu_new", layer_norm_eps=1e-5,
        name=lambda key: "bert." + key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"),
    )
    plain(
        "roberta-plain", "roberta", 23, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=37, type_vocab_size=1, layer_norm_eps=1e-5, name=lambda key: "roberta." + key,
    )
    plain(
        "xlm-roberta-plain", "xlm-roberta", 24, pooler=False, hidden_size=30, num_hidden_layers=2, num_attention_heads=5,
        intermediate_size=31, max_position_embeddings=45, type_vocab_size=1, layer_norm_eps=1e-5, hidden_act="relu",
    )
    plain(
        "distilbert-plain", "distilbert", 25, pooler=False, dim=28, n_layers=2, n_heads=4, hidden_dim=36,
        max_position_embeddings=40, activation="relu", name=lambda key: "distilbert." + key,
    )
    sentences(
        "sentence-mpnet", "mpnet", 35, [Pooling(24), Normalize()], rewrite=old_layout, max_length=150, more=135, hidden_size=24,
        num_hidden_layers=2, num_attention_heads=3, intermediate_size=40, max_position_embeddings=154,
    )
    sentences(
        "sentence-mean", "bert", 31, [Pooling(24), Normalize()], rewrite=old_layout, max_length=25, hidden_size=24,
        num_hidden_layers=2, num_attention_heads=3, intermediate_size=40, max_position_embeddings=64,
    )
    sentences(
        "sentence-cls", "bert", 32, [Pooling(32, "cls"), Normalize()], max_length=30,
        prompts={"query": "Represent this sentence: ", "document": ""}, default_prompt="query", hidden_size=32,
        num_hidden_layers=2, num_attention_heads=2, intermediate_size=48, max_position_embeddings=32,
    )
    sentences(
        "sentence-many", "roberta", 33,
        [
            Pooling(20, ("mean", "max", "weightedmean", "lasttoken")), LayerNorm(80), Dense(80, 24, activation_function=torch.nn.Tanh()),
            Dense(24, 24, bias=False, activation_function=torch.nn.SiLU(), use_residual=True),
        ],
        max_length=28, hidden_size=20, num_hidden_layers=2, num_attention_heads=4, intermediate_size=32,
        max_position_embeddings=31, type_vocab_size=1, name=lambda key: "roberta." + key,
    )
    sentences(
        "sentence-prompt", "xlm-roberta", 34, [Pooling(24, ("cls", "max", "mean_sqrt_len_tokens"), include_prompt=False), Normalize()],
        prompts={"query": "query: "}, default_prompt="query", rewrite=old_layout, max_length=34, hidden_size=24,
        num_hidden_layers=2, num_attention_heads=6, intermediate_size=28, max_position_embeddings=36, type_vocab_size=1,
    )


if __name__ == "__main__":
    main()
    print(sentence_transformers.__version__, transformers.__version__)

"""What the recordings of image-text models share: random weights, media, tiny tokenizers, golden files."""

import json
import pathlib

import numpy
import torch
from PIL import Image
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).parent

# What the tiny tokenizers are trained on; long enough for a few hundred merges.
CORPUS = [
    "a photo of a cat", "a photo of two dogs playing in the snow", "the sound of rain on a tin roof",
    "an old red bicycle leaning against a brick wall", "a diagram of the human heart, labelled in Latin",
    "she sells sea shells by the sea shore", "twenty-four blackbirds baked in a pie", "it's a dog's life, isn't it?",
    "a bowl of ramen with an egg", "ein schöner Tag am Meer", "un café crème près de l'église", "東京の夜景",
    "mountains at sunrise, 4K, highly detailed", "black-and-white portrait of a man with a hat", "Привет, мир",
] * 3

# Adversarial in length, case, space, script and punctuation.
TEXTS = {
    "caption": "A photo of a cat",
    "punctuation": "It's  twenty-four\tblackbirds,\n isn't it?! (a dog's <b>life</b>) &amp; #42",
    "scripts": "Ein SCHÖNER Tag: café, Привет мир, 東京の夜景 🚲🐈 e\u0301glise Straße İstanbul",
    "long": "an old red bicycle leaning against a brick wall " * 12,
    "space": "   ",
}


def randomise(model, seed):
    """Weights large enough that every layer matters, biases and norms included."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            if name in ("logit_scale", "logit_bias"):
                continue
            if "embedding" in name and "patch" not in name:
                parameter.copy_(noise * 0.3)
            elif parameter.ndim > 1:
                parameter.copy_(noise / parameter[0].numel() ** 0.5)
            else:
                is_scale = any(part in name for part in ("norm", "ln_")) and "weight" in name
                parameter.copy_(noise * 0.2 + (1.0 if is_scale else 0.0))
    return model.eval()


def pictures():
    """Smooth and sharp parts, odd sizes, grey and colour; PNG keeps the bytes, JPEG is what people have."""
    rng = numpy.random.default_rng(7)

    def colour(width, height):
        y, x = numpy.mgrid[0:height, 0:width]
        waves = numpy.stack([numpy.sin(x / 9 + y / 17 + k) + numpy.cos(x * y / (97 + 40 * k)) for k in range(3)], -1)
        image = 127 + 60 * waves + rng.normal(0, 6, (height, width, 3))
        image[height // 3 : height // 2, width // 4 : width // 2] = [250, 20, 90]
        return Image.fromarray(image.clip(0, 255).astype(numpy.uint8))

    return {
        "wide.png": colour(101, 67),
        "tall.png": colour(23, 151),
        "tiny.png": colour(7, 5),
        "grey.png": colour(53, 64).convert("L"),
        "palette.png": colour(48, 57).convert("P", palette=Image.Palette.ADAPTIVE, colors=37),
        "photo.jpg": colour(211, 133),
    }


def write_media(folder, texts=TEXTS):
    """Writes the media files and answers them as {file name: picture as Pillow reads it, or text}."""
    media = folder / "media"
    media.mkdir(parents=True, exist_ok=True)
    items = {}
    for name, picture in pictures().items():
        picture.save(media / name, **({"quality": 92} if name.endswith(".jpg") else {"optimize": True}))
        items[name] = Image.open(media / name)
    for name, text in texts.items():
        (media / f"{name}.txt").write_text(text, encoding="utf-8")
        items[f"{name}.txt"] = text
    return items


def preprocess(items, image, text):
    """What a processor gives for each item, as {<item without extension>.<input>: tensor}."""
    recorded = {}
    for name, item in items.items():
        values = text(item) if isinstance(item, str) else image(item)
        recorded |= {f"{name.rsplit('.', 1)[0]}.{key}": value for key, value in values.items()}
    return recorded


def write_golden(folder, inputs, outputs, preprocessed):
    golden = {f"input.{name}": tensor.contiguous() for name, tensor in inputs.items()}
    golden |= {f"output.{name}": tensor.contiguous() for name, tensor in outputs.items()}
    golden |= {f"pre.{name}": tensor.contiguous() for name, tensor in preprocessed.items()}
    save_file(golden, folder / "golden.safetensors")


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n")


def without(mapping, *keys):
    return {key: value for key, value in mapping.items() if key not in keys}


def byte_pair_vocabulary(size):
    """Vocabulary and merges as CLIP has them: bytes, bytes that end a word, merges, the two special tokens last."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    merges = [tuple(merge) for merge in json.loads(tokenizer.to_str())["model"]["merges"]]
    vocabulary = {}
    for token in alphabet + [letter + "</w>" for letter in alphabet] + ["".join(merge) for merge in merges]:
        vocabulary.setdefault(token, len(vocabulary))
    for token in ("<|startoftext|>", "<|endoftext|>"):
        vocabulary[token] = len(vocabulary)
    return vocabulary, merges


def unigram_tokenizer(size):
    """A SentencePiece-like tokenizer with SigLIP's canonical form: lower case, no punctuation, single spaces."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=size, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def gemma_tokenizer(size):
    """Byte-pair encoding with byte fallback over '▁', no lower-casing, the end token last: Gemma's form."""
    bytes_ = [f"<0x{value:02X}>" for value in range(256)]
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.Replace(" ", "▁")
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False)
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trained.train_from_iterator(CORPUS, trainer)
    learned = json.loads(trained.to_str())["model"]
    vocabulary = {token: i for i, token in enumerate(["<pad>", "<eos>", "<bos>", "<unk>", *bytes_])}
    for token in learned["vocab"]:
        vocabulary.setdefault(token, len(vocabulary))
    tokenizer = Tokenizer(
        models.BPE(
            vocab=vocabulary, merges=[tuple(merge) for merge in learned["merges"]], unk_token="<unk>",
            fuse_unk=True, byte_fallback=True,
        )
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    return tokenizer

"""What the recordings of image-text models share: random weights, media, tiny tokenizers, golden files."""

import collections
import json
import pathlib
import re

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


def learn_merges(words, count):
    """Byte-pair merges of the most frequent pairs; ties go to the pair that sorts first, so that runs agree."""
    words = [(list(word), times) for word, times in collections.Counter(tuple(word) for word in words).items()]
    merges = []
    for _ in range(count):
        pairs = collections.Counter()
        for word, times in words:
            for pair in zip(word, word[1:]):
                pairs[pair] += times
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        for word, _ in words:
            at = 0
            while at + 1 < len(word):
                if (word[at], word[at + 1]) == best:
                    word[at : at + 2] = ["".join(best)]
                at += 1
    return merges


def byte_pair_vocabulary(merges):
    """Vocabulary and merges as CLIP has them: bytes, bytes that end a word, merges, the two special tokens last."""
    split = pre_tokenizers.Sequence([pre_tokenizers.Whitespace(), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    words = [word for text in CORPUS for word, _ in split.pre_tokenize_str(text.lower())]
    merges = learn_merges([[*word[:-1], word[-1] + "</w>"] for word in words], merges)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
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
    # The trainer's sums, and the order of what they make equal, differ from run to run.
    state = json.loads(tokenizer.to_str())
    scores = [[token, round(score, 6)] for token, score in state["model"]["vocab"]]
    state["model"]["vocab"] = scores[:2] + sorted(scores[2:], key=lambda entry: (-entry[1], entry[0]))
    return Tokenizer.from_str(json.dumps(state))


def gemma_tokenizer(merges):
    """Byte-pair encoding with byte fallback over '▁', the end token last: Gemma's form, in lower case as SigLIP 2's."""
    words = [word for text in CORPUS for word in re.findall("▁?[^▁]+", text.lower().replace(" ", "▁"))]
    merges = learn_merges(words, merges)
    bytes_ = [f"<0x{value:02X}>" for value in range(256)]
    letters = sorted({letter for word in words for letter in word})
    vocabulary = {}
    for token in ["<pad>", "<eos>", "<bos>", "<unk>", *bytes_, *letters, *("".join(merge) for merge in merges)]:
        vocabulary.setdefault(token, len(vocabulary))
    tokenizer = Tokenizer(
        models.BPE(
            vocab=vocabulary, merges=merges, unk_token="<unk>",
            fuse_unk=True, byte_fallback=True,
        )
    )
    tokenizer.normalizer = normalizers.Sequence([normalizers.Lowercase(), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    return tokenizer

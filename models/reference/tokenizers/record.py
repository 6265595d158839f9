"""Trains one tiny tokenizer of every kind and records what the reference makes of 10,000 strings.

The strings are drawn by a generator that the Java test has too, from the tables in strings.json. Of
every string's ids the CRC-32 is kept (little-endian 32-bit ids, special tokens included), so that a
failure names its string. Lone surrogates, which the reference refuses, become U+FFFD first, as
Python's own decoders replace them.

Run: pip install -r ../requirements.txt && python record.py all-minilm-l6-v2-q-tokenizer.json
"""

import json
import pathlib
import re
import string
import struct
import sys
import tempfile
import zlib

import sentencepiece
import torch
import transformers
from safetensors.torch import save_file
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers.models.gemma.tokenization_gemma import GemmaTokenizer

HERE = pathlib.Path(__file__).parent
CORPUS = HERE / "corpus.txt"
MASK = (1 << 64) - 1


class SplitMix64:
    """Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014)."""

    def __init__(self, seed):
        self.state = seed & MASK

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 1) % bound


def generate(tables, number):
    random = SplitMix64(tables["seed"] + number)
    parts = tables["longParts"] if number % tables["longEvery"] == 0 else 1 + random.below(tables["parts"])
    text = []
    for _ in range(parts):
        kind = random.below(4)
        if kind == 0:
            text.append(tables["fragments"][random.below(len(tables["fragments"]))])
        elif kind == 1:
            text.append(tables["words"][random.below(len(tables["words"]))])
        else:
            first, last = tables["ranges"][random.below(len(tables["ranges"]))]
            length = 1 + random.below(tables["run"])
            point = first + random.below(last - first + 1)
            for _ in range(length):
                text.append(chr(point))
                if kind == 3:
                    point = first + random.below(last - first + 1)
        text.append(tables["separators"][random.below(len(tables["separators"]))])
    return "".join(text)


def whole(text):
    """Surrogates in pairs become their character, others U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def checksum(ids):
    return struct.unpack("<i", struct.pack("<I", zlib.crc32(struct.pack(f"<{len(ids)}i", *ids))))[0]


def lines():
    return CORPUS.read_text(encoding="utf-8").splitlines()


def byte_level():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(
        lines(),
        trainers.BpeTrainer(
            vocab_size=600, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
        ),
    )
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), add_prefix_space=False, trim_offsets=True
    )
    return tokenizer


def word_piece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(
        lines(), trainers.WordPieceTrainer(vocab_size=600, special_tokens=special, show_progress=False)
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def clip():
    model = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    model.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    pattern = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    model.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(pattern), "removed", invert=True), pre_tokenizers.ByteLevel(False, use_regex=False)]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    model.train_from_iterator(
        lines(),
        trainers.BpeTrainer(
            vocab_size=900, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
        ),
    )
    trained = json.loads(model.to_str())["model"]
    vocabulary = {token: index for index, token in enumerate(alphabet + [a + "</w>" for a in alphabet])}
    for token in sorted(trained["vocab"], key=trained["vocab"].get):
        vocabulary.setdefault(token, len(vocabulary))
    for token in ("<|startoftext|>", "<|endoftext|>"):
        vocabulary[token] = len(vocabulary)
    merges = [tuple(merge) for merge in trained["merges"]]
    return transformers.CLIPTokenizer(vocab=vocabulary, merges=merges).backend_tokenizer


def sentence_piece(folder, **options):
    """A SentencePiece model with a small table of normalisations, compiled as the published ones are."""
    rules = folder / "rules.tsv"
    pairs = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)} | {"ﬁ": "fi", "ﬂ": "fl", "①": "1", "½": "1/2", "…": "..."}
    pairs |= {"\u3000": " ", "\u00a0": " ", "\t": " ", "\n": " ", "\r": " ", "e\u0301": "é", "a\u0308": "ä", "ｶ": "カ", "ｶﾞ": "ガ"}
    pairs |= {"\u200b": "", "\u00ad": "", "\u0001": "", "\u2126": "Ω", "ℵ": "א", "㍿": "株式会社"}
    code = lambda text: " ".join(f"{ord(c):X}" for c in text)
    rules.write_text("".join(f"{code(a)}\t{code(b)}\n" for a, b in pairs.items()))
    sentencepiece.SentencePieceTrainer.train(
        input=str(CORPUS), model_prefix=str(folder / "model"), vocab_size=400, model_type="unigram",
        normalization_rule_tsv=str(rules), character_coverage=0.98, minloglevel=2, **options,
    )
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString((folder / "model.model").read_bytes())
    return [(piece.piece, piece.score) for piece in proto.pieces], proto.normalizer_spec.precompiled_charsmap


def xlm_roberta(folder):
    pieces, charsmap = sentence_piece(folder)
    special = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary = special + [piece for piece in pieces if piece[0] not in ("<unk>", "<s>", "</s>")] + [("<mask>", 0.0)]
    return transformers.XLMRobertaTokenizer(vocab=vocabulary, _spm_precompiled_charsmap=charsmap).backend_tokenizer


def siglip(folder):
    """As the published tokenizer.json of T5's kind: the text is canonicalised before it."""
    pieces, charsmap = sentence_piece(folder, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=2, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(charsmap), normalizers.Strip(left=False, right=True), normalizers.Replace(Regex(" {2,}"), "▁")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens(["<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def canonical(text):
    text = text.lower().translate(str.maketrans("", "", string.punctuation))
    return re.sub(r"\s+", " ", text).strip()


def gemma():
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    model = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    model.normalizer = normalizers.Replace(" ", "▁")
    model.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    byte_tokens = [f"<0x{i:02X}>" for i in range(256)]
    model.train_from_iterator(
        lines(),
        trainers.BpeTrainer(vocab_size=1000, special_tokens=special + byte_tokens, limit_alphabet=150, max_token_length=12, show_progress=False),
    )
    trained = json.loads(model.to_str())["model"]
    merges = [tuple(merge) for merge in trained["merges"]]
    tokenizer = GemmaTokenizer(vocab=trained["vocab"], merges=merges).backend_tokenizer
    tokenizer.post_processor = processors.TemplateProcessing(single="<bos> $A", special_tokens=[("<bos>", 2)])
    return tokenizer


def train(folder):
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        tokenizers = {
            "byte-level": byte_level(),
            "word-piece": word_piece(),
            "clip": clip(),
            "unigram": xlm_roberta(pathlib.Path(first)),
            "siglip": siglip(pathlib.Path(second)),
            "gemma": gemma(),
        }
    for kind, tokenizer in tokenizers.items():
        tokenizer.no_padding()
        tokenizer.no_truncation()
        (folder / kind).mkdir(exist_ok=True)
        parsed = json.loads(tokenizer.to_str())
        text = json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))
        (folder / kind / "tokenizer.json").write_text(text + "\n", encoding="utf-8")


def main(minilm):
    train(HERE)
    tables = json.loads((HERE / "strings.json").read_text(encoding="utf-8"))
    texts = [whole(generate(tables, number)) for number in range(tables["count"])]
    recordings = {}
    kinds = {path.parent.name: path for path in sorted(HERE.glob("*/tokenizer.json"))} | {"minilm": pathlib.Path(minilm)}
    for kind, path in kinds.items():
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        read = canonical if kind == "siglip" else str
        sums = [checksum(tokenizer.encode(read(text)).ids) for text in texts]
        recordings[kind] = torch.tensor(sums, dtype=torch.int32)
    recordings["strings"] = torch.tensor(
        [checksum(struct.unpack(f"<{len(t.encode('utf-32-le')) // 4}i", t.encode("utf-32-le"))) for t in texts],
        dtype=torch.int32,
    )
    save_file(recordings, HERE / "recordings.safetensors")
    print({kind: len(set(sums.tolist())) for kind, sums in recordings.items()}, sum(map(len, texts)))


if __name__ == "__main__":
    main(sys.argv[1])

"""Records tiny random-weight sound checkpoints: AST, Whisper and CLAP, with their feature extractors.

Each case has a folder `checkpoint` as the hub would publish it, with golden.safetensors beside it:
`input.<name>` and `output.<name>` of transformers' own model, and `pre.<clip>.<name>`, what the feature
extractor's NumPy implementation (the tokenizer, for text) makes of `media/<clip>.wav` (`.txt`).

Where an architecture has no embedding of its own, `audio_embeds` is what Sensorium takes: the projected or
plain pooled output (Whisper: the mean over time), scaled to length 1.

Run: pip install -r requirements.txt && python record_audio.py
"""

import json
import math
import pathlib
import wave

import numpy
import torch
import transformers
from safetensors.torch import load_file, save_file
from tokenizers import ByteLevelBPETokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = ["a dog barks twice, then a bell rings", "Regen auf einem Dach: naß & laut", "drums"]


def randomise(model, seed):
    """Weights large enough that every layer matters; norms, biases, tables and statistics included."""
    generator = torch.Generator().manual_seed(seed)
    tensors = list(model.named_parameters()) + [(n, b) for n, b in model.named_buffers() if "running" in n]
    with torch.no_grad():
        for name, tensor in tensors:
            noise = torch.randn(tensor.shape, generator=generator)
            if name.startswith("logit_scale"):
                tensor.copy_(2.0 + 0.3 * noise)
            elif "running_var" in name:
                tensor.copy_(0.5 + noise.abs())
            elif "running_mean" in name:
                tensor.copy_(noise)
            elif tensor.ndim > 1 and not any(part in name for part in ("embeddings", "embed_", "bias_table")):
                tensor.copy_(noise / tensor[0].numel() ** 0.5)
            elif tensor.ndim > 1:
                tensor.copy_(noise * 0.3)
            else:
                tensor.copy_(noise * 0.2 + (1.0 if "norm" in name.lower() and "weight" in name else 0.0))
    return model.eval()


def clip(path, rate, seconds, seed):
    """A chirp that swells over quiet noise, 16-bit and mono; returns the samples as a decoder gives them."""
    time = numpy.arange(int(rate * seconds)) / rate
    noise = numpy.random.default_rng(seed).uniform(-0.01, 0.01, len(time))
    tone = numpy.sin(2 * math.pi * (200 + 1700 * time) * time) * 0.6 * numpy.sin(math.pi * time / time[-1])
    pcm = numpy.round((tone + noise) * 32767).astype("<i2")
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm.tobytes())
    return pcm.astype(numpy.float32) / 32768


def write(case, model, extractor, clips, extra_config, extra_tensors, golden, prefix="", settings=None):
    folder = HERE / case / "checkpoint"
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    edit(folder / "config.json", extra_config)
    tensors = {prefix + name: tensor for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(tensors | extra_tensors, folder / "model.safetensors", metadata={"format": "pt"})
    extractor.save_pretrained(folder)
    edit(folder / "preprocessor_config.json", settings or {})
    for number, seconds in enumerate(clips):
        name = ("short", "long", "longer")[number]
        samples = clip(folder / "media" / f"{name}.wav", extractor.sampling_rate, seconds, number)
        for key, value in features(extractor, samples).items():
            golden[f"pre.{name}.{key}"] = torch.from_numpy(value)
    save_file({name: tensor.contiguous() for name, tensor in golden.items()}, folder / "golden.safetensors")


def edit(path, entries):
    content = json.loads(path.read_text()) | entries
    path.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def features(extractor, samples):
    """The extractor's result by its NumPy implementation; a clip that is too long keeps its beginning."""
    kind = type(extractor).__name__
    if kind == "WhisperFeatureExtractor":
        padded = numpy.zeros(extractor.n_samples)
        padded[: len(samples)] = samples[: len(padded)]
        return {"input_features": extractor._np_extract_fbank_features([padded], "cpu").astype(numpy.float32)}
    if kind == "ClapFeatureExtractor":
        values = extractor(samples[: extractor.nb_max_samples], sampling_rate=extractor.sampling_rate)
        return {"input_features": numpy.stack(values["input_features"]).astype(numpy.float32)}
    values = extractor(samples, sampling_rate=extractor.sampling_rate)["input_values"]
    return {"input_values": numpy.stack(values).astype(numpy.float32)}


def unit(tensor):
    return torch.nn.functional.normalize(tensor, dim=-1)


def ast(case, seed, clips, projection=None, prefix="", normalises=True, **sizes):
    config = transformers.ASTConfig(**sizes)
    model = randomise(transformers.ASTModel(config), seed)
    generator = torch.Generator().manual_seed(seed + 1)
    values = torch.randn(2, config.max_length, config.num_mel_bins, generator=generator)
    with torch.no_grad():
        result = model(input_values=values)
    golden = {"input.input_values": values}
    extra_config, extra_tensors = {}, {}
    if projection:
        weight = torch.randn(projection, config.hidden_size, generator=generator) / config.hidden_size**0.5
        extra_config, extra_tensors = {"projection_dim": projection}, {"audio_projection.weight": weight}
        golden["output.audio_embeds"] = unit(result.pooler_output @ weight.T)
    else:
        golden["output.audio_embeds"] = unit(result.pooler_output)
        golden["output.last_hidden_state"] = result.last_hidden_state
        golden["output.pooler_output"] = result.pooler_output
    extractor = transformers.ASTFeatureExtractor(
        num_mel_bins=config.num_mel_bins, max_length=config.max_length, do_normalize=normalises
    )
    write(case, model, extractor, clips, extra_config, extra_tensors, golden, prefix)


def whisper(case, seed, clips, kind, extractor, **sizes):
    tokens = {name: 1 for name in ("pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id")}
    decoder = {"decoder_layers": 1, "decoder_attention_heads": 1, "decoder_ffn_dim": 8, "vocab_size": 7}
    config = transformers.WhisperConfig(
        **sizes, **decoder, **tokens, max_target_positions=5, begin_suppress_tokens=None
    )
    model = randomise(kind(config), seed)
    generator = torch.Generator().manual_seed(seed + 1)
    values = torch.randn(2, config.num_mel_bins, 2 * config.max_source_positions, generator=generator)
    with torch.no_grad():
        states = model.get_encoder()(values).last_hidden_state
    golden = {
        "input.input_features": values,
        "output.audio_embeds": unit(states.mean(dim=1)),
        "output.last_hidden_state": states,
    }
    extractor = transformers.WhisperFeatureExtractor(feature_size=config.num_mel_bins, **extractor)
    write(case, model, extractor, clips, {}, {}, golden)


def clap(case, seed, clips, extractor, audio, text, **sizes):
    tokenizer = roberta_tokenizer(text["max_position_embeddings"] - 2)
    config = transformers.ClapConfig(
        text_config=text | {"vocab_size": len(tokenizer)}, audio_config=audio, **sizes
    )
    model = randomise(transformers.ClapModel(config), seed)
    extractor = transformers.ClapFeatureExtractor(
        feature_size=audio["num_mel_bins"], truncation="rand_trunc", **extractor
    )
    frames = 1 + extractor.nb_max_samples // extractor.hop_length
    values = torch.randn(2, 1, frames, audio["num_mel_bins"], generator=torch.Generator().manual_seed(seed + 1))
    tokens = tokenizer(TEXTS, padding=True, truncation=True, return_tensors="pt")
    with torch.no_grad():
        result = model(input_features=values, input_ids=tokens.input_ids, attention_mask=tokens.attention_mask)
    golden = {
        "input.input_features": values,
        "input.input_ids": tokens.input_ids,
        "input.attention_mask": tokens.attention_mask,
        "output.audio_embeds": result.audio_embeds,
        "output.text_embeds": result.text_embeds,
    }
    folder = HERE / case / "checkpoint"
    (folder / "media").mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    for number, line in enumerate(TEXTS):
        (folder / "media" / f"text{number}.txt").write_text(line)
        alone = tokenizer(line, truncation=True, return_tensors="pt")
        golden[f"pre.text{number}.input_ids"] = alone.input_ids
        golden[f"pre.text{number}.attention_mask"] = alone.attention_mask
    write(case, model, extractor, clips, {}, {}, golden)


def roberta_tokenizer(longest):
    """RoBERTa's own kind of tokenizer with the few merges that the texts give."""
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        TEXTS, vocab_size=300, min_frequency=2, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    )
    content = json.loads(trained.to_str())["model"]
    merges = [tuple(merge) if isinstance(merge, list) else tuple(merge.split(" ")) for merge in content["merges"]]
    return transformers.RobertaTokenizer(vocab=content["vocab"], merges=merges, model_max_length=longest)


def main():
    ast(
        "ast-projected", 13, (0.4, 0.9), projection=24, max_length=64, num_mel_bins=32, patch_size=16,
        time_stride=16, frequency_stride=16, hidden_size=48, num_hidden_layers=3, num_attention_heads=4,
        intermediate_size=96,
    )
    ast(
        "ast-overlapping", 14, (0.3, 0.7), prefix="audio_spectrogram_transformer.", normalises=False, max_length=43,
        num_mel_bins=24, patch_size=8, time_stride=5, frequency_stride=7, hidden_size=32, num_hidden_layers=2,
        num_attention_heads=2, intermediate_size=80, hidden_act="quick_gelu", layer_norm_eps=1e-6,
    )
    whisper(
        "whisper-80-mels", 21, (0.6, 1.2), transformers.WhisperForConditionalGeneration, {"chunk_length": 1},
        num_mel_bins=80, max_source_positions=50, d_model=48, encoder_layers=2, encoder_attention_heads=4,
        encoder_ffn_dim=96,
    )
    whisper(
        "whisper-128-mels", 22, (0.7, 1.1), transformers.WhisperModel,
        {"chunk_length": 1, "n_fft": 600, "hop_length": 200},
        num_mel_bins=128, max_source_positions=40, d_model=40, encoder_layers=3, encoder_attention_heads=5,
        encoder_ffn_dim=56, activation_function="gelu_new",
    )
    clap(
        "clap-shifted", 31, (0.3, 1.1), {"max_length_s": 1, "frequency_min": 50},
        audio=dict(
            spec_size=64, num_mel_bins=16, window_size=4, depths=[2, 2, 2], num_attention_heads=[2, 4, 8],
            patch_embeds_hidden_size=16, hidden_size=64,
        ),
        text=dict(
            hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
            max_position_embeddings=50,
        ),
        projection_dim=24,
    )
    clap(
        "clap-padded", 32, (0.45, 0.7),
        {"max_length_s": 1, "sampling_rate": 16000, "hop_length": 160, "fft_window_size": 400,
         "frequency_max": 7500, "padding": "repeat"},
        audio=dict(
            spec_size=96, num_mel_bins=24, window_size=5, depths=[2, 1, 3], num_attention_heads=[3, 2, 6],
            patch_embeds_hidden_size=12, hidden_size=48, mlp_ratio=2.5, qkv_bias=False, layer_norm_eps=1e-6,
            enable_patch_layer_norm=False, hidden_act="gelu_new",
        ),
        text=dict(
            hidden_size=40, num_hidden_layers=3, num_attention_heads=5, intermediate_size=72, hidden_act="gelu_new",
            layer_norm_eps=1e-5, max_position_embeddings=26,
        ),
        projection_dim=20, projection_hidden_act="gelu",
    )


if __name__ == "__main__":
    main()

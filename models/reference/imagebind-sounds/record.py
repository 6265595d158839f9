"""Records what ImageBind hears of a sound: its waveform2melspec over evenly spaced clips.

Run: python record.py
The features are Kaldi's as transformers' audio_utils computes them (see kaldi/record.py); clips and
normalising follow ImageBind's data.py, the clip sampler pytorchvideo's ConstantClipsPerVideoSampler, the
change of rates torchaudio's functional.resample.
"""

import json
import math
import pathlib
import wave
from fractions import Fraction

import numpy
from safetensors.numpy import save_file
from transformers.audio_utils import mel_filter_bank, spectrogram, window_function

HERE = pathlib.Path(__file__).parent
DECLARATION = {
    "feature_extractor_type": "ImageBindAudio", "sample_rate": 16000, "num_mel_bins": 24, "target_length": 57,
    "clip_duration": 1, "clips_per_video": 3, "mean": -4.268, "std": 9.138,
}
CASES = {
    "short": (16000, 0.41, 1), "exact": (16000, 1.0, 1), "long": (16000, 1.73, 2), "fast": (44100, 0.6, 1),
    "slow": (11025, 1.2, 1),
}


def sound(path, rate, seconds, channels):
    time = numpy.arange(int(rate * seconds)) / rate
    noise = numpy.random.default_rng(len(time)).uniform(-0.02, 0.02, (len(time), channels))
    tones = numpy.stack([numpy.sin(2 * math.pi * (300 + 900 * time) * time * (c + 1)) for c in range(channels)], 1)
    pcm = numpy.round((0.4 * tones + noise + 0.05) * 32767).astype("<i2")
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm.tobytes())
    return (pcm.astype(numpy.float32) / 32768).T


def resample(waveform, old, new, width=6, rolloff=0.99):
    """torchaudio.functional.resample with sinc_interp_hann."""
    divisor = math.gcd(old, new)
    old, new = old // divisor, new // divisor
    base = min(old, new) * rolloff
    reach = math.ceil(width * old / base)
    index = numpy.arange(-reach, reach + old) / old
    time = (numpy.arange(0, -new, -1)[:, None] / new + index) * base
    time = numpy.clip(time, -width, width)
    kernels = numpy.sinc(time) * numpy.cos(time * math.pi / width / 2) ** 2 * base / old
    length = waveform.shape[-1]
    padded = numpy.pad(waveform, ((0, 0), (reach, reach + old)))
    starts = range(0, padded.shape[-1] - kernels.shape[1] + 1, old)
    blocks = [padded[:, start : start + kernels.shape[1]] @ kernels.T for start in starts]
    return numpy.concatenate(blocks, axis=1)[:, : math.ceil(new * length / old)].astype(numpy.float32)


def starts(duration):
    count = DECLARATION["clips_per_video"]
    latest = Fraction(max(duration - DECLARATION["clip_duration"], 0))
    return [Fraction(latest, max(count - 1, 1)) * index for index in range(count)]


def melspec(waveform):
    rate, bins, frames = (DECLARATION[key] for key in ("sample_rate", "num_mel_bins", "target_length"))
    waveform = waveform - waveform.mean()
    filters = mel_filter_bank(257, bins, 20, rate // 2, rate, None, "kaldi", True)
    mel = spectrogram(
        waveform[0], window_function(400, "hann", periodic=False), 400, 160, 512, power=2.0, center=False,
        preemphasis=0.97, mel_filters=filters, log_mel="log", mel_floor=2.0**-23, remove_dc_offset=True,
    )[:, :frames]
    return numpy.pad(mel, ((0, 0), (0, frames - mel.shape[1])))[None]


def main():
    golden = {}
    rate = DECLARATION["sample_rate"]
    for name, (recorded, seconds, channels) in CASES.items():
        samples = sound(HERE / "media" / f"{name}.wav", recorded, seconds, channels)
        if recorded != rate:
            samples = resample(samples, recorded, rate)
        clips = []
        for start in starts(samples.shape[1] / rate):
            end = start + DECLARATION["clip_duration"]
            clips.append(melspec(samples[:, int(start * rate) : int(end * rate)]))
        values = (numpy.stack(clips)[None] - DECLARATION["mean"]) / DECLARATION["std"]
        golden[f"pre.{name}.audio"] = values.astype(numpy.float32)
    save_file(golden, HERE / "golden.safetensors")
    (HERE / "preprocessor_config.json").write_text(json.dumps(DECLARATION, indent=2) + "\n")


if __name__ == "__main__":
    main()

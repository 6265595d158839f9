"""Records the log-mel features that transformers' ASTFeatureExtractor computes, before normalising.

Run: python record.py > recordings.csv
The signals are made by the formula below, which the Java test repeats. Where torchaudio is not installed,
transformers computes the features of torchaudio.compliance.kaldi.fbank by itself.
"""
import sys

import numpy
import transformers
from transformers import ASTFeatureExtractor
from transformers.utils import is_speech_available

# samples, mel bins, frames (padded or cut to), amplitude of the tone, of the noise, samples of silence at the start
CASES = [(4011, 64, 24, 0.3, 0.1, 0), (1600, 128, 8, 0.0, 0.9, 0), (3200, 64, 16, 0.5, 0.0, 1000),
         (3333, 40, 20, 0.02, 0.001, 500), (399, 64, 3, 0.3, 0.1, 0)]


def signal(samples, tone, noise, silence):
    index = numpy.arange(samples, dtype=numpy.uint64)
    bits = (index * numpy.uint64(2654435761) >> numpy.uint64(13)) & numpy.uint64(255)
    wave = tone * numpy.sin(2 * numpy.pi * 440 * numpy.arange(samples) / 16000) + noise * (bits.astype(float) / 128 - 1)
    wave[:silence] = 0
    return wave.astype(numpy.float32)


print(f"# transformers {transformers.__version__}, NumPy {numpy.__version__}, Python {sys.version.split()[0]}, "
      f"torchaudio {is_speech_available()}")
print("case,samples,bins,frames,tone,noise,silence")
for number, (samples, bins, frames, tone, noise, silence) in enumerate(CASES):
    print(f"{number},{samples},{bins},{frames},{tone},{noise},{silence}")
    extractor = ASTFeatureExtractor(num_mel_bins=bins, max_length=frames, do_normalize=False)
    if samples < 400:
        # Kaldi has no frame here; transformers' own transform cannot be asked, so only the padding is recorded.
        features = numpy.zeros((frames, bins))
    else:
        features = extractor(signal(samples, tone, noise, silence), sampling_rate=16000)["input_values"][0]
    for row in features:
        print(",".join(f"{value:.5f}" for value in row))

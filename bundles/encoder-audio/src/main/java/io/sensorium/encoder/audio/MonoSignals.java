package io.sensorium.encoder.audio;

import io.sensorium.api.media.AudioClip;
import io.sensorium.models.preprocessing.AudioResampler;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Clips as one channel at a model's rate. Thread-safe; keeps the filters of the source rates that
 * were met last.
 */
final class MonoSignals {
  private static final int KEPT_RATES = 8;

  /** Twice the reach of the resampling filter, in samples at the lower rate. */
  private static final int MARGIN_SAMPLES = 128;

  private final int sampleRate;
  private final double seconds;
  private final IntFunction<AudioResampler> resampling;
  // Guarded by itself.
  private final Map<Integer, AudioResampler> resamplers = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param sampleRate in hertz
   * @param seconds how much of a clip's beginning will be read; infinite for all of it
   */
  MonoSignals(int sampleRate, double seconds) {
    this(sampleRate, seconds, rate -> new AudioResampler(rate, sampleRate));
  }

  /**
   * @param resampling from another rate to this one
   */
  MonoSignals(int sampleRate, double seconds, IntFunction<AudioResampler> resampling) {
    this.sampleRate = sampleRate;
    this.seconds = seconds;
    this.resampling = resampling;
  }

  /** The mean of the channels, no longer than somewhat more than will be read. */
  float[] of(AudioClip clip) {
    return atRate(AudioResampler.toMono(beginning(clip), clip.channels()), clip.sampleRate());
  }

  /** As {@link #of}, but what is on the other channels is not heard. */
  float[] firstChannel(AudioClip clip) {
    float[] interleaved = beginning(clip);
    float[] first = new float[interleaved.length / clip.channels()];
    for (int frame = 0; frame < first.length; frame++) {
      first[frame] = interleaved[frame * clip.channels()];
    }
    return atRate(first, clip.sampleRate());
  }

  private float[] beginning(AudioClip clip) {
    int rate = clip.sampleRate();
    double margin = (double) MARGIN_SAMPLES / Math.min(rate, sampleRate);
    int frames = (int) Math.min(clip.frames(), Math.ceil((seconds + margin) * rate));
    float[] interleaved = new float[frames * clip.channels()];
    clip.samples().get(interleaved);
    return interleaved;
  }

  private float[] atRate(float[] mono, int rate) {
    return rate == sampleRate ? mono : resampler(rate).resample(mono);
  }

  private AudioResampler resampler(int rate) {
    synchronized (resamplers) {
      AudioResampler kept = resamplers.get(rate);
      if (kept != null) {
        return kept;
      }
    }
    AudioResampler fresh = resampling.apply(rate);
    synchronized (resamplers) {
      resamplers.put(rate, fresh);
      while (resamplers.size() > KEPT_RATES) {
        resamplers.remove(resamplers.keySet().iterator().next());
      }
    }
    return fresh;
  }
}

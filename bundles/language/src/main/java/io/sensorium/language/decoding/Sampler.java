package io.sensorium.language.decoding;

import io.sensorium.api.language.DecodingStrategy.Sample;
import java.util.SplittableRandom;

/** Draws tokens: filters in the order of transformers' warpers, then one number for each token. */
final class Sampler implements TokenChooser {
  private final Sample settings;
  private final SplittableRandom random;
  private final Candidates candidates = new Candidates();

  Sampler(Sample settings) {
    this.settings = settings;
    this.random =
        settings.seed().isPresent()
            ? new SplittableRandom(settings.seed().getAsLong())
            : new SplittableRandom();
  }

  @Override
  public int choose(float[] scores) {
    filter(scores);
    return candidates.draw(random.nextDouble());
  }

  /** The tokens that may be drawn, and their weights. */
  Candidates filter(float[] scores) {
    if (settings.temperature() != 1) {
      float temperature = (float) settings.temperature();
      for (int token = 0; token < scores.length; token++) {
        scores[token] /= temperature;
      }
    }
    candidates.begin(scores, settings.topK() == 0 ? scores.length : settings.topK());
    if (settings.topP() < 1) {
      candidates.keepTop(settings.topP());
    }
    if (settings.minP() > 0) {
      candidates.keepShareOfBest(settings.minP());
    }
    if (settings.typicalP() < 1) {
      candidates.keepTypical(settings.typicalP());
    }
    return candidates;
  }
}

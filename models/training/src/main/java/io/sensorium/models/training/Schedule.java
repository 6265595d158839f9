package io.sensorium.models.training;

/**
 * How long a training lasts and how fast it learns: a linear warm-up, then half a cosine to zero.
 *
 * @param pairs pairs to train on in all
 * @param batch pairs per step
 * @param peakRate AdamW's highest learning rate
 * @param weightDecay on matrices and tables only
 * @param seed of initial values and data
 */
public record Schedule(int pairs, int batch, double peakRate, double weightDecay, long seed) {
  private static final int LONGEST_WARM_UP_STEPS = 100;

  public Schedule {
    if (batch < 2 || pairs < batch) {
      throw new IllegalArgumentException(
          "a schedule needs a batch of at least 2 and as many pairs; got %d pairs in batches of %d"
              .formatted(pairs, batch));
    }
  }

  /** Steps in all. */
  public int steps() {
    return pairs / batch;
  }

  /** The learning rate of the step numbered {@code step} from 0. */
  public double rate(int step) {
    int warmUpSteps = Math.clamp(steps() / 10, 1, LONGEST_WARM_UP_STEPS);
    double warmUp = Math.min(1, (step + 1.0) / warmUpSteps);
    double progress = Math.min(1, step / (double) steps());
    return peakRate * warmUp * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
}

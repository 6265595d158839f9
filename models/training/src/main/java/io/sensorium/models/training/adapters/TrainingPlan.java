package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Schedule;

/**
 * How an adapter is trained.
 *
 * @param steps at most so many
 * @param batch lessons a step
 * @param rate AdamW's highest learning rate, reached in a tenth of the steps at most and falling by
 *     a cosine
 * @param weightDecay on matrices only
 * @param seed of initial values and of the lessons' order
 * @param validationSteps so many steps lie between two looks at what is held out
 * @param patience after so many looks without a lower loss it ends; 0 for never
 * @param bfloat16 whether the frozen model may compute products in bfloat16
 */
public record TrainingPlan(
    int steps,
    int batch,
    double rate,
    double weightDecay,
    long seed,
    int validationSteps,
    int patience,
    boolean bfloat16) {

  public TrainingPlan {
    if (steps < 1 || batch < 1 || validationSteps < 1 || patience < 0) {
      throw new IllegalArgumentException(
          "steps, batch and validation steps must be at least 1 and patience at least 0; got %d,"
                  .formatted(steps)
              + " %d, %d and %d".formatted(batch, validationSteps, patience));
    }
    if (!(rate > 0 && rate < 1) || !(weightDecay >= 0 && weightDecay < 1)) {
      throw new IllegalArgumentException(
          "the rate must be in (0, 1) and the weight decay in [0, 1); got %s and %s"
              .formatted(rate, weightDecay));
    }
  }

  Schedule schedule() {
    return new Schedule(Math.multiplyExact(steps, batch), batch, rate, weightDecay, seed);
  }
}

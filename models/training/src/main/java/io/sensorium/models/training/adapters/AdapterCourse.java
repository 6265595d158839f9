package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Schedule;
import io.sensorium.models.training.TrainingState;
import java.util.List;

/**
 * What an adapter learns from: steps, and answers without steps. One thread at a time; closing
 * releases everything.
 *
 * @param <L> what is learnt from
 */
interface AdapterCourse<L> extends AutoCloseable {
  /**
   * How lessons were answered.
   *
   * @param right for every answer of every lesson, in order, whether the likeliest token was the
   *     right one at each of its places: greedy decoding would write just this
   * @param logProbability of all answers' tokens
   * @param tokens how many those are
   */
  record Examined(List<Boolean> right, double logProbability, int tokens) {}

  /** Parameters and moments. */
  TrainingState state();

  /** Learns from some lessons; answers their loss and the gradient's norm. */
  float[] step(List<L> lessons, Schedule schedule);

  /** Answers some lessons. */
  Examined examine(List<L> lessons);

  @Override
  void close();
}

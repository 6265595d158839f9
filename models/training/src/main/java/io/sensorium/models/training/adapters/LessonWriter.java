package io.sensorium.models.training.adapters;

import java.util.List;

/** Writes questions with their answers as a language model reads them. One thread at a time. */
@FunctionalInterface
public interface LessonWriter {
  /**
   * A lesson.
   *
   * @param media numbers of the sample's media, in order
   * @throws IllegalArgumentException if the model cannot be asked so, or if its context is too
   *     short
   */
  Lesson write(List<Integer> media, String prompt, String answer);
}

package io.sensorium.models.training.adapters;

import io.sensorium.models.training.Parameter;
import java.util.ArrayList;
import java.util.List;

/** Answers lessons through an adapter that is trained. One thread at a time. */
public final class AdapterExamination implements AutoCloseable {
  private final AdapterModule module;

  public AdapterExamination(
      ProjectionShape shape,
      FrozenDecoder decoder,
      List<Parameter> parameters,
      FeatureSource features) {
    module = new AdapterModule(shape, decoder, parameters, features, false);
  }

  /**
   * Whether each answer of each lesson, in order, is what greedy decoding would write, word for
   * word.
   */
  public List<Boolean> right(List<Lesson> lessons) {
    var right = new ArrayList<Boolean>();
    for (Lesson lesson : lessons) {
      right.addAll(module.examine(List.of(lesson)).right());
    }
    return right;
  }

  /** The rows that a medium becomes, {@code rows x width}. */
  public float[] rows(int medium) {
    return module.rows(List.of(medium));
  }

  @Override
  public void close() {
    module.close();
  }
}

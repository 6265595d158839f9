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

  /**
   * The rows that media become, {@code media x rows x width}, or what they together add to layers,
   * {@code layers x attention width}.
   */
  public float[] given(Integer... media) {
    return module.given(List.of(media));
  }

  @Override
  public void close() {
    module.close();
  }
}

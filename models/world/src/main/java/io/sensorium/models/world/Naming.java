package io.sensorium.models.world;

import java.util.stream.DoubleStream;

/**
 * How often a sentence names each attribute, as probabilities 0..1. Immutable.
 *
 * @param relation for two groups: how they lie to each other
 * @param bothGroups for two groups: whether the sentence tells of both or of one only
 */
public record Naming(
    double thing,
    double colour,
    double count,
    double size,
    double position,
    double background,
    double relation,
    double bothGroups) {

  /** Sparse sentences, so that every attribute is also learnt without the others. */
  public static final Naming TRAINING = new Naming(0.85, 0.7, 0.75, 0.5, 0.5, 0.2, 0.65, 0.8);

  /** Rich sentences that pick few scenes out of a thousand. */
  public static final Naming RETRIEVAL = new Naming(1, 0.9, 0.9, 0.8, 0.8, 0.6, 0.8, 1);

  /** Everything is told. */
  public static final Naming COMPLETE = new Naming(1, 1, 1, 1, 1, 1, 1, 1);

  public Naming {
    DoubleStream.of(thing, colour, count, size, position, background, relation, bothGroups)
        .filter(probability -> !(probability >= 0 && probability <= 1))
        .findFirst()
        .ifPresent(
            bad -> {
              throw new IllegalArgumentException("probabilities must be 0..1; got " + bad);
            });
  }
}

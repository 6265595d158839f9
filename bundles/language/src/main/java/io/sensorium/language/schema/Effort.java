package io.sensorium.language.schema;

/** The steps that one schema's preparation takes, so that no schema takes long. One thread. */
final class Effort {
  /** Steps for one schema, a second or two in all. */
  static final long MAX_STEPS = 50_000_000;

  private long steps;

  /**
   * Counts steps.
   *
   * @throws IllegalArgumentException if there are too many in all
   */
  void spend(long more) {
    steps += more;
    if (steps > MAX_STEPS) {
      throw new IllegalArgumentException(
          "makes the schema take more than %,d steps to prepare".formatted(MAX_STEPS));
    }
  }
}

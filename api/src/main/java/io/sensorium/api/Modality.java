package io.sensorium.api;

/**
 * A kind of sensory input, named by a short lower-case word. The set is open: a bundle may bring a
 * modality that the host never heard of. Immutable.
 *
 * @param name 1 to 32 characters of {@code [a-z0-9-]}, for instance {@code image}
 */
public record Modality(String name) {
  public static final Modality IMAGE = new Modality("image");
  public static final Modality AUDIO = new Modality("audio");
  public static final Modality TEXT = new Modality("text");
  public static final Modality VIDEO = new Modality("video");

  public Modality {
    if (!name.matches("[a-z0-9][a-z0-9-]{0,31}")) {
      throw new IllegalArgumentException(
          "a modality's name must match [a-z0-9][a-z0-9-]{0,31}; got '" + name + "'");
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

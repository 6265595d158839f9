package io.sensorium.models.world;

import java.util.List;
import java.util.Locale;

/** How large a thing looks and, inversely, how high it sounds. */
@SuppressWarnings("ImmutableEnumChecker") // the lists are unmodifiable
public enum Size {
  SMALL(0.19, 0.17, 2.0, "small", "tiny", "little"),
  MEDIUM(0.26, 0.22, 1.0, "medium", "medium-sized", "mid-sized"),
  LARGE(0.34, 0.285, 0.5, "large", "big", "huge");

  private final double box;
  private final double sharedBox;
  private final double pitch;
  private final List<String> words;

  Size(double box, double sharedBox, double pitch, String... words) {
    this.box = box;
    this.sharedBox = sharedBox;
    this.pitch = pitch;
    this.words = List.of(words);
  }

  /** Side of a thing's box in a scene of one kind, as a fraction of the image's side. */
  public double box() {
    return box;
  }

  /** Side of a thing's box where two kinds share the image, as a fraction of the image's side. */
  public double sharedBox() {
    return sharedBox;
  }

  /** Factor on a sound's nominal frequency: 2 for small, 1 for medium, 0.5 for large. */
  public double pitch() {
    return pitch;
  }

  /** The usual word first, then its synonyms. */
  public List<String> words() {
    return words;
  }

  /** The stable lower-case name used in files and metadata. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}

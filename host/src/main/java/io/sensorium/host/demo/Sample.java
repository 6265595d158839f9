package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.models.world.Claim;
import io.sensorium.models.world.CountRange;
import io.sensorium.models.world.Group;
import io.sensorium.models.world.GroupClaim;
import io.sensorium.models.world.Scene;
import io.sensorium.models.world.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One file of the demo and what it really shows; the file's name does not tell. */
record Sample(Path file, Modality modality, Scene scene) {
  /** What the sense that is plugged in perceives. */
  static final Modality MOTION = new Modality("motion");

  private static final List<String> NUMBERS = List.of("one", "two", "three", "four");

  /** What the file shows, for instance {@code three small red bells, top left}. */
  String truth() {
    String groups =
        scene.groups().stream().map(this::perceived).collect(Collectors.joining(" and "));
    return modality.equals(Modality.IMAGE) && scene.position().isPresent()
        ? groups + ", " + words(scene.position().get())
        : groups;
  }

  /** The file as an item to encode. */
  EncodeRequest request() {
    return EncodeRequest.of(modality, MediaInput.read(file, Long.MAX_VALUE));
  }

  /** Whether another scene has the same thing first. */
  boolean isThingOf(Scene other) {
    return other.first().thing() == scene.first().thing();
  }

  /**
   * Whether another scene has the thing in this size and number: what sounds and movements tell.
   */
  boolean soundsLike(Scene other) {
    Group group = scene.first();
    return Claim.of(
            GroupClaim.ANY
                .with(group.thing())
                .with(group.size())
                .with(CountRange.exactly(group.count())))
        .holds(other);
  }

  private String perceived(Group group) {
    if (modality.equals(Modality.AUDIO)) {
      return sound(group);
    }
    return modality.equals(MOTION) ? movement(group) : look(group);
  }

  /** For instance {@code two green frogs}, {@code one red bell}. */
  static String counted(Group group) {
    return "%s %s %s".formatted(number(group), words(group.colour()), noun(group));
  }

  private static String look(Group group) {
    return "%s %s %s %s"
        .formatted(number(group), words(group.size()), words(group.colour()), noun(group));
  }

  private static String sound(Group group) {
    return "%s %s %s".formatted(number(group), pitch(group.size()), noun(group));
  }

  private static String movement(Group group) {
    return "%s %s %s".formatted(number(group), words(group.size()), noun(group));
  }

  private static String pitch(Size size) {
    return switch (size) {
      case SMALL -> "high";
      case MEDIUM -> "middle";
      case LARGE -> "low";
    };
  }

  private static String number(Group group) {
    return NUMBERS.get(group.count() - 1);
  }

  private static String noun(Group group) {
    return group.count() == 1 ? group.thing().noun().singular() : group.thing().noun().plural();
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

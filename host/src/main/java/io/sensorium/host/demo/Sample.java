package io.sensorium.host.demo;

import io.sensorium.api.Modality;
import io.sensorium.models.world.Group;
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

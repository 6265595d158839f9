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
  private static final List<String> NUMBERS = List.of("one", "two", "three", "four");

  /** What the file shows, for instance {@code three small red bells, top left}. */
  String truth() {
    boolean heard = modality.equals(Modality.AUDIO);
    String groups =
        scene.groups().stream()
            .map(group -> heard ? sound(group) : look(group))
            .collect(Collectors.joining(" and "));
    return heard || scene.position().isEmpty()
        ? groups
        : groups + ", " + words(scene.position().get());
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

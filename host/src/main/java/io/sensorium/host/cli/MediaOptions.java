package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.Item;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Files named on the command line whose order among all kinds matters. */
final class MediaOptions {
  @ArgGroup(multiplicity = "0..*")
  private List<Medium> media = new ArrayList<>();

  /** Exactly one of these. */
  static final class Medium {
    @Option(names = "--image", paramLabel = "FILE", description = "A picture.")
    private Path image;

    @Option(names = "--audio", paramLabel = "FILE", description = "A sound.")
    private Path sound;

    @Option(names = "--video", paramLabel = "FILE", description = "A video.")
    private Path video;

    @Option(
        names = "--input",
        paramLabel = "MODALITY=FILE",
        description = "A file of a modality that a bundle brought.")
    private Map<String, Path> other;

    private List<Item> items() {
      List<Item> items = new ArrayList<>();
      if (image != null) {
        items.add(ItemOptions.file("image", image));
      }
      if (sound != null) {
        items.add(ItemOptions.file("audio", sound));
      }
      if (video != null) {
        items.add(ItemOptions.file("video", video));
      }
      if (other != null) {
        other.forEach((modality, file) -> items.add(ItemOptions.file(modality, file)));
      }
      return items;
    }
  }

  /** As on the command line. */
  List<Item> items() {
    return media.stream().flatMap(medium -> medium.items().stream()).toList();
  }
}

package io.sensorium.host.cli;

import io.sensorium.host.operations.Arguments.Item;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Items named on the command line: sentences, and files of any modality. */
final class ItemOptions {
  @Option(names = "--text", paramLabel = "TEXT", description = "A sentence.")
  private List<String> texts = new ArrayList<>();

  @Option(names = "--image", paramLabel = "FILE", description = "A picture.")
  private List<Path> images = new ArrayList<>();

  @Option(names = "--audio", paramLabel = "FILE", description = "A sound.")
  private List<Path> sounds = new ArrayList<>();

  @Option(names = "--video", paramLabel = "FILE", description = "A video.")
  private List<Path> videos = new ArrayList<>();

  @Option(
      names = "--input",
      paramLabel = "MODALITY=FILE",
      description = "A file of a modality that a bundle brought.")
  private Map<String, Path> others = new LinkedHashMap<>();

  /** Sentences first, then files, each kind in the order given. */
  List<Item> items() {
    List<Item> items = new ArrayList<>();
    texts.forEach(text -> items.add(Item.text(text)));
    images.forEach(file -> items.add(file("image", file)));
    sounds.forEach(file -> items.add(file("audio", file)));
    videos.forEach(file -> items.add(file("video", file)));
    others.forEach((modality, file) -> items.add(file(modality, file)));
    return items;
  }

  static Item file(String modality, Path file) {
    return Item.file(modality, file.toAbsolutePath().normalize().toString());
  }
}

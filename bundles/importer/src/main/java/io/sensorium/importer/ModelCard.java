package io.sensorium.importer;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.models.checkpoints.CheckpointFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a checkpoint's {@code README.md} says of its licence, in the hub's front matter. */
final class ModelCard {
  private static final ModelLicence UNKNOWN = new ModelLicence("unknown", false);
  private static final long MAX_BYTES = 4 << 20;

  /** The hub's names of licences that allow commercial use, and their SPDX identifiers. */
  private static final Map<String, String> PERMISSIVE =
      Map.ofEntries(
          Map.entry("apache-2.0", "Apache-2.0"),
          Map.entry("mit", "MIT"),
          Map.entry("bsd", "BSD-3-Clause"),
          Map.entry("bsd-2-clause", "BSD-2-Clause"),
          Map.entry("bsd-3-clause", "BSD-3-Clause"),
          Map.entry("isc", "ISC"),
          Map.entry("cc0-1.0", "CC0-1.0"),
          Map.entry("cc-by-3.0", "CC-BY-3.0"),
          Map.entry("cc-by-4.0", "CC-BY-4.0"),
          Map.entry("unlicense", "Unlicense"));

  private ModelCard() {}

  /** The licence on the card; unknown and not for commercial use if the card does not say. */
  static ModelLicence licence(CheckpointFolder checkpoint) {
    return checkpoint
        .file("README.md")
        .flatMap(ModelCard::declaredLicence)
        .map(ModelCard::named)
        .orElse(UNKNOWN);
  }

  private static ModelLicence named(String name) {
    String spdx = PERMISSIVE.get(name.toLowerCase(Locale.ROOT));
    return spdx == null ? new ModelLicence(name, false) : new ModelLicence(spdx, true);
  }

  private static Optional<String> declaredLicence(Path card) {
    try {
      if (Files.size(card) > MAX_BYTES) {
        return Optional.empty();
      }
      List<String> lines =
          new String(Files.readAllBytes(card), StandardCharsets.UTF_8).lines().toList();
      if (lines.isEmpty() || !lines.get(0).strip().equals("---")) {
        return Optional.empty();
      }
      return lines.stream()
          .skip(1)
          .takeWhile(line -> !line.strip().equals("---"))
          .filter(line -> line.startsWith("license:"))
          .map(line -> line.substring("license:".length()).strip().replaceAll("^['\"]|['\"]$", ""))
          .filter(name -> !name.isEmpty())
          .findFirst();
    } catch (IOException e) {
      throw new ModelLoadException("%s cannot be read: %s".formatted(card, e), e);
    }
  }
}

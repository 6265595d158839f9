package io.sensorium.models.checkpoints;

import io.sensorium.api.ModelLoadException;
import io.sensorium.api.model.ModelLicence;
import io.sensorium.api.model.ModelLicence.CommercialUse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What a checkpoint's {@code README.md} says of its licence, in the hub's front matter. */
public final class ModelCard {
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
          Map.entry("cc-by-sa-3.0", "CC-BY-SA-3.0"),
          Map.entry("cc-by-sa-4.0", "CC-BY-SA-4.0"),
          Map.entry("mpl-2.0", "MPL-2.0"),
          Map.entry("unlicense", "Unlicense"));

  /** Creative Commons and its imitators say it in the name. */
  private static final Pattern NON_COMMERCIAL =
      Pattern.compile("(.*[-_ ])?(nc|non-?commercial)([-_ ].*)?");

  /** Others that allow research alone. */
  private static final Set<String> RESEARCH_ONLY = Set.of("apple-amlr", "intel-research");

  private ModelCard() {}

  /** The licence on the card; unknown if there is none or it is silent. */
  public static ModelLicence licence(CheckpointFolder checkpoint) {
    return checkpoint
        .file("README.md")
        .flatMap(ModelCard::declaredLicence)
        .map(ModelCard::licenceNamed)
        .orElse(ModelLicence.UNKNOWN);
  }

  /**
   * The licence that hubs call by a name.
   *
   * @param name for instance {@code apache-2.0}; not blank
   * @return with unknown terms, but under that name, if it is no licence known here
   */
  public static ModelLicence licenceNamed(String name) {
    String key = name.toLowerCase(Locale.ROOT);
    String spdx = PERMISSIVE.get(key);
    if (spdx != null) {
      return new ModelLicence(spdx, CommercialUse.ALLOWED);
    }
    boolean forbidden = RESEARCH_ONLY.contains(key) || NON_COMMERCIAL.matcher(key).matches();
    return new ModelLicence(name, forbidden ? CommercialUse.FORBIDDEN : CommercialUse.UNKNOWN);
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

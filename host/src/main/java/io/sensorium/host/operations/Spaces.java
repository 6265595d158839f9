package io.sensorium.host.operations;

import io.sensorium.api.Modality;
import io.sensorium.api.ModelLoadException;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.operations.Arguments.SpaceChoice;
import io.sensorium.host.spaces.SpaceVersions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the space that a request is about. Thread-safe. */
final class Spaces {
  private final Sensorium sensorium;

  Spaces(Sensorium sensorium) {
    this.sensorium = sensorium;
  }

  /**
   * The space's name; empty for the default.
   *
   * @throws IllegalArgumentException if there is no such space, the model embeds nothing, or embeds
   *     into another space than the one named
   * @throws ModelLoadException if no such model is installed
   */
  Optional<String> chosen(SpaceChoice choice) {
    Optional<String> named = Optional.ofNullable(choice.space()).map(this::known);
    if (choice.model() == null) {
      return named;
    }
    String home = spaceOf(choice.model());
    if (named.isPresent() && !named.get().equals(home)) {
      throw new IllegalArgumentException(
          "model %s embeds into space '%s', not '%s'".formatted(choice.model(), home, named.get()));
    }
    return Optional.of(home);
  }

  /**
   * One version of a space for several items, so that their vectors can be compared; the space as
   * it was given while there is but one.
   */
  Optional<String> oneVersion(Optional<String> space, List<Modality> items) {
    SpaceVersions versions =
        SpaceVersions.of(
            space.orElse(sensorium.options().space()),
            sensorium.service(EmbeddingService.class),
            sensorium.service(MediaIndex.class));
    return versions.isSingle()
        ? space
        : versions.searched(Set.copyOf(items)).stream()
            .findFirst()
            .map(SpaceId::toString)
            .or(() -> space);
  }

  private String known(String space) {
    TreeSet<String> spaces = new TreeSet<>();
    sensorium.encoders().stream().map(EncoderStatus::space).map(SpaceId::name).forEach(spaces::add);
    if (!spaces.contains(space)) {
      throw new IllegalArgumentException(
          "no such space: '%s'; there are %s".formatted(space, spaces));
    }
    return space;
  }

  private String spaceOf(String model) {
    ModelManifest manifest =
        sensorium.models().find(model).orElseThrow(() -> noSuchModel(model)).manifest();
    return manifest
        .space()
        .map(SpaceId::name)
        .orElseThrow(
            () -> new IllegalArgumentException("model %s embeds nothing".formatted(model)));
  }

  ModelLoadException noSuchModel(String id) {
    List<String> installed =
        sensorium.models().packages().stream().map(model -> model.manifest().id()).toList();
    return new ModelLoadException(
        "no model '%s' is installed; there are %s".formatted(id, installed));
  }
}

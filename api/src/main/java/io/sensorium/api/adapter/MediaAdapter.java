package io.sensorium.api.adapter;

import io.sensorium.api.Modality;
import io.sensorium.api.space.SpaceId;
import java.util.Objects;

/**
 * An adapter in service. Immutable.
 *
 * @param id of its package
 * @param version of its package
 * @param kind how it projects, for instance {@code mlp}
 * @param modality of the items that it makes readable
 * @param encoder the package that it was trained beside
 * @param space what that package embeds into
 * @param languageModel the package that it was trained for
 * @param rows how many places of the model's context an item takes; none if its vectors are added
 *     to layers
 * @param width of a row, or of what is added to a layer
 */
public record MediaAdapter(
    String id,
    String version,
    String kind,
    Modality modality,
    String encoder,
    SpaceId space,
    String languageModel,
    int rows,
    int width) {
  public MediaAdapter {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(modality, "modality");
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(space, "space");
    Objects.requireNonNull(languageModel, "languageModel");
  }

  /** For instance {@code see 1 (image of world-image in world@1 for lm-default)}. */
  @Override
  public String toString() {
    return "%s %s (%s of %s in %s for %s)"
        .formatted(id, version, modality, encoder, space, languageModel);
  }
}

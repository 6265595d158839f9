package io.sensorium.api.space;

import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import java.util.Objects;
import java.util.Optional;

/**
 * One item to be embedded. Immutable.
 *
 * @param modality how the item is to be understood
 * @param input its bytes
 * @param space the name of the space wanted; empty for the default space
 */
public record EncodeRequest(Modality modality, MediaInput input, Optional<String> space) {
  public EncodeRequest {
    Objects.requireNonNull(modality, "modality");
    Objects.requireNonNull(input, "input");
    Objects.requireNonNull(space, "space");
  }

  /** An item for the default space. */
  public static EncodeRequest of(Modality modality, MediaInput input) {
    return new EncodeRequest(modality, input, Optional.empty());
  }

  /** A sentence for the default space. */
  public static EncodeRequest text(String text) {
    return of(Modality.TEXT, MediaInput.ofText(text));
  }

  /** The same item for a named space. */
  public EncodeRequest in(String spaceName) {
    return new EncodeRequest(modality, input, Optional.of(spaceName));
  }
}

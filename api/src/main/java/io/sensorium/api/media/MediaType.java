package io.sensorium.api.media;

import io.sensorium.api.Modality;
import java.util.Objects;

/**
 * What the bytes of an item are.
 *
 * @param mime for instance {@code image/png}
 * @param modality the modality that such bytes belong to
 */
public record MediaType(String mime, Modality modality) {
  public MediaType {
    Objects.requireNonNull(modality, "modality");
    if (!mime.matches("[a-z0-9.+-]+/[a-z0-9.+-]+")) {
      throw new IllegalArgumentException(
          "a media type must look like image/png; got '" + mime + "'");
    }
  }
}

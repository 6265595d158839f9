package io.sensorium.space;

import io.sensorium.api.Modality;
import io.sensorium.api.encoder.ModalityEncoder;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.Constants;

/**
 * An encoder service as it was registered. Immutable.
 *
 * @param serviceId the registration's number, growing with time
 * @param ranking the registration's ranking
 * @param modality what it reads
 * @param accepts media types and file name patterns
 * @param bundleId the bundle that registered it; 0 if it is not known
 * @param carried the packages that its bundle carries, as {@link ModelKey} says it
 * @param encoder the service
 */
record EncoderEntry(
    long serviceId,
    int ranking,
    Modality modality,
    List<String> accepts,
    long bundleId,
    Set<ModelKey> carried,
    ModalityEncoder encoder) {
  EncoderEntry {
    carried = Set.copyOf(carried);
    accepts = List.copyOf(accepts);
  }

  /**
   * Reads the service's properties.
   *
   * @param carried the packages that its bundle carries
   * @throws IllegalArgumentException if the modality is missing or malformed
   */
  static EncoderEntry of(
      ModalityEncoder encoder, Map<String, ?> properties, Set<ModelKey> carried) {
    if (!(properties.get(ModalityEncoder.MODALITY) instanceof String modality)) {
      throw new IllegalArgumentException(
          "an encoder needs the service property '%s'; got %s (%s)"
              .formatted(
                  ModalityEncoder.MODALITY,
                  properties.get(ModalityEncoder.MODALITY),
                  encoder.getClass().getName()));
    }
    return new EncoderEntry(
        idOf(properties),
        rankingOf(properties),
        new Modality(modality),
        texts(properties.get(ModalityEncoder.ACCEPTS)),
        properties.get(Constants.SERVICE_BUNDLEID) instanceof Long bundle ? bundle : 0,
        carried,
        encoder);
  }

  MediaClaims.Reader reader() {
    return new MediaClaims.Reader(modality, accepts);
  }

  static long idOf(Map<String, ?> properties) {
    return ((Number) properties.get(Constants.SERVICE_ID)).longValue();
  }

  static int rankingOf(Map<String, ?> properties) {
    return properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0;
  }

  private static List<String> texts(Object value) {
    return switch (value) {
      case null -> List.of();
      case String text -> List.of(text);
      case String[] texts -> List.of(texts);
      case Collection<?> many -> many.stream().map(String::valueOf).toList();
      default ->
          throw new IllegalArgumentException(
              "the service property '%s' must be text or a list of it; got %s"
                  .formatted(ModalityEncoder.ACCEPTS, value));
    };
  }
}

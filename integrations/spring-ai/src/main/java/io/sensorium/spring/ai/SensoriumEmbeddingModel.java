package io.sensorium.spring.ai;

import io.sensorium.api.Modality;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.Sensorium;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * Embeds sentences with the text encoder of one of a host's spaces, as Spring AI asks for it.
 * Thread-safe; the host is borrowed and stays open.
 *
 * <p>Vectors are float32 of length 1. They live in the space of the host's pictures and sounds, so
 * that {@link #embed(EncodeRequest)} finds sentences by anything. Options of a request are not
 * looked at: the space decides model and dimension.
 */
public final class SensoriumEmbeddingModel implements EmbeddingModel {
  private final Sensorium sensorium;
  private final String space;

  private SensoriumEmbeddingModel(Sensorium sensorium, String space) {
    this.sensorium = Objects.requireNonNull(sensorium, "sensorium");
    this.space = Objects.requireNonNull(space, "space");
  }

  /** The text encoder of the host's default space. */
  public static SensoriumEmbeddingModel of(Sensorium sensorium) {
    return new SensoriumEmbeddingModel(sensorium, sensorium.options().space());
  }

  /** The text encoder of a named space, for instance that of an imported CLIP. */
  public static SensoriumEmbeddingModel of(Sensorium sensorium, String space) {
    return new SensoriumEmbeddingModel(sensorium, space);
  }

  /**
   * The embeddings of any number of texts, in their order; the host batches them together.
   *
   * @throws io.sensorium.api.SensoriumException what the host answers, for instance that the space
   *     has no text encoder
   */
  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    List<EncodeRequest> items =
        request.getInstructions().stream().map(text -> EncodeRequest.text(text).in(space)).toList();
    List<Embedding> embeddings = new ArrayList<>(items.size());
    for (io.sensorium.api.space.Embedding embedding : sensorium.embedAll(items)) {
      embeddings.add(new Embedding(components(embedding), embeddings.size()));
    }
    return new EmbeddingResponse(embeddings);
  }

  @Override
  public float[] embed(Document document) {
    return embed(EncodeRequest.text(getEmbeddingContent(document)));
  }

  /** An item of any modality that the space has an encoder for, in the model's own space. */
  public float[] embed(EncodeRequest item) {
    return components(sensorium.embed(item.in(space)));
  }

  /**
   * The number of components.
   *
   * @throws IllegalStateException if the space has no text encoder
   */
  @Override
  public int dimensions() {
    return sensorium.encoders().stream()
        .filter(encoder -> encoder.modality().equals(Modality.TEXT))
        .filter(encoder -> encoder.space().name().equals(space))
        .mapToInt(EncoderStatus::dimension)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("space '%s' has no text encoder".formatted(space)));
  }

  private static float[] components(io.sensorium.api.space.Embedding embedding) {
    float[] components = new float[embedding.dimension()];
    embedding.values().get(components);
    return components;
  }
}

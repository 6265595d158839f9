package io.sensorium.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import io.sensorium.api.Modality;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.Sensorium;
import java.util.List;
import java.util.Objects;

/**
 * Embeds sentences with the text encoder of one of a host's spaces, as LangChain4j asks for it.
 * Thread-safe; the host is borrowed and stays open.
 *
 * <pre>{@code
 * EmbeddingModel model = SensoriumEmbeddingModel.of(sensorium);
 * EmbeddingStoreIngestor.builder().embeddingModel(model).embeddingStore(store).build();
 * }</pre>
 *
 * <p>Vectors are float32 of length 1. They live in the space of the host's pictures and sounds, so
 * that {@link #embed(EncodeRequest)} finds sentences by anything.
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
   * The embeddings of any number of segments, in their order; the host batches them together.
   *
   * @throws io.sensorium.api.SensoriumException what the host answers, for instance that the space
   *     has no text encoder
   */
  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    List<EncodeRequest> items =
        segments.stream().map(segment -> EncodeRequest.text(segment.text()).in(space)).toList();
    return Response.from(
        sensorium.embedAll(items).stream().map(SensoriumEmbeddingModel::converted).toList());
  }

  /** An item of any modality that the space has an encoder for, in the model's own space. */
  public Embedding embed(EncodeRequest item) {
    return converted(sensorium.embed(item.in(space)));
  }

  /**
   * The number of components.
   *
   * @throws IllegalStateException if the space has no text encoder
   */
  @Override
  public int dimension() {
    return encoder().dimension();
  }

  /** The package that answers, for instance {@code world-text}. */
  @Override
  public String modelName() {
    return encoder().model();
  }

  private EncoderStatus encoder() {
    return sensorium.encoders().stream()
        .filter(encoder -> encoder.modality().equals(Modality.TEXT))
        .filter(encoder -> encoder.space().name().equals(space))
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("space '%s' has no text encoder".formatted(space)));
  }

  private static Embedding converted(io.sensorium.api.space.Embedding embedding) {
    float[] components = new float[embedding.dimension()];
    embedding.values().get(components);
    return Embedding.from(components);
  }
}

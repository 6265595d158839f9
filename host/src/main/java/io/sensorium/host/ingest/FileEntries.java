package io.sensorium.host.ingest;

import io.sensorium.api.Modality;
import io.sensorium.api.index.IndexEntry;
import io.sensorium.api.media.MediaDecoder;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.media.MediaLimits;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What the index remembers of a file once it is embedded. Thread-safe. */
final class FileEntries {
  /** Who answers, best first: without a ready encoder the first file waits for the next of them. */
  private static final List<EncoderStatus.State> ANSWERING =
      List.of(EncoderStatus.State.READY, EncoderStatus.State.STARTING, EncoderStatus.State.IDLE);

  private static final int LONGEST_TEXT = 64 * 1024;

  private final EmbeddingService embeddings;
  private final Optional<MediaDecoder> decoder;
  private final MediaLimits limits;

  FileEntries(EmbeddingService embeddings, Optional<MediaDecoder> decoder, MediaLimits limits) {
    this.embeddings = embeddings;
    this.decoder = decoder;
    this.limits = limits;
  }

  /**
   * A file's entry.
   *
   * @param model what embedded it; empty if that is not known
   */
  IndexEntry entry(
      String id,
      FileFacts facts,
      MediaInput input,
      Modality modality,
      Embedding embedding,
      String model) {
    String text = (facts.nameWords() + "\n" + content(modality, input)).strip();
    return new IndexEntry(
        id,
        modality,
        facts.path().toString(),
        FileFacts.sha256(input.bytes()),
        embedding,
        text,
        facts.metadata(model));
  }

  /** The model, with its version, that answers for a modality in a space now. */
  Optional<String> model(Modality modality, SpaceId space) {
    return embeddings.encoders().stream()
        .filter(encoder -> encoder.modality().equals(modality))
        .filter(encoder -> encoder.space().equals(space))
        .filter(encoder -> ANSWERING.contains(encoder.state()))
        .min(Comparator.comparingInt(encoder -> ANSWERING.indexOf(encoder.state())))
        .map(encoder -> encoder.model() + "@" + encoder.modelVersion());
  }

  private String content(Modality modality, MediaInput input) {
    if (!modality.equals(Modality.TEXT) || decoder.isEmpty()) {
      return "";
    }
    String text = decoder.get().decodeText(input, limits);
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}

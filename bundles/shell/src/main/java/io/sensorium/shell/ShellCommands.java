package io.sensorium.shell;

import io.sensorium.api.RequestContext;
import io.sensorium.api.index.Hit;
import io.sensorium.api.index.IndexQuery;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.model.ModelManifest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What an operator asks a running host for at its shell. Thread-safe. */
@Component(
    service = ShellCommands.class,
    property = {
      "osgi.command.scope=sensorium",
      "osgi.command.function=search",
      "osgi.command.function=models",
      "osgi.command.function=encoders"
    })
public final class ShellCommands {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int HITS = 10;

  private final EmbeddingService embeddings;
  private final MediaIndex index;
  private final ModelRepository repository;

  /** Started by Declarative Services. */
  @Activate
  public ShellCommands(
      @Reference EmbeddingService embeddings,
      @Reference MediaIndex index,
      @Reference ModelRepository repository) {
    this.embeddings = embeddings;
    this.index = index;
    this.repository = repository;
  }

  /**
   * {@code sensorium:search three small bells}: the ten items nearest to a sentence.
   *
   * @param words the sentence, as the shell splits it
   */
  public String search(String... words) {
    if (words.length == 0) {
      throw new IllegalArgumentException("search needs a sentence");
    }
    Embedding sentence =
        embeddings.embed(
            EncodeRequest.text(String.join(" ", words)), RequestContext.within(TIMEOUT));
    return index.search(IndexQuery.nearest(sentence, HITS)).stream()
        .map(ShellCommands::line)
        .collect(Collectors.joining("\n"));
  }

  /** {@code sensorium:models}: the installed model packages. */
  public String models() {
    return repository.packages().stream()
        .map(ShellCommands::line)
        .collect(Collectors.joining("\n"));
  }

  /** {@code sensorium:encoders}: every encoder as it stands. */
  public String encoders() {
    return embeddings.encoders().stream()
        .map(ShellCommands::line)
        .collect(Collectors.joining("\n"));
  }

  private static String line(Hit hit) {
    return String.format(
        Locale.ROOT,
        "%2d  %.3f  %-6s  %s",
        hit.rank(),
        hit.score(),
        hit.entry().modality(),
        hit.entry().path());
  }

  private static String line(ModelPackage model) {
    ModelManifest manifest = model.manifest();
    return "%s  %s  %s  %s"
        .formatted(model, manifest.task(), manifest.architecture(), manifest.licence().name());
  }

  private static String line(EncoderStatus encoder) {
    return String.format(
        Locale.ROOT,
        "%-6s  %s (%d)  %s %s  %s on %s, %d answered, %.1f a run",
        encoder.modality(),
        encoder.space(),
        encoder.dimension(),
        encoder.model(),
        encoder.modelVersion(),
        encoder.state(),
        encoder.provider(),
        encoder.requests(),
        encoder.meanBatch());
  }
}

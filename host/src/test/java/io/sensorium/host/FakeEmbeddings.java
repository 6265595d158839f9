package io.sensorium.host;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.UnsupportedInputException;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EmbeddingService;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.api.space.SpaceId;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Embeds bytes by their hash, into whatever space is asked for. Content that begins with {@code ?}
 * belongs to no modality, {@code !} cannot be decoded, {@code #} is an image; everything else is
 * text.
 */
public final class FakeEmbeddings implements EmbeddingService {
  public static final SpaceId WORLD = new SpaceId("world", "1");
  private static final int DIMENSION = 8;

  public final AtomicInteger embedded = new AtomicInteger();
  public final Queue<SensoriumException> failures = new ConcurrentLinkedQueue<>();
  public volatile String modelVersion = "1";

  /** The versions whose encoders are here; they read text and images, unless told otherwise. */
  public final List<SpaceId> versions = new CopyOnWriteArrayList<>(List.of(WORLD));

  public final Map<SpaceId, List<Modality>> readers = new ConcurrentHashMap<>();
  public volatile Runnable beforeEach = () -> {};

  public static Embedding unit(String content) {
    return unit(content, WORLD);
  }

  public static Embedding unit(String content, SpaceId space) {
    Random random = new Random(content.hashCode());
    FloatBuffer values = FloatBuffer.allocate(DIMENSION);
    while (values.hasRemaining()) {
      values.put((float) random.nextGaussian());
    }
    return Embedding.of(space, values.flip()).normalized();
  }

  @Override
  public CompletableFuture<Embedding> embedAsync(EncodeRequest request, RequestContext context) {
    beforeEach.run();
    String content = text(request.input().bytes());
    SensoriumException failure = failures.poll();
    if (failure == null && content.startsWith("!")) {
      failure = new UnsupportedInputException("cannot decode " + request.input().name());
    }
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    embedded.incrementAndGet();
    SpaceId space = request.space().map(this::space).orElse(WORLD);
    return CompletableFuture.completedFuture(unit(content, space));
  }

  /** Of a space that is named without its version, the newest that is here answers. */
  private SpaceId space(String named) {
    int at = named.indexOf('@');
    return at < 0
        ? versions.stream()
            .filter(version -> version.name().equals(named))
            .max(SpaceId.OLDEST_FIRST)
            .orElseGet(() -> new SpaceId(named, "1"))
        : new SpaceId(named.substring(0, at), named.substring(at + 1));
  }

  @Override
  public Embedding embed(EncodeRequest request, RequestContext context) {
    try {
      return embedAsync(request, context).join();
    } catch (CompletionException e) {
      throw (SensoriumException) e.getCause();
    }
  }

  @Override
  public Optional<Modality> modalityOf(MediaInput input) {
    String content = text(input.bytes());
    if (content.isEmpty() || content.startsWith("?")) {
      return Optional.empty();
    }
    return Optional.of(content.startsWith("#") ? Modality.IMAGE : Modality.TEXT);
  }

  @Override
  public List<EncoderStatus> encoders() {
    return versions.stream()
        .flatMap(
            version ->
                readers.getOrDefault(version, List.of(Modality.TEXT, Modality.IMAGE)).stream()
                    .map(modality -> encoder(modality, version)))
        .toList();
  }

  private EncoderStatus encoder(Modality modality, SpaceId space) {
    return new EncoderStatus(
        modality,
        space,
        DIMENSION,
        "fake-" + modality,
        modelVersion,
        EncoderStatus.State.READY,
        "CPUExecutionProvider",
        embedded.get(),
        1);
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes).toString();
  }
}

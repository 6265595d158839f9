package io.sensorium.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.sensorium.api.Modality;
import io.sensorium.api.RequestContext;
import io.sensorium.api.lifecycle.LifecycleListeners;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.space.Embedding;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.api.space.EncoderStatus;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Constants;

/** An engine on a fake runtime, with encoders and packages registered by hand. */
final class EngineFixture implements AutoCloseable {
  static final Modality NUMBERS = new Modality("numbers");
  static final long BUNDLE = 77;

  /** So long that no machine is too busy. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  static final EngineSettings SETTINGS =
      new EngineSettings(32, Duration.ofMillis(2), 256, 1 << 20, 2, PATIENCE, PATIENCE, PATIENCE);

  final FakeRuntime runtime = new FakeRuntime();
  final LifecycleListeners listeners = new LifecycleListeners((event, failure) -> {});
  final EmbeddingEngine engine;
  private final AtomicLong serviceIds = new AtomicLong();

  EngineFixture() {
    this(SETTINGS);
  }

  EngineFixture(EngineSettings settings) {
    engine = new EmbeddingEngine(runtime, runtime, new FakeDecoder(), settings, "world", listeners);
  }

  /** Settings with another patience for encoders that open. */
  static EngineSettings openingWithin(Duration openTimeout) {
    return within(SETTINGS.drainTimeout(), openTimeout, SETTINGS.swapGrace());
  }

  /** Settings with another patience for encoders that may come back. */
  static EngineSettings returningWithin(Duration swapGrace) {
    return within(SETTINGS.drainTimeout(), SETTINGS.openTimeout(), swapGrace);
  }

  /** For encoders that are asked for although they do not come. */
  static EngineSettings impatient() {
    return returningWithin(Duration.ofMillis(50));
  }

  static EngineSettings within(Duration drainTimeout, Duration openTimeout, Duration swapGrace) {
    return new EngineSettings(
        SETTINGS.maxBatch(),
        SETTINGS.maxDelay(),
        SETTINGS.queueItems(),
        SETTINGS.queueBytes(),
        SETTINGS.preparers(),
        drainTimeout,
        openTimeout,
        swapGrace);
  }

  static EngineSettings settings(int maxBatch, Duration maxDelay, int queueItems, long queueBytes) {
    return new EngineSettings(
        maxBatch,
        maxDelay,
        queueItems,
        queueBytes,
        SETTINGS.preparers(),
        SETTINGS.drainTimeout(),
        SETTINGS.openTimeout(),
        SETTINGS.swapGrace());
  }

  long add(io.sensorium.api.encoder.ModalityEncoder encoder, Modality modality, String... accepts) {
    return add(encoder, modality, Set.of(), accepts);
  }

  long add(
      io.sensorium.api.encoder.ModalityEncoder encoder,
      Modality modality,
      Set<ModelKey> carried,
      String... accepts) {
    long id = serviceIds.incrementAndGet();
    engine
        .registry()
        .add(
            EncoderEntry.of(
                encoder,
                Map.of(
                    Constants.SERVICE_ID,
                    id,
                    Constants.SERVICE_BUNDLEID,
                    BUNDLE,
                    "sensorium.modality",
                    modality.name(),
                    "sensorium.accepts",
                    accepts),
                carried));
    return id;
  }

  long add(ModelPackage model) {
    long id = serviceIds.incrementAndGet();
    engine.registry().add(GraphEntry.of(model, Map.of(Constants.SERVICE_ID, id)));
    return id;
  }

  /** An encoder of numbers with version 1 of its package, ready. */
  FakeEncoder ready() {
    FakeEncoder encoder = new FakeEncoder();
    add(encoder, NUMBERS);
    add(FakeModel.of(NUMBERS, "world", 1));
    awaitReady("1");
    return encoder;
  }

  void awaitReady(String version) {
    eventually(
        () ->
            engine.encoders().stream()
                .anyMatch(
                    status ->
                        status.modelVersion().equals(version)
                            && status.state() == EncoderStatus.State.READY));
  }

  static RequestContext soon() {
    return RequestContext.within(PATIENCE);
  }

  static EncodeRequest numbers(String text) {
    return EncodeRequest.of(NUMBERS, MediaInput.ofText(text));
  }

  CompletableFuture<Embedding> submit(String text) {
    return engine.embedAsync(numbers(text), soon());
  }

  /** The sum of values that an embedding was made of, given how many there were. */
  static double sumOf(Embedding embedding, int count) {
    FloatBuffer values = embedding.values();
    return values.get(0) / values.get(2) * count;
  }

  static int versionOf(Embedding embedding, int count) {
    FloatBuffer values = embedding.values();
    return Math.round(values.get(1) / values.get(2) * count);
  }

  EncoderStatus onlyStatus() {
    List<EncoderStatus> statuses = engine.encoders();
    assertThat(statuses).hasSize(1);
    return statuses.getFirst();
  }

  static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("gave up waiting").isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  /** Holds up runs until the latch is counted down; answers once the first one is held. */
  static final class Gate implements Runnable {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);

    @Override
    public void run() {
      entered.countDown();
      awaitQuietly(open);
    }

    void awaitEntered() {
      awaitQuietly(entered);
    }

    private static void awaitQuietly(CountDownLatch latch) {
      try {
        assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}

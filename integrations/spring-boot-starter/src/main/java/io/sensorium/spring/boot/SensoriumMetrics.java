package io.sensorium.spring.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.language.LanguageModelStatus;
import io.sensorium.api.language.TextGenerator;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.Sensorium;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * A host's meters. Thread-safe; the host is borrowed. Close it before the host: its meters leave
 * the registries that they were bound to.
 *
 * <ul>
 *   <li>{@code sensorium.encoder.requests} (counter): requests answered
 *   <li>{@code sensorium.encoder.batch.mean} (gauge, items): mean size of a batch so far
 *   <li>{@code sensorium.encoder.state} (gauge): 1 for the state that the encoder is in, 0 for the
 *       others; tag {@code state}
 *   <li>{@code sensorium.index.items} (gauge): items in the index
 *   <li>{@code sensorium.index.writable} (gauge): 1 while the index takes changes, else 0
 *   <li>{@code sensorium.language.*}: what language models have to do and have done, as in {@link
 *       LanguageModelStatus}: gauges {@code sequences}, {@code taken}, {@code kept}, {@code
 *       running}, {@code waiting}, {@code backlog}, {@code tokens.rate}; counters {@code requests},
 *       {@code runs}, {@code tokens.prompt}, {@code tokens.remembered}, {@code prefix.hits}, {@code
 *       tokens.answer}
 * </ul>
 *
 * <p>An encoder's meters are tagged with {@code modality}, {@code space}, {@code model} and {@code
 * version}, a language model's with {@code model} and {@code version}. Both come and go while the
 * host runs, and their meters with them, one look later.
 */
public final class SensoriumMetrics implements MeterBinder, AutoCloseable {
  private final Sensorium sensorium;
  private final ScheduledExecutorService looks;
  private final ScheduledFuture<?> task;
  private final List<FollowedMeters<EncoderStatus>> encoders = new ArrayList<>();
  private final List<FollowedMeters<LanguageModelStatus>> languageModels = new ArrayList<>();
  private final List<Runnable> removals = new ArrayList<>();

  /**
   * Meters that are not bound yet.
   *
   * @param looking how often to look at encoders and language models, and which there are
   */
  public SensoriumMetrics(Sensorium sensorium, Duration looking) {
    this.sensorium = sensorium;
    this.looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sensorium-metrics").factory());
    long nanos = looking.toNanos();
    this.task = looks.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    gauge(registry, "sensorium.index.items", "Items in the index", MediaIndex::size);
    gauge(
        registry,
        "sensorium.index.writable",
        "1 while the index takes changes",
        index -> index.health().writable() ? 1 : 0);
    encoders.add(EncoderMeters.in(registry));
    languageModels.add(LanguageMeters.in(registry));
    look();
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<MediaIndex> value) {
    Meter gauge =
        Gauge.builder(name, this, metrics -> metrics.ofIndex(value))
            .description(description)
            .register(registry);
    removals.add(() -> registry.remove(gauge));
  }

  private double ofIndex(ToDoubleFunction<MediaIndex> value) {
    try {
      return value.applyAsDouble(sensorium.service(MediaIndex.class));
    } catch (SensoriumException | IllegalStateException e) {
      return Double.NaN; // The index is being replaced, or the host is closed.
    }
  }

  private synchronized void look() {
    List<EncoderStatus> knownEncoders = known(sensorium::encoders);
    encoders.forEach(meters -> meters.show(knownEncoders));
    List<LanguageModelStatus> knownModels =
        known(() -> sensorium.service(TextGenerator.class).models());
    languageModels.forEach(meters -> meters.show(knownModels));
  }

  private static <T> List<T> known(Supplier<List<T>> asked) {
    try {
      return asked.get();
    } catch (SensoriumException | IllegalStateException e) {
      return List.of(); // What knows them is being replaced, or the host is closed.
    }
  }

  /** Takes the meters away. Idempotent. */
  @Override
  public synchronized void close() {
    task.cancel(false);
    looks.shutdown();
    encoders.forEach(meters -> meters.show(List.of()));
    encoders.clear();
    languageModels.forEach(meters -> meters.show(List.of()));
    languageModels.clear();
    removals.forEach(Runnable::run);
    removals.clear();
  }
}

package io.sensorium.spring.boot;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sensorium.api.SensoriumException;
import io.sensorium.api.index.MediaIndex;
import io.sensorium.api.space.EncoderStatus;
import io.sensorium.host.api.Sensorium;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
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
 * </ul>
 *
 * <p>An encoder's meters are tagged with {@code modality}, {@code space}, {@code model} and {@code
 * version}. Encoders come and go while the host runs, and their meters with them, one look later.
 */
public final class SensoriumMetrics implements MeterBinder, AutoCloseable {
  private final Sensorium sensorium;
  private final ScheduledExecutorService looks;
  private final ScheduledFuture<?> looking;
  private final List<EncoderMeters> encoders = new ArrayList<>();
  private final List<Runnable> removals = new ArrayList<>();

  /**
   * Meters that are not bound yet.
   *
   * @param lookForEncoders how often to look for encoders that came or went
   */
  public SensoriumMetrics(Sensorium sensorium, Duration lookForEncoders) {
    this.sensorium = sensorium;
    this.looks =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sensorium-metrics").factory());
    long nanos = lookForEncoders.toNanos();
    this.looking = looks.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    gauge(registry, "sensorium.index.items", "Items in the index", MediaIndex::size);
    gauge(
        registry,
        "sensorium.index.writable",
        "1 while the index takes changes",
        index -> index.health().writable() ? 1 : 0);
    EncoderMeters meters = new EncoderMeters(registry);
    encoders.add(meters);
    meters.show(known());
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
    List<EncoderStatus> now = known();
    encoders.forEach(meters -> meters.show(now));
  }

  private List<EncoderStatus> known() {
    try {
      return sensorium.encoders();
    } catch (SensoriumException | IllegalStateException e) {
      return List.of(); // The engine is being replaced, or the host is closed.
    }
  }

  /** Takes the meters away. Idempotent. */
  @Override
  public synchronized void close() {
    looking.cancel(false);
    looks.shutdown();
    encoders.forEach(meters -> meters.show(List.of()));
    encoders.clear();
    removals.forEach(Runnable::run);
    removals.clear();
  }
}

package io.sensorium.it;

import io.sensorium.api.RequestContext;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.host.api.IndexProgress;
import io.sensorium.host.api.IndexingReport;
import io.sensorium.host.api.ReembeddingOptions;
import io.sensorium.host.api.SearchRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.DoubleStream;

/**
 * The figures in docs/guides/spaces.md, all of one run: how fast items are indexed and embedded
 * again, and how long searches take before and meanwhile. Run with {@code FOLDER PICTURES SECONDS}
 * on the test class path.
 */
final class SpaceChangeMeasurements {
  private static final long SEED = 97;
  private static final long BETWEEN_SEARCHES_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private SpaceChangeMeasurements() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    int pictures = Integer.parseInt(arguments[1]);
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2]));
    new WorldFiles(SEED, 0).pictures(folder.resolve("media"), pictures);
    SensoriumOptions paused =
        SensoriumOptions.at(folder.resolve("home"))
            .reembedding(ReembeddingOptions.DEFAULT.waiting(Duration.ofDays(1)));
    try (Sensorium sensorium = Sensorium.start(paused)) {
      measure(sensorium, folder, nanos);
    }
  }

  private static void measure(Sensorium sensorium, Path folder, long nanos) throws Exception {
    warmUp(sensorium);
    IndexingReport indexing = sensorium.index(List.of(folder.resolve("media")), IndexProgress.NONE);
    print("indexing", indexing.indexed(), indexing.took().toNanos());
    latencies("search before", sensorium, until(nanos));

    sensorium.reembedding().pause();
    int dimension = sensorium.encoders().getFirst().dimension();
    for (ModelPackage model : sensorium.models().packages()) {
      Path next = folder.resolve(model.manifest().id());
      sensorium
          .models()
          .install(
              new RotatedPackage(dimension).write(model, next, "2.0.0", "2"),
              InstallPolicy.DEFAULT);
    }
    latencies("search in both versions, nothing moving", sensorium, until(nanos));
    sensorium.reembedding().resume();
    long started = System.nanoTime();
    latencies("search while items move in the background", sensorium, until(nanos));
    print(
        "re-embedding in the background, under searches",
        sensorium.reembedding().status().moved(),
        System.nanoTime() - started);
    long before = sensorium.reembedding().status().moved();
    started = System.nanoTime();
    LockSupport.parkNanos(nanos);
    print(
        "re-embedding in the background, alone",
        sensorium.reembedding().status().moved() - before,
        System.nanoTime() - started);
    before = sensorium.reembedding().status().moved();
    started = System.nanoTime();
    RequestContext hour = RequestContext.within(Duration.ofHours(1));
    long[] lastMoved = {before, started};
    sensorium
        .reembedding()
        .now(
            false,
            status -> {
              if (status.moved() > lastMoved[0]) {
                lastMoved[0] = status.moved();
                lastMoved[1] = System.nanoTime();
              }
            },
            hour);
    print("re-embedding now", lastMoved[0] - before, lastMoved[1] - started);
    latencies("search afterwards", sensorium, until(nanos));
  }

  private static void warmUp(Sensorium sensorium) {
    latencies("(warm-up)", sensorium, until(TimeUnit.SECONDS.toNanos(3)));
  }

  private static BooleanSupplier until(long nanos) {
    long end = System.nanoTime() + nanos;
    return () -> System.nanoTime() < end;
  }

  private static void latencies(String what, Sensorium sensorium, BooleanSupplier going) {
    DoubleStream.Builder millis = DoubleStream.builder();
    String[] things = {"bell", "drum", "boat", "bird", "cup"};
    for (int i = 0; going.getAsBoolean(); i++) {
      SearchRequest request = SearchRequest.text("a red " + things[i % things.length] + " " + i);
      long started = System.nanoTime();
      sensorium.search(request);
      millis.add((System.nanoTime() - started) / 1e6);
      LockSupport.parkNanos(BETWEEN_SEARCHES_NANOS);
    }
    double[] sorted = millis.build().sorted().toArray();
    System.out.printf(
        Locale.ROOT,
        "%s: %d searches, mean %.1f ms, p50 %.1f ms, p95 %.1f ms, p99 %.1f ms%n",
        what,
        sorted.length,
        Arrays.stream(sorted).average().orElse(0),
        sorted[sorted.length / 2],
        sorted[sorted.length * 95 / 100],
        sorted[sorted.length * 99 / 100]);
  }

  private static void print(String what, long items, long nanos) {
    System.out.printf(Locale.ROOT, "%s: %d items, %.1f/s%n", what, items, items / (nanos / 1e9));
  }
}

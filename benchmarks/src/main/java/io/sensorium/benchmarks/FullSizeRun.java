package io.sensorium.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sensorium.api.Modality;
import io.sensorium.api.media.MediaInput;
import io.sensorium.api.model.ModelImporter;
import io.sensorium.api.model.ModelImporter.ImportRequest;
import io.sensorium.api.model.ModelPackage;
import io.sensorium.api.model.ModelRepository.InstallPolicy;
import io.sensorium.api.space.EncodeRequest;
import io.sensorium.host.api.Sensorium;
import io.sensorium.host.api.SensoriumOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * One measured process of {@link FullSize}: imports a checkpoint into a home, or embeds a picture
 * with the model that is there. Prints its figures as one line of JSON.
 */
public final class FullSizeRun {
  private static final String MODEL = "full-size";
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final double NANOS = 1e9;
  private static final long BYTES_PER_KIBIBYTE = 1024;
  private static final long SAMPLE_MILLIS = 20;

  private FullSizeRun() {}

  /** Takes {@code import CHECKPOINT HOME} or {@code embed PICTURE HOME}. */
  public static void main(String... arguments) throws IOException {
    Path given = Path.of(arguments[1]);
    Path home = Path.of(arguments[2]);
    AtomicLong anonymous = new AtomicLong();
    Thread.ofPlatform().daemon().start(() -> watch(anonymous));
    Map<String, Object> figures =
        arguments[0].equals("import") ? importModel(given, home) : embed(given, home);
    figures.put("peakResidentBytes", status("VmHWM"));
    figures.put("peakAnonymousBytes", anonymous.get());
    System.out.println(new ObjectMapper().writeValueAsString(figures));
  }

  private static Map<String, Object> importModel(Path checkpoint, Path home) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    SensoriumOptions options =
        SensoriumOptions.at(home).withTimeouts(LIMIT, LIMIT).withoutAwaitingEncoders();
    try (Sensorium sensorium = Sensorium.start(options)) {
      Path work = Files.createTempDirectory(home, "import-");
      long start = System.nanoTime();
      ModelPackage made =
          sensorium
              .service(ModelImporter.class)
              .importCheckpoint(checkpoint, work.resolve("package"), ImportRequest.of(MODEL));
      figures.put("importSeconds", secondsSince(start));
      start = System.nanoTime();
      ModelPackage installed =
          sensorium.models().install(made.folder(), new InstallPolicy(true).linking());
      figures.put("installSeconds", secondsSince(start));
      figures.put("graphs", installed.manifest().graphs().size());
      figures.putAll(disk(checkpoint, installed.folder()));
    }
    return figures;
  }

  /** What of the package is the checkpoint's own file, and what takes space of its own. */
  private static Map<String, Object> disk(Path checkpoint, Path folder) throws IOException {
    long shared = 0;
    long own = 0;
    for (Path file : files(folder)) {
      boolean same = false;
      for (Path original : files(checkpoint)) {
        same |= Files.isSameFile(file, original);
      }
      shared += same ? Files.size(file) : 0;
      own += same ? 0 : Files.size(file);
    }
    return Map.of("packageBytesShared", shared, "packageBytesOwn", own);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).toList();
    }
  }

  private static Map<String, Object> embed(Path picture, Path home) throws IOException {
    Map<String, Object> figures = new LinkedHashMap<>();
    SensoriumOptions options = SensoriumOptions.at(home).inSpace(MODEL).withTimeouts(LIMIT, LIMIT);
    EncodeRequest request =
        EncodeRequest.of(Modality.IMAGE, MediaInput.read(picture, Long.MAX_VALUE));
    long start = System.nanoTime();
    try (Sensorium sensorium = Sensorium.start(options)) {
      figures.put("startSeconds", secondsSince(start));
      figures.put("dimension", sensorium.embed(request).dimension());
      figures.put("firstEmbeddingSeconds", secondsSince(start));
      long again = System.nanoTime();
      sensorium.embed(request);
      figures.put("nextEmbeddingSeconds", secondsSince(again));
    }
    return figures;
  }

  /** Resident memory counts the mapped checkpoint as well, which the system may take back. */
  private static void watch(AtomicLong anonymous) {
    try {
      while (true) {
        long now = status("RssAnon");
        anonymous.accumulateAndGet(now, Math::max);
        TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("the memory cannot be watched", e);
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / NANOS;
  }

  /** A figure of this process in bytes, as Linux counts it. */
  private static long status(String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(key + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * BYTES_PER_KIBIBYTE)
          .findFirst()
          .orElse(-1);
    }
  }
}
